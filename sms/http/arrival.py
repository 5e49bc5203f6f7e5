"""From fields to what a person wrote."""

import base64
import binascii
from dataclasses import dataclass

from sms import encoding, msisdn
from sms.http.dialect import FieldNames, Inbound
from sms.http.fields import Fields, Unreadable

UCS2_CODING = 0x08
SURELY_BASE64 = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A text that a provider brought."""

    sender: str
    """An MSISDN of digits, or as it was given when it is no Vietnamese number."""
    short_code: str
    text: str
    keyword: str = ""
    message_id: str = ""
    operator: str = ""


def read(fields: Fields, rules: Inbound) -> Arrival:
    """The text in these fields. Raises ``Unreadable`` without a sender or a text, or when the text cannot be decoded."""
    names = rules.fields
    sender, text = fields.first(names.sender), fields.first(names.text)
    if not (sender and sender.strip()) or text is None:
        raise Unreadable("no sender or no text")
    keyword = _value(fields, names, "keyword")
    written = _decoded(text, rules.coding, keyword if rules.has_keyword else "")
    return Arrival(
        sender=msisdn.normalise(sender.strip()) or sender.strip(),
        short_code=_value(fields, names, "short_code").removeprefix("tel:"),
        text=encoding.clean(written if rules.has_keyword else f"{keyword} {written}".strip()),
        keyword=keyword,
        message_id=_value(fields, names, "message_id"),
        operator=_value(fields, names, "operator"),
    )


def _value(fields: Fields, names: FieldNames, meaning: str) -> str:
    return (fields.first(getattr(names, meaning)) or "").strip()


def _decoded(text: str, coding: str, keyword: str) -> str:
    match coding:
        case "plain":
            return text
        case "base64":
            return _of_base64(text)
        case "base64_auto":
            return _perhaps_of_base64(text, keyword)
        case "hex_ucs2":
            return _of_hex(text, UCS2_CODING)
        case _:
            return _of_hex(text[2:], _octets(text[:2])[0] if len(text) > 1 else 0)


def _of_base64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise Unreadable("the text is no Base64 of UTF-8") from error


def _perhaps_of_base64(text: str, keyword: str) -> str:
    """Base64 when what it decodes to begins with the keyword; without a keyword, when it is long and makes a text.

    Short texts such as ``TC12`` can be read as Base64 too.
    """
    try:
        decoded = _of_base64(text)
    except Unreadable:
        return text
    if keyword:
        is_text = decoded.casefold().startswith(keyword.casefold())
    else:
        is_text = len(text) >= SURELY_BASE64 and all(sign.isprintable() or sign in "\r\n\t" for sign in decoded)
    return decoded if is_text else text


def _of_hex(text: str, data_coding: int) -> str:
    decoded = encoding.decode_text(_octets(text), data_coding, "ascii")
    if decoded is None:
        raise Unreadable("the text is binary")
    return decoded


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise Unreadable("the text is no hexadecimal") from error
