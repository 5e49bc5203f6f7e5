"""What a step changes in the record, besides the state and what follows from it."""

from collections.abc import Mapping
from typing import Any

from bot.clock import VIETNAM
from bot.petitions import clocks
from bot.petitions.around import Step
from bot.petitions.commands import (
    AddInformation,
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
    SendAnswer,
    SetConfidentiality,
    TellLate,
    Transfer,
)
from bot.petitions.record import Confidentiality

Fields = Mapping[str, Any]
"""Names of fields of ``Petition`` with their new values."""

NO_QUESTION: Fields = {"question_due": None, "question_reminded_at": None, "paused_at": None}
AT_RECEPTION: Fields = {"agency": "", "officer": None, "accept_due": None}


def nothing(step: Step[Any]) -> Fields:  # noqa: ARG001 - an effect takes the step
    """Only the state."""
    return {}


def assigned(step: Step[Assign | Transfer]) -> Fields:
    """It lies with an agency, which has to accept it."""
    command = step.command
    category = command.category if isinstance(command, Assign) else ""
    return {
        "agency": command.agency,
        "officer": command.officer,
        "accept_due": clocks.accept_due(command.agency, step.around),
        "category": category or step.petition.category,
    }


def given_to(step: Step[Assign]) -> Fields:
    """Another officer of the same agency."""
    return {"officer": step.command.officer}


def taken(step: Step[Any]) -> Fields:
    """Whoever accepts it has it."""
    return {"officer": step.actor.officer, "accept_due": None}


def returned(step: Step[Any]) -> Fields:
    """To be sorted again."""
    return {**AT_RECEPTION, "classify_due": clocks.classify_due(step.around), "returns": step.petition.returns + 1}


def asked(step: Step[AskCitizen]) -> Fields:
    """The answer clock stands still."""
    return {
        "question": step.command.question,
        "question_due": clocks.question_due(step.petition.agency, step.around),
        "question_reminded_at": None,
        "paused_at": step.around.now,
        "officer": step.petition.officer or step.actor.officer,
        "accept_due": None,
    }


def added(step: Step[AddInformation]) -> Fields:
    """More of the citizen's, perhaps from another account; a clock that stands still goes on."""
    known = step.petition.told_at
    return {
        **resumed(step),
        "told_at": (*known, *(account for account in step.command.told_at if account not in known)),
        "files": step.petition.files + len(step.command.files),
    }


def resumed(step: Step[Any]) -> Fields:
    """The answer clock goes on, later by what it stood still."""
    since = step.petition.paused_at
    if since is None:
        return {}
    return {**NO_QUESTION, "answer_due": clocks.stood_still(step.petition, since, step.around)}


def reminded(step: Step[RemindCitizen]) -> Fields:
    """After the reminder there is a working day at least."""
    due, now = step.petition.question_due, step.around.now
    least = step.calendar.add_working_days(now, 1)
    return {"question_reminded_at": now, "question_due": max(due, least) if due else least}


def gave_up(step: Step[LimitPassed]) -> Fields:
    """Closed without an answer."""
    return {
        **NO_QUESTION,
        "closed_because": "no_information",
        "reopen_until": clocks.reopen_until(step.petition.agency, step.around),
    }


def extended(step: Step[Extend]) -> Fields:
    """A new promise: the end of working hours of that day."""
    until = step.command.until.astimezone(VIETNAM)
    end = clocks.end_of_day(step.calendar, until)
    return {"answer_due": end or until, "extensions": step.petition.extensions + 1}


def late_told(step: Step[TellLate]) -> Fields:
    """Once for each promise."""
    return {"late_told_at": step.around.now}


def proposed(step: Step[ProposeAnswer]) -> Fields:
    """Kept until the lead has seen it."""
    return {"answer": step.command.text, "summary": step.command.summary}


def answered(step: Step[SendAnswer]) -> Fields:
    """The rating and the window for reopening are open."""
    agency = step.around.handler_of(step.petition)
    return {
        **resumed(step),
        "answer": step.command.text,
        "summary": step.command.summary,
        "answered_at": step.around.now,
        "reopen_until": clocks.reopen_until(agency, step.around),
        "agency": agency,
        "officer": step.petition.officer or step.actor.officer,
        "files": step.petition.files + len(step.command.files),
        "score": None,
    }


def closed(step: Step[Close]) -> Fields:
    """For the reason given."""
    return {"closed_because": step.command.because}


def scored(step: Step[Rated]) -> Fields:
    """Only the score."""
    return {"score": step.command.score}


def settled(step: Step[Rated]) -> Fields:
    """Done, says the citizen."""
    return {"score": step.command.score, "closed_because": "answered"}


def reopened(step: Step[Reopen | Rated]) -> Fields:
    """A new promise."""
    petition = step.petition
    score = step.command.score if isinstance(step.command, Rated) else petition.score
    days = clocks.days_reopened(petition.days)
    return {
        "reopenings": petition.reopenings + 1,
        "answer_due": clocks.answer_due(petition.agency, days, step.around),
        "late_told_at": None,
        "reopen_until": None,
        "score": score,
    }


def rejected(step: Step[Reject]) -> Fields:
    """Not accepted, by this officer."""
    return {**AT_RECEPTION, "closed_because": step.command.reason, "rejected_by": step.actor.officer}


def disagreed(step: Step[Disagree]) -> Fields:
    """Another reviewer looks."""
    return {**to_be_sorted(step), "disagreements": step.petition.disagreements + 1}


def to_be_sorted(step: Step[Any]) -> Fields:
    """Back from where no clock ran."""
    return {
        **AT_RECEPTION,
        "classify_due": clocks.classify_due(step.around),
        "answer_due": clocks.stood_still(step.petition, step.petition.state_since, step.around),
    }


def forwarded(step: Step[Forward]) -> Fields:
    """Outside, with the number it has there when that is known."""
    number = step.command.number or step.petition.forwarded_number
    return {**AT_RECEPTION, "forwarded_to": step.command.body, "forwarded_number": number}


def merged(step: Step[Merge]) -> Fields:
    """It follows its case."""
    return {**resumed(step), "case": step.command.case, "accept_due": None}


def unmerged(step: Step[Any]) -> Fields:
    """Of its own again, with its first promise."""
    return {**AT_RECEPTION, "case": None, "classify_due": clocks.classify_due(step.around)}


def withdrawn(step: Step[Any]) -> Fields:  # noqa: ARG001 - an effect takes the step
    """No clock runs."""
    return {**NO_QUESTION, "accept_due": None}


def spam_proposed(step: Step[MarkSpam]) -> Fields:
    """Waits for a second person."""
    return {"spam_proposed_by": step.actor.officer}


def spam_denied(step: Step[RestoreSpam]) -> Fields:  # noqa: ARG001 - an effect takes the step
    """Nobody takes it for spam any more."""
    return {"spam_proposed_by": None}


def spam_restored(step: Step[RestoreSpam]) -> Fields:
    """It was none."""
    return {**to_be_sorted(step), "spam_proposed_by": None}


def recategorised(step: Step[Recategorise]) -> Fields:
    """The due date told stays."""
    return {"category": step.command.category}


def released(step: Step[Release]) -> Fields:
    """Shown to the public, or taken back."""
    text = step.command.public_text
    return {"public_text": text, "released_at": step.around.now if text else None}


def hidden_or_shown(step: Step[SetConfidentiality]) -> Fields:
    """What is not public any more is taken back at once."""
    chosen = step.command.confidentiality
    stays = chosen is Confidentiality.PUBLIC
    return {"confidentiality": chosen, "released_at": step.petition.released_at if stays else None}
