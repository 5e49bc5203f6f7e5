"""How much one person may ask, counted in memory: a restart forgets, which errs on the side of the citizen.

Figures of the product's table of limits; each is for one contact.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

HOUR, DAY, TEN_MINUTES = timedelta(hours=1), timedelta(days=1), timedelta(minutes=10)
LOOK_UPS = ((20, HOUR), (60, DAY))
NOT_FOUND_A_DAY = 10
NEIGHBOURS = 4
NUMBERS_A_DAY = 6
"""Of one unit and one day; so a walk of any pace ends at the tenth number."""
UNKNOWN_AN_HOUR = 3
REPLIES_AN_HOUR = 30
TRIES_ON_DOSSIER, TRIES_BY_PERSON = 5, 15
MOST_CONTACTS = 20_000
"""Some 1.5 KiB each with a few texts, so 30 MiB in all."""


class Verdict(Enum):
    """What a limit says."""

    ALLOWED = "allowed"
    TELL = "tell"
    """Over the limit for the first time in this window: say so once."""
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict with the figures that the person is told."""

    verdict: Verdict
    count: int = 0
    until: datetime | None = None


ALLOWED = Ruling(Verdict.ALLOWED)


@dataclass(slots=True)
class _Contact:
    """Lists, because an empty deque takes 600 octets, and most contacts write once."""

    look_ups: list[datetime] = field(default_factory=list)
    replies: list[datetime] = field(default_factory=list)
    unknown: list[datetime] = field(default_factory=list)
    missed: dict[str, datetime] = field(default_factory=dict)
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    told_until: datetime | None = None


class Limits:
    """Sliding windows for each contact; the least recently seen are forgotten first."""

    def __init__(self, *, enabled: bool = True, most_contacts: int = MOST_CONTACTS) -> None:
        self._enabled = enabled
        self._most = most_contacts
        self._contacts: OrderedDict[bytes, _Contact] = OrderedDict()

    def look_up(self, contact: bytes, now: datetime) -> Ruling:
        """Whether this person may look up one more dossier; an allowed one is counted."""
        if not self._enabled:
            return ALLOWED
        seen = self._of(contact)
        if excess := _excess(seen, now):
            return _over(seen, *excess, now)
        seen.look_ups.append(now)
        return ALLOWED

    def may_look_up(self, contact: bytes, now: datetime) -> bool:
        """The same without counting and without telling."""
        return not self._enabled or _excess(self._of(contact), now) is None

    def not_found(self, contact: bytes, code: str, now: datetime) -> None:
        """This code did not exist: counted once a day however often it is asked."""
        if self._enabled:
            self._of(contact).missed.setdefault(code, now)

    def not_theirs(self, contact: bytes, code: str, now: datetime) -> None:
        """This code is not known to be the person's own. Four neighbours of one unit and day within ten minutes, or six
        numbers of them within a day, are a walk through the numbers of others: each of them counts as not found.
        """
        unit_and_day, _, sequence = code.rpartition("-")
        if not self._enabled or not sequence.isdigit():
            return
        seen = self._of(contact)
        del seen.asked[: sum(now - at >= DAY for at, _ in seen.asked)]
        seen.asked.append((now, code))
        of_day = _numbers_of(unit_and_day, seen.asked)
        of_ten_minutes = _numbers_of(unit_and_day, [item for item in seen.asked if now - item[0] < TEN_MINUTES])
        for number in of_day if len(of_day) >= NUMBERS_A_DAY else _walked(of_ten_minutes):
            seen.missed.setdefault(f"{unit_and_day}-{number}", now)

    def tries_left(self, on_dossier: int, by_person: int) -> int:
        """How often the last four digits may still be tried today, given the tries on this dossier and by this person."""
        return (
            max(0, min(TRIES_ON_DOSSIER - on_dossier, TRIES_BY_PERSON - by_person))
            if self._enabled
            else TRIES_ON_DOSSIER
        )

    def may_say_unknown(self, contact: bytes, now: datetime) -> bool:
        """At most three times an hour; then silence until something is understood."""
        return not self._enabled or _counted(self._of(contact).unknown, now, UNKNOWN_AN_HOUR)

    def understood(self, contact: bytes) -> None:
        """A text was understood: what was not before is forgotten."""
        if contact in self._contacts:
            self._contacts[contact].unknown.clear()

    def may_reply(self, contact: bytes, now: datetime) -> bool:
        """The brake on replies of any kind: 30 an hour."""
        return not self._enabled or _counted(self._of(contact).replies, now, REPLIES_AN_HOUR)

    def _of(self, contact: bytes) -> _Contact:
        seen = self._contacts.get(contact)
        if seen is None:
            seen = self._contacts[contact] = _Contact()
            if len(self._contacts) > self._most:
                self._contacts.popitem(last=False)
        else:
            self._contacts.move_to_end(contact)
        return seen


def _numbers_of(unit_and_day: str, asked: Iterable[tuple[datetime, str]]) -> set[str]:
    places = (code.rpartition("-") for _, code in asked)
    return {number for place, _, number in places if place == unit_and_day}


def _excess(seen: _Contact, now: datetime) -> tuple[int, datetime] | None:
    """The limit that is reached, and until when."""
    for count, window in LOOK_UPS:
        if _within(seen.look_ups, now, window) >= count:
            return count, _oldest(seen.look_ups, now, window) + window
    seen.missed = {missed: at for missed, at in seen.missed.items() if now - at < DAY}
    if len(seen.missed) >= NOT_FOUND_A_DAY:
        return NOT_FOUND_A_DAY, min(seen.missed.values()) + DAY
    return None


def _walked(numbers: set[str]) -> list[str]:
    """The numbers that stand in a row of at least ``NEIGHBOURS``."""
    walked: list[str] = []
    row: list[str] = []
    for number in sorted(numbers, key=int):
        row = [*row, number] if row and int(number) == int(row[-1]) + 1 else [number]
        if len(row) >= NEIGHBOURS:
            walked += row
    return walked


def _counted(times: list[datetime], now: datetime, most: int) -> bool:
    """Whether one more is allowed within the hour; it is then counted."""
    if _within(times, now, HOUR) >= most:
        return False
    times.append(now)
    return True


def _within(times: list[datetime], now: datetime, window: timedelta) -> int:
    del times[: sum(now - at >= DAY for at in times)]
    return sum(now - at < window for at in times)


def _oldest(times: list[datetime], now: datetime, window: timedelta) -> datetime:
    return next(at for at in times if now - at < window)


def _over(seen: _Contact, count: int, until: datetime, now: datetime) -> Ruling:
    if seen.told_until is not None and now < seen.told_until:
        return Ruling(Verdict.SILENT)
    seen.told_until = until
    return Ruling(Verdict.TELL, count, until)
