"""Officers' steps and those of time, through the real store: stored once, told to everybody, never twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.intent import SetUnreachable, Write
from bot.limits import Limits
from bot.logs import get_log
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Office
from bot.outgoing import Outgoing
from bot.petition_clock import PetitionClock
from bot.petition_data import with_its_case
from bot.petition_telling import Teller
from bot.petition_work import Done, PetitionWork, Preview, Stale
from bot.petitions import commands as c
from bot.petitions.around import Around, Refused
from bot.petitions.deciding import decide
from bot.petitions.record import CITIZEN, Draft, Petition, PetitionState
from bot.petitions.writes import ChangePetition, KeepDraft
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.store.port import Decision
from bot.understanding.keywords import BUILT
from tests.contract.store_engines import KEYRING, Engine, claimed, person, text
from tests.contract.store_petitions import chat_text
from tests.unit.petition_samples import (
    ANSWER,
    CHAT,
    HANDLER,
    HEAD,
    LEAD,
    PHONE,
    RECEPTIONIST,
    TEXT,
    WARD,
    around,
    done,
    submit,
)
from tests.unit.worlds import Systems

S = PetitionState
MORNING = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
RENDERER = Renderer(Office(), BUILT)
SMS = replace(PHONE, address=person())
ZALO = replace(CHAT, address=Address(ChannelName.ZALO, "5510185758261927916"))


class AsShipped:
    """What the desk has set: the agencies of the samples."""

    async def around(self, now: datetime) -> Around:
        return around(now)


@dataclass
class Reception:
    """One process: its store, work and clock."""

    engine: Engine
    store: PlanStore
    clock: FixedClock
    work: PetitionWork
    time: PetitionClock

    @classmethod
    async def open(cls, engine: Engine, clock: FixedClock | None = None) -> "Reception":
        store = await engine.open()
        clock = clock or FixedClock(MORNING)
        answerer = Answerer(
            office=Office(),
            renderer=RENDERER,
            systems=OneStopSystems(dossiers=Systems(), background=Systems()),
            memory_of=lambda _: NoMemory(),
            limits=Limits(),
            calendar=WorkingCalendar(),
            clock=clock,
        )
        teller = Teller(store=store, compose=answerer.notice, outgoing=Outgoing({}))
        work = PetitionWork(book=store, surroundings=AsShipped(), teller=teller, clock=clock, log=get_log())
        time = PetitionClock(book=store, work=work, teller=teller, clock=clock, log=get_log())
        return cls(engine, store, clock, work, time)

    async def says(self, body: str, *writes: Write, sender: int = 0) -> None:
        now = self.clock.now()
        row = await claimed(self.store, text(body, sender=sender, at=now))
        await self.store.decide(Decision(inbound=row, at=now, writes=writes))

    async def sent(self, **changes: Any) -> Petition:
        """A petition that came by SMS."""
        code = await self.store.new_petition_code(self.clock.now())
        command = replace(submit(), code=code, person=KEYRING.contact_id(person()), **changes)
        change = done(decide(None, command, CITIZEN, around(self.clock.now())))
        await self.says(f"PA {code}", ChangePetition(change))
        return await self.now(code)

    async def now(self, code: str) -> Petition:
        found = await self.store.petition(code)
        assert found is not None
        return found

    async def take(self, code: str, command: c.Command, actor: Any) -> Petition:
        outcome = await self.work.do(code, (await self.now(code)).version, command, actor)
        assert isinstance(outcome, Done), outcome
        return await self.now(code)

    async def told(self) -> int:
        return len(await self.engine.rows("SELECT 1 FROM outbox WHERE kind = 'notice'"))

    async def alerts(self) -> list[str]:
        rows = await self.engine.rows("SELECT condition FROM alert ORDER BY id")
        return [row[0] for row in rows]


@pytest.fixture
async def office(engine: Engine) -> Reception:
    return await Reception.open(engine)


async def test_from_receipt_to_answer_on_every_account(office: Reception) -> None:
    new = await office.sent(draft=replace(submit().draft, told_at=(SMS, ZALO)))
    assigned = await office.take(new.code, c.Assign(agency=WARD, officer=7), RECEPTIONIST)
    await office.take(new.code, c.Accept(), HANDLER)
    command = c.SendAnswer(text=ANSWER, summary="Da thay bong den")
    preview = await office.work.preview(new.code, command, HANDLER)
    answered = await office.take(new.code, command, HANDLER)
    assert isinstance(preview, Preview)
    assert [line.to.address.channel for line in preview.lines] == [ChannelName.SMS, ChannelName.ZALO]
    assert "Da thay bong den" in preview.lines[0].content.text
    assert ANSWER in preview.lines[1].content.text
    assert (assigned.accept_due is not None, answered.state, answered.version) == (True, S.ANSWERED, 4)
    assert await office.told() == 4
    assert [event.name for event in await office.store.events_of(new.code)] == [
        "submit",
        "assign",
        "accept",
        "send_answer",
    ]


async def test_who_read_an_older_version_changes_nothing(office: Reception) -> None:
    new = await office.sent()
    await office.take(new.code, c.Assign(agency=WARD), RECEPTIONIST)
    stale = await office.work.do(new.code, new.version, c.Reject(reason="not_ours"), HEAD)
    assert isinstance(stale, Stale)
    assert (stale.newer.state, stale.newer.version) == (S.ASSIGNED, 2)
    assert await office.told() == 1


async def test_two_officers_at_once_one_of_them_is_stale(office: Reception) -> None:
    new = await office.sent()
    outcomes = await asyncio.gather(
        *(office.work.do(new.code, new.version, c.Assign(agency=WARD), RECEPTIONIST) for _ in range(4))
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Done", "Stale", "Stale", "Stale"]
    assert await office.told() == 1


async def test_refused_and_not_found(office: Reception) -> None:
    new = await office.sent()
    refused = await office.work.do(new.code, 1, c.Accept(), HANDLER)
    missing = await office.work.do("PA26999990", 1, c.Accept(), HANDLER)
    assert isinstance(refused, Refused)
    assert isinstance(missing, Refused)
    assert [refused.reason, missing.reason] == ["not_allowed", "not_found"]


async def test_written_down_for_somebody_at_the_phone(office: Reception) -> None:
    outcome = await office.work.submit(replace(submit(), code="", person=KEYRING.contact_id(person(9))), RECEPTIONIST)
    assert isinstance(outcome, Done)
    assert outcome.change.event.data["on_behalf"] is True
    assert outcome.change.after.code == "PA26000010"
    assert (await office.now(outcome.change.after.code)).text == TEXT
    assert await office.told() == 1


async def test_at_the_counter_without_a_number_nobody_is_told(office: Reception) -> None:
    draft = replace(submit().draft, told_at=())
    outcome = await office.work.submit(replace(submit(), code="", person=b"", draft=draft), RECEPTIONIST)
    assert isinstance(outcome, Done)
    await office.take(outcome.change.after.code, c.Assign(agency=WARD), RECEPTIONIST)
    assert await office.told() == 0


async def test_everybody_of_a_case_gets_the_answer_once(office: Reception) -> None:
    case = await office.sent()
    others = [await office.sent() for _ in range(2)]
    await office.take(case.code, c.Assign(agency=WARD), RECEPTIONIST)
    await office.take(case.code, c.Accept(), HANDLER)
    for other in others:
        await office.take(other.code, c.Merge(case=case.code), RECEPTIONIST)
    before = await office.told()
    await office.take(case.code, c.SendAnswer(text=ANSWER, summary="Da thay bong den"), HANDLER)
    assert [(await office.now(other.code)).state for other in others] == [S.ANSWERED, S.ANSWERED]
    assert await office.told() - before == 3


def vietnam(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@dataclass(frozen=True)
class Round:
    at: datetime
    alerts: tuple[str, ...] = ()
    told: int = 0
    state: PetitionState = S.IN_PROGRESS


async def lived(office: Reception, code: str, rounds: list[Round]) -> None:
    for step in rounds:
        office.clock.jump((step.at - office.clock.now()).total_seconds())
        alerts, told = len(await office.alerts()), await office.told()
        await office.time.round()
        await office.time.round()
        found = await office.now(code)
        seen = Round(step.at, tuple((await office.alerts())[alerts:]), await office.told() - told, found.state)
        assert seen == step


async def test_time_passes_over_a_petition(office: Reception) -> None:
    new = await office.sent()
    await lived(
        office,
        new.code,
        [Round(vietnam(10, 10), state=S.RECEIVED), Round(vietnam(10, 15), ("classify",), state=S.RECEIVED)],
    )
    await office.take(new.code, c.Assign(agency=WARD), RECEPTIONIST)
    await office.take(new.code, c.Accept(), HANDLER)
    await lived(
        office,
        new.code,
        [
            Round(vietnam(12, 8), ("near",)),
            Round(vietnam(15, 17)),
            Round(vietnam(15, 18), ("late", "late")),
            Round(vietnam(16, 2)),
            Round(vietnam(16, 8), told=1),
            Round(vietnam(17, 8), ("late_for_days",)),
            Round(vietnam(30, 8)),
        ],
    )


async def test_who_does_not_reply_is_reminded_before_it_is_closed(office: Reception) -> None:
    new = await office.sent()
    await office.take(new.code, c.Assign(agency=WARD), RECEPTIONIST)
    await office.take(new.code, c.AskCitizen(question="Cột đèn số mấy"), HANDLER)
    await lived(
        office,
        new.code,
        [
            Round(vietnam(15, 17), state=S.NEED_INFO),
            Round(vietnam(16, 23), state=S.NEED_INFO),
            Round(vietnam(17, 8), told=1, state=S.NEED_INFO),
            Round(vietnam(18, 17), state=S.NEED_INFO),
            Round(vietnam(19, 8), told=1, state=S.CLOSED),
        ],
    )
    assert (await office.now(new.code)).closed_because == "no_information"


async def test_an_answer_is_closed_after_five_days_of_silence(office: Reception) -> None:
    new = await office.sent()
    await office.take(new.code, c.Assign(agency=WARD), RECEPTIONIST)
    await office.take(new.code, c.Accept(), HANDLER)
    await office.take(new.code, c.SendAnswer(text=ANSWER, summary="Da thay bong den"), LEAD)
    await lived(
        office,
        new.code,
        [
            Round(vietnam(17, 17), state=S.ANSWERED),
            Round(vietnam(18, 8), told=1, state=S.CLOSED),
            Round(vietnam(29, 8), state=S.CLOSED),
        ],
    )


async def test_two_processes_look_at_once(engine: Engine) -> None:
    if type(engine).__name__ == "SqliteEngine":
        pytest.skip("one process holds the file")
    first = await Reception.open(engine)
    second = await Reception.open(engine, first.clock)
    new = await first.sent()
    await first.take(new.code, c.Assign(agency=WARD), RECEPTIONIST)
    await first.take(new.code, c.AskCitizen(question="Cột đèn số mấy"), HANDLER)
    first.clock.jump((vietnam(17, 9) - MORNING).total_seconds())
    told = await first.told()
    await asyncio.gather(first.time.round(), second.time.round())
    assert await first.told() - told == 1


@dataclass(frozen=True)
class DraftCase:
    label: str
    after: timedelta
    told: int
    is_kept: bool
    changes: Mapping[str, Any] = field(default_factory=dict)


DRAFTS = [
    DraftCase("fresh", timedelta(minutes=29), 0, is_kept=True),
    DraftCase("half an hour", timedelta(minutes=31), 1, is_kept=True),
    DraftCase("only an offer", timedelta(minutes=31), 0, is_kept=True, changes={"is_offer": True}),
    DraftCase("at night", timedelta(hours=13), 0, is_kept=True),
    DraftCase("a day", timedelta(hours=24, minutes=1), 0, is_kept=False),
]


@pytest.mark.parametrize("case", DRAFTS, ids=lambda case: case.label)
async def test_drafts(office: Reception, case: DraftCase) -> None:
    draft = Draft(texts=(TEXT,), told_at=(ZALO, SMS), opened_at=MORNING, changed_at=MORNING)
    await office.says("PA", KeepDraft(replace(draft, **case.changes)))
    office.clock.jump(case.after.total_seconds())
    await office.time.round()
    await office.time.round()
    assert await office.told() == case.told
    assert (await office.store.draft_of(KEYRING.contact_id(person())) is not None) == case.is_kept


async def test_the_reminder_says_when_the_draft_goes(office: Reception) -> None:
    draft = Draft(texts=(TEXT,), told_at=(SMS,), opened_at=MORNING, changed_at=MORNING)
    await office.says("PA", KeepDraft(draft))
    office.clock.jump(31 * 60)
    await office.time.round()
    kept = await office.store.draft_of(KEYRING.contact_id(person()))
    assert kept is not None
    assert kept.reminded_at == office.clock.now()


async def test_who_blocked_us_is_told_where_he_can_be(office: Reception) -> None:
    row = await claimed(office.store, chat_text("xin chao", at=MORNING))
    await office.store.decide(Decision(inbound=row, at=MORNING, writes=(SetUnreachable(MORNING),)))
    new = await office.sent(draft=replace(submit().draft, told_at=(SMS, ZALO)))
    await office.take(new.code, c.Assign(agency=WARD), RECEPTIONIST)
    assert await office.told() == 1


async def test_who_takes_back_a_case_leaves_the_others_to_be_sorted(office: Reception) -> None:
    case, other = await office.sent(), await office.sent()
    await office.take(other.code, c.Merge(case=case.code), RECEPTIONIST)
    found = await office.now(case.code)
    there = await with_its_case(around(office.clock.now()), office.store, found)
    await office.says("RUT 1", ChangePetition(done(decide(found, c.Withdraw(), CITIZEN, there))))
    alone = await office.now(other.code)
    assert ((await office.now(case.code)).state, alone.state, alone.case) == (S.WITHDRAWN, S.RECEIVED, None)
    assert (await office.alerts())[-1] == "unmerged"
