"""What browsers send becomes our nouns and is stored before anybody is told so."""

from adapters.webchat.frames import Said, Seen
from adapters.webchat.sessions import Session
from bot.channels import Receive
from bot.clock import Clock
from bot.events import Event, Scored
from bot.mailbox import Mailbox
from bot.model import DeliveryReceipt, InboundMessage, ReceiptState

ROUTE = "webchat"


class NotHere(Exception):
    """Only a kiosk takes scores: it knows which counter they are for."""


class Arrivals:
    """The way in, whatever the road. Each call returns after the commit, and raises ``StoreError`` when nothing was stored."""

    def __init__(self, receive: Receive, mailbox: Mailbox, clock: Clock) -> None:
        self._receive = receive
        self._mailbox = mailbox
        self._clock = clock

    async def said(self, said: Said, session: Session) -> None:
        """Store a message; a repeat of its id changes nothing. Raises ``NotHere``."""
        await self._receive.message(
            InboundMessage(
                sender=session.address,
                recipient=session.recipient,
                text=said.text,
                received_at=self._clock.now(),
                route=ROUTE,
                external_id=f"{session.address.id}:{said.id}",
                event=_placed(said.event, session),
            )
        )

    async def seen(self, seen: Seen, session: Session) -> None:
        """The browser shows these lines: they are delivered. Lines of others are left alone."""
        for key in sorted(await self._mailbox.written_to(session.address, seen.ids)):
            await self._receive.receipt(
                DeliveryReceipt(
                    route=ROUTE,
                    provider_ids=(str(key),),
                    state=ReceiptState.DELIVERED,
                    received_at=self._clock.now(),
                )
            )


def _placed(event: Event | None, session: Session) -> Event | None:
    """What is rated is never the browser's to say."""
    if not isinstance(event, Scored):
        return event
    if session.counter is None:
        raise NotHere
    return Scored(event.score, f"counter:{session.counter.agency}:{session.counter.code}", event.note)
