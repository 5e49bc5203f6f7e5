"""What forbids a step. Each guard answers whether it does; its name is the reason that people are told."""

import unicodedata

from bot.petitions import clocks
from bot.petitions.around import Step
from bot.petitions.commands import (
    AddNote,
    AskCitizen,
    Assign,
    Close,
    Disagree,
    Extend,
    Forward,
    LimitPassed,
    MarkSpam,
    Merge,
    ProposeAnswer,
    Rated,
    Recategorise,
    Reject,
    Release,
    RemindCitizen,
    Reopen,
    RestoreSpam,
    ReturnProposal,
    ReturnToReception,
    SendAnswer,
    Submit,
    TellLate,
    Transfer,
)
from bot.petitions.record import OPEN, ActorKind, Confidentiality
from bot.petitions.redaction import personal_in_answer, personal_in_public
from bot.petitions.rejections import REASONS
from bot.petitions.roles import Acting, acting_as

SHORTEST_TEXT, LONGEST_TEXT = 20, 2000
SHORTEST_REASON = 10
SHORTEST_ANSWER, LONGEST_SUMMARY = 30, 36
LONGEST_QUESTION = 300
MOST_RETURNS = 2
MOST_REOPENINGS = 2


def written(text: str) -> str:
    """*text* without what cannot be seen."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf"}).strip()


def text_too_short(step: Step[Submit]) -> bool:
    """An emergency is taken however short."""
    draft = step.command.draft
    return not draft.is_emergency and len(written(draft.text)) < SHORTEST_TEXT


def text_too_long(step: Step[Submit]) -> bool:
    """More than a petition may hold."""
    return len(step.command.draft.text) > LONGEST_TEXT


def agency_unknown(step: Step[Submit | Assign | Transfer]) -> bool:
    """Not in the list, or merged or closed; a petition may be submitted to none."""
    if isinstance(step.command, Submit) and not step.command.agency:
        return False
    agency = step.around.agencies.get(step.command.agency)
    return agency is None or not agency.is_open


def agency_is_same(step: Step[Transfer]) -> bool:
    """It is there already."""
    return step.command.agency == step.petition.agency


def agency_is_other(step: Step[Assign]) -> bool:
    """Inside an agency it is given to its own officers; to others it is transferred."""
    return step.command.agency != step.petition.agency


def officer_elsewhere(step: Step[Assign | Transfer]) -> bool:
    """The officer named does not work at that agency any more."""
    if step.command.officer is None:
        return False
    officer = step.around.officers.get(step.command.officer)
    return officer is None or officer.left_at is not None or officer.agency != step.command.agency


def not_by_a_rule(step: Step[Assign]) -> bool:
    """The system assigns by rules only."""
    return step.actor.kind is ActorKind.SYSTEM and not step.command.by_rule


def category_unknown(step: Step[Submit | Assign | Recategorise]) -> bool:
    """The field is not set, or not in the list."""
    code = step.command.category or step.petition.category
    return code not in step.around.categories


def reason_too_short(step: Step[ReturnToReception | Reopen]) -> bool:
    """Ten characters say at least what is wrong."""
    return len(written(step.command.reason)) < SHORTEST_REASON


def reason_missing(step: Step[Extend]) -> bool:
    """The citizen is told why."""
    return not written(step.command.reason)


def returned_too_often(step: Step[ReturnToReception]) -> bool:
    """Twice is enough: now the head of the reception office decides."""
    return step.petition.returns >= MOST_RETURNS


def question_missing(step: Step[AskCitizen]) -> bool:
    """Nothing is asked."""
    return not written(step.command.question)


def question_too_long(step: Step[AskCitizen]) -> bool:
    """More than the citizen reads."""
    return len(step.command.question) > LONGEST_QUESTION


def too_early_to_remind(step: Step[RemindCitizen]) -> bool:
    """More than a working day is left."""
    due = step.petition.question_due
    return due is None or step.around.now < clocks.morning_before(step.calendar, due)


def reminded_before(step: Step[RemindCitizen]) -> bool:
    """Once is enough."""
    return step.petition.question_reminded_at is not None


def limit_not_passed(step: Step[LimitPassed]) -> bool:
    """The citizen still has time."""
    due = step.petition.question_due
    return due is not None and step.around.now <= due


def not_reminded(step: Step[LimitPassed]) -> bool:
    """Nothing is closed before its sender was reminded."""
    return step.petition.question_reminded_at is None


def extended_before(step: Step[Extend]) -> bool:
    """Once only."""
    return step.petition.extensions > 0


def past_due(step: Step[Extend]) -> bool:
    """More time is asked for before it is over."""
    return step.around.now > step.petition.answer_due


def until_too_early(step: Step[Extend]) -> bool:
    """Not later than what was promised."""
    return step.command.until <= step.petition.answer_due


def until_too_late(step: Step[Extend]) -> bool:
    """At most as many working days more as there were at first."""
    return step.command.until > clocks.latest_extension(step.petition, step.around)


def until_on_a_day_off(step: Step[Extend]) -> bool:
    """Nobody answers then."""
    return clocks.end_of_day(step.calendar, step.command.until) is None


def no_approval_needed(step: Step[ProposeAnswer]) -> bool:
    """At this agency answers are sent without."""
    return not _has_two_steps(step)


def needs_approval(step: Step[SendAnswer]) -> bool:
    """At this agency the lead sends answers."""
    is_lead = Acting.AGENCY_LEAD in acting_as(step.actor, step.petition, step.around)
    return _has_two_steps(step) and not is_lead


def answer_too_short(step: Step[ProposeAnswer | SendAnswer]) -> bool:
    """Says nothing to the citizen."""
    return len(written(step.command.text)) < SHORTEST_ANSWER


def summary_missing(step: Step[ProposeAnswer | SendAnswer]) -> bool:
    """An SMS would have nothing to say."""
    return not written(step.command.summary)


def summary_too_long(step: Step[ProposeAnswer | SendAnswer]) -> bool:
    """An SMS would not hold it."""
    return len(step.command.summary) > LONGEST_SUMMARY


def holds_personal_data(step: Step[SendAnswer]) -> bool:
    """Somebody's number stands in the answer, and nobody said why it has to."""
    if written(step.command.despite_personal_data):
        return False
    text = f"{step.command.text}\n{step.command.summary}"
    return bool(personal_in_answer(text, step.around.agencies.values()))


def comment_missing(step: Step[ReturnProposal]) -> bool:
    """The officer has to know what to change."""
    return not written(step.command.comment)


def too_early_to_close(step: Step[Close]) -> bool:
    """The clock closes when the citizen was silent for five working days; the citizen whenever he likes."""
    by_clock = step.actor.kind is ActorKind.SYSTEM
    return by_clock and step.around.now <= clocks.silent_until(step.petition, step.around)


def reopen_window_over(step: Step[Reopen | Rated]) -> bool:
    """Ten working days after the answer, as was told."""
    return step.petition.reopen_until is None or step.around.now > step.petition.reopen_until


def reopened_too_often(step: Step[Reopen | Rated]) -> bool:
    """Twice."""
    return step.petition.reopenings >= MOST_REOPENINGS


def rating_over(step: Step[Rated]) -> bool:
    """Open for thirty days."""
    answered_at = step.petition.answered_at
    return answered_at is None or step.around.now > answered_at + clocks.RATING_OPEN


def reason_unknown(step: Step[Reject]) -> bool:
    """Not one of the list."""
    return step.command.reason not in REASONS


def needs_another_reviewer(step: Step[Reject]) -> bool:
    """The citizen disagreed with this officer."""
    return step.petition.disagreements > 0 and step.petition.rejected_by == step.actor.officer


def disagreed_before(step: Step[Disagree]) -> bool:
    """Once only."""
    return step.petition.disagreements > 0


def body_missing(step: Step[Forward]) -> bool:
    """Nobody to forward it to."""
    return not written(step.command.body)


def case_unknown(step: Step[Merge]) -> bool:
    """There is no such petition, or it is another agency's: only the reception office joins what two agencies handle."""
    case = step.around.case
    if case is None or case.code != step.command.case:
        return True
    at_reception = Acting.RECEPTION in acting_as(step.actor, step.petition, step.around)
    return not at_reception and case.agency != step.petition.agency


def case_is_itself(step: Step[Merge]) -> bool:
    """Not its own."""
    return step.command.case == step.petition.code


def case_not_open(step: Step[Merge]) -> bool:
    """Answered, closed, or part of another case."""
    return step.around.case is not None and step.around.case.state not in OPEN


def another_must_confirm(step: Step[MarkSpam]) -> bool:
    """Two people decide that something is spam."""
    return step.petition.spam_proposed_by == step.actor.officer


def not_proposed(step: Step[RestoreSpam]) -> bool:
    """Nobody takes it for spam."""
    return step.petition.spam_proposed_by is None


def restore_window_over(step: Step[RestoreSpam]) -> bool:
    """Reversible for thirty days."""
    return step.around.now > step.petition.state_since + clocks.SPAM_REVERSIBLE


def note_missing(step: Step[AddNote]) -> bool:
    """Nothing to note."""
    return not written(step.command.text)


def not_public(step: Step[Release]) -> bool:
    """The sender did not want it to be public."""
    return bool(step.command.public_text) and step.petition.confidentiality is not Confidentiality.PUBLIC


def public_text_holds_personal_data(step: Step[Release]) -> bool:
    """A number that tells who somebody is still stands in it."""
    return bool(personal_in_public(step.command.public_text))


def not_late(step: Step[TellLate]) -> bool:
    """The promise is still good, or the morning of the next working day has not come."""
    return step.around.now < clocks.late_told_from(step.petition, step.around)


def late_told_before(step: Step[TellLate]) -> bool:
    """Once for each promise."""
    return step.petition.late_told_at is not None


def _has_two_steps(step: Step[ProposeAnswer | SendAnswer]) -> bool:
    agency = step.around.agencies.get(step.around.handler_of(step.petition))
    return agency is not None and agency.two_step_approval
