"""What the store promises, whatever the engine. Every call returns after the commit, synced to disk."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.intent import Write
from bot.mailbox import Mailbox
from bot.model import (
    ChannelName,
    Contact,
    DeliveryReceipt,
    InboundMessage,
    InboundPart,
    LateRefusal,
    LateResponse,
    MessageId,
    Original,
    OutboundMessage,
    PartGroup,
    Ticket,
)
from bot.store.port_linking import LinkingStore
from bot.store.port_ratings import RatingBook


class InboundState(StrEnum):
    """The life of an inbox row: received → claimed → done | parked."""

    RECEIVED = "received"
    CLAIMED = "claimed"
    DONE = "done"
    PARKED = "parked"


class OutboundState(StrEnum):
    """The life of an outbox row. ``failed``, ``expired``, ``suppressed``, ``delivered`` and ``undelivered`` are final."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An inbox row that this process owns, with what is remembered of its sender."""

    id: MessageId
    message: InboundMessage
    contact: Contact
    attempts: int
    """How often it was claimed, this time included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of an inbound message."""

    id: MessageId
    duplicate_of: MessageId | None = None
    claimed: Claimed | None = None
    """Set when the row was inserted as ``claimed``: go on in memory. Not set for repeats, ignored messages, when the caller
    did not ask for it, and when an earlier row of the same person is still open: then a later ``claim_inbound`` returns it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutbound:
    """A message to write with a decision."""

    message: OutboundMessage
    sending: bool
    """True: this process holds the route and a free slot, so it is inserted as ``sending`` with its attempt; else ``ready``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything that answering one message changes, in one transaction."""

    inbound: Claimed
    at: datetime
    outbound: tuple[NewOutbound, ...] = ()
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A late answer that is owed."""

    id: MessageId
    contact: Contact
    reply_to: MessageId
    ordinal: int
    """10-12: the place of the late answer among the replies."""
    code: str
    upstream: str
    source: str
    route: str
    asked_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTicket:
    """A turn at a counter whose holder is to be told when it is near."""

    id: MessageId
    contact: Contact
    reply_to: MessageId
    """The message that took it."""
    unit_code: str
    unit_name: str
    number: str
    source: str
    route: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailure:
    """How a send ended that did not succeed."""

    state: OutboundState
    """``ready`` (again at *retry_at*), ``failed`` or ``in_doubt``."""
    error: str
    at: datetime
    retry_at: datetime | None = None
    uses_attempt: bool = True
    parts: tuple[str | None, ...] = ()
    """Ids of the parts that did leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What health and metrics need to know; read outside the writer."""

    inbound_open: int
    oldest_open_seconds: float
    parked: int
    outbound_ready: int
    in_doubt: int
    promises_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One reply to a message, as stored."""

    text: str
    state: OutboundState


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What became of one message."""

    state: InboundState | None
    """None: there is no such message."""
    replies: tuple[Answered, ...] = ()
    """In order; late answers are not among them."""


class Store(LinkingStore, RatingBook, Mailbox, Protocol):
    """The durable truth. One implementation per engine, one contract suite for both.

    Every method that writes raises ``StoreRefused`` when nothing was stored.
    """

    epoch: int
    """Identity of this process as an owner of rows; set by ``open``."""

    async def open(self) -> None:
        """Connect, check the schema (SQLite: migrate), register the epoch, take back what a dead owner left:
        ``claimed`` becomes ``received``, ``sending`` becomes ``in_doubt``.
        """
        ...

    async def close(self) -> None:
        """Give own rows back (``claimed`` → ``received``; ``ready`` loses its owner), end the epoch, close."""
        ...

    async def ping(self) -> None:
        """Prove that a write can be committed; for readiness."""
        ...

    def new_id(self) -> MessageId:
        """An id for a message that we write; never used before by any process."""
        ...

    # --- what arrives

    async def save_inbound(self, message: InboundMessage, *, claim: bool) -> Saved:
        """Insert a message, recognising repeats; create its contact."""
        ...

    async def save_part(self, part: InboundPart) -> PartGroup | None:
        """Insert a part; the whole group when this part completes it. A repeated part changes nothing and returns None."""
        ...

    async def due_groups(self, opened_before: datetime, limit: int) -> Sequence[PartGroup]:
        """Groups not yet finished that are complete, or were opened before that time."""
        ...

    async def finish_group(self, group: MessageId, message: InboundMessage, *, claim: bool) -> Saved:
        """Insert the joined message and close its group, once: a second call comes back as a duplicate."""
        ...

    async def claim_inbound(self, limit: int) -> Sequence[Claimed]:
        """Take ``received`` rows and rows of dead owners, oldest first, one open row per person."""
        ...

    async def release_inbound(self, inbound: MessageId, error: str) -> None:
        """Handling failed: back to ``received``; ``parked`` when it was claimed 5 times."""
        ...

    async def park(self, decision: Decision, error: str) -> None:
        """Give up on a message: ``parked``, with the reply of the decision."""
        ...

    # --- what is decided

    async def decide(self, decision: Decision) -> None:
        """Inbox row ``done``, outbox rows, writes and the contact's turn, all or nothing.

        Raises ``TurnLost`` or ``OwnerLost`` and then changes nothing. A reply whose (reply_to, ordinal) exists is not written again.
        """
        ...

    async def own_codes(self, contact: bytes, since: datetime, limit: int) -> Sequence[str]:
        """Codes that this contact looked up and that were found, newest first, each once."""
        ...

    async def verification_tries(self, contact: bytes, code: str, since: datetime) -> tuple[int, int]:
        """How often the last four digits were tried: on this dossier by anybody, and by this contact on any."""
        ...

    async def original(self, contact: bytes, reply_key: str) -> Original | None:
        """The message of this account with the channel's own name, as it was before its edit that is handled now."""
        ...

    async def owed_codes(self, contact: bytes) -> Sequence[str]:
        """Codes whose late answer this contact still waits for."""
        ...

    # --- what leaves

    async def claim_outbound(self, route: str, limit: int, now: datetime) -> Sequence[OutboundMessage]:
        """``ready`` rows of a route that are due and unowned or of a dead owner, as ``sending`` with an attempt; expired ones become ``expired``."""
        ...

    async def claim_in_doubt(
        self, route: str, limit: int, now: datetime, older_than: datetime
    ) -> Sequence[OutboundMessage]:
        """Rows in doubt since before *older_than*, sent once so far, still valid, whose kind may repeat: as ``sending``, flagged ``possible_duplicate``."""
        ...

    async def record_sent(self, message: OutboundMessage, provider_ids: Sequence[str], at: datetime) -> None:
        """``sent`` with the id of every part; receipts that came earlier are applied."""
        ...

    async def record_failure(self, message: OutboundMessage, failure: SendFailure) -> None:
        """What to do next with a message whose send did not succeed."""
        ...

    async def record_late(self, response: LateResponse) -> bool:
        """Add a part that was accepted late to a message in doubt; ``sent`` when all its parts have an id. False, and nothing
        changed, when the message is not ours or not in doubt any more: sent once more, delivered, given up.
        """
        ...

    async def record_late_refusal(self, refusal: LateRefusal) -> bool:
        """``failed``, or ``ready`` again while it has attempts left, of a message in doubt. False, and nothing changed, when
        the message is not ours or not in doubt any more, or when some of its parts may have left and it may be sent again.
        """
        ...

    async def record_receipt(self, receipt: DeliveryReceipt) -> bool:
        """Move the part's state forward, never back; False and kept aside when no part has that id yet."""
        ...

    # --- late answers

    async def due_promises(
        self, upstream: str, now: datetime, limit: int, *, asked_since: datetime | None = None, after: int = 0
    ) -> Sequence[Promise]:
        """Open promises of an upstream with a greater id than *after*, oldest first, only those asked for since that time if
        one is given; those past their validity are closed on the way. Not claimed: one drainer per process.
        """
        ...

    async def open_promises(self) -> dict[str, int]:
        """How many are owed, per upstream."""
        ...

    async def keep_promise(
        self, promise: Promise, outbound: NewOutbound | None, writes: tuple[Write, ...], at: datetime
    ) -> bool:
        """Close it with its late answer, or with None as cancelled; False when it was closed meanwhile."""
        ...

    # --- turns at counters

    async def tickets(self, contact: bytes, now: datetime) -> Sequence[Ticket]:
        """The tickets that this contact took today, newest first, those given back too."""
        ...

    async def waiting_tickets(self, now: datetime, after: MessageId, limit: int) -> Sequence[WaitingTicket]:
        """Tickets to tell of, in the order of their ids, later than *after*; those past their validity are closed on the way."""
        ...

    async def tell_ticket(self, ticket: WaitingTicket, outbound: NewOutbound | None, at: datetime) -> bool:
        """Tell of a ticket once, or with None never; False, and nothing written, when that was done or is not wanted any more."""
        ...

    # --- keeping house

    async def renew(self) -> None:
        """Keep the epoch alive (PostgreSQL: every 5 s, ends after 30 s); take back rows of dead owners."""
        ...

    async def sweep(self, now: datetime, slice_size: int) -> int:
        """One slice of retention: history past its age is purged; how many rows went. Call until 0."""
        ...

    async def expire_in_doubt(self, now: datetime, limit: int) -> int:
        """Rows in doubt past their validity become ``expired``: nobody waits for them, and a receipt still moves them on;
        how many.
        """
        ...

    async def figures(self, now: datetime) -> Figures:
        """Counts for health and metrics."""
        ...

    async def wait_for_work(self, timeout: float) -> None:
        """Return when another process stored something for us, or after *timeout* seconds: a hint, never the truth."""
        ...

    async def answers(self, channel: ChannelName, external_id: str) -> Answers:
        """The state of the message with the channel's own id, and its replies; for ``motcua say``."""
        ...

    def messages(self, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """Rows for ``motcua messages --jsonl``, oldest first, addresses masked."""
        ...
