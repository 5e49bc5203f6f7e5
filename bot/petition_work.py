"""What officers and the clock do to petitions, from the desk and from chat alike: decide, store, tell, in that order."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.errors import StalePetition
from bot.logs import Log
from bot.petition_data import with_its_case
from bot.petition_telling import Line, Teller
from bot.petitions.around import Around, Refused
from bot.petitions.commands import Command, Merge, Submit
from bot.petitions.deciding import decide
from bot.petitions.record import Actor, Petition, PetitionChange
from bot.store.port_petitions import PetitionBook

NOT_FOUND = "not_found"


class Surroundings(Protocol):
    """What the desk has set."""

    async def around(self, now: datetime) -> Around:
        """Calendars, fields, agencies and officers as they are now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The step is stored, and what is told of it leaves."""

    change: PetitionChange
    messages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Somebody else took a step since the petition was read; nothing was changed."""

    newer: Petition


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be told, exactly as people would read it."""

    change: PetitionChange
    lines: tuple[Line, ...]


class PetitionWork:
    """Steps of petitions that no message of a citizen asks for."""

    def __init__(
        self, *, book: PetitionBook, surroundings: Surroundings, teller: Teller, clock: Clock, log: Log
    ) -> None:
        self._book = book
        self._surroundings = surroundings
        self._teller = teller
        self._clock = clock
        self._log = log

    async def do(self, code: str, seen_version: int, command: Command, actor: Actor) -> Done | Refused | Stale:
        """One step. ``Refused("not_found")`` when there is no such petition: whoever shows it decides who may see it."""
        petition = await self._book.petition(code)
        if petition is None:
            return Refused(reason=NOT_FOUND)
        if petition.version != seen_version:
            return Stale(newer=petition)
        decided = await self._decided(petition, command, actor)
        return decided if isinstance(decided, Refused) else await self._store(decided)

    async def submit(self, command: Submit, actor: Actor) -> Done | Refused:
        """A petition that the reception office writes down for somebody; its code is given here."""
        now = self._clock.now()
        command = replace(command, code=await self._book.new_petition_code(now), on_behalf=True)
        decided = decide(None, command, actor, await self._surroundings.around(now))
        if isinstance(decided, Refused):
            return decided
        stored = await self._store(decided)
        if isinstance(stored, Stale):
            raise StalePetition(command.code)
        return stored

    async def preview(self, code: str, command: Command, actor: Actor) -> Preview | Refused:
        """What the step would be and tell; nothing is stored."""
        petition = await self._book.petition(code)
        if petition is None:
            return Refused(reason=NOT_FOUND)
        decided = await self._decided(petition, command, actor)
        if isinstance(decided, Refused):
            return decided
        return Preview(change=decided, lines=tuple(await self._teller.lines(decided, self._clock.now())))

    async def around(self, petition: Petition, command: Command | None = None) -> Around:
        """Everything that decides about a petition now."""
        around = await self._surroundings.around(self._clock.now())
        case = command.case if isinstance(command, Merge) else None
        return await with_its_case(around, self._book, petition, case)

    async def _decided(self, petition: Petition, command: Command, actor: Actor) -> PetitionChange | Refused:
        return decide(petition, command, actor, await self.around(petition, command))

    async def _store(self, change: PetitionChange) -> Done | Stale:
        now = self._clock.now()
        lines = await self._teller.lines(change, now)
        prepared = list(self._teller.prepared(lines, now))
        try:
            await self._book.change_petition(change, [message.outbound for message in prepared])
        except BaseException as error:
            for message in prepared:
                message.give_back()
            newer = await self._book.petition(change.after.code) if isinstance(error, StalePetition) else None
            if newer is None:
                raise
            return Stale(newer=newer)
        for message in prepared:
            message.go()
        self._log.info("petition", code=change.after.code, step=change.event.name, state=change.after.state)
        return Done(change=change, messages=len(prepared))
