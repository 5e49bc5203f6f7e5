"""The ladder for those who misuse petitions. Each step has a reason, an actor and an end, and is told to the person.

It stops petitions and nothing else: look-ups, refusing messages, the person's own data stay open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.clock import VIETNAM
from bot.officers import OfficerRole
from bot.petitions.record import Actor

SHORTEST_REASON = 10
FORGOTTEN_AFTER = timedelta(days=365)
"""A step so long ago does not count for the next one."""


class MuteStep(StrEnum):
    """The rungs, in order."""

    WARNING = "warning"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


DAYS = {MuteStep.WARNING: 0, MuteStep.DAY: 1, MuteStep.WEEK: 7, MuteStep.MONTH: 30}
LADDER = tuple(MuteStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """One step of the ladder, for one person."""

    person: bytes
    step: MuteStep
    reason: str
    given_by: int
    given_at: datetime
    until: datetime
    """The end of a day in Vietnam; *given_at* for a warning."""
    confirmed_by: int | None = None
    lifted_at: datetime | None = None
    """Taken back before its end."""

    @property
    def counts(self) -> bool:
        """The last rung begins when a second person has confirmed it."""
        return self.step is not MuteStep.MONTH or self.confirmed_by is not None


def next_step(given: Sequence[Mute], now: datetime) -> MuteStep:
    """The rung after the highest one of the last year; the last one stays the last."""
    lately = [
        mute for mute in given if mute.lifted_at is None and mute.counts and now - mute.given_at < FORGOTTEN_AFTER
    ]
    highest = max((LADDER.index(mute.step) for mute in lately), default=-1)
    return LADDER[min(highest + 1, len(LADDER) - 1)]


def muted_until(given: Sequence[Mute], now: datetime) -> datetime | None:
    """Until when no petition is taken; None when it is."""
    ends = [mute.until for mute in given if mute.lifted_at is None and mute.counts and mute.until > now]
    return max(ends, default=None)


def mute(person: bytes, given: Sequence[Mute], actor: Actor, reason: str, now: datetime) -> Mute | str:
    """The next step of the ladder, or why it cannot be given: ``not_allowed``, ``reason_too_short``."""
    step = next_step(given, now)
    is_sorter = actor.at_reception and actor.role in {OfficerRole.RECEPTION, OfficerRole.LEAD}
    is_administrator = actor.role is OfficerRole.ADMINISTRATOR
    if actor.officer is None or not (is_administrator or (is_sorter and step is not MuteStep.MONTH)):
        return "not_allowed"
    if len(reason.strip()) < SHORTEST_REASON:
        return "reason_too_short"
    return Mute(
        person=person,
        step=step,
        reason=reason.strip(),
        given_by=actor.officer,
        given_at=now,
        until=_end_of_day(now, DAYS[step]) if DAYS[step] else now,
    )


def confirmation_refused(proposed: Mute, actor: Actor) -> str:
    """Why this officer cannot confirm the last rung: ``not_allowed``, ``another_must_confirm``; "" when he can."""
    if actor.role is not OfficerRole.ADMINISTRATOR:
        return "not_allowed"
    return "another_must_confirm" if actor.officer == proposed.given_by else ""


def _end_of_day(now: datetime, days: int) -> datetime:
    last = now.astimezone(VIETNAM).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), VIETNAM)
