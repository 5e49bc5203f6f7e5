"""The conversation of a petition and the list of what happened, from its events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.clock import VIETNAM
from bot.model import Language
from bot.petitions.around import Around
from bot.petitions.record import ActorKind, Petition, PetitionEvent
from bot.store.port_conversations import ThreadLine
from bot.web.desk.petitions.views import category_name, visible

CITIZEN_TEXTS = {"submit": "text", "add_information": "text", "reopen": "reason", "rated": "comment"}
"""Event → which of its words the citizen wrote."""
OFFICER_TEXTS = {"send_answer": "text", "ask_citizen": "question"}
"""Event → which of its words the citizen read."""
INTERNAL_TEXTS = {
    "add_note": "text",
    "return_to_reception": "reason",
    "return_proposal": "comment",
    "propose_answer": "text",
    "transfer": "note",
    "reject": "note",
}
"""Event → which of its words stay among officers."""
SHOWN_DATA = ("agency", "officer", "category", "score", "answer_due", "case", "body", "number", "until", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """Something that was said."""

    at: datetime
    side: str
    """``citizen``, ``officer`` or ``note``."""
    who: str
    """The officer's name; "" for the citizen and the system."""
    channel: str
    event: str
    text: str
    state: str = ""
    """What became of a message of ours; "" for everything else."""

    def plain(self) -> Mapping[str, Any]:
        """As JSON shows it."""
        return asdict(self)


def bubbles(petition: Petition, happened: Sequence[PetitionEvent]) -> list[Bubble]:
    """Oldest first. A petition that came without its event (taken over from elsewhere) begins with its text."""
    found = list(_bubbles(petition, happened))
    if not any(bubble.event == "submit" for bubble in found):
        found.insert(0, _bubble_of(petition.sent_at, "citizen", "", petition.channel.value, "submit", petition.text))
    return found


def _bubbles(petition: Petition, happened: Sequence[PetitionEvent]) -> Iterator[Bubble]:
    for event in happened:
        for side, table in (("citizen", CITIZEN_TEXTS), ("officer", OFFICER_TEXTS), ("note", INTERNAL_TEXTS)):
            text = event.data.get(table.get(event.name, ""), "")
            if text:
                channel = event.actor.channel or (petition.channel if event.name == "submit" else None)
                yield _bubble_of(
                    event.at, side, event.actor.name, channel.value if channel else "", event.name, str(text)
                )


def conversation(petition: Petition, happened: Sequence[PetitionEvent], thread: Sequence[ThreadLine]) -> list[Bubble]:
    """Every message of the person's thread, each once, with what officers said among themselves; oldest first. What is too old to
    be kept as a message stands there as the event that it was.
    """
    kept = [line for line in thread if line.text]
    said = " ".join(" ".join(line.text.split()) for line in kept)
    told = [
        bubble
        for bubble in bubbles(petition, happened)
        if bubble.side == "note" or " ".join(bubble.text.split()) not in said
    ]
    return sorted([*told, *map(_line_of, kept)], key=lambda bubble: bubble.at)


def _line_of(line: ThreadLine) -> Bubble:
    return Bubble(
        at=line.at,
        side="citizen" if line.is_theirs else "officer",
        who="",
        channel=line.channel.value,
        event="",
        text=visible(line.text),
        state=line.state.value if line.state else "",
    )


def _bubble_of(at: datetime, side: str, who: str, channel: str, event: str, text: str) -> Bubble:
    return Bubble(at=at, side=side, who=who, channel=channel, event=event, text=visible(text))


def events(happened: Sequence[PetitionEvent], around: Around, language: Language) -> list[Mapping[str, Any]]:
    """Newest first: who did what, from which state to which."""
    return [
        {
            "at": event.at,
            "name": event.name,
            "who": event.actor.name if event.actor.kind is ActorKind.OFFICER else event.actor.kind.value,
            "is_officer": event.actor.kind is ActorKind.OFFICER,
            "before": event.before.value if event.before else "",
            "after": event.after.value,
            "data": {
                name: _told(name, event.data[name], around, language) for name in SHOWN_DATA if event.data.get(name)
            },
        }
        for event in reversed(happened)
    ]


MOMENTS = frozenset({"answer_due", "until"})
"""Kept as ISO 8601, shown as days."""


def _told(name: str, value: Any, around: Around, language: Language) -> str:
    if name in MOMENTS:
        return f"{datetime.fromisoformat(value).astimezone(VIETNAM):%d/%m/%Y}"
    if name == "category":
        return category_name(value, around, language)
    if name == "score":
        return f"{value}/5"
    if name == "agency" and value in around.agencies:
        return around.agencies[value].name
    if name == "officer" and value in around.officers:
        return around.officers[value].name
    return visible(str(value))
