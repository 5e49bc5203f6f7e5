"""Building PDUs. smpplib builds all but the four PDUs of the hot path (docs/adr/0001-hand-built-hot-pdus.md).

smpplib cuts strings that are too long without a word; everything here raises ``ValueError`` naming the field instead.
"""

import struct
from collections.abc import Sequence
from typing import Literal

from smpplib.smpp import make_pdu

from sms.pdu_types import SC_INTERFACE_VERSION, Command

BindName = Literal["trx", "tx", "rx"]
BIND_NAMES = {"trx": "bind_transceiver", "tx": "bind_transmitter", "rx": "bind_receiver"}
HEADER = struct.Struct(">IIII")
TLV_HEAD = struct.Struct(">HH")
LONGEST_SHORT_MESSAGE = 254
LONGEST_TLV = 0xFFFF
# Longest texts, without their NUL.
SERVICE_TYPE, ADDRESS, SYSTEM_ID, PASSWORD, SYSTEM_TYPE, ADDRESS_RANGE, MESSAGE_ID = 5, 20, 15, 8, 12, 40, 64
VALIDITY_PERIOD = (0, 16)


def bind(
    mode: BindName,
    sequence: int,
    *,
    system_id: str,
    password: str,
    system_type: str = "",
    addr_ton: int = 0,
    addr_npi: int = 0,
    address_range: str = "",
) -> bytes:
    """bind_transceiver, bind_transmitter or bind_receiver, for SMPP 3.4. Never log it: it holds the password."""
    return _smpplib(
        BIND_NAMES[mode],
        sequence,
        system_id=_checked("system_id", system_id, SYSTEM_ID),
        password=_checked("password", password, PASSWORD),
        system_type=_checked("system_type", system_type, SYSTEM_TYPE),
        addr_ton=addr_ton,
        addr_npi=addr_npi,
        address_range=_checked("address_range", address_range, ADDRESS_RANGE),
    )


def submit_sm(  # noqa: PLR0913 - the fields of the PDU
    sequence: int,
    *,
    source: str,
    source_ton: int,
    source_npi: int,
    destination: str,
    dest_ton: int,
    dest_npi: int,
    esm_class: int,
    data_coding: int,
    short_message: bytes,
    registered_delivery: int = 0,
    validity_period: str = "",
    service_type: str = "",
    tlvs: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    """A text to a phone. *validity_period* is "" or 16 characters; *tlvs* are appended octet by octet as given."""
    return _message(
        Command.SUBMIT_SM,
        sequence,
        service_type,
        (source_ton, source_npi, source),
        (dest_ton, dest_npi, destination),
        (esm_class, validity_period, registered_delivery, data_coding),
        short_message,
        tlvs,
    )


def deliver_sm(  # noqa: PLR0913 - the fields of the PDU
    sequence: int,
    *,
    source: str,
    source_ton: int,
    source_npi: int,
    destination: str,
    dest_ton: int,
    dest_npi: int,
    esm_class: int,
    data_coding: int,
    short_message: bytes,
    service_type: str = "",
    tlvs: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    """A text or receipt to an ESME, as an SMSC sends it."""
    return _message(
        Command.DELIVER_SM,
        sequence,
        service_type,
        (source_ton, source_npi, source),
        (dest_ton, dest_npi, destination),
        (esm_class, "", 0, data_coding),
        short_message,
        tlvs,
    )


def deliver_sm_resp(sequence: int, status: int = 0) -> bytes:
    """The body is one NUL: some SMSCs take a missing one for an error."""
    return HEADER.pack(17, 0x80000005, status, sequence) + b"\0"


def data_sm_resp(sequence: int, status: int = 0) -> bytes:
    """As ``deliver_sm_resp``: an empty message_id."""
    return HEADER.pack(17, 0x80000103, status, sequence) + b"\0"


def submit_sm_resp(sequence: int, message_id: str = "", status: int = 0) -> bytes:
    """The answer of an SMSC to submit_sm."""
    return _smpplib(
        "submit_sm_resp", sequence, status=status, message_id=_checked("message_id", message_id, MESSAGE_ID)
    )


def bind_resp(
    mode: BindName, sequence: int, status: int = 0, system_id: str = "", interface_version: int | None = 0x34
) -> bytes:
    """The answer of an SMSC to a bind; an error has no body."""
    if status:
        command = Command[f"{BIND_NAMES[mode].upper()}_RESP"]
        return HEADER.pack(HEADER.size, command, status, sequence)
    frame = _smpplib(
        f"{BIND_NAMES[mode]}_resp", sequence, status=status, system_id=_checked("system_id", system_id, SYSTEM_ID)
    )
    return (
        frame if interface_version is None else _with_tlvs(frame, [(SC_INTERFACE_VERSION, bytes((interface_version,)))])
    )


def enquire_link(sequence: int) -> bytes:
    """Are you there?"""
    return _smpplib("enquire_link", sequence)


def enquire_link_resp(sequence: int) -> bytes:
    """Yes."""
    return _smpplib("enquire_link_resp", sequence)


def unbind(sequence: int) -> bytes:
    """Good-bye."""
    return _smpplib("unbind", sequence)


def unbind_resp(sequence: int) -> bytes:
    """Good-bye too."""
    return _smpplib("unbind_resp", sequence)


def generic_nack(sequence: int, status: int) -> bytes:
    """The PDU with this sequence number was not understood; 0 when the number is not known."""
    return _smpplib("generic_nack", sequence, status=status)


class _NoNumbers:
    """smpplib asks a client for sequence numbers; ours are set afterwards."""

    sequence = 0

    def next_sequence(self) -> int:
        return self.sequence


_NO_NUMBERS = _NoNumbers()


def _smpplib(command: str, sequence: int, **fields: int | str) -> bytes:
    """The keyword ``sequence`` is ignored by smpplib, so it is set on what was made."""
    request = make_pdu(command, client=_NO_NUMBERS, **fields)
    request.sequence = sequence
    octets: bytes = request.generate()
    return octets


def _checked(name: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(f"{name} is longer than {longest} characters")
    if "\0" in text or not text.isascii():
        raise ValueError(f"{name} holds a character that is not ASCII, or NUL")
    return text


def _message(
    command: int,
    sequence: int,
    service_type: str,
    source: tuple[int, int, str],
    destination: tuple[int, int, str],
    options: tuple[int, str, int, int],
    short_message: bytes,
    tlvs: Sequence[tuple[int, bytes]],
) -> bytes:
    """submit_sm and deliver_sm have the same fields. Raises ``ValueError`` for what does not fit its field."""
    source_ton, source_npi, source_address = source
    dest_ton, dest_npi, dest_address = destination
    esm_class, validity_period, registered_delivery, data_coding = options
    if len(short_message) > LONGEST_SHORT_MESSAGE:
        raise ValueError("short_message is longer than 254 octets: send it as message_payload")
    if len(validity_period) not in VALIDITY_PERIOD:
        raise ValueError("validity_period must have 0 or 16 characters")
    body = b"".join(
        (
            _checked("service_type", service_type, SERVICE_TYPE).encode(),
            bytes((0, source_ton, source_npi)),
            _checked("source address", source_address, ADDRESS).encode(),
            bytes((0, dest_ton, dest_npi)),
            _checked("destination address", dest_address, ADDRESS).encode(),
            bytes((0, esm_class, 0, 0, 0)),
            _checked("validity_period", validity_period, VALIDITY_PERIOD[1]).encode(),
            bytes((0, registered_delivery, 0, data_coding, 0, len(short_message))),
            short_message,
        )
    )
    if tlvs:
        body += _tlvs(tlvs)
    return HEADER.pack(HEADER.size + len(body), command, 0, sequence) + body


def _tlvs(tlvs: Sequence[tuple[int, bytes]]) -> bytes:
    if any(len(value) > LONGEST_TLV for _, value in tlvs):
        raise ValueError("a TLV is longer than 65,535 octets")
    return b"".join(TLV_HEAD.pack(tag, len(value)) + value for tag, value in tlvs)


def _with_tlvs(frame: bytes, tlvs: Sequence[tuple[int, bytes]]) -> bytes:
    whole = frame + _tlvs(tlvs)
    return len(whole).to_bytes(4, "big") + whole[4:]
