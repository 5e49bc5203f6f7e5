"""Turns at counters, on both engines: whose they are, and one notice for each, whatever happens."""

import asyncio
from datetime import datetime, timedelta

from bot.intent import DropTicket, KeepTicket, SetOptOut, Write
from bot.model import MessageId, OutboundKind
from bot.store.base import PlanStore
from bot.store.port import Decision, NewOutbound, WaitingTicket
from bot.store.transitions import NEAR_ORDINAL
from tests.contract.store_engines import NOON, Engine, claimed, reply, text

EVENING = NOON + timedelta(hours=8)
CENTRE = "H05.22"


def kept(number: str = "A013", *, unit: str = CENTRE, tell: bool = True, until: datetime = EVENING) -> KeepTicket:
    return KeepTicket(unit_code=unit, unit_name="Trung tâm", number=number, valid_until=until, tell_when_near=tell)


async def decide(store: PlanStore, *writes: Write, sender: int = 0, at: datetime = NOON) -> bytes:
    row = await claimed(store, text(f"{writes} {at}", sender=sender, at=at))
    await store.decide(Decision(inbound=row, at=at, writes=writes))
    return row.contact.id


async def waiting(store: PlanStore, *, at: datetime = NOON, after: int = 0, limit: int = 10) -> list[WaitingTicket]:
    return list(await store.waiting_tickets(at, MessageId(after), limit))


def near(store: PlanStore, ticket: WaitingTicket, *, sending: bool = True) -> NewOutbound:
    message = reply(
        store,
        ticket,
        kind=OutboundKind.NOTICE,
        reply_to=ticket.reply_to,
        ordinal=NEAR_ORDINAL,
        to=ticket.contact.address,
    )
    return NewOutbound(message=message, sending=sending)


async def test_a_ticket_belongs_to_whom_took_it(engine: Engine) -> None:
    store = await engine.open()
    person, other = await decide(store, kept()), await decide(store, kept("A014"), sender=1)
    (own,) = await store.tickets(person, NOON)
    assert (own.unit_code, own.unit_name, own.number, own.taken_at) == (CENTRE, "Trung tâm", "A013", NOON)
    assert own.is_open
    assert [ticket.number for ticket in await store.tickets(other, NOON)] == ["A014"]
    assert await store.tickets(b"x" * 16, NOON) == []


async def test_who_waits_to_be_told(engine: Engine) -> None:
    store = await engine.open()
    await decide(store, kept())
    await decide(store, kept("A014", tell=False), sender=1)
    await decide(store, kept("A015"), sender=2)
    first, last = await waiting(store)
    assert (first.number, last.number, first.unit_code, first.valid_until) == ("A013", "A015", CENTRE, EVENING)
    assert (first.source, first.route) == ("8283", "smpp:telco")
    assert [item.number for item in await waiting(store, limit=1)] == ["A013"]
    assert [item.number for item in await waiting(store, after=first.id)] == ["A015"]


async def test_told_once(engine: Engine) -> None:
    store = await engine.open()
    await decide(store, kept())
    (ticket,) = await waiting(store)
    told = await asyncio.gather(*(store.tell_ticket(ticket, near(store, ticket), NOON) for _ in range(4)))
    assert sorted(told) == [False, False, False, True]
    assert await engine.rows("SELECT reply_to, ordinal, kind, state FROM outbox") == [
        (ticket.reply_to, NEAR_ORDINAL, "notice", "sending")
    ]
    assert await waiting(store) == []
    assert (await store.tickets(ticket.contact.id, NOON))[0].is_open, "it is still a ticket"


async def test_told_once_across_a_restart(engine: Engine) -> None:
    first = await engine.open()
    await decide(first, kept())
    (ticket,) = await waiting(first)
    assert await first.tell_ticket(ticket, near(first, ticket, sending=False), NOON)
    await engine.abandon(first)
    second = await engine.open()
    assert await waiting(second) == []
    assert not await second.tell_ticket(ticket, near(second, ticket), NOON)
    assert len(await second.claim_outbound(ticket.route, 10, NOON)) == 1


async def test_nothing_is_told(engine: Engine) -> None:
    store = await engine.open()
    await decide(store, kept())
    (ticket,) = await waiting(store)
    assert await store.tell_ticket(ticket, None, NOON)
    assert await waiting(store) == []
    assert await engine.rows("SELECT 1 FROM outbox") == []


async def test_given_back(engine: Engine) -> None:
    store = await engine.open()
    person = await decide(store, kept(), kept("B002", unit="H05.9"))
    await decide(store, DropTicket(CENTRE, "A013"), at=NOON + timedelta(minutes=1))
    assert [(item.number, item.is_open) for item in await store.tickets(person, NOON)] == [
        ("B002", True),
        ("A013", False),
    ]
    assert [item.number for item in await waiting(store)] == ["B002"]


async def test_given_back_while_it_is_told(engine: Engine) -> None:
    store = await engine.open()
    await decide(store, kept())
    (ticket,) = await waiting(store)
    await decide(store, DropTicket(CENTRE, "A013"), at=NOON + timedelta(minutes=1))
    assert not await store.tell_ticket(ticket, near(store, ticket), NOON)
    assert await engine.rows("SELECT 1 FROM outbox") == []


async def test_another_persons_ticket_cannot_be_given_back(engine: Engine) -> None:
    store = await engine.open()
    person = await decide(store, kept())
    await decide(store, DropTicket(CENTRE, "A013"), sender=1)
    assert (await store.tickets(person, NOON))[0].is_open


async def test_changed_for_another(engine: Engine) -> None:
    store = await engine.open()
    person = await decide(store, kept())
    await decide(store, DropTicket(CENTRE, "A013"), kept("A020"), at=NOON + timedelta(minutes=1))
    assert [(item.number, item.is_open) for item in await store.tickets(person, NOON)] == [
        ("A020", True),
        ("A013", False),
    ]


async def test_opting_out_silences(engine: Engine) -> None:
    store = await engine.open()
    person = await decide(store, kept())
    await decide(store, kept("A014"), sender=1)
    await decide(store, SetOptOut(NOON), at=NOON + timedelta(minutes=1))
    assert [item.number for item in await waiting(store)] == ["A014"]
    assert (await store.tickets(person, NOON))[0].is_open


async def test_a_ticket_ends_with_its_day(engine: Engine) -> None:
    store = await engine.open()
    person = await decide(store, kept())
    assert len(await waiting(store, at=EVENING - timedelta(seconds=1))) == 1
    assert await store.tickets(person, EVENING) == []
    assert await waiting(store, at=EVENING) == []
    assert await engine.rows("SELECT state FROM ticket") == [("past",)]


async def test_tickets_go_with_history(engine: Engine) -> None:
    store = await engine.open()
    await decide(store, kept())
    later = NOON + timedelta(days=100)
    await waiting(store, at=later)
    while await store.sweep(later, 100):
        pass
    assert await engine.rows("SELECT 1 FROM ticket") == []
