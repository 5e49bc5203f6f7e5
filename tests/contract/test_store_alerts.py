"""Alerts to officers, on both engines: told once, taken by one, over when there is nothing to do."""

import asyncio
from dataclasses import replace
from typing import Any

from bot.model import OutboundKind
from bot.petitions.record import PetitionState, Severity, TaskAlert
from bot.store.port import NewOutbound
from bot.store.port_alerts import AlertState
from tests.contract.store_engines import NOON, Engine, claimed, reply, text
from tests.contract.store_petitions import DAY, assigned, changed, stored, submitted

ALERT = TaskAlert(
    severity=Severity.S3,
    source="pa",
    subject="PA26000010",
    condition="assigned",
    agency="H05.12",
    values={"code": "PA26000010"},
)


async def test_told_once(engine: Engine) -> None:
    store = await engine.open()
    await store.raise_alerts((ALERT,), NOON)
    (unsent,) = await store.unsent_alerts(10)
    assert (unsent.alert, unsent.code, unsent.state, unsent.raised) == (ALERT, "A0001", AlertState.OPEN, 1)
    row = await claimed(store, text("hello"))
    notice = replace(reply(store, row), kind=OutboundKind.ALERT, reply_to=None)
    new = NewOutbound(message=notice, sending=False)
    results = await asyncio.gather(*(store.send_alert(unsent, (new,), NOON) for _ in range(2)))
    assert sorted(results) == [False, True]
    assert len(await store.claim_outbound(notice.route, 10, NOON)) == 1
    assert await store.unsent_alerts(10) == []
    await store.raise_alerts((ALERT,), NOON + DAY)
    (again,) = await store.alerts_of(ALERT.subject)
    assert (again.state, again.raised, again.raised_at, again.sent_at) == (AlertState.SENT, 2, NOON + DAY, NOON)
    await store.raise_alerts((replace(ALERT, severity=Severity.S1),), NOON + DAY)
    assert [alert.alert.severity for alert in await store.unsent_alerts(10)] == [Severity.S1], "it became worse"


async def test_taken_by_one(engine: Engine) -> None:
    store = await engine.open()
    await store.raise_alerts((ALERT,), NOON)
    (raised,) = await store.unsent_alerts(10)
    assert await store.acknowledge_alert(raised.id, 7, NOON)
    assert not await store.acknowledge_alert(raised.id, 8, NOON)
    found = await store.alert("A0001")
    assert found is not None
    assert (found.state, found.acked_by, found.acked_at) == (AlertState.ACKED, 7, NOON)
    await store.resolve_alerts(ALERT.subject, NOON)
    assert not await store.acknowledge_alert(raised.id, 8, NOON)
    await store.raise_alerts((ALERT,), NOON)
    assert [alert.state for alert in await store.alerts_of(ALERT.subject)] == [AlertState.OPEN, AlertState.RESOLVED]
    assert await store.alert("A9999") is None


async def test_over_with_what_it_asks_for(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    await store.raise_alerts(
        [replace(ALERT, subject=seen.code, condition=name) for name in ("new", "assigned", "near")], NOON
    )

    async def running() -> list[str]:
        alerts = await store.alerts_of(seen.code)
        return sorted(alert.alert.condition for alert in alerts if alert.state is not AlertState.RESOLVED)

    seen = await assigned(store, seen)
    assert await running() == ["assigned", "near"]
    for state, left in (
        (PetitionState.IN_PROGRESS, ["near"]),
        (PetitionState.IN_PROGRESS, ["near"]),
        (PetitionState.ANSWERED, []),
    ):
        changes: dict[str, Any] = {"alerts": (replace(ALERT, subject=seen.code, condition="near"),) if left else ()}
        await store.change_petition(changed(seen, replace(seen, state=state), "step", **changes), ())
        seen = await stored(store, seen.code)
        assert await running() == left
