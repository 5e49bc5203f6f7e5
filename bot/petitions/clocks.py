"""When something of a petition is due, in working time of who has to do it."""

from datetime import date, datetime, time, timedelta

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM
from bot.petitions.around import Around
from bot.petitions.record import Petition

CLASSIFY_DAYS = 1
ACCEPT_HOURS = 4
QUESTION_DAYS = 5
CLOSE_DAYS = 5
"""Working days after an answer without a word of the citizen."""
REOPEN_DAYS = 10
LEAST_DAYS_REOPENED = 3
RATING_OPEN = timedelta(days=30)
SPAM_REVERSIBLE = timedelta(days=30)
MORNING = time(8, 0)
"""When people are told on their own what the clock found."""


def classify_due(around: Around) -> datetime:
    """By when the reception office sorts it, from now."""
    return around.calendar_of("").add_working_days(around.now, CLASSIFY_DAYS)


def accept_due(agency: str, around: Around) -> datetime:
    """By when an agency takes what it was given now."""
    return around.calendar_of(agency).add_working_hours(around.now, ACCEPT_HOURS)


def answer_due(agency: str, days: int, around: Around) -> datetime:
    """By when it is answered, counted from now."""
    return around.calendar_of(agency).add_working_days(around.now, days)


def days_reopened(days: int) -> int:
    """Working days for the answer to a petition that was reopened: half of the first ones, rounded up."""
    return max(LEAST_DAYS_REOPENED, (days + 1) // 2)


def question_due(agency: str, around: Around) -> datetime:
    """Until when the citizen may answer a question asked now."""
    return around.calendar_of(agency).add_working_days(around.now, QUESTION_DAYS)


def reopen_until(agency: str, around: Around) -> datetime:
    """Until when it may be reopened, answered or closed now."""
    return around.calendar_of(agency).add_working_days(around.now, REOPEN_DAYS)


def stood_still(petition: Petition, since: datetime, around: Around) -> datetime:
    """The answer due after a pause that ends now: later by exactly the working time that passed."""
    calendar = around.calendar_of(petition.agency)
    return calendar.add_working_time(petition.answer_due, calendar.working_time_between(since, around.now))


def latest_extension(petition: Petition, around: Around) -> datetime:
    """The last moment that an extension may promise: as many working days more as there were at first."""
    calendar = around.calendar_of(petition.agency)
    day = petition.answer_due.astimezone(VIETNAM).date()
    for _ in range(petition.days):
        day = calendar.next_working_day(day)
    return datetime.combine(day, time.max, VIETNAM)


def silent_until(petition: Petition, around: Around) -> datetime:
    """An answered petition is closed when nothing more happened to it until then."""
    return around.calendar_of(petition.agency).add_working_days(petition.changed_at, CLOSE_DAYS)


def late_told_from(petition: Petition, around: Around) -> datetime:
    """From when on the citizen is told that the answer is late."""
    return morning_after(around.calendar_of(petition.agency), petition.answer_due)


def end_of_day(calendar: WorkingCalendar, at: datetime) -> datetime | None:
    """The end of working hours of the day of *at*; None on a day off."""
    day = at.astimezone(VIETNAM).date()
    periods = calendar.periods_on(day)
    return datetime.combine(day, periods[-1][1], VIETNAM) if periods else None


def morning_after(calendar: WorkingCalendar, at: datetime) -> datetime:
    """08:00 of the next working day."""
    return _morning(calendar.next_working_day(at.astimezone(VIETNAM).date()))


def morning_before(calendar: WorkingCalendar, at: datetime) -> datetime:
    """08:00 of the last working day before that of *at*."""
    day = at.astimezone(VIETNAM).date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return _morning(day)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, VIETNAM)
