"""How petitions look in a text: fields and states in words, a question without its mark, an answer as long as it may be."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from bot.model import Language
from bot.petitions.record import PetitionState
from bot.plain import plain
from bot.render_style import Style, shortened

LONG_TEXTS = frozenset({"pa.answer"})
"""Texts that a citizen asks for and that may take up to three segments; every other SMS takes one."""
ANSWER_IN_SMS, ANSWER_IN_CHAT = 300, 1700
"""Characters of an answer: with what stands around it three segments, or a message of the narrowest chat."""
CATEGORY_LENGTH = 28
_EDGES = " .?!;:,"
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")

STATE_WORDS: Mapping[PetitionState, tuple[str, str, str]] = {
    PetitionState.RECEIVED: ("đã tiếp nhận", "da tiep nhan", "received"),
    PetitionState.ASSIGNED: ("đã chuyển xử lý", "da chuyen xu ly", "sent to an agency"),
    PetitionState.IN_PROGRESS: ("đang xử lý", "dang xu ly", "being handled"),
    PetitionState.NEED_INFO: ("chờ Ông/Bà bổ sung", "cho bo sung", "waits for you"),
    PetitionState.PENDING_APPROVAL: ("đang xử lý", "dang xu ly", "being handled"),
    PetitionState.ANSWERED: ("đã trả lời", "da tra loi", "answered"),
    PetitionState.CLOSED: ("đã kết thúc", "da ket thuc", "closed"),
    PetitionState.REJECTED: ("không tiếp nhận", "khong tiep nhan", "not accepted"),
    PetitionState.FORWARDED: ("đã chuyển cơ quan khác", "da chuyen noi khac", "passed on"),
    PetitionState.MERGED: ("đã gộp vào vụ việc chung", "da gop vu viec", "part of a case"),
    PetitionState.WITHDRAWN: ("đã rút", "da rut", "withdrawn"),
    PetitionState.SPAM: ("không tiếp nhận", "khong tiep nhan", "not accepted"),
}
"""In chat, in an SMS, in English. Approval is a step of the office; nobody is told that a text was taken for spam."""


def category(name: str, style: Style) -> str:
    """A field in words: the first parts of its name, as many as there is room for on a button."""
    while len(name) > CATEGORY_LENGTH and "," in name:
        name = name.rpartition(",")[0]
    return style.text(name[:1].upper() + name[1:], CATEGORY_LENGTH)


def sentence(value: str, style: Style, budget: int) -> str:
    """What an officer wrote, without the mark at its end: templates put their own."""
    return style.text(value.strip().rstrip(_EDGES), budget).rstrip(_EDGES if not style.sms else " ?!;:,")


def answer(value: str, style: Style) -> str:
    """An answer: in chat with its lines."""
    if style.sms:
        return shortened(" ".join(plain(value).split()), ANSWER_IN_SMS)
    lines = (" ".join(_UNSEEN.sub(" ", line).split()) for line in unicodedata.normalize("NFC", value).split("\n"))
    return shortened("\n".join(line for line in lines if line), ANSWER_IN_CHAT)


def answer_cut(values: Mapping[str, Any], style: Style) -> bool:
    """Whether an answer is longer than the text has room for."""
    whole = " ".join((values.get("answer") or "").split())
    return len(plain(whole) if style.sms else whole) > (ANSWER_IN_SMS if style.sms else ANSWER_IN_CHAT)


def listed_petitions(values: Iterable[tuple[str, PetitionState]], style: Style) -> list[tuple[str, str]]:
    """Codes with their states in words."""
    place = 2 if style.language is Language.ENGLISH else int(style.sms)
    return [(code, STATE_WORDS[state][place]) for code, state in values]
