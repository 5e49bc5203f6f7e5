"""One petition through its life: steps at increasing times, the clock's among them, decided as the gateway decides them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.calendar import Calendars, WorkingCalendar
from bot.errors import MotcuaError
from bot.petitions import reminders
from bot.petitions.around import Around, Refused
from bot.petitions.categories import shipped_categories
from bot.petitions.commands import Command, Release
from bot.petitions.deciding import decide
from bot.petitions.record import SYSTEM, Actor, Petition, PetitionChange, PetitionState, StoredFile, TaskAlert
from bot.petitions.redaction import suggested_public_text
from bot.sample.world import agencies, officers

CALENDARS = Calendars(WorkingCalendar())
WORKING = CALENDARS.of("")
OFFICERS = {officer.id: officer for officer in officers()}


class OutOfTime(Exception):
    """The next step would lie in the future."""


class BadLife(MotcuaError):
    """A step of the sample was refused: the sample does not fit the rules any more."""


def around(now: datetime, **more: Any) -> Around:
    """What the sample's agencies decide with."""
    return Around(
        now=now,
        calendars=CALENDARS,
        categories=shipped_categories(),
        agencies=agencies(),
        officers=OFFICERS,
        **more,
    )


class Walk:
    """A petition, what happened to it, and what time it is for it."""

    def __init__(self, at: datetime, end: datetime, random: Random) -> None:
        self.at = at
        self.end = end
        self.random = random
        self.changes: list[PetitionChange] = []
        self._petition: Petition | None = None

    @property
    def petition(self) -> Petition:
        """As it stands."""
        assert self._petition is not None  # noqa: S101 - the first step makes it
        return self._petition

    def after_hours(self, least: float, most: float) -> None:
        """So much working time passes."""
        self.until(WORKING.add_working_hours(self.at, self.random.uniform(least, most)))

    def after_days(self, least: float, most: float) -> None:
        """So much time passes for somebody who is not at work."""
        self.until(self.at + timedelta(days=self.random.uniform(least, most)))

    def until(self, at: datetime) -> None:
        """It is *at*; what the clock did meanwhile is done. Raises ``OutOfTime``."""
        if at >= self.end:
            raise OutOfTime
        self._tick(at)
        self.at = at

    def finish(self) -> None:
        """The rest of the year passes with nobody doing anything."""
        self._tick(self.end)
        self.at = self.end

    def do(self, command: Command, actor: Actor, **more: Any) -> Petition:
        """A step now. Raises ``BadLife`` when the rules refuse it."""
        change = decide(self._petition, command, actor, around(self.at, **more))
        if isinstance(change, Refused):
            state = self._petition.state if self._petition else "none"
            raise BadLife(f"{type(command).__name__} in {state}: {change.reason}")
        return self.take(change)

    def take(self, change: PetitionChange) -> Petition:
        """A step that was decided, perhaps with that of another petition."""
        self.changes.append(change)
        self._petition = change.after
        return change.after

    def take_with_case(self, change: PetitionChange) -> None:
        """A step that is stored with its case's."""
        self._petition, self.at = change.after, change.event.at

    def release(self, actor: Actor) -> None:
        """Everybody may read it, without personal data."""
        self.do(Release(public_text=suggested_public_text(self.petition.text)), actor)

    def _tick(self, until: datetime) -> None:
        """Everything that the clock does before *until*."""
        while self._petition and self._petition.state is not PetitionState.MERGED:
            now = around(self.at)
            dues = [(max(moment.at, self.at), moment.what) for moment in reminders.moments(self._petition, now)]
            steps = [(at, what) for at, what in dues if at < until and not isinstance(what, TaskAlert)]
            if not steps:
                return
            self.at, command = min(steps, key=lambda step: step[0])
            self.do(command, SYSTEM)


Files = Mapping[str, tuple[StoredFile, ...]]
"""What was sent with petitions, by their codes."""


def renamed(change: PetitionChange, codes: Mapping[str, str], files: Files) -> PetitionChange:
    """With the codes that the store gave and with files. What is told and raised is left out: nobody is told of an invented year."""
    before = None if change.before is None else _renamed(change.before, codes, files)
    data = {
        key: codes.get(value, value) if isinstance(value, str) else value for key, value in change.event.data.items()
    }
    return PetitionChange(
        before=before,
        after=_renamed(change.after, codes, files),
        event=replace(change.event, data=data),
        files=() if before else files.get(change.after.code, ()),
        also=tuple(renamed(other, codes, files) for other in change.also),
    )


def _renamed(petition: Petition, codes: Mapping[str, str], files: Files) -> Petition:
    case = None if petition.case is None else codes[petition.case]
    count = petition.files + len(files.get(petition.code, ()))
    return replace(petition, code=codes[petition.code], case=case, files=count)
