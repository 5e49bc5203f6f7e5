"""The shapes of SMPP 3.4 PDUs, as they are after decoding."""

from dataclasses import dataclass, field
from enum import IntEnum

MESSAGE_PAYLOAD = 0x0424
"""Tag of the TLV that carries a text too long for short_message."""
SC_INTERFACE_VERSION = 0x0210
UDH_BIT = 0x40
TYPE_MASK = 0x3C
RECEIPT_TYPES = frozenset({0x04, 0x20})
"""esm_class: delivery receipt, intermediate notification."""


class Command(IntEnum):
    """command_id; a response has bit 31 set."""

    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    QUERY_SM = 0x03
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    REPLACE_SM = 0x07
    CANCEL_SM = 0x08
    BIND_TRANSCEIVER = 0x09
    OUTBIND = 0x0B
    ENQUIRE_LINK = 0x15
    SUBMIT_MULTI = 0x21
    ALERT_NOTIFICATION = 0x102
    DATA_SM = 0x103
    GENERIC_NACK = 0x80000000
    BIND_RECEIVER_RESP = 0x80000001
    BIND_TRANSMITTER_RESP = 0x80000002
    QUERY_SM_RESP = 0x80000003
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM_RESP = 0x80000005
    UNBIND_RESP = 0x80000006
    REPLACE_SM_RESP = 0x80000007
    CANCEL_SM_RESP = 0x80000008
    BIND_TRANSCEIVER_RESP = 0x80000009
    ENQUIRE_LINK_RESP = 0x80000015
    SUBMIT_MULTI_RESP = 0x80000021
    DATA_SM_RESP = 0x80000103


class CommandStatus(IntEnum):
    """command_status, by the names of the standard. SMSCs also send numbers of their own."""

    ESME_ROK = 0x00
    ESME_RINVMSGLEN = 0x01
    ESME_RINVCMDLEN = 0x02
    ESME_RINVCMDID = 0x03
    ESME_RINVBNDSTS = 0x04
    ESME_RALYBND = 0x05
    ESME_RINVPRTFLG = 0x06
    ESME_RINVREGDLVFLG = 0x07
    ESME_RSYSERR = 0x08
    ESME_RINVSRCADR = 0x0A
    ESME_RINVDSTADR = 0x0B
    ESME_RINVMSGID = 0x0C
    ESME_RBINDFAIL = 0x0D
    ESME_RINVPASWD = 0x0E
    ESME_RINVSYSID = 0x0F
    ESME_RCANCELFAIL = 0x11
    ESME_RREPLACEFAIL = 0x13
    ESME_RMSGQFUL = 0x14
    ESME_RINVSERTYP = 0x15
    ESME_RINVNUMDESTS = 0x33
    ESME_RINVDLNAME = 0x34
    ESME_RINVDESTFLAG = 0x40
    ESME_RINVSUBREP = 0x42
    ESME_RINVESMCLASS = 0x43
    ESME_RCNTSUBDL = 0x44
    ESME_RSUBMITFAIL = 0x45
    ESME_RINVSRCTON = 0x48
    ESME_RINVSRCNPI = 0x49
    ESME_RINVDSTTON = 0x50
    ESME_RINVDSTNPI = 0x51
    ESME_RINVSYSTYP = 0x53
    ESME_RINVREPFLAG = 0x54
    ESME_RINVNUMMSGS = 0x55
    ESME_RTHROTTLED = 0x58
    ESME_RINVSCHED = 0x61
    ESME_RINVEXPIRY = 0x62
    ESME_RINVDFTMSGID = 0x63
    ESME_RX_T_APPN = 0x64
    ESME_RX_P_APPN = 0x65
    ESME_RX_R_APPN = 0x66
    ESME_RQUERYFAIL = 0x67
    ESME_RINVOPTPARSTREAM = 0xC0
    ESME_ROPTPARNOTALLWD = 0xC1
    ESME_RINVPARLEN = 0xC2
    ESME_RMISSINGOPTPARAM = 0xC3
    ESME_RINVOPTPARAMVAL = 0xC4
    ESME_RDELIVERYFAILURE = 0xFE
    ESME_RUNKNOWNERR = 0xFF


@dataclass(frozen=True, slots=True)
class Header:
    """The first 16 octets. ``command_id`` and ``status`` may be numbers that no enumeration knows."""

    length: int
    command_id: int
    status: int
    sequence: int


class FramingLost(Exception):
    """A length that cannot be: where the next PDU starts is unknown, so the connection must be closed."""

    def __init__(self, length: int, frames: list[bytes]) -> None:
        """*frames* are the whole PDUs that came before it in the same octets."""
        super().__init__(f"command_length {length}")
        self.length = length
        self.frames = frames


class MalformedBody(Exception):
    """The frame is whole, its body is not what its command_id says."""

    def __init__(self, header: Header, why: str) -> None:
        super().__init__(f"command 0x{header.command_id:08x}: {why}")
        self.header = header


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortMessage:
    """deliver_sm, data_sm or submit_sm."""

    header: Header
    service_type: str
    source_ton: int
    source_npi: int
    source: str
    """As the peer wrote it; octets above 0x7F as Latin-1."""
    destination_ton: int
    destination_npi: int
    destination: str
    esm_class: int
    protocol_id: int
    data_coding: int
    registered_delivery: int
    short_message: bytes
    """User data with its header, if it has one; taken from message_payload when sm_length is 0."""
    tlvs: tuple[tuple[int, bytes], ...]
    """All of them in their order, unknown ones too; values as raw octets."""
    broken_tlvs: bool
    """A TLV was cut or ran past the end: it and whatever followed is missing."""

    @property
    def is_receipt(self) -> bool:
        """An SMSC delivery receipt or an intermediate notification, by esm_class."""
        return self.esm_class & TYPE_MASK in RECEIPT_TYPES

    @property
    def has_udh(self) -> bool:
        """The user data starts with a header, by esm_class."""
        return bool(self.esm_class & UDH_BIT)

    @property
    def has_two_texts(self) -> bool:
        """message_payload came beside a short_message, which counts; SMPP 3.4 §5.3.2.32 forbids it."""
        return bool(self.tlvs) and self.tlv(MESSAGE_PAYLOAD) not in (None, b"", self.short_message)

    def tlv(self, tag: int) -> bytes | None:
        """The value of the first TLV with this tag."""
        return next((value for known, value in self.tlvs if known == tag), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindRequest:
    """bind_receiver, bind_transmitter or bind_transceiver."""

    header: Header
    system_id: str
    password: str = field(repr=False)
    system_type: str
    interface_version: int
    addr_ton: int
    addr_npi: int
    address_range: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BindResponse:
    """The answer to a bind; an error often has no body."""

    header: Header
    system_id: str = ""
    interface_version: int | None = None
    """None: the SMSC did not say; take it for 3.3, which knows no TLVs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitResponse:
    """The answer to submit_sm; an error often has no body."""

    header: Header
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """Any other answer of which only the header matters."""

    header: Header


@dataclass(frozen=True, slots=True)
class EnquireLink:
    """Are you there?"""

    header: Header


@dataclass(frozen=True, slots=True)
class Unbind:
    """Good-bye."""

    header: Header


@dataclass(frozen=True, slots=True)
class GenericNack:
    """The peer did not understand the PDU with this sequence number."""

    header: Header


@dataclass(frozen=True, slots=True)
class Outbind:
    """The SMSC asks to be bound to; its body, which holds a password, is not read."""

    header: Header


@dataclass(frozen=True, slots=True)
class AlertNotification:
    """A phone can be reached again; never answered."""

    header: Header


@dataclass(frozen=True, slots=True)
class Unknown:
    """A command that we do not use or do not know."""

    header: Header


Pdu = (
    ShortMessage
    | BindRequest
    | BindResponse
    | SubmitResponse
    | Response
    | EnquireLink
    | Unbind
    | GenericNack
    | Outbind
    | AlertNotification
    | Unknown
)
