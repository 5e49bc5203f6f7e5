"""``motcua understand``: what single texts mean and what we would answer. Each stands alone; nothing is stored or sent."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM, Clock
from bot.console import LONGEST_TEXT
from bot.intent import Ask, Intent, Outcome
from bot.limits import Limits
from bot.logs import get_log
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Contact, InboundMessage, Office
from bot.render import Renderer
from bot.understand_fields import petition_of, procedures_of
from bot.understanding.details import Said
from bot.understanding.names import intent_name, slots
from dossier_client.mending import find_codes
from dossier_client.models import (
    Dossiers,
    Found,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Unavailable,
    Verified,
)
from sms import msisdn

LONGEST_LINE = 1024 * 1024
CHANNELS = {channel.value: channel for channel in ChannelName}


class BadLine(Exception):
    """A line that cannot be understood; the text names the field and the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One text and who wrote it."""

    text: str
    channel: ChannelName
    sender: str
    verified_phone: str | None


class Witness:
    """Passes questions on to the one-stop systems, and remembers which codes exist and whether an answer is missing."""

    def __init__(self, dossiers: Dossiers) -> None:
        self._dossiers = dossiers
        self.found: set[str] = set()
        self.failed = False

    async def find(self, code: str) -> Lookup:
        """As the one-stop systems say."""
        answer = await self._dossiers.find(code)
        match answer:
            case Found(stale=False):
                self.found.add(code)
            case Found() | Unavailable():
                self.failed = True
            case NotFound() | OtherProvince():
                pass
        return answer

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        """As the one-stop systems say."""
        answer = await self._dossiers.history(code)
        self.failed |= isinstance(answer, Unavailable)
        return answer

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        """As the one-stop systems say."""
        answer = await self._dossiers.by_phone(phone)
        self.failed |= isinstance(answer, Unavailable) or not answer.complete
        return answer

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        """As the one-stop systems say."""
        answer = await self._dossiers.verify(code, id_last4)
        self.failed |= isinstance(answer, Unavailable)
        return answer


class LineReader:
    """Answers lines of JSON, each on its own: no limits, no conversation, no memory."""

    def __init__(self, *, office: Office, renderer: Renderer, dossiers: Dossiers, clock: Clock) -> None:
        self._office = office
        self._renderer = renderer
        self._dossiers = dossiers
        self._clock = clock
        self._calendar = WorkingCalendar()

    async def answer(self, raw: bytes) -> bytes:
        """The line of JSON that answers a line of JSON, whatever it holds."""
        key = None
        try:
            given = _object(raw)
            key = _id_of(given)
            answer = await self._understand(_line(given))
        except BadLine as error:
            answer = {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - one line must never cost the others
            get_log().error("line broke", error=repr(error))
            answer = {"error": "internal"}
        return orjson.dumps({"id": key} | answer)

    async def _understand(self, line: Line) -> dict[str, Any]:
        witness = Witness(self._dossiers)
        answer = await self._answerer(witness).answer(self._message(line), _contact(line))
        known = self._slots(answer.intent, line.text)
        asked = known.get("code", [])
        for code in asked:
            await witness.find(code)
        if witness.failed:
            return {"error": "upstream"}
        return {
            "intent": intent_name(answer.intent),
            "slots": known,
            "resolved": [code for code in asked if code in witness.found],
            "suggestions": _suggested(answer.outcome),
            "procedures": [match.procedure.code for match in procedures_of(answer.intent)],
            "petition": petition_of(answer.intent, line.text),
            "reply": list(answer.texts),
        }

    def _answerer(self, witness: Witness) -> Answerer:
        return Answerer(
            office=self._office,
            renderer=self._renderer,
            systems=OneStopSystems(dossiers=witness, background=witness),
            memory_of=lambda _contact: NoMemory(),
            limits=Limits(enabled=False),
            calendar=self._calendar,
            clock=self._clock,
        )

    def _message(self, line: Line) -> InboundMessage:
        return InboundMessage(
            sender=Address(line.channel, line.sender),
            recipient=self._office.short_code,
            text=line.text,
            received_at=self._clock.now(),
            route="",
        )

    def _slots(self, intent: Intent, text: str) -> dict[str, Any]:
        """Those of the intent, and the codes that the text names beside it."""
        said = Said(text, find_codes(text, self._clock.now().astimezone(VIETNAM).date()))
        named = {"code": list(said.code_texts), "petition_code": said.petition_code}
        return {name: value for name, value in named.items() if value} | slots(intent)


def _suggested(outcome: Outcome) -> list[str]:
    questions = [write.question for write in outcome.writes if isinstance(write, Ask)]
    return [code for question in questions if question.kind == "choose_code" for code in question.options]


def _object(raw: bytes) -> Mapping[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise BadLine(f"longer than {LONGEST_LINE} octets")
    try:
        given = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(given, dict):
        raise BadLine("not a JSON object")
    return given


def _id_of(given: Mapping[str, Any]) -> str | int | None:
    key = given.get("id")
    return key if isinstance(key, str | int) and not isinstance(key, bool) else None


def _line(given: Mapping[str, Any]) -> Line:
    if _id_of(given) is None:
        raise BadLine("id: must be a text or a whole number")
    channel = CHANNELS.get(_text(given, "channel"))
    if channel is None:
        raise BadLine(f"channel: must be one of {', '.join(CHANNELS)}")
    sender = _text(given, "sender")
    return Line(
        text=unicodedata.normalize("NFC", _text(given, "text", may_be_empty=True))[:LONGEST_TEXT],
        channel=channel,
        sender=(msisdn.normalise(sender) or sender) if channel is ChannelName.SMS else sender,
        verified_phone=_phone(given.get("verified_phone")),
    )


def _text(given: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not (value or may_be_empty):
        raise BadLine(f"{name}: must be a text")
    return value


def _phone(value: Any) -> str | None:
    if value is None or value == "":
        return None
    number = msisdn.normalise(value) if isinstance(value, str) else None
    if number is None:
        raise BadLine("verified_phone: must be a Vietnamese phone number, for instance 84912345678")
    return number


def _contact(line: Line) -> Contact:
    return Contact(id=bytes(16), address=Address(line.channel, line.sender), verified_phone=line.verified_phone)
