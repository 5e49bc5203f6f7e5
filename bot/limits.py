"""How much one person may ask, counted in memory: a restart forgets, which errs on the side of the citizen.

Figures of the product's table of limits; each is for one contact.
"""

import itertools
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

HOUR, DAY, TEN_MINUTES = timedelta(hours=1), timedelta(days=1), timedelta(minutes=10)
LOOK_UPS = ((20, HOUR), (60, DAY))
NOT_FOUND_A_DAY = 10
NEIGHBOURS = 4
UNKNOWN_AN_HOUR = 3
REPLIES = ((30, HOUR),)
TRIES_ON_DOSSIER, TRIES_BY_PERSON = 5, 15
MOST_CONTACTS = 50_000


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
    look_ups: deque[datetime] = field(default_factory=deque)
    replies: deque[datetime] = field(default_factory=deque)
    unknown: deque[datetime] = field(default_factory=deque)
    missed: dict[str, datetime] = field(default_factory=dict)
    asked: deque[tuple[datetime, str, int]] = field(default_factory=deque)
    told_until: datetime | None = None


class Limits:
    """Sliding windows for each contact; the least recently seen are forgotten first."""

    def __init__(self, *, enabled: bool = True, most_contacts: int = MOST_CONTACTS) -> None:
        self._enabled = enabled
        self._most = most_contacts
        self._contacts: OrderedDict[bytes, _Contact] = OrderedDict()

    def look_up(self, contact: bytes, code: str, now: datetime) -> Ruling:
        """Whether this person may look up one more dossier; an allowed one is counted."""
        if not self._enabled:
            return ALLOWED
        seen = self._of(contact)
        self._note_neighbours(seen, code, now)
        for count, window in LOOK_UPS:
            if _within(seen.look_ups, now, window) >= count:
                return _over(seen, count, _oldest(seen.look_ups, now, window) + window, now)
        recent = {missed: at for missed, at in seen.missed.items() if now - at < DAY}
        seen.missed = recent
        if len(recent) >= NOT_FOUND_A_DAY:
            return _over(seen, NOT_FOUND_A_DAY, min(recent.values()) + DAY, now)
        seen.look_ups.append(now)
        return ALLOWED

    def not_found(self, contact: bytes, code: str, now: datetime) -> None:
        """This code did not exist: counted once a day however often it is asked."""
        if self._enabled:
            self._of(contact).missed.setdefault(code, now)

    def verification(self, tries_on_dossier: int, tries_by_person: int) -> bool:
        """Whether one more try of the last four digits is allowed today."""
        return not self._enabled or (tries_on_dossier < TRIES_ON_DOSSIER and tries_by_person < TRIES_BY_PERSON)

    def may_say_unknown(self, contact: bytes, now: datetime) -> bool:
        """At most three times an hour; then silence until something is understood."""
        return self._count(self._of(contact).unknown, now, ((UNKNOWN_AN_HOUR, HOUR),))

    def may_reply(self, contact: bytes, now: datetime) -> bool:
        """The brake on replies of any kind: 30 an hour."""
        return self._count(self._of(contact).replies, now, REPLIES)

    def _count(self, times: deque[datetime], now: datetime, rules: tuple[tuple[int, timedelta], ...]) -> bool:
        if not self._enabled:
            return True
        if any(_within(times, now, window) >= count for count, window in rules):
            return False
        times.append(now)
        return True

    def _note_neighbours(self, seen: _Contact, code: str, now: datetime) -> None:
        """Walking through the numbers of one unit and day counts as asking for dossiers that do not exist."""
        unit_and_day, _, sequence = code.rpartition("-")
        if not sequence.isdigit():
            return
        while seen.asked and now - seen.asked[0][0] >= TEN_MINUTES:
            seen.asked.popleft()
        seen.asked.append((now, unit_and_day, int(sequence)))
        numbers = sorted({number for _, place, number in seen.asked if place == unit_and_day})
        if _longest_walk(numbers) >= NEIGHBOURS:
            seen.missed.setdefault(code, now)

    def _of(self, contact: bytes) -> _Contact:
        seen = self._contacts.get(contact)
        if seen is None:
            seen = self._contacts[contact] = _Contact()
            if len(self._contacts) > self._most:
                self._contacts.popitem(last=False)
        else:
            self._contacts.move_to_end(contact)
        return seen


def _longest_walk(numbers: list[int]) -> int:
    longest = length = 1
    for before, after in itertools.pairwise(numbers):
        length = length + 1 if after == before + 1 else 1
        longest = max(longest, length)
    return longest


def _within(times: deque[datetime], now: datetime, window: timedelta) -> int:
    while times and now - times[0] >= DAY:
        times.popleft()
    return sum(1 for at in times if now - at < window)


def _oldest(times: deque[datetime], now: datetime, window: timedelta) -> datetime:
    return next(at for at in times if now - at < window)


def _over(seen: _Contact, count: int, until: datetime, now: datetime) -> Ruling:
    if seen.told_until is not None and now < seen.told_until:
        return Ruling(Verdict.SILENT)
    seen.told_until = until
    return Ruling(Verdict.TELL, count, until)
