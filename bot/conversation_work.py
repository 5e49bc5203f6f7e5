"""What officers and the clock do to conversations: decide, store with what is written to the person, send."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot import conversing
from bot.calendar import WorkingCalendar
from bot.clock import Clock
from bot.conversations import Conversation
from bot.conversing import ConversationRefused, Due
from bot.errors import StoreError
from bot.late_answers import is_quiet
from bot.logs import Log
from bot.model import ChannelName, OutboundKind, OutboundMessage
from bot.outgoing import Outgoing, Prepared
from bot.petition_telling import Teller
from bot.petition_work import Surroundings
from bot.petitions.guards import written
from bot.petitions.record import TaskAlert, Told
from bot.plain import plain
from bot.rounds import in_rounds
from bot.store.port import Store
from bot.store.port_conversations import ConversationBook, StaleConversation

ROUND_SECONDS = 60.0
PAGE = 100
LONGEST = {ChannelName.SMS: 300}
"""Characters that an officer may write at once: two SMS."""
LONGEST_ELSEWHERE = 1700
VALID = timedelta(hours=24)


class Book(Store, ConversationBook, Protocol):
    """Where it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Somebody else did something since it was read."""


Outcome = Conversation | ConversationRefused | Stale


class ConversationWork:
    """Steps of conversations that no message of the person asks for."""

    def __init__(
        self, *, book: Book, surroundings: Surroundings, teller: Teller, outgoing: Outgoing, clock: Clock, log: Log
    ) -> None:
        self._book = book
        self._surroundings = surroundings
        self._teller = teller
        self._outgoing = outgoing
        self._clock = clock
        self._log = log

    async def take(self, seen: Conversation, officer: int) -> Outcome:
        """This officer answers; the bot keeps quiet from now on."""
        return await self._store_if(seen, conversing.taken(seen, officer))

    async def give_back(self, seen: Conversation, officer: int) -> Outcome:
        """Somebody else may take it."""
        return await self._store_if(seen, conversing.given_back(seen, officer))

    async def write(self, seen: Conversation, officer: int, text: str) -> Outcome:
        """The officer's words, on the account that the person wrote from last."""
        if not (said := written(text)):
            return ConversationRefused.EMPTY
        if seen.answers_to is None:
            return ConversationRefused.UNREACHABLE
        channel = seen.answers_to.address.channel
        if len(said) > LONGEST.get(channel, LONGEST_ELSEWHERE):
            return ConversationRefused.TOO_LONG
        after = conversing.answered(seen, officer, self._clock.now(), await self._calendar(seen))
        words = plain(said) if channel is ChannelName.SMS else said
        return await self._store_if(seen, after, self._message(seen, words))

    async def called_back(self, seen: Conversation, officer: int) -> Outcome:
        """The officer spoke with the person on the telephone."""
        after = conversing.answered(seen, officer, self._clock.now(), await self._calendar(seen))
        return await self._store_if(seen, after)

    async def close(self, seen: Conversation) -> Outcome:
        """It is over; the bot answers again."""
        return await self._store_if(seen, conversing.closed(seen, "officer", self._clock.now()))

    async def run(self) -> None:
        """Look at what is due every minute; until cancelled."""
        await in_rounds(self.round, ROUND_SECONDS, self._log, "conversations")

    async def round(self) -> int:
        """One look; how many were due. Nobody is told at night: it stays due until morning."""
        now = self._clock.now()
        if is_quiet(now):
            return 0
        found = await self._book.due_conversations(now, PAGE)
        for conversation in found:
            try:
                await self._time(conversation)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - one conversation must not keep the others waiting
                self._log.error("time of a conversation broke", code=conversation.code, error=type(error).__name__)
        return len(found)

    async def _time(self, seen: Conversation) -> None:
        now = self._clock.now()
        match conversing.due(seen, now):
            case Due.NOTHING:
                return
            case Due.CLOSE:
                await self._store(seen, conversing.closed(seen, "silence", now))
            case Due.TELL_HEAD:
                after, alert = conversing.told_to_head(seen, now, await self._calendar(seen))
                told = Told(template="human.later", values={"at": after.promised_at})
                lines = [
                    self._teller.line(told, to, language)
                    for to, language in await self._teller.receivers((seen.answers_to,) if seen.answers_to else (), now)
                ]
                prepared = tuple(self._teller.prepared(lines, now))
                await self._store(seen, after, prepared, (alert,))

    async def _calendar(self, seen: Conversation) -> WorkingCalendar:
        return (await self._surroundings.around(self._clock.now())).calendar_of(seen.agency)

    async def _store_if(
        self,
        seen: Conversation,
        after: Conversation | ConversationRefused,
        message: Callable[[], Prepared] | None = None,
    ) -> Outcome:
        if isinstance(after, ConversationRefused):
            return after
        return await self._store(seen, after, (message(),) if message else ())

    async def _store(
        self,
        seen: Conversation,
        after: Conversation,
        prepared: tuple[Prepared, ...] = (),
        alerts: tuple[TaskAlert, ...] = (),
    ) -> Outcome:
        try:
            notices = [message.outbound for message in prepared]
            await self._book.change_conversation(seen, after, notices, alerts, self._clock.now())
        except BaseException as error:
            for message in prepared:
                message.give_back()
            if isinstance(error, StaleConversation):
                return Stale()
            raise
        for message in prepared:
            message.go()
        self._log.info("conversation", code=seen.code, state=after.state.value)
        return after

    def _message(self, seen: Conversation, text: str) -> Callable[[], Prepared]:
        to, now = seen.answers_to, self._clock.now()

        def prepare() -> Prepared:
            assert to is not None  # noqa: S101 - asked before
            return self._outgoing.prepare(
                OutboundMessage(
                    id=self._book.new_id(),
                    to=to.address,
                    source=to.source,
                    route=to.route,
                    text=text,
                    kind=OutboundKind.NOTICE,
                    created_at=now,
                    expires_at=now + VALID,
                )
            )

        return prepare
