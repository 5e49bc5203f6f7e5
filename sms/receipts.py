"""Delivery receipts: which text they are about, and what became of it (SMPP 3.4 appendix B, and what SMSCs make of it).

Every SMSC writes them its own way, so nothing is read by position, and what cannot be read is left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sms.pdu_types import ShortMessage
from sms.segments import read_user_data

IdFormat = Literal["same", "resp_hex", "resp_dec"]
"""How ids are written: alike; hexadecimal in submit_sm_resp and decimal in receipts; or the other way round."""
RECEIPTED_MESSAGE_ID, NETWORK_ERROR_CODE, MESSAGE_STATE = 0x001E, 0x0423, 0x0427
TYPE_MASK = 0x3C
NETWORK_ERROR_OCTETS = 3
MESSAGE_STATES = ("", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD")
"""The word for each value of the TLV message_state."""
STATES: Mapping[str, str] = {
    "ENROUTE": "accepted",
    "ACCEPTD": "accepted",
    "DELIVRD": "delivered",
    "EXPIRED": "failed",
    "DELETED": "failed",
    "UNDELIV": "failed",
    "REJECTD": "failed",
    "UNKNOWN": "unknown",
}
"""What a state means for us; any other word means unknown."""
_ID = re.compile(r"(?:^|\s)id:\s*([^\s:]{1,64})(?=\s|$)", re.IGNORECASE)
_STAT = re.compile(r"(?:^|\s)stat:\s*(\w{1,16})", re.IGNORECASE)
_ERROR = re.compile(r"(?:^|\s)err:\s*(\w{1,8})", re.IGNORECASE)
_TEXT = re.compile(r"(?:^|\s)text:", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an SMSC tells of a text that we sent."""

    ids: tuple[str, ...]
    """The forms under which ``canonical_id`` may have stored the id of the response, best first."""
    stat: str
    """The SMSC's word, in capitals; "" when it gave none."""
    state: str
    """``unknown``, ``accepted``, ``failed`` or ``delivered``."""
    error: str = ""
    """The network's error code as written; "" when it gave none."""


def canonical_id(raw: str, id_format: str = "same") -> str:
    """How the message_id of a submit_sm_resp is stored: no leading zeros, small letters, decimal if *id_format* is ``resp_hex``.

    Some SMSCs give none: then it stays "", which no receipt names.
    """
    if id_format == "resp_hex":
        return _decimal(raw)
    written = raw.strip().lower()
    return written.lstrip("0") or written[:1]


def read_receipt(message: ShortMessage, id_format: str) -> Receipt | None:
    """The receipt in a deliver_sm or data_sm; None when it names no text.

    Without the receipt bits in esm_class only a complete receipt text is one: citizens write "id:…" too.
    """
    text = _receipt_text(message)
    fields = _TEXT.split(text, maxsplit=1)[0]
    written_id, stat, error = (_found(pattern, fields) for pattern in (_ID, _STAT, _ERROR))
    if not message.is_receipt and (message.esm_class & TYPE_MASK or not _is_complete(text, stat.upper(), error)):
        return None
    ids = _ids(_tlv_text(message, RECEIPTED_MESSAGE_ID), written_id, id_format)
    if not ids:
        return None
    stat = _tlv_state(message) or stat.upper()
    return Receipt(ids=ids, stat=stat, state=STATES.get(stat, "unknown"), error=_tlv_error(message) or error)


def _receipt_text(message: ShortMessage) -> str:
    """Without NULs it reads the same in Latin-1, in UCS-2 and with a terminator."""
    return str(read_user_data(message).octets.replace(b"\0", b""), "latin-1")


def _is_complete(text: str, stat: str, error: str) -> bool:
    return text[:3].lower() == "id:" and stat in STATES and bool(error)


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _ids(tlv: str, written: str, id_format: str) -> tuple[str, ...]:
    """The TLV usually has the response's form; when it equals the text's id it has the receipt's form."""
    forms = [canonical_id(tlv, id_format)] if tlv and tlv != written else []
    if written:
        forms.append(_from_receipt(written, id_format))
    elif tlv:
        forms.append(_from_receipt(tlv, id_format))
    return tuple(dict.fromkeys(forms))


def _from_receipt(raw: str, id_format: str) -> str:
    return _decimal(raw) if id_format == "resp_dec" else canonical_id(raw)


def _decimal(raw: str) -> str:
    """An id that is not hexadecimal stays as it is."""
    return str(int(raw.strip(), 16)) if _HEXADECIMAL.fullmatch(raw.strip()) else canonical_id(raw)


def _tlv_text(message: ShortMessage, tag: int) -> str:
    """The NUL is sometimes missing."""
    return str((message.tlv(tag) or b"").split(b"\0", 1)[0], "latin-1").strip()


def _tlv_state(message: ShortMessage) -> str:
    value = int.from_bytes(message.tlv(MESSAGE_STATE) or b"", "big")
    return MESSAGE_STATES[value] if value < len(MESSAGE_STATES) else ""


def _tlv_error(message: ShortMessage) -> str:
    """A network type and a 16-bit code; some SMSCs write three digits instead."""
    value = message.tlv(NETWORK_ERROR_CODE) or b""
    if len(value) != NETWORK_ERROR_OCTETS:
        return ""
    return value.decode("ascii") if value.isdigit() else str(int.from_bytes(value[1:], "big"))
