"""What the store promises about conversations of people with officers, and of the words that the desk shows of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversations import Conversation, ConversationState
from bot.errors import StoreError
from bot.model import ChannelName, MessageId, OutboundKind
from bot.petitions.record import TaskAlert
from bot.store.port import NewOutbound, OutboundState


class StaleConversation(StoreError):
    """Somebody changed the conversation meanwhile: read it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """One message of a person's thread."""

    id: MessageId
    at: datetime
    channel: ChannelName
    text: str
    """"" when it was something else than words, or is too old to be kept."""
    state: OutboundState | None
    """What became of it; None when the person wrote it."""
    kind: OutboundKind | None = None

    @property
    def is_theirs(self) -> bool:
        """The person wrote it."""
        return self.state is None


class ConversationBook(Protocol):
    """Conversations, and the thread of a person: messages about petitions and conversations on all joined accounts."""

    async def new_conversation_code(self) -> str:
        """``CB00017``; taken at once."""
        ...

    async def conversation(self, code: str) -> Conversation | None:
        """By its code."""
        ...

    async def conversation_of(self, person: bytes) -> Conversation | None:
        """The one that this person has and that is not closed, on whatever account it began."""
        ...

    async def conversations(
        self, state: ConversationState, limit: int, *, agency: str = "", taken_by: int | None = None
    ) -> Sequence[Conversation]:
        """Those in a state, of an agency or an officer if given: the longest waiting first, closed ones newest first."""
        ...

    async def due_conversations(self, now: datetime, limit: int) -> Sequence[Conversation]:
        """Those whose ``clock_at`` has come."""
        ...

    async def change_conversation(
        self,
        before: Conversation,
        after: Conversation,
        notices: Sequence[NewOutbound],
        alerts: Sequence[TaskAlert],
        at: datetime,
    ) -> None:
        """A change that no message of the person asks for, with what is written to the person. Raises ``StaleConversation``."""
        ...

    async def thread_of(self, person: bytes, limit: int, *, before: MessageId | None = None) -> Sequence[ThreadLine]:
        """The newest lines before that one, oldest first."""
        ...
