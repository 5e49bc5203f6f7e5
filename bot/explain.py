"""``motcua explain``: how one text is read, layer by layer, and what would be replied. No upstream is asked."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import NoReturn

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Contact, InboundMessage, Office
from bot.render import Renderer
from bot.understand_fields import likeliest, petition_of, procedures_of
from bot.understanding.keywords import BUILT
from bot.understanding.names import intent_name, slots
from bot.understanding.router import Reading, read
from bot.understanding.subjects import subject_of
from bot.wishes import ProcedureQuestion

NOBODY = Contact(id=bytes(16), address=Address(ChannelName.SMS, "84900000000"))
GUESSES = 3


class UpstreamNeeded(Exception):
    """The reply tells what only the one-stop system knows."""


class NoUpstream:
    """Stands where the one-stop systems would be asked."""

    async def find(self, code: str) -> NoReturn:
        """Would ask for *code*."""
        raise UpstreamNeeded(f"the state of {code}")

    async def history(self, code: str) -> NoReturn:
        """Would ask for the steps of *code*."""
        raise UpstreamNeeded(f"the steps of {code}")

    async def by_phone(self, phone: str) -> NoReturn:
        """Would ask for own dossiers."""
        del phone
        raise UpstreamNeeded("the sender's dossiers")

    async def verify(self, code: str, id_last4: str) -> NoReturn:
        """Would ask whether the digits belong to *code*."""
        del id_last4
        raise UpstreamNeeded(f"whose {code} is")


async def explain(text: str, office: Office) -> AsyncIterator[str]:
    """Line by line. *text* is NFC."""
    now = datetime.now(UTC)
    for line in trace(text, office, now):
        yield line
    async for line in _replies(text, office, now):
        yield line


def trace(text: str, office: Office, now: datetime) -> Iterator[str]:
    """How *text* is read, layer by layer, by itself: without the conversation that it may belong to."""
    reading = read(text, NOBODY, now, office)
    for lines in (_text(reading), _codes(reading), _meaning(reading), _beside(reading, text)):
        yield from lines


def _text(reading: Reading) -> Iterator[str]:
    yield f"commands  {reading.said.normalised}"
    yield f"words     {reading.said.plain}"


def _codes(reading: Reading) -> Iterator[str]:
    for typed in reading.said.codes.codes:
        mended = ", mended" if typed.mended else ""
        yield f"code      {typed.code.text}  head {typed.code.head}, received {typed.code.received_on}{mended}"
    for item in reading.said.codes.malformed:
        yield f"no code   {item.typed}: {item.problem}"
    if reading.said.petition_code:
        yield f"petition  {reading.said.petition_code}"


def _meaning(reading: Reading) -> Iterator[str]:
    guesses = ", ".join(f"{guess.label} {guess.probability:.2f}" for guess in reading.said.guesses[:GUESSES])
    yield f"model     {guesses}"
    yield f"rule      {reading.rule.value}"
    yield f"intent    {intent_name(reading.intent)}  {type(reading.intent).__name__}"
    yield f"slots     {slots(reading.intent)}"


def _beside(reading: Reading, text: str) -> Iterator[str]:
    meant = likeliest(reading.intent)
    if isinstance(meant, ProcedureQuestion) and (body := subject_of(meant.question).body):
        yield f"body      {body}"
    for match in procedures_of(meant):
        yield f"procedure {match.procedure.code} {match.score:.2f}  {match.procedure.name}"
    if petition := petition_of(meant, text):
        yield f"petition  {petition}"


async def _replies(text: str, office: Office, now: datetime) -> AsyncIterator[str]:
    nobody = NoUpstream()
    answerer = Answerer(
        office=office,
        renderer=Renderer(office, BUILT),
        systems=OneStopSystems(dossiers=nobody, background=nobody),
        memory_of=lambda _contact: NoMemory(),
        limits=Limits(enabled=False),
        calendar=WorkingCalendar(),
        clock=FixedClock(now),
    )
    message = InboundMessage(sender=NOBODY.address, recipient=office.short_code, text=text, received_at=now, route="")
    try:
        answer = await answerer.answer(message, NOBODY)
    except UpstreamNeeded as needed:
        yield f"reply     (needs the one-stop system: {needed})"
    else:
        for reply in answer.texts or ("(none)",):
            yield f"reply     {reply}"
