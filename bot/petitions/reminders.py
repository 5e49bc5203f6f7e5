"""What the clock does with a petition, and when: reminders of officers, steps that time takes, the next look.

Moments are counted anew at each look, so that an edited calendar moves them; what people were told stands in the record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.petitions import clocks
from bot.petitions.alerting import alert
from bot.petitions.around import Around
from bot.petitions.commands import Close, LimitPassed, RemindCitizen, TellLate
from bot.petitions.record import OPEN, Petition, PetitionState, Severity, TaskAlert

HALF, FIFTH = 0.5, 0.2
LATE_FOR_THE_PROVINCE = 2
"""Working days after which the head of the province's centre is told."""

ClockCommand = RemindCitizen | LimitPassed | TellLate | Close


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that time does."""

    at: datetime
    what: ClockCommand | TaskAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be done now."""

    commands: tuple[ClockCommand, ...]
    """Steps, which tell the citizen: not at night. One at most is open at a time."""
    alerts: tuple[TaskAlert, ...]


def due_now(petition: Petition, around: Around) -> Due:
    """Everything since the look that was due: alerts are not raised twice, a step stays due until it is taken."""
    since = petition.clock_at or around.now
    passed = [moment for moment in moments(petition, around) if moment.at <= around.now]
    return Due(
        commands=tuple(moment.what for moment in passed if not isinstance(moment.what, TaskAlert)),
        alerts=tuple(moment.what for moment in passed if isinstance(moment.what, TaskAlert) and moment.at >= since),
    )


def next_look(petition: Petition, around: Around) -> datetime | None:
    """When the clock has to look next; None when time does nothing to it."""
    ahead = [
        max(moment.at, around.now)
        for moment in moments(petition, around)
        if moment.at > around.now or not isinstance(moment.what, TaskAlert)
    ]
    return min(ahead, default=None)


def moments(petition: Petition, around: Around) -> Iterator[Moment]:
    """Everything that time does while the petition stays as it is, in no order."""
    match petition.state:
        case PetitionState.RECEIVED:
            yield from _sorting(petition, around)
        case PetitionState.ASSIGNED:
            yield from _accepting(petition, around)
        case PetitionState.NEED_INFO:
            yield from _asking(petition, around)
        case PetitionState.ANSWERED:
            silent = clocks.silent_until(petition, around)
            yield Moment(clocks.morning_after(around.calendar_of(petition.agency), silent), Close(because="no_reply"))
        case _:
            pass
    if petition.state in OPEN and petition.state is not PetitionState.NEED_INFO:
        yield from _answering(petition, around)


def _sorting(petition: Petition, around: Around) -> Iterator[Moment]:
    first = around.calendar_of("").add_working_hours(petition.state_since, clocks.ACCEPT_HOURS)
    yield Moment(first, alert(petition, around, "classify", Severity.S3))
    yield Moment(petition.classify_due, alert(petition, around, "classify_late", Severity.S2, to_lead=True))


def _accepting(petition: Petition, around: Around) -> Iterator[Moment]:
    if petition.accept_due:
        yield Moment(petition.accept_due, alert(petition, around, "accept", Severity.S2))
    last = around.calendar_of(petition.agency).add_working_days(petition.state_since, 1)
    yield Moment(last, alert(petition, around, "accept_late", Severity.S2, to_lead=True))


def _asking(petition: Petition, around: Around) -> Iterator[Moment]:
    if petition.question_due is None:
        return
    calendar = around.calendar_of(petition.agency)
    if petition.question_reminded_at is None:
        yield Moment(clocks.morning_before(calendar, petition.question_due), RemindCitizen())
    else:
        yield Moment(clocks.morning_after(calendar, petition.question_due), LimitPassed())


def _answering(petition: Petition, around: Around) -> Iterator[Moment]:
    calendar, due = around.calendar_of(petition.agency), petition.answer_due
    budget = petition.days * length_of_day(around, petition.agency)
    half = calendar.take_working_time(due, budget * HALF)
    near = min(calendar.take_working_time(due, budget * FIFTH), clocks.morning_before(calendar, due))
    if petition.changed_at == petition.state_since and half < near:
        yield Moment(half, alert(petition, around, "half", Severity.S3, source="pa_near"))
    yield Moment(near, alert(petition, around, "near", Severity.S2, source="pa_near"))
    for to_lead in (False, True):
        late = alert(petition, around, "late", Severity.S1, source="pa_late", to_lead=to_lead)
        yield Moment(due + timedelta(seconds=1), late)
    if petition.late_told_at is None:
        yield Moment(clocks.late_told_from(petition, around), TellLate())
    yield Moment(_days_late(petition, around), _for_the_province(petition, around))


def length_of_day(around: Around, agency: str) -> timedelta:
    """The working time of a usual day."""
    hours = ((opens, closes) for opens, closes in around.calendar_of(agency).hours.instead)
    minutes = sum((closes.hour - opens.hour) * 60 + closes.minute - opens.minute for opens, closes in hours)
    return timedelta(minutes=minutes)


def _days_late(petition: Petition, around: Around) -> datetime:
    calendar = around.calendar_of(petition.agency)
    at = petition.answer_due
    for _ in range(LATE_FOR_THE_PROVINCE):
        at = clocks.morning_after(calendar, at)
    return at


def _for_the_province(petition: Petition, around: Around) -> TaskAlert:
    late = alert(petition, around, "late_for_days", Severity.S2, source="pa_late", to_lead=True)
    return TaskAlert(
        severity=late.severity,
        source=late.source,
        subject=late.subject,
        condition=late.condition,
        agency="",
        to_lead=True,
        values={**late.values, "agency": petition.agency},
    )
