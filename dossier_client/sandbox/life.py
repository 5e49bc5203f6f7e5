"""When a made-up dossier was received, is due, was finished; nothing of it lies after half past seven of today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Any, TypeVar

from dossier_client.models import Status
from dossier_client.sandbox.catalogue import CERTIFICATION, CatalogueProcedure

Drawn = TypeVar("Drawn")
VIETNAM = timezone(timedelta(hours=7))
OPEN = frozenset({Status.RECEIVED, Status.IN_PROCESS, Status.MORE_PAPERS, Status.FEE_DUE})
ENDED = frozenset({Status.RESULT_READY, Status.RESULT_RETURNED})
DATELESS = frozenset({Status.NEWLY_REGISTERED, Status.NOT_ACCEPTED})
"""Not accepted (yet): nobody promised a day."""
SAME_DAY_UNTIL = time(15)
CLOSING = time(17)
MORNING = time(7, 30)
DEFAULT_DAYS = 5
SATURDAY = 5
LATE_SHARE = 0.004
STATES_UNDER_WAY = ((4, 0.74), (2, 0.12), (5, 0.08), (6, 0.06))
STATES_ENDED = ((10, 0.93), (9, 0.055), (3, 0.008), (7, 0.003), (8, 0.004))
NEW_SHARE = 0.1
"""Of those received today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The dates of one dossier and the state that they lead to."""

    status: int
    received: datetime
    due: datetime
    extended_due: datetime | None
    finished: datetime | None
    returned: datetime | None

    def as_json(self) -> dict[str, Any]:
        """The contract's fields."""
        return {
            "status": self.status,
            "received_at": self.received.isoformat(),
            "due_at": None if self.status in DATELESS else self.due.isoformat(),
            "extended_due_at": _text(self.extended_due),
            "finished_at": _text(self.finished),
            "returned_at": _text(self.returned),
            "apology": self._apology(),
            "updated_at": (self.returned or self.finished or self.received).isoformat(),
        }

    def _apology(self) -> dict[str, Any] | None:
        if self.extended_due is None:
            return None
        reason = "Cần xác minh thêm thông tin"
        return {"issued_at": self.due.isoformat(), "new_due_at": self.extended_due.isoformat(), "reason": reason}


def live(partial: dict[str, Any], chance: Random, procedure: CatalogueProcedure, day: date, today: date) -> Life:
    """A life that fits what *partial* says of its dates and state."""
    now = at(today, MORNING)
    received = moment(partial.get("received_at")) or _received(chance, day, today)
    given_due = moment(partial.get("due_at"))
    due = given_due or _due(procedure, received)
    late = chance.random() < LATE_SHARE
    finish = _finish(chance, received, due, late=late)
    status = partial.get("status") or _status(chance, received, finish, now)
    if status in OPEN and due < now and not (late or given_due):
        due = at(working_day_after(today, chance.randint(1, 7)), CLOSING)
    ended = max(min(finish, now), received + timedelta(minutes=1)) if status in ENDED else None
    return Life(
        status=status,
        received=received,
        due=due,
        extended_due=due + timedelta(days=7) if ended and ended > due and not given_due else None,
        finished=ended,
        returned=ended + min(timedelta(minutes=20), max(now - ended, timedelta()))
        if ended and status == Status.RESULT_RETURNED
        else None,
    )


def at(day: date, clock: time) -> datetime:
    """That time of day in Vietnam."""
    return datetime.combine(day, clock, VIETNAM)


def moment(text: Any) -> datetime | None:
    """The time that *text* tells; without an offset it is Vietnam's. None when it tells none."""
    try:
        read = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=VIETNAM)


def is_working_day(day: date) -> bool:
    """Monday to Friday; holidays are not known here."""
    return day.weekday() < SATURDAY


def working_day_after(day: date, count: int) -> date:
    """The *count*-th working day after *day*."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    weeks, rest = divmod(count, SATURDAY)
    day += timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= is_working_day(day)
    return day


def _received(chance: Random, day: date, today: date) -> datetime:
    minutes = chance.randint(0, 9 * 60)
    if day >= today:
        return at(day, time(7)) + timedelta(minutes=minutes // 20)
    return at(day, MORNING) + timedelta(minutes=minutes)


def _due(procedure: CatalogueProcedure, received: datetime) -> datetime:
    day = received.date()
    if procedure.field == CERTIFICATION:
        return at(
            day if received.timetz().replace(tzinfo=None) < SAME_DAY_UNTIL else working_day_after(day, 1), CLOSING
        )
    if procedure.calendar_days is not None:
        return at(working_day_after(day + timedelta(days=procedure.calendar_days - 1), 1), CLOSING)
    return at(working_day_after(day, max(1, round(procedure.working_days or DEFAULT_DAYS))), CLOSING)


def _finish(chance: Random, received: datetime, due: datetime, *, late: bool) -> datetime:
    share, minutes = chance.random(), chance.randint(5, 105)
    if late:
        return at(working_day_after(due.date(), 1 + minutes % 3), time(10)) + timedelta(minutes=minutes)
    days = (due.date() - received.date()).days
    if days <= 0:
        return received + timedelta(minutes=minutes)
    day = received.date() + timedelta(days=1 + int(share * days))
    if not is_working_day(day):
        day = min(working_day_after(day, 1), due.date())
    return at(day, time(8)) + timedelta(minutes=4 * minutes)


def _status(chance: Random, received: datetime, finish: datetime, now: datetime) -> int:
    drawn = chance.random()
    if finish <= now:
        return weighted(drawn, STATES_ENDED)
    return 1 if received.date() >= now.date() and drawn < NEW_SHARE else weighted(chance.random(), STATES_UNDER_WAY)


def weighted(drawn: float, table: tuple[tuple[Drawn, float], ...]) -> Drawn:
    """The entry on whose share *drawn*, from 0 to 1, falls."""
    for entry, share in table:
        drawn -= share
        if drawn < 0:
            return entry
    return table[0][0]


def _text(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
