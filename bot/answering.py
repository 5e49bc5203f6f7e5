"""From a text to what we answer: understanding, intent, outcome, render. Reads the world, changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.buttons import buttons_of, numbered
from bot.calendar import WorkingCalendar
from bot.charging import charge_of
from bot.clock import Clock
from bot.events import Edited, FileSent, Photo, PhotoLost
from bot.intent import Ask, Happened, Intent, Outcome, Reply, SetUnreachable
from bot.intents import asks_for_more, decide, late_answer, part_of_own, with_codes_settled
from bot.intents.petition_edits import petition_edited
from bot.intents.petition_files import photographed, with_files
from bot.intents.petition_words import taken_by_petition
from bot.intents.rating_words import taken_by_rating
from bot.intents.world import Memory, World
from bot.limits import Limits
from bot.model import ChannelName, Contact, Content, Destination, InboundMessage, Language, Office, Original
from bot.punctual import Punctual, PunctualQueues
from bot.render import Renderer
from bot.understanding.events import reading
from bot.understanding.router import read, understand
from bot.wishes import ExplainRating, HandlePetition, NewPetition, PetitionMeaning, PetitionStatus
from dossier_client.models import Dossiers
from dossier_client.queues import NoQueues, Queues

ABOUT_PETITIONS = (NewPetition, PetitionMeaning, PetitionStatus, HandlePetition, ExplainRating)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message means, what is decided, and what to send, one content for each reply."""

    intent: Intent
    outcome: Outcome
    contents: tuple[Content, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(content.text for content in self.contents)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStopSystems:
    """The one-stop systems as answers ask them."""

    dossiers: Dossiers
    background: Dossiers
    """The same in a lane of their own, so that late answers never slow a citizen who waits."""
    queues: Queues = field(default_factory=NoQueues)
    """Without them no ticket can be taken."""


def _back_again(outcome: Outcome, contact: Contact) -> Outcome:
    """Who had left and writes can be reached again."""
    leaves = any(isinstance(write, SetUnreachable) for write in outcome.writes)
    if contact.unreachable_at is None or leaves:
        return outcome
    return Outcome(outcome.replies, (*outcome.writes, SetUnreachable(None)))


async def _said(message: InboundMessage, contact: Contact, memory: Memory) -> str | Happened:
    """The text to understand, or what happened. An edit of what was answered before it came needs no second answer."""
    if isinstance(message.event, Edited):
        original = await memory.original(message.event.message)
        if original is not None and (original.text == message.text or _was_told(original, message)):
            return Happened(message.event)
    return reading(message.text, message.event, contact)


def _was_told(original: Original, edit: InboundMessage) -> bool:
    return original.answered_at is not None and original.answered_at <= edit.received_at


async def _phones(contact: Contact, memory: Memory, now: datetime) -> tuple[str, ...]:
    """The numbers that this person proved to have: those of all joined accounts. A text proves the number it comes from; one
    that may belong to somebody else by now opens nothing elsewhere.
    """
    if contact.linked_to is None:
        own = contact.address.id if contact.address.channel is ChannelName.SMS else contact.verified_phone
        return (own,) if own else ()
    members = await memory.members()
    proved = [member for member in members if member.id == contact.id or not member.needs_new_proof(now)]
    addresses = [member.destination.address for member in proved]
    return tuple(address.id for address in addresses if address.channel is ChannelName.SMS)


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
        without_buttons: frozenset[ChannelName] = frozenset(),
    ) -> None:
        """*without_buttons* are the chats that show none: there choices are numbered."""
        self._office = office
        self.without_buttons = without_buttons
        """As it was given."""
        self._renderer = renderer
        self._systems = systems
        self._memory_of = memory_of
        self._limits = limits
        self._calendar = calendar
        self._clock = clock

    @property
    def renderer(self) -> Renderer:
        """What words all answers."""
        return self._renderer

    @property
    def dossiers(self) -> Dossiers:
        """The one-stop systems that answers come from."""
        return self._systems.dossiers

    async def answer(self, message: InboundMessage, contact: Contact) -> Answer:
        """What to say to *message* from *contact*. Ends within 6 s whatever the one-stop systems do."""
        now = self._clock.now()
        here = Destination(contact.address, message.recipient, message.route)
        world = replace(await self._world(contact, now, Punctual(self._systems.dossiers)), here=here)
        intent, outcome = await self._decided(message, world)
        outcome = _back_again(outcome, contact)
        contents = self.render(outcome, contact)
        if contact.address.channel in self.without_buttons:
            contents, questions = numbered(contents, now)
            outcome = replace(outcome, writes=(*outcome.writes, *map(Ask, questions)))
        return Answer(intent, outcome, contents)

    async def _decided(self, message: InboundMessage, world: World) -> tuple[Intent, Outcome]:
        """What is meant and what is made of it. Files go into the petition that is being written, whatever their caption says."""
        said, event = await _said(message, world.contact, world.memory), message.event
        if isinstance(event, Photo | FileSent):
            caption = "" if isinstance(said, Happened) else said
            if outcome := await photographed(event, caption, world):
                return Happened(event), outcome
        if isinstance(event, Edited) and (outcome := await petition_edited(event, message.text, world)):
            return Happened(event), outcome
        intent = said if isinstance(said, Happened) else await self._intent(said, world)
        outcome = await decide(intent, await with_files(event, intent, world))
        if isinstance(event, Photo | PhotoLost) and asks_for_more(outcome):
            return Happened(event), await decide(Happened(event), world)
        return intent, outcome

    async def _intent(self, text: str, world: World) -> Intent:
        """What is meant, once it is clear which dossiers are; the words of a petition stay as they were written."""
        found = read(text, world.contact, world.now, self._office)
        intent = (
            await taken_by_rating(found, world)
            or await taken_by_petition(found, world)
            or await part_of_own(text, world)
            or found.intent
        )
        if isinstance(intent, ABOUT_PETITIONS) or (settled := await with_codes_settled(text, world)) == text:
            return intent
        return understand(settled, world.contact, world.now, self._office)

    async def late(self, code: str, asked_at: datetime, contact: Contact) -> tuple[Outcome, tuple[Content, ...]] | None:
        """The late answer that was promised; no text when it is not to be sent any more, None while it is still owed."""
        world = await self._world(contact, self._clock.now(), self._systems.background)
        outcome = await late_answer(code, asked_at, world)
        if outcome is None:
            return None
        return outcome, self.render(outcome, contact)

    def render(self, outcome: Outcome, contact: Contact) -> tuple[Content, ...]:
        """The replies in the person's language, which the outcome itself may just have changed; buttons under the last."""
        language = next((write.language for write in outcome.writes if hasattr(write, "language")), contact.language)
        charge = charge_of(reply.template for reply in outcome.replies)
        channel = contact.address.channel
        contents = [replace(self._content(reply, language, channel), charge=charge) for reply in outcome.replies]
        own = [place for place, content in enumerate(contents) if content.to is None]
        if own and channel is not ChannelName.SMS:
            last = own[-1]
            buttons = buttons_of(outcome, outcome.replies[last], contents[last].text, language, self._renderer.built)
            contents[last] = replace(contents[last], buttons=buttons)
        return tuple(contents)

    def notice(self, reply: Reply, contact: Contact) -> Content:
        """A reply to nothing: told unasked. Where no buttons are shown nothing stands instead, for no question is kept."""
        (content,) = self.render(Outcome((reply,)), contact)
        return replace(content, buttons=()) if contact.address.channel in self.without_buttons else content

    def _content(self, reply: Reply, language: Language, channel: ChannelName) -> Content:
        """Other accounts of a person are written to in their own language."""
        if reply.to is None:
            return Content(self._renderer.render(reply, language, channel), once=reply.once)
        to = reply.to.destination
        text = self._renderer.render(reply, reply.to.language, to.address.channel)
        return Content(text, once=reply.once, to=to)

    async def _world(self, contact: Contact, now: datetime, dossiers: Dossiers) -> World:
        memory = self._memory_of(contact)
        return World(
            contact=contact,
            now=now,
            office=self._office,
            dossiers=dossiers,
            memory=memory,
            limits=self._limits,
            calendar=self._calendar,
            queues=PunctualQueues(self._systems.queues),
            phones=await _phones(contact, memory, now),
        )
