"""Petitions, events and drafts as rows. What no list asks for is JSON, so a field more needs no new column."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from pydantic import TypeAdapter

from bot.model import ChannelName, Destination
from bot.officers import OfficerRole
from bot.petitions.record import (
    Actor,
    ActorKind,
    Draft,
    Petition,
    PetitionEvent,
    PetitionId,
    PetitionState,
    Place,
    StoredFile,
)
from bot.store.keys import from_micros, storable, to_micros
from bot.store.schema_petitions import petition
from bot.store.statements import Row

BESIDE = frozenset({"sender", "erase_when_closed"})
"""Columns that are the store's own."""
COLUMNS = tuple(column for column in petition.columns if column.name not in BESIDE)
"""What ``petition_of`` reads, in its order."""
NAMES = tuple(column.name for column in COLUMNS)
PLACE = {"ward": "ward", "place_text": "text", "latitude": "latitude", "longitude": "longitude"}
"""Columns of the place, by the names of its fields."""
TIMES = frozenset({"sent_at", "released_at", "clock_at", "answer_due", "answered_at", "closed_at"})
RENAMED = {"case_code": "case"}
KEPT = frozenset(NAMES) | {"place", "case"}
MORE = tuple(item.name for item in fields(Petition) if item.name not in KEPT)
_petitions, _drafts, _destinations = TypeAdapter(Petition), TypeAdapter(Draft), TypeAdapter(tuple[Destination, ...])
_more = TypeAdapter(dict[str, Any])

Seal = Callable[[bytes], bytes]
Open = Callable[[bytes], bytes]


def petition_id(code: str) -> PetitionId:
    """The number in a code: year and number of the year, so ids grow with time."""
    return PetitionId(int(code[2:-1]))


def petition_row(found: Petition, version: int, seal: Seal) -> Row:
    """The values of ``COLUMNS``."""
    special: dict[str, Any] = {
        "id": petition_id(found.code),
        "version": version,
        "person": found.person or None,
        "told_at": seal(_destinations.dump_json(found.told_at)),
        "more": _more.dump_json({name: getattr(found, name) for name in MORE}).decode(),
        **{column: getattr(found.place, name) for column, name in PLACE.items()},
    }
    return tuple(_stored(special.get(name, getattr(found, RENAMED.get(name, name), None))) for name in NAMES)


def petition_of(row: Row, opened: Open) -> Petition:
    """The petition in the values of ``COLUMNS``."""
    values = dict(zip(NAMES, row, strict=True))
    place = Place(**{name: values.pop(column) for column, name in PLACE.items()})
    for name in TIMES:
        values[name] = None if values[name] is None else from_micros(values[name])
    for column, name in RENAMED.items():
        values[name] = values.pop(column)
    sealed, person = bytes(values.pop("told_at")), values.pop("person")
    values |= orjson.loads(values.pop("more")) | {
        "place": place,
        "person": b"" if person is None else bytes(person),
        "told_at": _destinations.validate_json(opened(sealed)) if sealed else (),
    }
    return _petitions.validate_python(values)


def event_row(key: PetitionId, version: int, event: PetitionEvent) -> Row:
    """The values of the table of events, in its order."""
    actor = event.actor
    values = (
        key,
        version,
        event.at,
        actor.kind,
        actor.officer,
        actor.name,
        actor.role,
        actor.agency,
        actor.at_reception,
        actor.channel,
        event.name,
        event.before,
        event.after,
        orjson.dumps(dict(event.data)).decode(),
    )
    return tuple(_stored(value) for value in values)


def event_of(row: Row) -> PetitionEvent:
    """The event in a row of the table but for its first two columns."""
    at, kind, officer, officer_name, role, agency, at_reception, channel, name, before, after, data = row
    actor = Actor(
        kind=ActorKind(kind),
        officer=officer,
        name=officer_name,
        role=None if role is None else OfficerRole(role),
        agency=agency,
        at_reception=bool(at_reception),
        channel=None if channel is None else ChannelName(channel),
    )
    return PetitionEvent(
        at=from_micros(at),
        actor=actor,
        name=name,
        before=None if before is None else PetitionState(before),
        after=PetitionState(after),
        data=orjson.loads(data),
    )


def draft_row(person: bytes, draft: Draft, seal: Seal) -> Row:
    """The values of the table of drafts, in its order."""
    values = (
        person,
        seal(_drafts.dump_json(draft)),
        draft.opened_at,
        draft.changed_at,
        draft.reminded_at,
        draft.is_offer,
    )
    return tuple(_stored(value) for value in values)


def draft_of(sealed: bytes, opened: Open) -> Draft:
    """The draft that was sealed."""
    return _drafts.validate_json(opened(bytes(sealed)))


def file_rows(
    files: Sequence[StoredFile], *, petition: PetitionId | None, person: bytes | None, at: datetime
) -> list[Row]:
    """The values of the table of files, in its order."""
    return [
        (
            file.name,
            petition,
            person,
            file.media_type,
            file.octets,
            file.by_officer,
            file.released,
            to_micros(at),
        )
        for file in files
    ]


def file_of(row: Row) -> StoredFile:
    """The file in name, kind, size and marks."""
    name, media_type, size, by_officer, released = row
    return StoredFile(
        name=name, media_type=media_type, octets=size, by_officer=bool(by_officer), released=bool(released)
    )


def _stored(value: Any) -> Any:
    match value:
        case datetime():
            return to_micros(value)
        case StrEnum():
            return value.value
        case str():
            return storable(value)
        case _:
            return value
