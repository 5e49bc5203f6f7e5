"""A text as the calls that carry it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sms import encoding
from sms.http.credentials import basic
from sms.http.dialect import CONTENT_TYPES, Format, Outbound
from sms.http.settings import HttpAccount
from sms.http.templates import AsIs, fill

ONE_SEPTETS, PART_SEPTETS = 160, 153
ONE_UNITS, PART_UNITS = 70, 67
CUT = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a call says, in our words."""

    id: str
    to: str
    """An MSISDN of digits."""
    short_code: str
    text: str
    message_type: str
    request_id: str = ""
    """The provider's id of the text that this one answers; "" when it answers none."""
    keyword: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One HTTP request, ready to be sent. Holds a password: never to be logged."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def written(text: str, rules: Outbound) -> str:
    """The text as the provider will send it: without marks where it wants none, cut at a word when it is too long."""
    plain = encoding.to_gsm_text(text) if rules.transliterate else text.translate(encoding.TYPOGRAPHIC)
    if parts_of(plain) <= rules.max_parts:
        return plain
    room = _room(plain, rules.max_parts) - len(CUT)
    kept = plain[:room]
    while parts_of(kept + CUT) > rules.max_parts:
        kept = kept[:-1]
    return f"{kept.rpartition(' ')[0] or kept}{CUT}"


def parts_of(text: str) -> int:
    """How many segments the text takes on the air."""
    units = encoding.septets(text)
    one, part = (ONE_SEPTETS, PART_SEPTETS) if units is not None else (ONE_UNITS, PART_UNITS)
    length = units if units is not None else len(text.encode("utf-16-be", "replace")) // 2
    return 1 if length <= one else -(-length // part)


def calls(account: HttpAccount, rules: Outbound, text: Text) -> Iterator[Call]:
    """The requests that carry the text, to be made one after the other. Raises ``jinja2.TemplateError`` for a value that the account lacks."""
    whole = written(text.text, rules)
    total = parts_of(whole)
    pieces = [whole] if rules.parts == "whole" else list(_cut(whole, total))
    for index, piece in enumerate(pieces, start=1):
        values = _values(account, text) | {
            "text": piece,
            "total": total,
            "index": index,
            "is_more": 1 if index < len(pieces) else 0,
        }
        yield _call(rules, values, {"Authorization": basic(account)} if rules.basic else {})


def _call(rules: Outbound, values: Mapping[str, Any], signed: Mapping[str, str]) -> Call:
    has_body = rules.method == "POST"
    headers = {name: fill(value, "header", values) for name, value in rules.headers.items()} | dict(signed)
    if has_body:
        headers = {"Content-Type": f"{CONTENT_TYPES[rules.format]}; charset=utf-8"} | headers
    return Call(
        method=rules.method,
        url=fill(rules.url, Format.URL, values),
        headers=headers,
        body=fill(rules.body, rules.format, values).strip().encode("utf-8", "replace") if has_body else b"",
    )


def _values(account: HttpAccount, text: Text) -> dict[str, Any]:
    return {
        "send_url": AsIs(account.send_url),
        "user": account.user,
        "password": account.password,
        "secret": account.secret,
        "values": account.values,
        "id": text.id,
        "to": text.to,
        "short_code": text.short_code,
        "message_type": text.message_type,
        "request_id": text.request_id,
        "keyword": text.keyword,
        "operator": text.operator,
    }


def _room(text: str, most: int) -> int:
    wide = encoding.septets(text) is None
    if most == 1:
        return ONE_UNITS if wide else ONE_SEPTETS
    return most * (PART_UNITS if wide else PART_SEPTETS)


def _cut(text: str, total: int) -> Iterator[str]:
    """Pieces that each fit into one part, no character halved."""
    if total == 1:
        yield text
        return
    wide = encoding.septets(text) is None
    room = PART_UNITS if wide else PART_SEPTETS
    piece, used = "", 0
    for character in text:
        width = len(character.encode("utf-16-be", "replace")) // 2 if wide else encoding.septets(character) or 1
        if used + width > room:
            yield piece
            piece, used = "", 0
        piece, used = piece + character, used + width
    yield piece
