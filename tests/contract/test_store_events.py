"""What is stored beside texts, on both engines: events sealed, buttons and templates, who cannot be reached."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import events
from bot.errors import RecipientRefused, Unreachable
from bot.intent import SetQuiet, SetUnreachable
from bot.model import Button, ButtonKind, TemplateMessage
from bot.sender import failure_of
from bot.store.port import Decision, NewOutbound
from tests.contract.store_engines import NOON, Engine, claimed, reply, text

LATER = datetime(2026, 6, 11, 3, 0, tzinfo=UTC)
EVENTS = (
    events.ButtonPressed("nk:H05.12-260610-0001"),
    events.Photo(("https://example.vn/1.jpg", "file-2")),
    events.LocationShared(21.18, 106.07),
    events.PhoneShared("84912345678"),
    events.Joined("lk_abc"),
    events.Left(),
    events.Withdrew(),
    events.TakenOver(LATER),
    events.Scored(4, "r1", "tốt"),
    events.OutOfReach("sticker"),
    events.InGroup(),
    events.Edited(),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_events_come_back_as_they_were(event: events.Event) -> None:
    assert events.restored(events.stored(event)) == event


async def test_an_event_survives_a_restart_and_is_sealed(engine: Engine) -> None:
    first = await engine.open()
    event = events.PhoneShared("84912345678")
    saved = await first.save_inbound(text("", event=event), claim=True)
    assert saved.claimed is not None
    assert saved.claimed.message.event == event
    ((stored,),) = await engine.rows("SELECT event FROM inbox")
    assert b"84912345678" not in bytes(stored)
    await engine.abandon(first)
    second = await engine.open()
    await second.renew()
    (again,) = await second.claim_inbound(10)
    assert again.message.event == event


async def test_buttons_and_templates_are_sent_as_decided(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    buttons = (Button("Quá trình xử lý", "nk:H05.12-260610-0001"), Button("Số", kind=ButtonKind.SHARE_PHONE))
    template = TemplateMessage("status", {"code": "H05.12-260610-0001"})
    message = replace(reply(store, row), buttons=buttons, template=template)
    await store.decide(Decision(inbound=row, at=NOON, outbound=(NewOutbound(message=message, sending=False),)))
    (taken,) = await store.claim_outbound(message.route, 10, NOON)
    assert (taken.buttons, taken.template) == (buttons, template)


@pytest.mark.parametrize(("error", "since"), [(Unreachable(), NOON), (RecipientRefused(), None)])
async def test_who_blocked_us_is_marked(engine: Engine, error: RecipientRefused, since: datetime | None) -> None:
    store = await engine.open()
    row = await claimed(store, text())
    message = reply(store, row)
    await store.decide(Decision(inbound=row, at=NOON, outbound=(NewOutbound(message=message, sending=True),)))
    await store.record_failure(message, failure_of(message, error, NOON))
    again = await claimed(store, text("later", at=LATER))
    assert again.contact.unreachable_at == since


async def test_an_officers_turn_and_a_return_are_remembered(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("one"))
    await store.decide(Decision(inbound=row, at=NOON, writes=(SetQuiet(LATER), SetUnreachable(NOON))))
    row = await claimed(store, text("two"))
    assert (row.contact.quiet_until, row.contact.unreachable_at) == (LATER, NOON)
    await store.decide(Decision(inbound=row, at=NOON, writes=(SetUnreachable(None),)))
    assert (await claimed(store, text("three"))).contact.unreachable_at is None
