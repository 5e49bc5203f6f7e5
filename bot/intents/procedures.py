"""Questions about procedures: what was asked of the one that is meant, three to choose from, whose matter it is, or an honest "not found"."""

import re
from datetime import timedelta
from typing import Any

from bot.intent import Ask, Outcome, Reply
from bot.intents.world import World
from bot.model import Question
from bot.understanding.procedures import Match, Procedure, catalogue
from bot.understanding.subjects import subject_of
from bot.wishes import ProcedureQuestion

QUESTION_OPEN = timedelta(minutes=10)
FORMS = re.compile(r"\b(?:đơn|tờ khai|mẫu|giấy đề nghị|phiếu)\b", re.IGNORECASE)
ELSEWHERE = re.compile(r"TP\.? ?HCM|Hồ Chí Minh|Hà Nội|ngoại giao|\bCục\b|\bBộ\b", re.IGNORECASE)
"""Agencies of the national catalogue that a citizen of the province is not sent to."""
KNOWN_UNITS = frozenset({"working_day", "day", "hour"})


def answer_question(wish: ProcedureQuestion, world: World) -> Outcome:
    """One procedure, a choice, another body, or none."""
    chosen = next((one for one in catalogue().procedures if one.code == wish.chosen), None)
    if chosen:
        return Outcome((procedure_reply(chosen, wish),))
    subject = subject_of(wish.question)
    match subject.matches:
        case (only,):
            return Outcome((procedure_reply(only.procedure, wish),))
        case ():
            return Outcome(
                (Reply("proc.other_body", {"body": subject.body}) if subject.body else Reply("proc.none", {}),)
            )
        case several:
            return _choice(several, wish, world)


def procedure_reply(procedure: Procedure, wish: ProcedureQuestion) -> Reply:
    """What was asked of *procedure*. A fee of 0 is "none stated", never "free"; nothing is said of the level of an online service."""
    return Reply(f"proc.{wish.facet.value}", _values(procedure))


def _values(procedure: Procedure) -> dict[str, Any]:
    limited = procedure.time_limit is not None and procedure.time_unit in KNOWN_UNITS
    return {
        "procedure": procedure.name,
        "procedure_code": procedure.code,
        "documents": procedure.documents,
        "count": len(procedure.documents),
        "forms": tuple(paper for paper in procedure.documents if FORMS.search(paper)),
        "fee_min": procedure.fee_min if procedure.fee_min != procedure.fee_max else None,
        "fee_max": procedure.fee_max or None,
        "time_limit": procedure.time_limit if limited else None,
        "time_unit": procedure.time_unit if limited else "",
        "filed_at": _filed_at(procedure.agency),
        "online": procedure.online,
    }


def _filed_at(agencies: str) -> str:
    """The first of the agencies that is in the province; "" when none is stated."""
    return next((agency for agency in _one_by_one(agencies) if agency and not ELSEWHERE.search(agency)), "")


def _one_by_one(agencies: str) -> list[str]:
    """Names of agencies: "Công an cấp xã, Công an tỉnh" are two; "xã, phường, thị trấn" go on in small letters."""
    parts: list[str] = []
    for part in agencies.split(", "):
        if parts and part[:1].islower():
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _choice(matches: tuple[Match, ...], wish: ProcedureQuestion, world: World) -> Outcome:
    """The facet and the question go along: after the number what was asked is answered."""
    codes = tuple(match.procedure.code for match in matches)
    question = Question(
        kind="choose_procedure",
        options=(*codes, wish.facet.value, wish.question),
        asked_at=world.now,
        expires_at=world.now + QUESTION_OPEN,
    )
    names = tuple(match.procedure.name for match in matches)
    return Outcome((Reply("proc.choose", {"procedures": names}),), (Ask(question),))
