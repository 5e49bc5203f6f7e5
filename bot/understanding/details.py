"""What exactly is wanted: the slots of an intent, read from the words of the text by tables. Each table is asked from the top."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from bot.intent import LookUpFacet
from bot.model import Language
from bot.understanding.classifier import guess_intent
from bot.understanding.features import plain
from bot.understanding.linear import Guess
from bot.understanding.text import normal
from bot.wishes import DataAction, PetitionAction, PetitionKind, QueueAction
from dossier_client.mending import CodesInText
from sms import msisdn

MOST_CODES = 3
"""Codes of one text that are answered."""
ANY_CODE = "H05-260610-0001"


@dataclass(frozen=True)
class Said:
    """A text with the codes in it, and the forms in which it is read; each form is made when it is first asked for."""

    text: str
    codes: CodesInText

    @cached_property
    def normalised(self) -> str:
        """For commands."""
        return normal(self.text)

    @cached_property
    def plain(self) -> str:
        """For words: folded, keyboard slips undone, shorthand written out, words with digits as ``#``."""
        return plain(self.text)

    @cached_property
    def guesses(self) -> Sequence[Guess]:
        """What the model takes the whole text for, likeliest first. However a code was typed, it reads the same."""
        text = self.text
        for typed in sorted(self.codes.codes, key=lambda typed: -typed.start):
            text = f"{text[: typed.start]} {ANY_CODE} {text[typed.end :]}"
        return guess_intent(text)

    @cached_property
    def rest(self) -> str:
        """The text without its codes."""
        return self.codes.rest if self.codes.codes else self.text

    @cached_property
    def code_texts(self) -> tuple[str, ...]:
        """The first codes, canonical."""
        return tuple(typed.code.text for typed in self.codes.codes)[:MOST_CODES]

    @cached_property
    def petition_code(self) -> str | None:
        """``PA26005442``, however it is blanked."""
        found = PETITION_CODE.search(self.text.upper())
        return f"PA{found[1]}{found[2]}" if found else None


PETITION_CODE = re.compile(r"\bPA[ .-]?(\d{2})[ .-]?(\d{6})\b", re.ASCII | re.IGNORECASE)

_Slot = TypeVar("_Slot", bound=StrEnum)
_Table = Sequence[tuple[_Slot, "re.Pattern[str]"]]


def _words(phrases: str) -> "re.Pattern[str]":
    return re.compile(rf"\b(?:{phrases})\b")


LOOK_UP_FACETS: _Table[LookUpFacet] = (
    (LookUpFacet.PAPERS, _words(r"thieu|bo sung|can them|can nop them|giay to gi|missing|documents?|papers")),
    (
        LookUpFacet.PREDICT,
        _words(
            r"bao gio|khi nao|chung nao|bao lau|may ngay|ngay nao|hom nao|luc nao|du kien|bao nhieu ngay|how long|when|expected"
        ),
    ),
)
QUEUE_ACTIONS: _Table[QueueAction] = (
    (
        QueueAction.CANCEL,
        _words(
            r"huy|bo (?:so|lich|hen|phieu)|tra (?:lai )?(?:so|phieu)|nha so|khong den (?:duoc|nua)|thoi khong|cancel|give back"
        ),
    ),
    (
        QueueAction.CHANGE,
        _words(
            r"doi (?:lich|gio|ngay|hen|sang|so|buoi|qua|lai|phieu|quay|cho toi|cho em)|chuyen|lui|hoan|doi|reschedule|change|move|postpone"
        ),
    ),
    (
        QueueAction.STATUS,
        _words(
            r"con (?:may|bao nhieu|lau)|may nguoi|bao nhieu nguoi|den (?:so|luot) (?:may|bao|nao|toi|em|minh|#|chua)|so may roi|toi luot|den luot"
            r"|dang (?:goi|phuc vu)|goi (?:den|toi) so|goi chua|qua (?:luot|so)|lo (?:luot|so)|truoc (?:toi|em|minh)|how many|my turn|number now|dong (?:khong|nguoi)"
            r"|cho (?:bao )?lau|bao lau nua|now serving|ahead"
        ),
    ),
    (
        QueueAction.TAKE,
        _words(
            r"lay|boc|dat|xep hang|hen|xin|dang ky|giu cho|book|appointment|take|get|ticket|reserve|bam so|cap so|cho (?:toi|em|minh|chau) (?:#|mot|1) so"
        ),
    ),
)
"""``doi`` is both "wait" and "change"; with "số", "lịch", "giờ" it is the latter."""
DATA_ACTIONS: _Table[DataAction] = (
    (DataAction.DELETE, _words(r"xoa|go bo|go het|huy du lieu|delete|erase|remove|forget")),
    (
        DataAction.WITHDRAW,
        _words(
            r"rut|thu hoi|khong dong y|khong cho phep|khong con dong y|ngung cho phep|huy (?:su )?dong y|withdraw|revoke"
        ),
    ),
    (
        DataAction.CORRECT,
        _words(
            r"sua|dinh chinh|cap nhat|chinh|doi|thay|thay doi|sai|nham|correct|update|fix|change|wrong|cai chinh|dieu chinh"
        ),
    ),
    (DataAction.ACCESS, _words(r"\w+")),
)
PETITION_ACTIONS: _Table[PetitionAction] = (
    (
        PetitionAction.SUBMIT,
        _words(
            r"gui (?:di|luon|ngay|phan anh (?:nay|di)|noi dung nay)|nop (?:luon|di)|chot|submit|send (?:it|this|my|the)|xong roi"
        ),
    ),
    (
        PetitionAction.ADD,
        _words(
            r"bo sung|gui them|noi them|ghi them|them (?:anh|thong tin|noi dung|y|hinh|vao|cho|la|chi tiet|bang chung)|dinh kem|add|attach|xin them"
        ),
    ),
    (
        PetitionAction.REOPEN,
        _words(
            r"mo lai|xem xet lai|xem lai viec|khong dong y|xu ly lai|giai quyet lai|lam lai|reopen|chua hai long|khong hai long|khong thoa dang"
        ),
    ),
)
RESUME = _words(
    r"nhan lai|bat lai|mo lai|gui lai|bao lai|tiep tuc (?:nhan|gui)|khoi phuc|lai (?:tin|thong bao)|resume|restart|again|turn (?:\w+ )*on|opt in|start"
)
COMPLAINT = _words(r"khieu nai|to cao|formal complaint|denunciation|denounce|don to giac")
SCORES = (
    (1, _words(r"rat khong hai long|very dissatisfied|terrible|awful|worst|qua te|te hai|rat te|rat kem|qua kem")),
    (
        2,
        _words(
            r"khong hai long|chua hai long|khong (?:duoc )?tot|chua tot|dissatisfied|unsatisfied|not satisfied|poor|bad|kem|te"
        ),
    ),
    (
        5,
        _words(
            r"rat hai long|very satisfied|excellent|tuyet voi|xuat sac|rat tot|qua tot|tuyet|cuc ky|very good|perfect|great|hoan hao"
        ),
    ),
    (3, _words(r"binh thuong|tam duoc|tam on|trung binh|tam tam|average|neutral|tam|okay|normal")),
    (4, _words(r"hai long|satisfied|good|kha tot|tot|kha")),
)
NUMBER_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "one": 1, "two": 2, "three": 3, "four": 4}
NUMBER_WORDS["five"] = 5
SCORE_DIGIT = re.compile(r"(?<![\d.,/-])([1-5])(?=\s*(?:/\s*5|sao|diem|\*|star|⭐|★|point|out of)|[\s.,!]|$)")
SCORE_WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)}) (?:sao|diem|stars?|points?)\b")
STARS = re.compile(r"[★⭐]+")
TOKEN = re.compile(r"(?<![\w-])(\d{6}|(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,64})(?![\w-])", re.ASCII)
PHONE = re.compile(r"(?<![\w.-])(?:\+?84|0)(?:[ .-]?\d){9,10}(?!\d)", re.ASCII)
LANGUAGES = (
    (Language.ENGLISH, _words(r"english|tieng anh|anh ngu|en|tieng a|eng")),
    (Language.VIETNAMESE, _words(r"vietnamese|tieng viet|viet ngu|vn|vi|viet nam|vietnam|viet")),
)
ANY_LANGUAGE = re.compile("|".join(names.pattern for _, names in LANGUAGES))
TOWARDS = re.compile(r"(?:\b(?:to|sang|ve|qua|bang|in|dung|thanh|into|using|lai) )$")
AWAY = re.compile(r"\b(?:khong|chua|not|cannot|can t|dont|don t|tu|from|thay vi|no)\b[^.,]{0,18}$")


def look_up_facet(said: Said) -> LookUpFacet | None:
    """What about a dossier is asked, or None."""
    return _first(LOOK_UP_FACETS, said.plain)


def queue_action(said: Said) -> QueueAction:
    """What to do about a turn at the counter; asking how it stands changes nothing."""
    return _first(QUEUE_ACTIONS, said.plain) or QueueAction.STATUS


def data_action(said: Said) -> DataAction:
    """Which right over personal data is used; seeing changes nothing."""
    return _first(DATA_ACTIONS, said.plain) or DataAction.ACCESS


def petition_action(said: Said) -> PetitionAction | None:
    """What to do with a petition already sent; None when its state is asked."""
    return _first(PETITION_ACTIONS, said.plain)


def petition_kind(said: Said) -> PetitionKind:
    """Ordinary, or a complaint in the sense of its law. Danger is known before (``emergencies``)."""
    return PetitionKind.COMPLAINT if COMPLAINT.search(said.plain) else PetitionKind.ORDINARY


def wants_notices_again(said: Said) -> bool:
    """Whether somebody who speaks of our messages wants them again."""
    return RESUME.search(said.plain) is not None


def score(said: Said) -> int | None:
    """1–5: by number, by stars, or by the words that stand for it."""
    rest = normal(said.rest).lower()
    if found := SCORE_WORD.search(rest):
        return NUMBER_WORDS[found[1]]
    if found := SCORE_DIGIT.search(rest):
        return int(found[1])
    if (stars := STARS.search(said.text)) and len(stars[0]) in range(1, 6):
        return len(stars[0])
    return next((value for value, words in SCORES if words.search(said.plain)), None)


def token(said: Said) -> str | None:
    """The six digits of a link code, or the token of a deep link."""
    found = TOKEN.search(said.rest)
    return found[1].removeprefix("lk_") if found else None


def phone(said: Said) -> str | None:
    """A phone number in the text, canonical."""
    found = PHONE.search(said.rest)
    return msisdn.normalise(found[0]) if found else None


def language(said: Said) -> Language:
    """The language to speak: the one that is wanted rather than the one that is left."""
    words = next((words for words in (normal(said.text).lower(), said.plain) if ANY_LANGUAGE.search(words)), "")
    mentions = sorted((place.start(), wanted) for wanted, names in LANGUAGES for place in names.finditer(words))
    towards = [wanted for start, wanted in mentions if TOWARDS.search(words[:start])]
    if towards:
        return towards[-1]
    kept = [(start, wanted) for start, wanted in mentions if not AWAY.search(words[:start])]
    mentions = kept or mentions
    return mentions[0][1] if mentions else Language.ENGLISH


def _first(table: _Table[_Slot], words: str) -> _Slot | None:
    return next((value for value, pattern in table if pattern.search(words)), None)
