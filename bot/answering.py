"""From a text to what we answer: understanding, intent, outcome, render. Reads the world, changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.calendar import WorkingCalendar
from bot.clock import Clock
from bot.intent import Intent, Outcome, Reply
from bot.intents import decide, late_answer, part_of_own, with_codes_settled
from bot.intents.world import Memory, World
from bot.limits import Limits
from bot.model import ChannelName, Contact, InboundMessage, Office
from bot.punctual import Punctual, PunctualQueues
from bot.render import Renderer
from bot.understanding.router import understand
from bot.wishes import NewPetition
from dossier_client.models import Dossiers
from dossier_client.queues import NoQueues, Queues


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message means, what is decided, and the texts to send, one for each reply."""

    intent: Intent
    outcome: Outcome
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStopSystems:
    """The one-stop systems as answers ask them."""

    dossiers: Dossiers
    background: Dossiers
    """The same in a lane of their own, so that late answers never slow a citizen who waits."""
    queues: Queues = field(default_factory=NoQueues)
    """Without them no ticket can be taken."""


class Answerer:
    """Answers messages. Holds nothing of a conversation itself: the contact brings it."""

    def __init__(
        self,
        *,
        office: Office,
        renderer: Renderer,
        systems: OneStopSystems,
        memory_of: Callable[[Contact], Memory],
        limits: Limits,
        calendar: WorkingCalendar,
        clock: Clock,
    ) -> None:
        self._office = office
        self._renderer = renderer
        self._systems = systems
        self._memory_of = memory_of
        self._limits = limits
        self._calendar = calendar
        self._clock = clock

    async def answer(self, message: InboundMessage, contact: Contact) -> Answer:
        """What to say to *message* from *contact*. Ends within 6 s whatever the one-stop systems do."""
        now = self._clock.now()
        world = self._world(contact, now, Punctual(self._systems.dossiers))
        intent = await self._intent(message.text, world)
        outcome = await decide(intent, world)
        return Answer(intent, outcome, self.render(outcome.replies, contact, outcome))

    async def _intent(self, text: str, world: World) -> Intent:
        """What is meant, once it is clear which dossiers are; the words of a petition stay as they were written."""
        intent = await part_of_own(text, world) or understand(text, world.contact, world.now, self._office)
        if isinstance(intent, NewPetition) or (settled := await with_codes_settled(text, world)) == text:
            return intent
        return understand(settled, world.contact, world.now, self._office)

    async def late(self, code: str, asked_at: datetime, contact: Contact) -> tuple[Outcome, tuple[str, ...]] | None:
        """The late answer that was promised; no text when it is not to be sent any more, None while it is still owed."""
        outcome = await late_answer(code, asked_at, self._world(contact, self._clock.now(), self._systems.background))
        if outcome is None:
            return None
        return outcome, self.render(outcome.replies, contact, outcome)

    def render(self, replies: tuple[Reply, ...], contact: Contact, outcome: Outcome) -> tuple[str, ...]:
        """The replies in the person's language, which the outcome itself may just have changed."""
        language = next((write.language for write in outcome.writes if hasattr(write, "language")), contact.language)
        return tuple(self._renderer.render(reply, language, contact.address.channel) for reply in replies)

    def _world(self, contact: Contact, now: datetime, dossiers: Dossiers) -> World:
        return World(
            contact=contact,
            now=now,
            office=self._office,
            dossiers=dossiers,
            memory=self._memory_of(contact),
            limits=self._limits,
            calendar=self._calendar,
            queues=PunctualQueues(self._systems.queues),
            verified_phone=contact.address.id if contact.address.channel is ChannelName.SMS else contact.verified_phone,
        )
