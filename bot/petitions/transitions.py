"""How petitions move: one row for each step that somebody may take. What no row allows is refused.

The numbers are those of the rules; a letter marks a row that says a part or a note of its rule. Rules 1 and 3, of drafts, are in
``drafts.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.petitions import alerting, effects, guards
from bot.petitions.alerting import Alerts
from bot.petitions.around import Step
from bot.petitions.commands import (
    Accept,
    AddInformation,
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
    SetConfidentiality,
    Submit,
    TellLate,
    Transfer,
    Unmerge,
    Withdraw,
)
from bot.petitions.effects import Fields
from bot.petitions.record import OPEN, PetitionState
from bot.petitions.roles import Acting

S = PetitionState
EVERY = frozenset(PetitionState)
STAYS = None
"""In the place of the state after a step."""

LOW = 2
"""The highest score that says that somebody is not satisfied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One step: from which states, by whom, whereto, what forbids it, what else it changes, and who is told."""

    number: str
    before: frozenset[PetitionState]
    """Empty: there is no petition yet."""
    command: type
    after: PetitionState | None
    """None: the state stays."""
    who: frozenset[Acting]
    when: Callable[[Step[Any]], bool] | None = None
    """Chooses among rows with the same states and command; None: always."""
    guards: tuple[Callable[[Step[Any]], bool], ...] = ()
    """Asked in this order; the first one that says yes refuses."""
    effect: Callable[[Step[Any]], Fields] = effects.nothing
    told: str = ""
    """The template of what the citizen is told; "" for nothing."""
    alerts: Alerts = alerting.nobody


def has_agency(step: Step[Submit]) -> bool:
    """A rule knew whose it is."""
    return bool(step.command.agency)


def satisfied(step: Step[Rated]) -> bool:
    """Three points or more, or "it is settled"."""
    return step.command.settled is True or step.command.score > LOW


def unsettled(step: Step[Rated]) -> bool:
    """One or two points and "it is not settled", while it can be reopened."""
    is_low = step.command.score <= LOW and step.command.settled is False
    return is_low and not guards.reopen_window_over(step) and not guards.reopened_too_often(step)


def is_proposed(step: Step[Any]) -> bool:
    """One person takes it for spam already."""
    return step.petition.spam_proposed_by is not None


def too_late(step: Step[Any]) -> bool:
    """What is added can reopen nothing any more."""
    return guards.reopen_window_over(step)


CITIZEN = frozenset({Acting.CITIZEN})
SYSTEM = frozenset({Acting.SYSTEM})
RECEPTION = frozenset({Acting.RECEPTION})
HEAD = frozenset({Acting.RECEPTION_HEAD})
OFFICER = frozenset({Acting.AGENCY_OFFICER})
LEAD = frozenset({Acting.AGENCY_LEAD})
NEW: frozenset[PetitionState] = frozenset()

SUBMITTED = (guards.text_too_short, guards.text_too_long, guards.category_unknown, guards.agency_unknown)
GIVEN = (guards.agency_unknown, guards.officer_elsewhere)
WRITTEN = (guards.answer_too_short, guards.summary_missing, guards.summary_too_long)


def _in(*states: PetitionState) -> frozenset[PetitionState]:
    return frozenset(states)


# fmt: off
TABLE: tuple[Row, ...] = (
    Row(number="2", before=NEW, command=Submit, after=S.ASSIGNED, who=CITIZEN | RECEPTION, when=has_agency,
        guards=SUBMITTED, told="pa.receipt", alerts=alerting.new_one),
    Row(number="2", before=NEW, command=Submit, after=S.RECEIVED, who=CITIZEN | RECEPTION,
        guards=SUBMITTED, told="pa.receipt", alerts=alerting.new_one),
    Row(number="4", before=_in(S.RECEIVED), command=Assign, after=S.ASSIGNED, who=RECEPTION | SYSTEM,
        guards=(guards.not_by_a_rule, *GIVEN, guards.category_unknown), effect=effects.assigned,
        told="pa.st.assigned", alerts=alerting.given),
    Row(number="4a", before=OPEN - {S.RECEIVED}, command=Assign, after=STAYS, who=LEAD,
        guards=(guards.agency_is_other, guards.officer_elsewhere), effect=effects.given_to, alerts=alerting.given),
    Row(number="5", before=_in(S.ASSIGNED), command=Accept, after=S.IN_PROGRESS, who=OFFICER, effect=effects.taken),
    Row(number="6", before=_in(S.ASSIGNED, S.IN_PROGRESS), command=ReturnToReception, after=S.RECEIVED, who=OFFICER,
        guards=(guards.reason_too_short, guards.returned_too_often), effect=effects.returned,
        alerts=alerting.came_back),
    Row(number="7", before=_in(S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS), command=Transfer, after=S.ASSIGNED,
        who=RECEPTION | LEAD, guards=(guards.agency_is_same, *GIVEN), effect=effects.assigned,
        told="pa.st.assigned", alerts=alerting.given),
    Row(number="8", before=_in(S.ASSIGNED, S.IN_PROGRESS), command=AskCitizen, after=S.NEED_INFO, who=OFFICER,
        guards=(guards.question_missing, guards.question_too_long), effect=effects.asked, told="pa.st.needinfo"),
    Row(number="9", before=_in(S.NEED_INFO), command=AddInformation, after=S.IN_PROGRESS, who=CITIZEN,
        effect=effects.added, told="pa.added", alerts=alerting.citizen_wrote),
    Row(number="9a", before=_in(S.CLOSED), command=AddInformation, after=STAYS, who=CITIZEN, when=too_late,
        effect=effects.added, told="pa.reopen_no", alerts=alerting.citizen_wrote),
    Row(number="9a", before=EVERY - {S.NEED_INFO}, command=AddInformation, after=STAYS, who=CITIZEN,
        effect=effects.added, told="pa.added", alerts=alerting.citizen_wrote),
    Row(number="10a", before=_in(S.NEED_INFO), command=RemindCitizen, after=STAYS, who=SYSTEM,
        guards=(guards.reminded_before, guards.too_early_to_remind), effect=effects.reminded,
        told="pa.st.needinfo_remind"),
    Row(number="10", before=_in(S.NEED_INFO), command=LimitPassed, after=S.CLOSED, who=SYSTEM,
        guards=(guards.not_reminded, guards.limit_not_passed), effect=effects.gave_up, told="pa.st.closed"),
    Row(number="11", before=_in(S.IN_PROGRESS), command=Extend, after=STAYS, who=LEAD,
        guards=(guards.extended_before, guards.past_due, guards.reason_missing, guards.until_too_early,
                guards.until_too_late, guards.until_on_a_day_off),
        effect=effects.extended, told="pa.st.extended"),
    Row(number="12", before=_in(S.IN_PROGRESS), command=ProposeAnswer, after=S.PENDING_APPROVAL, who=OFFICER,
        guards=(guards.no_approval_needed, *WRITTEN), effect=effects.proposed, alerts=alerting.proposal),
    Row(number="13", before=_in(S.PENDING_APPROVAL), command=ReturnProposal, after=S.IN_PROGRESS, who=LEAD,
        guards=(guards.comment_missing,), alerts=alerting.proposal_back),
    Row(number="14", before=_in(S.IN_PROGRESS, S.PENDING_APPROVAL), command=SendAnswer, after=S.ANSWERED, who=OFFICER,
        guards=(guards.needs_approval, *WRITTEN, guards.holds_personal_data), effect=effects.answered,
        told="pa.st.answered"),
    Row(number="14a", before=_in(S.MERGED), command=SendAnswer, after=S.ANSWERED, who=OFFICER,
        guards=(guards.needs_approval, *WRITTEN, guards.holds_personal_data), effect=effects.answered,
        told="pa.st.answered"),
    Row(number="15", before=_in(S.ANSWERED), command=Close, after=S.CLOSED, who=CITIZEN,
        effect=effects.closed, told="pa.settled"),
    Row(number="15", before=_in(S.ANSWERED), command=Close, after=S.CLOSED, who=SYSTEM,
        guards=(guards.too_early_to_close,), effect=effects.closed, told="pa.st.closed"),
    Row(number="15", before=_in(S.ANSWERED), command=Rated, after=S.CLOSED, who=CITIZEN, when=satisfied,
        guards=(guards.rating_over,), effect=effects.settled, told="rate.thanks"),
    Row(number="16", before=_in(S.ANSWERED, S.CLOSED), command=Rated, after=S.IN_PROGRESS, who=CITIZEN, when=unsettled,
        guards=(guards.rating_over,), effect=effects.reopened, told="pa.st.reopened", alerts=alerting.again),
    Row(number="15a", before=_in(S.ANSWERED, S.CLOSED), command=Rated, after=STAYS, who=CITIZEN,
        guards=(guards.rating_over,), effect=effects.scored),
    Row(number="16", before=_in(S.ANSWERED, S.CLOSED), command=Reopen, after=S.IN_PROGRESS, who=CITIZEN,
        guards=(guards.reopen_window_over, guards.reopened_too_often, guards.reason_too_short),
        effect=effects.reopened, told="pa.st.reopened", alerts=alerting.again),
    Row(number="17", before=_in(S.RECEIVED, S.ASSIGNED), command=Reject, after=S.REJECTED, who=HEAD,
        guards=(guards.reason_unknown, guards.needs_another_reviewer), effect=effects.rejected, told="pa.st.rejected"),
    Row(number="17a", before=_in(S.REJECTED), command=Disagree, after=S.RECEIVED, who=CITIZEN,
        guards=(guards.disagreed_before,), effect=effects.disagreed, told="pa.disagreed",
        alerts=alerting.other_reviewer),
    Row(number="18", before=_in(S.RECEIVED, S.ASSIGNED), command=Forward, after=S.FORWARDED, who=RECEPTION,
        guards=(guards.body_missing,), effect=effects.forwarded, told="pa.st.forwarded"),
    Row(number="18a", before=_in(S.FORWARDED), command=Forward, after=STAYS, who=RECEPTION,
        guards=(guards.body_missing,), effect=effects.forwarded),
    Row(number="19", before=OPEN, command=Merge, after=S.MERGED, who=RECEPTION | OFFICER,
        guards=(guards.case_is_itself, guards.case_unknown, guards.case_not_open), effect=effects.merged,
        told="pa.st.merged", alerts=alerting.many_people),
    Row(number="20", before=_in(S.MERGED), command=Unmerge, after=S.RECEIVED, who=RECEPTION, effect=effects.unmerged),
    Row(number="21", before=OPEN, command=Withdraw, after=S.WITHDRAWN, who=CITIZEN,
        effect=effects.withdrawn, told="pa.withdrawn", alerts=alerting.citizen_left),
    Row(number="22", before=_in(S.RECEIVED), command=MarkSpam, after=S.SPAM, who=RECEPTION, when=is_proposed,
        guards=(guards.another_must_confirm,)),
    Row(number="22a", before=_in(S.RECEIVED), command=MarkSpam, after=STAYS, who=RECEPTION,
        effect=effects.spam_proposed, alerts=alerting.confirmation),
    Row(number="22b", before=_in(S.SPAM), command=RestoreSpam, after=S.RECEIVED, who=RECEPTION,
        guards=(guards.restore_window_over,), effect=effects.spam_restored),
    Row(number="22c", before=_in(S.RECEIVED), command=RestoreSpam, after=STAYS, who=RECEPTION,
        guards=(guards.not_proposed,), effect=effects.spam_denied),
    Row(number="late", before=OPEN - {S.NEED_INFO}, command=TellLate, after=STAYS, who=SYSTEM,
        guards=(guards.late_told_before, guards.not_late), effect=effects.late_told, told="pa.st.late"),
    Row(number="note", before=EVERY, command=AddNote, after=STAYS, who=RECEPTION | OFFICER,
        guards=(guards.note_missing,)),
    Row(number="field", before=OPEN, command=Recategorise, after=STAYS, who=RECEPTION | OFFICER,
        guards=(guards.category_unknown,), effect=effects.recategorised),
    Row(number="public", before=EVERY - {S.WITHDRAWN, S.SPAM}, command=Release, after=STAYS, who=RECEPTION | OFFICER,
        guards=(guards.not_public, guards.public_text_holds_personal_data), effect=effects.released),
    Row(number="public", before=EVERY, command=SetConfidentiality, after=STAYS, who=CITIZEN,
        effect=effects.hidden_or_shown),
)
# fmt: on
"""In this order: the first row that fits a state, who acts and its ``when`` is the step."""
