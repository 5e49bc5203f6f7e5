"""Links and key=value texts, as QR codes on receipts hold them. They may carry the applicant's identity number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dossier_client.mending_cleaning import decoded

_TOKEN = re.compile(r"\S+")
_PARTS = re.compile(r"[?&;#]")
_CODE_KEYS = frozenset(
    {"mhs", "mahoso", "mahs", "mshs", "sohs", "sohoso", "masohoso", "code", "dossierno", "dossiercode"}
)
_PERSONAL_KEYS = frozenset(
    {"sgt", "sodinhdanh", "identitynumber", "identity", "cccd", "cmnd", "socccd", "socmnd", "sogiayto"}
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text. Nothing of it but its values below may be shown or kept."""

    start: int
    end: int
    code: str
    """The value of its code parameter; "" when it has none."""
    others: tuple[str, ...]
    """Parts of its path and the values of other parameters, without personal ones."""


def links(text: str) -> Iterator[Link]:
    """The links in a text, in order."""
    if "=" not in text and "://" not in text and "%" not in text:
        return
    for token in _TOKEN.finditer(text):
        if link := _link(token):
            yield link


def _link(token: re.Match[str]) -> Link | None:
    plain = decoded(token.group())
    pairs = [_pair(part) for part in _PARTS.split(plain) if "=" in part]
    keys = {key for key, _ in pairs}
    personal = not keys.isdisjoint(_PERSONAL_KEYS)
    if not personal and "://" not in plain and (keys.isdisjoint(_CODE_KEYS) or not _PARTS.search(plain)):
        return None
    code = next((value for key, value in pairs if key in _CODE_KEYS and value), "")
    path = [step for part in _PARTS.split(plain) if "=" not in part for step in part.split("/")]
    values = [value for key, value in pairs if key not in _PERSONAL_KEYS]
    return Link(token.start(), token.end(), code, (*path, *values))


def _pair(part: str) -> tuple[str, str]:
    key, _, value = part.partition("=")
    return re.sub(r"[^a-z]", "", key.lower()), value
