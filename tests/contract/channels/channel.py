"""What a channel brings to the contract: how its peer writes to us, and how its stand-in takes what we send.

A new channel is one subclass in a file of its own and one line in ``rows.py``.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call of the channel's peer."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Arrived:
    """What a person got."""

    to: str
    text: str


class Answer(Enum):
    """How the provider answers one send; each is one class of ``SendError``."""

    BUSY = "channel_busy"
    """Slow down for about a second."""
    TEMPORARY = "temporary"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNKNOWN = "in_doubt"
    """The message is taken and the connection breaks before the answer."""


class Channel(ABC):
    """A channel with its stand-in."""

    name: str
    """As the rows of inbox and outbox say."""
    forged = 401
    """What a forged request is answered with."""
    stored = 200
    answers: frozenset[Answer] = frozenset(Answer)
    """The answers that its provider can give."""
    limit = 64 * 1024
    """The largest body that is read."""

    def listening(self, address: str) -> None:  # noqa: B027 - most peers only speak to us: they need not know
        """A gateway was started here."""

    @abstractmethod
    async def start(self) -> str:
        """Start the stand-in; the channel's lines of the configuration."""

    @abstractmethod
    async def stop(self) -> None:
        """Close the stand-in."""

    @abstractmethod
    def person(self, number: int) -> str:
        """The channel's id of a person."""

    @abstractmethod
    def text(self, person: str, text: str, key: str) -> Request:
        """A genuine message. The same key makes the same octets: a repeat."""

    @abstractmethod
    def forge(self, request: Request) -> Request:
        """The same, signed by somebody else; or with wrong credentials."""

    @abstractmethod
    def unreadable(self) -> Request | None:
        """Genuine as far as that can be told, and nothing that can be read. None where there is no such thing."""

    @abstractmethod
    def unknown(self) -> Request | None:
        """Genuine, readable, and of a kind that nobody has heard of. None where there are no kinds."""

    @abstractmethod
    def left(self, person: str) -> Request | None:
        """The person blocks us. None where nobody tells."""

    @abstractmethod
    def oversized(self) -> Request:
        """Larger than ``limit``."""

    def answered(self, body: bytes) -> None:
        """What the gateway answered to a call of the peer: where replies stand in there, they have arrived."""
        del body

    @abstractmethod
    def arrived(self) -> list[Arrived]:
        """Everything that left, oldest first."""

    @abstractmethod
    def answer_next(self, answer: Answer) -> None:
        """How the next send is answered."""
