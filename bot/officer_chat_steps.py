"""Steps of petitions as a chat takes them: what is known of one message, what is said to it, and the command of an open step. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import VIETNAM
from bot.model import Content, Language
from bot.officer_chat_words import OpenStep, Stage
from bot.officers import AgencyRecord, Officer
from bot.petitions.around import Around
from bot.petitions.commands import Accept, AskCitizen, Command, ProposeAnswer, ReturnProposal, SendAnswer, Transfer
from bot.petitions.record import Actor
from bot.plain import plain

ASKS_AGAIN: Mapping[str, Stage] = {
    "answer_too_short": Stage.TEXT,
    "question_missing": Stage.TEXT,
    "question_too_long": Stage.TEXT,
    "comment_missing": Stage.TEXT,
    "agency_unknown": Stage.TEXT,
    "agency_is_same": Stage.TEXT,
    "summary_missing": Stage.SUMMARY,
    "summary_too_long": Stage.SUMMARY,
    "holds_personal_data": Stage.REASON,
}
"""Why a step was refused → what the officer is to write then; for everything else it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One message of an officer, with what it is judged by."""

    officer: Officer
    actor: Actor
    language: Language
    now: datetime
    received_at: datetime
    open: OpenStep | None = None
    expired: OpenStep | None = None
    """What was open for too long."""
    is_proven: bool = False
    """Whether steps may be taken without a look at the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is said to it, and what stays open."""

    name: str
    contents: tuple[Content, ...]
    open: OpenStep | None = None
    needs_proof: bool = False
    ends: bool = True
    """What was open before is over."""


def command_of(step: OpenStep, *, as_sent: bool = False) -> Command:
    """What the step asks of the petition; with *as_sent* a proposal as it would reach the citizen."""
    answer = SendAnswer(text=step.text, summary=step.summary, despite_personal_data=step.despite)
    match step.step:
        case "propose" if not as_sent:
            return ProposeAnswer(text=step.text, summary=step.summary)
        case "answer" | "approve" | "propose":
            return answer
        case "ask":
            return AskCitizen(question=step.text)
        case "send-back":
            return ReturnProposal(comment=step.text)
        case "transfer":
            return Transfer(agency=step.text)
        case _:
            return Accept()


def summary_of(text: str) -> str:
    """As an SMS shows it."""
    return " ".join(plain(text).split())


def clock(moment: datetime) -> str:
    """``17:00 12/06``, in Vietnam."""
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m}"


def agency_name(code: str, around: Around) -> str:
    """Its name; the code for one that there is not."""
    agency = around.agencies.get(code)
    return agency.name if agency else code


def named(text: str, agencies: Sequence[AgencyRecord]) -> Sequence[AgencyRecord]:
    """By code, by the whole name, else by a part of the name."""
    wanted = _folded(text)
    exact = [one for one in agencies if wanted in {_folded(one.code), _folded(one.name), _folded(one.short_name)}]
    return exact or [one for one in agencies if wanted and wanted in _folded(one.name)]


def _folded(text: str) -> str:
    return " ".join(plain(text).casefold().split())
