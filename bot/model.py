"""The nouns: what people send, what we send, and whom we talk to. Frozen, the same for every channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.events import Event

MessageId = NewType("MessageId", int)
"""An id made by us: 63 bits, growing with time, unique over processes."""


class ChannelName(StrEnum):
    """The roads on which people reach us."""

    SMS = "sms"
    ZALO = "zalo"
    TELEGRAM = "telegram"
    WEBCHAT = "webchat"
    EMAIL = "email"
    """Out only."""


class Language(StrEnum):
    """What a person reads."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be reached. For SMS the id is an MSISDN of digits only: ``84912345678``."""

    channel: ChannelName
    id: str

    @property
    def is_passing(self) -> bool:
        """A kiosk's: the next one at its screen is somebody else, so nothing can be told here later."""
        return self.channel is ChannelName.WEBCHAT and self.id.startswith(_KIOSK)


_KIOSK = "kiosk."


def kiosk_address(session: str) -> Address:
    """Of a person who stands at a kiosk for a minute."""
    return Address(ChannelName.WEBCHAT, f"{_KIOSK}{session}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """What a person sent us, the same whatever the channel (MO)."""

    sender: Address
    recipient: str
    """The short code, Official Account or bot that was written to; replies leave from it."""
    text: str
    """Unicode NFC, at most 2,000 characters."""
    received_at: datetime
    """Aware, UTC."""
    route: str
    """The route that brought it and takes the reply, for instance ``smpp:telco``."""
    content_hash: bytes = b""
    """What makes a repeat recognisable on channels without ids: SHA-256 of (route, source, destination, esm_class, data_coding, octets)."""
    external_id: str | None = None
    """The channel's own id; (channel, external_id) is stored once."""
    session: str = ""
    """The connection it came on, ``<epoch>:<n>``, or "" on channels without connections."""
    raw: bytes = b""
    """The frame as received, addresses blanked."""
    ignored: str | None = None
    """Why it gets no answer (``not_a_person``, ``own_number``, ``binary``, ``receipt_like`` …); it is stored all the same."""
    partial: bool = False
    """A part of a long text never came."""
    event: Event | None = None
    """What the person did besides writing; then *text* may be ""."""
    reply_key: str = ""
    """The channel's own name of this message, where it wants to see it again in the reply or names it when it is edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundPart:
    """One part of a long text, stored and acknowledged on its own."""

    sender: Address
    recipient: str
    route: str
    method: str
    """How the parts name each other: ``udh8``, ``udh16`` or ``sar``."""
    reference: int
    total: int
    index: int
    """1-based."""
    octets: bytes
    """User data without its header."""
    data_coding: int
    content_hash: bytes
    received_at: datetime
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartGroup:
    """The parts of one long text, complete or given up waiting for."""

    id: MessageId
    sender: Address
    recipient: str
    route: str
    total: int
    parts: tuple[InboundPart, ...]
    """In index order; fewer than *total* when a part never came."""
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What we asked and wait for: the next short answer belongs to it."""

    kind: str
    """``choose_code``, ``confirm_stop``, ``confirm_command``, ``choose_meaning`` …"""
    options: tuple[str, ...] = ()
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What we remember of the one who writes, on one channel."""

    id: bytes
    """Keyed hash of the address, 16 octets: all that logs and searches ever see."""
    address: Address
    linked_to: bytes | None = None
    """The account that keeps the state of this person's joined accounts, perhaps this one; None when it stands alone."""
    verified_phone: str | None = None
    """The phone that this person proved to have, on channels whose address is none."""
    turn: int = 0
    """Counts decisions; a decision is stored only if nobody decided meanwhile."""
    language: Language = Language.VIETNAMESE
    opted_out_at: datetime | None = None
    question: Question | None = None
    last_code: str | None = None
    last_code_at: datetime | None = None
    quiet_until: datetime | None = None
    """An officer talks to this person by hand until then: the gateway says nothing."""
    unreachable_at: datetime | None = None
    """Since when this person has blocked us: nothing is sent unasked."""

    @property
    def home(self) -> bytes:
        """Under which limits are counted and history is kept: the same for all joined accounts of a person."""
        return self.linked_to or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What stood in a message before it was edited."""

    text: str
    answered_at: datetime | None
    """When its person was told what it asked for; None: not at all, or only that it could not be read or found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A turn at a counter that a person took through us today."""

    unit_code: str
    unit_name: str
    number: str
    """As the counter calls it: ``A013``."""
    taken_at: datetime
    is_open: bool
    """Not given back."""


class OutboundKind(StrEnum):
    """Why we send: it decides what happens when the outcome of a send is unknown."""

    ANSWER = "answer"
    LATE_ANSWER = "late_answer"
    NOTICE = "notice"
    ALERT = "alert"
    ONE_TIME_CODE = "one_time_code"
    """Never sent twice: a new one is asked for."""


class ButtonKind(StrEnum):
    """What pressing a button does."""

    ACTION = "action"
    """Says its action to us."""
    LINK = "link"
    """Opens its action, an https address."""
    SHARE_PHONE = "share_phone"
    """Offers to prove the own number; only where the channel can."""
    SHARE_LOCATION = "share_location"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message. What a channel cannot show is left out there: the text says it all."""

    label: str
    """At most 28 characters."""
    action: str = ""
    """``verb:id[:argument]`` of at most 64 octets: the command that typing it with blanks would be. Or an address."""
    kind: ButtonKind = ButtonKind.ACTION


class Charge(StrEnum):
    """Whether the person pays for the exchange, where a provider lets the reply decide it."""

    ANSWERED = "answered"
    """Got what was asked for."""
    REFUND = "refund"
    """Wrong syntax, nothing found, or we could not answer: the price is given back."""
    FREE = "free"
    """Sent unasked."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An account of a person, and how it is reached."""

    address: Address
    source: str
    """The number or account of ours that writes to it."""
    route: str
    """"" lets the cheapest road decide."""


@dataclass(frozen=True, slots=True)
class Content:
    """One message as composed for a person and a channel."""

    text: str
    buttons: tuple[Button, ...] = ()
    charge: Charge = Charge.ANSWERED
    once: bool = False
    """It holds a one-time code: never sent twice."""
    to: Destination | None = None
    """Set when it goes to another account than the asker's."""


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    """A text that a provider has approved: the only way to write unasked on some channels."""

    key: str
    """The channel's settings give the provider's own id for it."""
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    """As the receiver sees it."""
    media_type: str
    """``application/pdf``."""
    path: str
    """Under the folder of attachments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What an e-mail has besides its text."""

    subject: str
    html: str = ""
    """The same as the text, for programs that show it; "" for none."""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """What we send to a person (MT)."""

    id: MessageId
    to: Address
    source: str
    """The short code, Official Account or bot that it leaves from."""
    route: str
    text: str
    kind: OutboundKind = OutboundKind.ANSWER
    reply_to: MessageId | None = None
    ordinal: int = 0
    """0-2 direct answers, 10-12 their late answers; (reply_to, ordinal) is written once."""
    segments: int = 1
    created_at: datetime
    expires_at: datetime
    attempts: int = 1
    """The sends so far that count against the limit, the present one included."""
    possible_duplicate: bool = False
    """Sent once more because the outcome of the first send is unknown."""
    buttons: tuple[Button, ...] = ()
    template: TemplateMessage | None = None
    """For channels that take unasked messages only as approved templates; *text* says the same."""
    reply_key: str = ""
    """That of the message which this answers, if it is the first answer and leaves by the road that brought it."""
    charge: Charge = Charge.FREE
    letter: Letter | None = None
    """Only for e-mail."""


class ReceiptState(StrEnum):
    """What a delivery receipt says, in our words."""

    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReceipt:
    """A channel tells what became of a part that we sent."""

    route: str
    provider_ids: tuple[str, ...]
    """The forms under which the id may be known to us, best first, in canonical writing."""
    state: ReceiptState
    error: str = ""
    received_at: datetime
    unreachable: bool = False
    """The address is broken: nothing is sent there unasked any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateResponse:
    """A channel accepted a part after we had stopped waiting for its word: the part left after all."""

    message: MessageId
    place: int
    """0-based among the parts of the message."""
    provider_id: str
    """In canonical writing."""
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRefusal:
    """A channel refused a message after we had stopped waiting for its word: it did not leave."""

    message: MessageId
    error: str
    """The code of the ``SendError`` that a refusal in time would have been."""
    retry: bool
    """It may be sent again, as if for the first time."""
    retry_after: timedelta = timedelta(0)
    uses_attempt: bool = True
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyContact:
    """What is known of one agency; "" where it is not."""

    address: str = ""
    phone: str = ""
    hours: str = ""
    """On working days: ``07:30-11:30, 13:30-17:00``; "" as the office."""
    saturday_hours: str = ""
    """As ``hours``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who we speak for; the values that templates print."""

    province: str = "tỉnh Bắc Ninh"
    head: str = "H05"
    short_code: str = "8283"
    hotline: str = "0222.3822222"
    web: str = "dvc.bacninh.gov.vn"
    public_url: str = ""
    """Where people reach our own pages; "" when they cannot."""
    opening_hours: str = "07:30-11:30, 13:30-17:00"
    saturday_hours: str = ""
    agency: str = "H05.22"
    """The code of the agency that is meant when none is named."""
    agencies: Mapping[str, AgencyContact] = field(default_factory=dict)
    """By code."""
    example_code: str = "H05.12-260610-0001"
    message_price_vnd: int = 0
    prefix: str = ""
    """The service prefix of a shared short number; put before every keyword that a template tells people to type."""
    asks_for_ratings: bool = True
    """Whether people are asked how satisfied they are when a result was handed over."""
    sensitive_procedures: frozenset[str] = field(default_factory=frozenset)
