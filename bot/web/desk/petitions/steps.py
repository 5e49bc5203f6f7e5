"""The steps that an officer may take on a petition: one row each, from the word in the address to the command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bot.clock import VIETNAM
from bot.petitions.around import Around
from bot.petitions.commands import (
    Accept,
    AddNote,
    AskCitizen,
    Assign,
    Command,
    Extend,
    Forward,
    MarkSpam,
    Merge,
    ProposeAnswer,
    Recategorise,
    Reject,
    Release,
    RestoreSpam,
    ReturnProposal,
    ReturnToReception,
    SendAnswer,
    Transfer,
    Unmerge,
)
from bot.petitions.deciding import possible
from bot.petitions.record import Actor, Petition, PetitionState
from bot.petitions.roles import Acting, acting_as
from bot.web.desk.forms import Form

LONGEST = 4000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskStep:
    """One step as the desk offers it."""

    command: type
    read: Callable[[Form, Petition], Command]
    """Makes the command of what was typed."""
    text: str = ""
    """The field that a refusal is about."""


def _line(form: Form, name: str) -> str:
    return form.raw(name).strip()[:LONGEST]


def _chosen_officer(form: Form) -> int | None:
    return form.number("officer") or None


def _end_of_day(form: Form, name: str) -> datetime:
    """The last moment of the day that was chosen, which the rules then cut to working hours; long ago for nonsense."""
    try:
        return datetime.combine(date.fromisoformat(form.text(name, 10)), time(17), VIETNAM)
    except ValueError:
        return LONG_AGO


def _answer(form: Form, _petition: Petition) -> SendAnswer:
    return SendAnswer(
        text=_line(form, "text"), summary=_line(form, "summary"), despite_personal_data=_line(form, "despite")
    )


def _approval(form: Form, petition: Petition) -> SendAnswer:
    """What waits for approval, as it stands or as the lead changed it."""
    return SendAnswer(
        text=_line(form, "text") or petition.answer,
        summary=_line(form, "summary") or petition.summary,
        despite_personal_data=_line(form, "despite"),
    )


STEPS: Mapping[str, DeskStep] = {
    "accept": DeskStep(command=Accept, read=lambda _form, _petition: Accept()),
    "answer": DeskStep(command=SendAnswer, read=_answer, text="text"),
    "propose": DeskStep(
        command=ProposeAnswer,
        read=lambda form, _petition: ProposeAnswer(text=_line(form, "text"), summary=_line(form, "summary")),
        text="text",
    ),
    "approve": DeskStep(command=SendAnswer, read=_approval, text="text"),
    "send-back": DeskStep(
        command=ReturnProposal,
        read=lambda form, _petition: ReturnProposal(comment=_line(form, "comment")),
        text="comment",
    ),
    "ask": DeskStep(
        command=AskCitizen, read=lambda form, _petition: AskCitizen(question=_line(form, "question")), text="question"
    ),
    "assign": DeskStep(
        command=Assign,
        read=lambda form, petition: Assign(
            agency=form.text("agency", 30) or petition.agency,
            officer=_chosen_officer(form),
            category=form.text("category", 10),
        ),
        text="agency",
    ),
    "transfer": DeskStep(
        command=Transfer,
        read=lambda form, _petition: Transfer(
            agency=form.text("agency", 30), officer=_chosen_officer(form), note=_line(form, "note")
        ),
        text="agency",
    ),
    "return": DeskStep(
        command=ReturnToReception,
        read=lambda form, _petition: ReturnToReception(reason=_line(form, "reason")),
        text="reason",
    ),
    "extend": DeskStep(
        command=Extend,
        read=lambda form, _petition: Extend(until=_end_of_day(form, "until"), reason=_line(form, "reason")),
        text="until",
    ),
    "merge": DeskStep(
        command=Merge, read=lambda form, _petition: Merge(case=form.text("case", 20).upper()), text="case"
    ),
    "unmerge": DeskStep(command=Unmerge, read=lambda _form, _petition: Unmerge()),
    "reject": DeskStep(
        command=Reject,
        read=lambda form, _petition: Reject(reason=form.text("reason", 40), note=_line(form, "note")),
        text="reason",
    ),
    "forward": DeskStep(
        command=Forward,
        read=lambda form, petition: Forward(
            body=_line(form, "body") or petition.forwarded_to, number=form.text("number", 60)
        ),
        text="body",
    ),
    "recategorise": DeskStep(
        command=Recategorise, read=lambda form, _petition: Recategorise(category=form.text("category", 10))
    ),
    "release": DeskStep(
        command=Release,
        read=lambda form, _petition: Release(public_text=_line(form, "public_text")),
        text="public_text",
    ),
    "spam": DeskStep(command=MarkSpam, read=lambda _form, _petition: MarkSpam()),
    "restore": DeskStep(command=RestoreSpam, read=lambda _form, _petition: RestoreSpam()),
    "note": DeskStep(command=AddNote, read=lambda form, _petition: AddNote(text=_line(form, "note")), text="note"),
}
"""In the order in which they are offered."""


def offered(petition: Petition, actor: Actor, around: Around) -> list[str]:
    """The words of the steps that this officer may take now, by the rules of petitions."""
    acts = acting_as(actor, petition, around)
    commands = possible(petition, actor, around)
    return [
        word for word, step in STEPS.items() if step.command in commands and _has_sense(word, petition, acts, around)
    ]


def _has_sense(word: str, petition: Petition, acts: frozenset[Acting], around: Around) -> bool:
    """Where the rules leave a choice that only looks like one."""
    agency = around.agencies.get(around.handler_of(petition))
    two_steps = agency is not None and agency.two_step_approval
    is_lead = Acting.AGENCY_LEAD in acts
    waits = petition.state is PetitionState.PENDING_APPROVAL
    match word:
        case "answer":
            return not waits and (is_lead or not two_steps)
        case "approve":
            return waits and (is_lead or not two_steps)
        case "propose":
            return two_steps and not is_lead
        case "restore":
            return petition.state is PetitionState.SPAM or petition.spam_proposed_by is not None
        case "release":
            return petition.confidentiality.value == "public"
        case _:
            return True
