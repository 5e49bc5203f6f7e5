"""Turns at the counters: take one, see how it stands, give it back, change it for another."""

import re
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any, assert_never

from bot.clock import VIETNAM
from bot.intent import DropTicket, KeepTicket, Outcome, Reply, Write
from bot.intents.office import about, next_opening, own_agency, unclear_place
from bot.intents.world import World
from bot.model import Ticket
from bot.understanding.agencies import Agency, agency
from bot.understanding.days import HolidayAsked, day_asked
from bot.understanding.offices import Named, agencies_named
from bot.understanding.text import fold
from bot.wishes import QueueAction, QueueTicket
from dossier_client.models import Unavailable
from dossier_client.queues import GivenBack, NoQueue, Queue, QueueClosed

NEAR = 5
"""People ahead when the holder of a ticket is told."""
MOST_A_DAY = 5
"""Tickets that one person takes, those given back included."""
ASKING = re.compile(
    r"\b(?:o dau|cho nao|may gio|gio nao|lam sao|the nao|khi nao|bao gio|luc nao|con so|het so|phat so|where|when|how do)\b"
)
"""These ask about the counter; nobody gets a ticket for a question."""


async def answer_queue(wish: QueueTicket, world: World) -> Outcome:
    """What is wished is done at the agency named; without a name where the person has a ticket, else at the office itself."""
    named = agencies_named(wish.agency or wish.place)
    if unclear := unclear_place(named, f"queue:{wish.action.value}", wish.place, world):
        return unclear
    tickets = tuple(await world.memory.tickets())
    held = _meant(wish.place, named, [ticket for ticket in tickets if ticket.is_open])
    at = named.agencies[0] if named.agencies else _place_of(held) or own_agency(world)
    match wish.action:
        case QueueAction.TAKE if ASKING.search(fold(wish.place).lower()):
            return await _line(at, world)
        case QueueAction.TAKE | QueueAction.CHANGE if _another_day(wish.place, world):
            return Outcome((Reply("queue.today_only", about(at, world)),))
        case QueueAction.TAKE:
            return await (_state(held, world) if held and held.unit_code == at.code else _take(at, tickets, world))
        case QueueAction.STATUS:
            return await (_state(held, world) if held else _line(at, world))
        case QueueAction.CANCEL:
            return await (_give_back(held, world) if held else _line(at, world))
        case QueueAction.CHANGE:
            return await (_take(at, tickets, world, instead_of=held) if held else _line(at, world))
        case _:
            assert_never(wish.action)


def _meant(text: str, named: Named, held: list[Ticket]) -> Ticket | None:
    """The ticket whose number is in the text, else the one of the agency named, else the newest."""
    words = set(fold(text).upper().split())
    codes = {item.code for item in named.agencies}
    by_number = [ticket for ticket in held if ticket.number.upper() in words]
    by_place = [ticket for ticket in held if ticket.unit_code in codes]
    return next(iter(by_number or by_place or held), None)


def _place_of(held: Ticket | None) -> Agency | None:
    return _agency_of(held) if held else None


def _agency_of(held: Ticket) -> Agency:
    return agency(held.unit_code) or Agency(held.unit_code, held.unit_name, held.unit_name)


def _another_day(text: str, world: World) -> bool:
    asked = day_asked(text, world.today)
    return isinstance(asked, HolidayAsked) or asked not in {None, world.today}


async def _take(at: Agency, tickets: tuple[Ticket, ...], world: World, instead_of: Ticket | None = None) -> Outcome:
    """A ticket; the old one is given back only when the new one is there."""
    if len(tickets) >= MOST_A_DAY:
        return Outcome((Reply("queue.limit", {"count": len(tickets)}),))
    match await world.queues.take(at.code, _request_id(at, len(tickets), world)):
        case Queue() as queue:
            return await _taken(queue, at, world, instead_of)
        case QueueClosed():
            return Outcome((Reply("queue.closed", about(at, world) | next_opening(at, world)),))
        case NoQueue():
            return _not_here(at, world)
        case Unavailable():
            return _down(at, world)


def _request_id(at: Agency, taken: int, world: World) -> str:
    """The same when a wish is repeated whose answer was lost, for whatever reason: then the one-stop system gives the same ticket."""
    wish = f"{world.contact.home.hex()}|{at.code}|{world.today.isoformat()}|{taken}"
    return sha256(wish.encode()).hexdigest()[:32]


async def _taken(queue: Queue, at: Agency, world: World, instead_of: Ticket | None) -> Outcome:
    number = queue.ticket or ""
    person = world.contact
    will_tell = (queue.ahead or 0) > NEAR and person.opted_out_at is None and not person.address.is_passing
    values = _of_line(queue, at, world) | {
        "ticket": number,
        "will_tell": will_tell,
        "passing": person.address.is_passing,
    }
    kept = KeepTicket(
        unit_code=at.code, unit_name=at.name, number=number, valid_until=_midnight(world), tell_when_near=will_tell
    )
    if instead_of is None:
        return Outcome((Reply("queue.taken", values),), (kept,))
    if not isinstance(await world.queues.give_back(instead_of.unit_code, instead_of.number), GivenBack):
        return Outcome((Reply("queue.taken", values),), (kept,))
    dropped: Write = DropTicket(instead_of.unit_code, instead_of.number)
    return Outcome((Reply("queue.changed", values | {"old_ticket": instead_of.number}),), (dropped, kept))


async def _state(held: Ticket, world: World) -> Outcome:
    at = _agency_of(held)
    match await world.queues.state(held.unit_code, held.number):
        case Queue() as queue:
            return Outcome((Reply("queue.state", _of_line(queue, at, world) | {"ticket": held.number}),))
        case NoQueue():
            return _not_here(at, world)
        case Unavailable():
            return _down(at, world)


async def _line(at: Agency, world: World) -> Outcome:
    """The line of an agency, for a person without a ticket."""
    match await world.queues.state(at.code):
        case Queue(is_open=True) as queue:
            return Outcome((Reply("queue.none", _of_line(queue, at, world)),))
        case Queue():
            return Outcome((Reply("queue.closed", about(at, world) | next_opening(at, world)),))
        case NoQueue():
            return _not_here(at, world)
        case Unavailable():
            return _down(at, world)


async def _give_back(held: Ticket, world: World) -> Outcome:
    at = _agency_of(held)
    match await world.queues.give_back(held.unit_code, held.number):
        case Unavailable():
            return _down(at, world)
        case GivenBack() | NoQueue():
            reply = Reply("queue.cancelled", about(at, world) | {"ticket": held.number})
            return Outcome((reply,), (DropTicket(held.unit_code, held.number),))


def _of_line(queue: Queue, at: Agency, world: World) -> dict[str, Any]:
    return about(at, world) | {
        "ahead": queue.ahead,
        "wait_minutes": queue.wait_minutes,
        "now_serving": queue.now_serving,
        "waiting": queue.waiting,
    }


def near_reply(unit_code: str, unit_name: str, number: str, ahead: int) -> Reply:
    """What is pushed when a turn is near."""
    at = agency(unit_code) or Agency(unit_code, unit_name, unit_name)
    values = {"agency": at.short_name, "agency_short": at.short_name, "agency_name": at.name}
    return Reply("queue.near", values | {"ticket": number, "ahead": ahead})


def _not_here(at: Agency, world: World) -> Outcome:
    return Outcome((Reply("queue.not_here", about(at, world)),))


def _down(at: Agency, world: World) -> Outcome:
    return Outcome((Reply("queue.down", about(at, world)),))


def _midnight(world: World) -> datetime:
    return datetime.combine(world.today + timedelta(days=1), time(), VIETNAM)
