"""Who hears of an alert, where, when, and that it is told once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.records import OfficerAccount, OfficerLink
from bot.alerts.delivery import AlertDelivery
from bot.alerts.receivers import receivers, still_right
from bot.clock import FixedClock
from bot.intent import Reply
from bot.logs import get_log
from bot.model import Address, ChannelName, Contact, Content, Destination, Office
from bot.officers import Officer, OfficerRole
from bot.outgoing import Outgoing
from bot.petition_data import PetitionData
from bot.petition_telling import Teller
from bot.petitions.abuse import Mute
from bot.petitions.commands import Assign
from bot.petitions.deciding import decide
from bot.petitions.master import MasterData
from bot.petitions.record import CITIZEN, Petition, PetitionState, Severity, TaskAlert
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.understanding.keywords import BUILT
from tests.contract.store_engines import Engine
from tests.unit.petition_samples import (
    AGENCIES,
    NOW,
    OTHER,
    RECEPTION,
    RECEPTIONIST,
    WARD,
    around,
    done,
    petition,
    submit,
)

S = PetitionState
RENDERER = Renderer(Office(), BUILT)


def officer(key: int, role: OfficerRole, agency: str, **more: object) -> Officer:
    found = Officer(
        id=key, user_name=f"u{key}", name=f"N{key}", role=role, agency=agency, at_reception=agency == RECEPTION
    )
    return replace(found, **more)  # type: ignore[arg-type]  # fields of an officer


AN, BINH = officer(7, OfficerRole.OFFICER, WARD), officer(8, OfficerRole.OFFICER, WARD)
LEAD, SORTER = officer(9, OfficerRole.LEAD, WARD), officer(21, OfficerRole.RECEPTION, RECEPTION)
HEAD, OTHERS = officer(22, OfficerRole.LEAD, RECEPTION), officer(31, OfficerRole.OFFICER, OTHER)
EVERYBODY = (AN, BINH, LEAD, SORTER, HEAD, OTHERS, officer(40, OfficerRole.ADMINISTRATOR, RECEPTION))
TASK = TaskAlert(severity=Severity.S3, source="pa", subject="PA26005442", condition="assigned", agency=WARD)
AWAY = {"away_until": NOW + timedelta(days=1)}


@pytest.mark.parametrize(
    ("task", "changed", "told"),
    [
        pytest.param(TASK, {}, {7, 8}, id="everybody who handles"),
        pytest.param(replace(TASK, officer=7), {}, {7}, id="the officer"),
        pytest.param(replace(TASK, officer=7), {AN: {"left_at": NOW}}, {8}, id="who left is replaced by the others"),
        pytest.param(replace(TASK, officer=7), {AN: {**AWAY, "substitute": 9}}, {9}, id="the substitute"),
        pytest.param(replace(TASK, officer=7), {AN: AWAY}, {7}, id="away without a substitute"),
        pytest.param(replace(TASK, to_lead=True), {}, {9}, id="the lead"),
        pytest.param(TASK, {AN: {"left_at": NOW}, BINH: {"left_at": NOW}}, {9}, id="nobody but the lead"),
        pytest.param(replace(TASK, agency=""), {}, {21}, id="who sorts"),
        pytest.param(replace(TASK, agency="", to_lead=True), {}, {22}, id="the head of the reception office"),
        pytest.param(replace(TASK, agency="H05.99"), {}, set(), id="an agency without officers"),
    ],
)
def test_receivers(task: TaskAlert, changed: dict[Officer, dict[str, object]], told: set[int]) -> None:
    officers = [replace(one, **changed.get(one, {})) for one in EVERYBODY]  # type: ignore[arg-type]  # as above
    assert {one.id for one in receivers(task, officers, NOW)} == told


@pytest.mark.parametrize(
    ("task", "now", "agency"),
    [
        pytest.param(TASK, petition(S.ASSIGNED), WARD, id="as it was"),
        pytest.param(TASK, petition(S.ASSIGNED, agency=OTHER), OTHER, id="transferred meanwhile"),
        pytest.param(TASK, petition(S.ANSWERED), None, id="answered meanwhile"),
        pytest.param(replace(TASK, condition="accept"), petition(S.IN_PROGRESS), None, id="accepted meanwhile"),
        pytest.param(replace(TASK, agency="", condition="new"), petition(S.ASSIGNED), None, id="sorted meanwhile"),
        pytest.param(replace(TASK, agency="", condition="new"), petition(), "", id="still to be sorted"),
        pytest.param(
            replace(TASK, source="pa_reply", condition="reply"), petition(S.CLOSED), WARD, id="a reply after the end"
        ),
    ],
)
def test_still_right(task: TaskAlert, now: Petition, agency: str | None) -> None:
    found = still_right(task, now)
    assert (None if found is None else found.agency) == agency


class Desk:
    """Officers, their chats, and what is set."""

    def __init__(self, links: Mapping[int, Sequence[Destination]], locked: frozenset[int] = frozenset()) -> None:
        self._links = links
        self._locked = locked

    async def everybody(self) -> Sequence[OfficerAccount]:
        return [
            OfficerAccount(officer=one, password="", created_at=NOW, locked_at=NOW if one.id in self._locked else None)
            for one in EVERYBODY
        ]

    async def links_of(self, officer: int) -> Sequence[OfficerLink]:
        found = self._links.get(officer, ())
        return [OfficerLink(officer=officer, destination=to, since=NOW, confirmed_at=NOW) for to in found]

    async def master_data(self) -> MasterData:
        return MasterData(agencies=tuple(AGENCIES.values()))

    async def mutes_of(self, person: bytes) -> Sequence[Mute]:
        del person
        return ()


def chat(channel: ChannelName, name: str) -> Destination:
    return Destination(Address(channel, name), "oa", channel.value)


CHATS = {
    7: [chat(ChannelName.TELEGRAM, "7"), chat(ChannelName.ZALO, "an")],
    21: [chat(ChannelName.TELEGRAM, "21")],
}
WORKING, EVENING = datetime(2026, 6, 10, 2, tzinfo=UTC), datetime(2026, 6, 10, 12, tzinfo=UTC)
MORNING = datetime(2026, 6, 11, 0, 5, tzinfo=UTC)


class Sent:
    """What was composed, and what the store holds of it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.texts: list[tuple[str, str]] = []

    def compose(self, reply: Reply, contact: Contact) -> Content:
        text = RENDERER.render(reply, contact.language, contact.address.channel)
        self.texts.append((contact.address.id, text))
        return Content(text)

    async def stored(self) -> int:
        return len(await self.engine.rows("SELECT 1 FROM outbox WHERE kind = 'alert'"))


def delivery(
    store: PlanStore, clock: FixedClock, sent: Sent, url: str = "", locked: frozenset[int] = frozenset()
) -> AlertDelivery:
    desk = Desk(CHATS, locked)
    teller = Teller(store=store, compose=sent.compose, outgoing=Outgoing({}))
    data = PetitionData(desk, desk, clock)
    return AlertDelivery(books=store, links=desk, data=data, teller=teller, clock=clock, log=get_log(), public_url=url)


async def reported(store: PlanStore, at: datetime, *, agency: str = "", emergency: bool = False) -> str:
    """A petition, which raises an alert."""
    draft = replace(submit().draft, is_emergency=emergency)
    code = await store.new_petition_code(at)
    change = done(decide(None, replace(submit(), code=code, draft=draft, agency=agency), CITIZEN, around(at)))
    await store.change_petition(change, ())
    return code


@dataclass(frozen=True)
class Case:
    label: str
    at: datetime
    told: tuple[str, ...]
    agency: str = ""
    emergency: bool = False
    told_in_the_morning: tuple[str, ...] = ()
    locked: frozenset[int] = frozenset()


CASES = [
    Case("who sorts", WORKING, ("21",)),
    Case("the officer, in the chat preferred", WORKING, ("an",), agency=WARD),
    Case("a locked account is told nothing", WORKING, (), locked=frozenset({21})),
    Case("nobody has a chat", WORKING, (), agency=OTHER),
    Case("in the evening it waits", EVENING, (), told_in_the_morning=("21",)),
    Case("an emergency does not wait", EVENING, ("21",), emergency=True),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_delivery(engine: Engine, case: Case) -> None:
    store, clock, sent = await engine.open(), FixedClock(case.at), Sent(engine)
    watch = delivery(store, clock, sent, locked=case.locked)
    code = await reported(store, case.at, agency=case.agency, emergency=case.emergency)
    await watch.round()
    await watch.round()
    assert tuple(to for to, _ in sent.texts) == case.told
    assert all(code in text for _, text in sent.texts)
    clock.jump((MORNING - case.at).total_seconds())
    await watch.round()
    await watch.round()
    assert tuple(to for to, _ in sent.texts) == case.told + case.told_in_the_morning
    assert await sent.stored() == len(sent.texts)
    assert not await store.unsent_alerts(10)


async def test_two_at_once_tell_once(engine: Engine) -> None:
    store, clock, sent = await engine.open(), FixedClock(WORKING), Sent(engine)
    await reported(store, WORKING)
    told = await asyncio.gather(delivery(store, clock, sent).round(), delivery(store, clock, sent).round())
    assert sorted(told) == [0, 1]
    assert await sent.stored() == 1


async def test_what_was_done_meanwhile_is_not_told(engine: Engine) -> None:
    store, clock, sent = await engine.open(), FixedClock(EVENING), Sent(engine)
    code = await reported(store, EVENING)
    found = await store.petition(code)
    await store.change_petition(done(decide(found, Assign(agency=WARD, officer=7), RECEPTIONIST, around(EVENING))), ())
    clock.jump((MORNING - EVENING).total_seconds())
    await delivery(store, clock, sent).round()
    assert [to for to, _ in sent.texts] == ["an"]
    assert "Phản ánh được giao" in sent.texts[0][1]


async def test_buttons_lead_on_in_the_chat_and_to_the_desk(engine: Engine) -> None:
    store, clock, sent = await engine.open(), FixedClock(WORKING), Sent(engine)
    code = await reported(store, WORKING)
    await delivery(store, clock, sent, "https://mc.bacninh.gov.vn/").round()
    (row,) = await engine.rows("SELECT extras FROM outbox WHERE kind = 'alert'")
    assert f"https://mc.bacninh.gov.vn/desk/petitions/{code}" in str(row[0])
    assert f"xem:{code}" in str(row[0])


async def test_an_alert_that_cannot_be_said_keeps_no_other_waiting(engine: Engine) -> None:
    store, clock, sent = await engine.open(), FixedClock(WORKING), Sent(engine)
    await store.raise_alerts([replace(TASK, source="nobody_says_it", agency="")], WORKING)
    await reported(store, WORKING)
    assert await delivery(store, clock, sent).round() == 1
    assert [to for to, _ in sent.texts] == ["21"]
    assert not await store.unsent_alerts(10)


async def test_a_person_waits_for_an_officer(engine: Engine) -> None:
    store, clock, sent = await engine.open(), FixedClock(WORKING), Sent(engine)
    waits = TaskAlert(
        severity=Severity.S2, source="conversation", subject="G0017", condition="unanswered:2026061009", agency=""
    )
    await store.raise_alerts([waits], WORKING)
    await delivery(store, clock, sent).round()
    assert [text.split("\n")[0] for _, text in sent.texts] == ["🗣 KHẨN — Người dân chờ cán bộ quá 4 giờ làm việc"]
