"""SMPP 3.4 on the wire: a strict decoder for all that arrives, and the builders of ``sms.pdu_build``.

Strict on lengths, because a misread field is another person's number; lenient on TLVs, because a text is
worth more than its trimmings.
"""

import re
import struct
from collections.abc import Callable, Mapping

from sms.pdu_build import (
    bind,
    bind_resp,
    data_sm_resp,
    deliver_sm,
    deliver_sm_resp,
    enquire_link,
    enquire_link_resp,
    generic_nack,
    submit_sm,
    submit_sm_resp,
    unbind,
    unbind_resp,
)
from sms.pdu_types import (
    MESSAGE_PAYLOAD,
    SC_INTERFACE_VERSION,
    AlertNotification,
    BindRequest,
    BindResponse,
    Command,
    CommandStatus,
    EnquireLink,
    FramingLost,
    GenericNack,
    Header,
    MalformedBody,
    Outbind,
    Pdu,
    Response,
    ShortMessage,
    SubmitResponse,
    Unbind,
    Unknown,
)

__all__ = [
    "MAX_PDU",
    "AlertNotification",
    "BindRequest",
    "BindResponse",
    "Command",
    "CommandStatus",
    "EnquireLink",
    "FrameReader",
    "FramingLost",
    "GenericNack",
    "Header",
    "MalformedBody",
    "Outbind",
    "Pdu",
    "Response",
    "ShortMessage",
    "SubmitResponse",
    "Unbind",
    "Unknown",
    "bind",
    "bind_resp",
    "blank_addresses",
    "data_sm_resp",
    "decode",
    "deliver_sm",
    "deliver_sm_resp",
    "enquire_link",
    "enquire_link_resp",
    "generic_nack",
    "read_header",
    "submit_sm",
    "submit_sm_resp",
    "unbind",
    "unbind_resp",
]

MAX_PDU = 70_000
"""Octets: 64 KiB of payload with everything around it."""
HEADER = struct.Struct(">IIII")
TLV_HEAD = struct.Struct(">HH")
LENGTH = struct.Struct(">I")
# Sizes of C-octet strings include the NUL.
SERVICE_TYPE, ADDRESS, DATA_ADDRESS, TIME = 6, 21, 65, 17
SYSTEM_ID, PASSWORD, SYSTEM_TYPE, ADDRESS_RANGE, MESSAGE_ID = 16, 9, 13, 41, 65
ADDRESS_SIZES: Mapping[int, int] = {
    Command.SUBMIT_SM: ADDRESS,
    Command.DELIVER_SM: ADDRESS,
    Command.DATA_SM: DATA_ADDRESS,
}
NUMBER_LIKE = re.compile(rb"[0-9]{7,}")


def read_header(frame: bytes) -> Header:
    """The header of a frame that ``FrameReader`` gave; raises ``struct.error`` when it is shorter than 16 octets."""
    return Header(*HEADER.unpack_from(frame))


class FrameReader:
    """Cuts a stream of octets into PDUs, however the octets come."""

    def __init__(self, largest: int = MAX_PDU) -> None:
        self._largest = largest
        self._rest = bytearray()
        self._needed = LENGTH.size

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are whole by now.

        Raises ``FramingLost`` as soon as a length below 16 or above *largest* is seen, before waiting for its octets.
        """
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return []
            data = bytes(self._rest)
            self._rest.clear()
        frames: list[bytes] = []
        used = self._cut(data, frames)
        if used < len(data):
            self._rest += data[used:]
        return frames

    def _cut(self, data: bytes, frames: list[bytes]) -> int:
        """Append whole frames; how many octets they took."""
        start, size = 0, len(data)
        while size - start >= LENGTH.size:
            (length,) = LENGTH.unpack_from(data, start)
            if not HEADER.size <= length <= self._largest:
                raise FramingLost(length, frames)
            if size - start < length:
                self._needed = length
                return start
            frames.append(data[start : start + length])
            start += length
        self._needed = LENGTH.size
        return start


def decode(frame: bytes) -> Pdu:
    """Read one whole frame. Raises ``MalformedBody``, and nothing else, for a frame of 16 octets or more."""
    header = read_header(frame)
    if header.length != len(frame):
        raise MalformedBody(header, "command_length is not the length of the frame")
    try:
        return DECODERS.get(header.command_id, _unknown)(header, frame)
    except IndexError:
        raise MalformedBody(header, "body too short") from None
    except ValueError:
        raise MalformedBody(header, "string without its end") from None


def blank_addresses(frame: bytes) -> bytes:
    """The frame with both addresses overwritten by ``*``: what may be stored.

    Where the addresses cannot be found, everything that looks like a number is overwritten.
    """
    _, command_id, _, _ = HEADER.unpack_from(frame)
    size = ADDRESS_SIZES.get(command_id, 0)
    try:
        source = frame.index(0, HEADER.size, HEADER.size + SERVICE_TYPE) + 3
        source_end = frame.index(0, source, source + size)
        destination = source_end + 3
        destination_end = frame.index(0, destination, destination + size)
    except ValueError:
        return frame[: HEADER.size] + NUMBER_LIKE.sub(lambda run: b"*" * len(run[0]), frame[HEADER.size :])
    return b"".join(
        (
            frame[:source],
            b"*" * (source_end - source),
            frame[source_end:destination],
            b"*" * (destination_end - destination),
            frame[destination_end:],
        )
    )


def _string(frame: bytes, start: int, size: int) -> tuple[str, int]:
    """A C-octet string of at most *size* octets, and where the next field starts. Raises ``ValueError`` without a NUL."""
    end = frame.index(0, start, start + size)
    return str(frame[start:end], "latin-1"), end + 1


def _last_string(frame: bytes, size: int) -> tuple[str, int]:
    """As ``_string`` for the only field of a body: no body is "", and the frame's end may stand for the NUL."""
    if len(frame) - HEADER.size < size and frame.find(0, HEADER.size) < 0:
        return str(frame[HEADER.size :], "latin-1"), len(frame)
    return _string(frame, HEADER.size, size)


def _tlvs(frame: bytes, start: int) -> tuple[tuple[tuple[int, bytes], ...], bool]:
    """All whole TLVs, and whether something broken followed them."""
    size = len(frame)
    if start == size:
        return (), False
    found: list[tuple[int, bytes]] = []
    while size - start >= TLV_HEAD.size:
        tag, length = TLV_HEAD.unpack_from(frame, start)
        start += TLV_HEAD.size
        if size - start < length:
            return tuple(found), True
        found.append((tag, frame[start : start + length]))
        start += length
    return tuple(found), start < size


def _short_message(header: Header, frame: bytes) -> ShortMessage:
    """deliver_sm and submit_sm."""
    service_type, at = _string(frame, HEADER.size, SERVICE_TYPE)
    source_ton, source_npi = frame[at], frame[at + 1]
    source, at = _string(frame, at + 2, ADDRESS)
    destination_ton, destination_npi = frame[at], frame[at + 1]
    destination, at = _string(frame, at + 2, ADDRESS)
    esm_class, protocol_id = frame[at], frame[at + 1]
    at = frame.index(0, at + 3, at + 3 + TIME) + 1
    at = frame.index(0, at, at + TIME) + 1
    registered_delivery, data_coding = frame[at], frame[at + 2]
    text = at + 5
    end = text + frame[text - 1]
    if end > len(frame):
        raise MalformedBody(header, "sm_length past the end")
    tlvs, broken = _tlvs(frame, end)
    return ShortMessage(
        header=header,
        service_type=service_type,
        source_ton=source_ton,
        source_npi=source_npi,
        source=source,
        destination_ton=destination_ton,
        destination_npi=destination_npi,
        destination=destination,
        esm_class=esm_class,
        protocol_id=protocol_id,
        data_coding=data_coding,
        registered_delivery=registered_delivery,
        short_message=frame[text:end] if end > text else _payload(tlvs),
        tlvs=tlvs,
        broken_tlvs=broken,
    )


def _data_sm(header: Header, frame: bytes) -> ShortMessage:
    service_type, at = _string(frame, HEADER.size, SERVICE_TYPE)
    source_ton, source_npi = frame[at], frame[at + 1]
    source, at = _string(frame, at + 2, DATA_ADDRESS)
    destination_ton, destination_npi = frame[at], frame[at + 1]
    destination, at = _string(frame, at + 2, DATA_ADDRESS)
    esm_class, registered_delivery, data_coding = frame[at], frame[at + 1], frame[at + 2]
    tlvs, broken = _tlvs(frame, at + 3)
    return ShortMessage(
        header=header,
        service_type=service_type,
        source_ton=source_ton,
        source_npi=source_npi,
        source=source,
        destination_ton=destination_ton,
        destination_npi=destination_npi,
        destination=destination,
        esm_class=esm_class,
        protocol_id=0,
        data_coding=data_coding,
        registered_delivery=registered_delivery,
        short_message=_payload(tlvs),
        tlvs=tlvs,
        broken_tlvs=broken,
    )


def _payload(tlvs: tuple[tuple[int, bytes], ...]) -> bytes:
    return next((value for tag, value in tlvs if tag == MESSAGE_PAYLOAD), b"")


def _bind_request(header: Header, frame: bytes) -> BindRequest:
    system_id, at = _string(frame, HEADER.size, SYSTEM_ID)
    password, at = _string(frame, at, PASSWORD)
    system_type, at = _string(frame, at, SYSTEM_TYPE)
    address_range, _ = _string(frame, at + 3, ADDRESS_RANGE)
    return BindRequest(
        header=header,
        system_id=system_id,
        password=password,
        system_type=system_type,
        interface_version=frame[at],
        addr_ton=frame[at + 1],
        addr_npi=frame[at + 2],
        address_range=address_range,
    )


def _bind_response(header: Header, frame: bytes) -> BindResponse:
    system_id, at = _last_string(frame, SYSTEM_ID)
    tlvs, _ = _tlvs(frame, at)
    version = next((value for tag, value in tlvs if tag == SC_INTERFACE_VERSION), b"")
    return BindResponse(header=header, system_id=system_id, interface_version=version[-1] if version else None)


def _submit_response(header: Header, frame: bytes) -> SubmitResponse:
    return SubmitResponse(header=header, message_id=_last_string(frame, MESSAGE_ID)[0])


def _header_only(make: Callable[[Header], Pdu]) -> Callable[[Header, bytes], Pdu]:
    """What follows the header does not matter, and is often missing or wrong."""
    return lambda header, _frame: make(header)


_unknown = _header_only(Unknown)
DECODERS: Mapping[int, Callable[[Header, bytes], Pdu]] = {
    Command.DELIVER_SM: _short_message,
    Command.SUBMIT_SM: _short_message,
    Command.DATA_SM: _data_sm,
    Command.SUBMIT_SM_RESP: _submit_response,
    Command.BIND_RECEIVER: _bind_request,
    Command.BIND_TRANSMITTER: _bind_request,
    Command.BIND_TRANSCEIVER: _bind_request,
    Command.BIND_RECEIVER_RESP: _bind_response,
    Command.BIND_TRANSMITTER_RESP: _bind_response,
    Command.BIND_TRANSCEIVER_RESP: _bind_response,
    Command.DELIVER_SM_RESP: _header_only(Response),
    Command.DATA_SM_RESP: _header_only(Response),
    Command.ENQUIRE_LINK_RESP: _header_only(Response),
    Command.UNBIND_RESP: _header_only(Response),
    Command.ENQUIRE_LINK: _header_only(EnquireLink),
    Command.UNBIND: _header_only(Unbind),
    Command.GENERIC_NACK: _header_only(GenericNack),
    Command.OUTBIND: _header_only(Outbind),
    Command.ALERT_NOTIFICATION: _header_only(AlertNotification),
}
