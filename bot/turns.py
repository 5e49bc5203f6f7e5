"""Telling people that their turn at the counter is near: once, while they wait, and never at night."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answering import Answerer
from bot.clock import Clock
from bot.errors import StoreError
from bot.intent import Outcome
from bot.intents.queue import NEAR, near_reply
from bot.late_answers import is_quiet
from bot.linking import Member, account_for_notices
from bot.logs import Log
from bot.model import Destination, MessageId, OutboundKind, OutboundMessage
from bot.outgoing import Outgoing
from bot.rounds import in_rounds
from bot.store.port import Store, WaitingTicket
from bot.store.transitions import NEAR_ORDINAL
from dossier_client.models import Unavailable
from dossier_client.queues import NoQueue, Queues

ROUND_SECONDS = 15.0
PAGE = 100
MOST_A_ROUND = 1000
AT_ONCE = 4
"""Calls to the one-stop systems at a time."""
USEFUL = timedelta(minutes=30)
"""A notice that could not leave for so long is about a turn that is over."""


class Turns:
    """Watches the tickets whose holders wait to be told. Asks the one-stop systems only while there are such tickets."""

    def __init__(
        self, *, store: Store, answerer: Answerer, queues: Queues, outgoing: Outgoing, clock: Clock, log: Log
    ) -> None:
        self._store = store
        self._answerer = answerer
        self._queues = queues
        self._outgoing = outgoing
        self._clock = clock
        self._log = log

    async def run(self) -> None:
        """Look at the lines every quarter of a minute; until cancelled."""
        await in_rounds(self.round, ROUND_SECONDS, self._log, "turns")

    async def round(self) -> int:
        """One look at the tickets; how many people were told."""
        if is_quiet(self._clock.now()):
            return 0
        told, after, places, down = 0, MessageId(0), asyncio.Semaphore(AT_ONCE), set[str]()
        for _ in range(MOST_A_ROUND // PAGE):
            tickets = await self._store.waiting_tickets(self._clock.now(), after, PAGE)
            told += sum(await asyncio.gather(*(self._look(ticket, places, down) for ticket in tickets)))
            if len(tickets) < PAGE:
                break
            after = tickets[-1].id
        return told

    async def _look(self, ticket: WaitingTicket, places: asyncio.Semaphore, down: set[str]) -> bool:
        """Whether its holder was told now. A line that does not answer is asked no more in this round."""
        try:
            async with places:
                return ticket.unit_code not in down and await self._ask(ticket, down)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one ticket must not keep the others waiting; it ends with its day
            self._log.error("looking at a turn broke", id=ticket.id, error=repr(error))
            return False

    async def _ask(self, ticket: WaitingTicket, down: set[str]) -> bool:
        queue = await self._queues.state(ticket.unit_code, ticket.number)
        if isinstance(queue, Unavailable):
            down.add(ticket.unit_code)
            return False
        if isinstance(queue, NoQueue) or queue.ahead is None or ticket.contact.opted_out_at is not None:
            await self._store.tell_ticket(ticket, None, self._clock.now())
            return False
        return queue.ahead <= NEAR and await self._tell(ticket, queue.ahead)

    async def _tell(self, ticket: WaitingTicket, ahead: int) -> bool:
        to = await self._receiver(ticket)
        if to is None:
            await self._store.tell_ticket(ticket, None, self._clock.now())
            return False
        reply = near_reply(ticket.unit_code, ticket.unit_name, ticket.number, ahead)
        receiver = replace(ticket.contact, address=to.destination.address, language=to.language)
        (content,) = self._answerer.render(Outcome((reply,)), receiver)
        prepared = self._outgoing.prepare(self._notice(ticket, to.destination, content.text))
        try:
            told = await self._store.tell_ticket(ticket, prepared.outbound, self._clock.now())
        except BaseException:
            prepared.give_back()
            raise
        if told:
            prepared.go()
        else:
            prepared.give_back()
        self._log.info("turn near", id=ticket.id, sent=told)
        return told

    async def _receiver(self, ticket: WaitingTicket) -> Member | None:
        """The account that took the ticket, or another one that its person chose."""
        contact = ticket.contact
        itself = Destination(contact.address, ticket.source, ticket.route)
        if contact.linked_to is None:
            return Member(id=contact.id, destination=itself, language=contact.language)
        members = await self._store.members(contact.home)
        to = account_for_notices(members, contact.address, self._clock.now())
        return replace(to, destination=itself) if to is not None and to.id == contact.id else to

    def _notice(self, ticket: WaitingTicket, to: Destination, text: str) -> OutboundMessage:
        now: datetime = self._clock.now()
        return OutboundMessage(
            id=self._store.new_id(),
            to=to.address,
            source=to.source,
            route=to.route,
            text=text,
            kind=OutboundKind.NOTICE,
            reply_to=ticket.reply_to,
            ordinal=NEAR_ORDINAL,
            created_at=now,
            expires_at=min(now + USEFUL, ticket.valid_until),
        )
