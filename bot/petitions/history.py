"""What an event of a petition keeps: the words of the command and the fields that it changed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.petitions.commands import Submit
from bot.petitions.record import Petition, StoredFile

DERIVED = frozenset({"id", "version", "state", "state_since", "changed_at", "clock_at", "person", "told_at"})
"""Follow from the event itself, or tell who somebody is."""
COMMANDED = frozenset({"answer", "summary", "question", "public_text"})
"""Stand in the event as words of the command."""
PRIVATE = frozenset({"draft", "person", "told_at"})
"""Words of a command that no event keeps: who somebody is, and where he is reached."""


def event_name(command: type) -> str:
    """``return_to_reception`` of ``ReturnToReception``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


def event_data(command: Any, before: Petition | None, after: Petition) -> Mapping[str, Any]:
    """JSON values only."""
    return {**dict(_words(command)), **dict(_changed(before, after))}


def _words(command: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(command):
        value = getattr(command, field.name)
        if field.name not in PRIVATE and value not in {None, "", ()}:
            yield field.name, _json(value)
    if isinstance(command, Submit):
        yield "text", command.draft.text


def _changed(before: Petition | None, after: Petition) -> Iterator[tuple[str, Any]]:
    if before is None:
        yield from ((name, _json(getattr(after, name))) for name in ("answer_due", "classify_due", "days"))
        return
    for field in fields(after):
        new = getattr(after, field.name)
        if field.name not in DERIVED | COMMANDED and new != getattr(before, field.name):
            yield field.name, _json(new)


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    return value.name if isinstance(value, StoredFile) else value
