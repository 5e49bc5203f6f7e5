"""What an officer types in a chat: orders about petitions, and what is open between two messages. Pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

import orjson

from bot.petitions.codes import is_petition_code
from bot.petitions.guards import LONGEST_SUMMARY
from bot.plain import plain


class Order(StrEnum):
    """The word that an order begins with, without accents and blanks."""

    LIST = "VIEC"
    SHOW = "XEM"
    TAKE = "NHAN"
    ANSWER = "TRALOI"
    ASK = "HOI"
    TRANSFER = "CHUYEN"
    APPROVE = "DUYET"
    SEND_BACK = "TRALAI"
    SUMMARY = "TOMTAT"
    CANNED = "MAU"
    SEND = "GUI"
    DROP = "HUY"


ALONE = frozenset({Order.LIST, Order.SEND, Order.DROP})
"""These stand alone: with more behind them they are something else."""
WITH_TEXT = frozenset({Order.SUMMARY, Order.CANNED})
_DOSSIER = re.compile(r"(?:HS\s*)?[A-Z]\d{2}[.\-\w]{6,40}")
_WORD = re.compile(r"\s*/?(TRA ?LOI|TRA ?LAI|TOM ?TAT|[A-Z]+)(?:@\w+)?(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An order as it was typed."""

    order: Order
    code: str = ""
    """Of the petition."""
    text: str = ""
    """What stands behind."""


def order_of(text: str) -> Said | None:
    """The order that a text is; None for everything else, so that citizens' commands go on working."""
    found = _WORD.match(plain(text).upper())
    word = found[1].replace(" ", "") if found else ""
    if found is None or word not in set(Order):
        return None
    order, rest = Order(word), _behind(text, len(found[1].split()))
    if order in ALONE:
        return None if rest else Said(order=order)
    if order in WITH_TEXT:
        return Said(order=order, text=rest) if rest else None
    code = rest.split(maxsplit=1)[0].upper() if rest else ""
    return Said(order=order, code=code, text=_behind(rest, 1)) if is_petition_code(code) else None


def _behind(text: str, words: int) -> str:
    """What stands behind the first words, with the lines of the text kept."""
    parts = text.split(maxsplit=words)
    return parts[words] if len(parts) > words else ""


def looks_up_dossier(text: str) -> bool:
    """Whether a text is just the code of a dossier: that is looked up whatever else is open."""
    return _DOSSIER.fullmatch(text.strip().upper()) is not None


class Stage(StrEnum):
    """What an open step waits for."""

    TEXT = "text"
    SUMMARY = "summary"
    REASON = "reason"
    """Why it is sent although it holds personal data."""
    READY = "ready"
    """The officer saw it as citizens will; ``GUI`` sends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """A step that an officer has begun in a chat."""

    step: str
    """Its word at the desk: ``answer``, ``propose``, ``approve``, ``ask`` …"""
    code: str
    version: int
    """Of the petition as the officer saw it."""
    stage: Stage = Stage.TEXT
    text: str = ""
    summary: str = ""
    despite: str = ""

    def packed(self) -> bytes:
        """For keeping it."""
        return orjson.dumps(asdict(self))


def unpacked(octets: bytes) -> OpenStep:
    """What ``packed`` made."""
    kept: Mapping[str, str] = orjson.loads(octets)
    return OpenStep(**{**kept, "stage": Stage(kept["stage"])})  # type: ignore[arg-type]  # the fields as they were packed


def derived_summary(text: str) -> str:
    """The first sentence without accents, when an SMS holds it; else ""."""
    first = re.split(r"(?<=[.!?])\s|\n|;", text.strip(), maxsplit=1)[0].rstrip(".!? ")
    bare = " ".join(plain(first).split())
    return bare if len(bare) <= LONGEST_SUMMARY else ""
