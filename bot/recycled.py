"""Numbers that may have a new holder by now: who writes from one gets nothing of the person to whom it was joined.

A text proves who has the number today. It does not prove that this is who joined it with other accounts.
"""

from datetime import timedelta

from bot.answering import Answerer
from bot.clock import Clock
from bot.intent import Outcome, Reply
from bot.linking import Member
from bot.logs import Log
from bot.model import Content, OutboundKind, OutboundMessage
from bot.outgoing import Outgoing, Prepared
from bot.store.port import Claimed, Store

MOST_TOLD = 2
TOLD_WITHIN = timedelta(hours=24)


class Recycling:
    """Parts such numbers from their persons before what they write is understood."""

    def __init__(self, *, store: Store, answerer: Answerer, outgoing: Outgoing, clock: Clock, log: Log) -> None:
        self._store = store
        self._answerer = answerer
        self._outgoing = outgoing
        self._clock = clock
        self._log = log

    async def parts(self, row: Claimed) -> bool:
        """Whether the sender was parted just now: then the row is to be read again, as that of somebody new."""
        if row.contact.linked_to is None:
            return False
        members = await self._store.members(row.contact.home)
        own = next((member for member in members if member.id == row.contact.id), None)
        if own is None or not own.may_have_a_new_holder(self._clock.now()):
            return False
        others = [member for member in members if member is not own and member.destination.source]
        await self._part(row, others[:MOST_TOLD])
        return True

    async def _part(self, row: Claimed, told: list[Member]) -> None:
        """Who stays is told, so that the number can be joined again if it is still the same person's."""
        replies = tuple(Reply("link.recycled", {}, to=member) for member in told)
        contents = self._answerer.render(Outcome(replies), row.contact)
        prepared = [self._outgoing.prepare(self._notice(content)) for content in contents]
        notices = [(member.id, item.outbound) for member, item in zip(told, prepared, strict=True)]
        try:
            parted = await self._store.part_recycled(row.contact, notices, self._clock.now())
        except BaseException:
            _give_back(prepared)
            raise
        if not parted:
            _give_back(prepared)
            return
        for item in prepared:
            item.go()
        self._log.info("number parted", id=row.id, told=len(prepared))

    def _notice(self, content: Content) -> OutboundMessage:
        assert content.to is not None  # noqa: S101 - each reply names its account
        now = self._clock.now()
        return OutboundMessage(
            id=self._store.new_id(),
            to=content.to.address,
            source=content.to.source,
            route=content.to.route,
            text=content.text,
            kind=OutboundKind.NOTICE,
            created_at=now,
            expires_at=now + TOLD_WITHIN,
        )


def _give_back(prepared: list[Prepared]) -> None:
    for item in prepared:
        item.give_back()
