"""What time does to petitions and drafts. Several processes may run it: a look and a step are stored once."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import StoreError
from bot.late_answers import is_quiet
from bot.logs import Log
from bot.petition_telling import Teller
from bot.petition_work import Done, PetitionWork
from bot.petitions.around import Around, Refused
from bot.petitions.drafts import DraftDue, dropped_at, due_for
from bot.petitions.record import SYSTEM, Draft, Petition, Told
from bot.petitions.reminders import due_now, next_look
from bot.rounds import in_rounds
from bot.store.port_petitions import PetitionBook

ROUND_SECONDS = 60.0
PAGE = 100
MOST_A_ROUND = 1000
NEXT_TRY = timedelta(hours=1)
"""When something that is due cannot be done: nobody is told at night, a step is refused."""
ONE_TICK = timedelta(microseconds=1)


class PetitionClock:
    """Looks at what is due: raises alerts, takes the steps that time takes, reminds of drafts and drops them."""

    def __init__(self, *, book: PetitionBook, work: PetitionWork, teller: Teller, clock: Clock, log: Log) -> None:
        self._book = book
        self._work = work
        self._teller = teller
        self._clock = clock
        self._log = log

    async def run(self) -> None:
        """Look every minute; until cancelled."""
        await in_rounds(self.round, ROUND_SECONDS, self._log, "petitions")

    async def round(self) -> int:
        """One look at everything that is due; how many petitions and drafts were."""
        return await self._petitions() + await self._drafts()

    async def _petitions(self) -> int:
        looked, after = 0, 0
        while looked < MOST_A_ROUND:
            due = await self._book.due_petitions(self._clock.now(), after, PAGE)
            for petition in due:
                await self._tried(petition)
            looked += len(due)
            if len(due) < PAGE:
                break
            after = due[-1].id
        return looked

    async def _tried(self, petition: Petition) -> None:
        try:
            await self._look(petition)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one petition must not keep the others waiting
            self._log.error("the clock of a petition broke", code=petition.code, error=repr(error))
            await self._book.look_again(petition, self._clock.now() + NEXT_TRY, ())

    async def _look(self, petition: Petition) -> None:
        around = await self._work.around(petition)
        due = due_now(petition, around)
        command = next(iter(due.commands), None)
        if command is None or is_quiet(around.now):
            await self._book.look_again(petition, _next(petition, around), due.alerts)
            return
        if due.alerts and not await self._book.look_again(petition, around.now, due.alerts):
            return
        done = await self._work.do(petition.code, petition.version, command, SYSTEM)
        if isinstance(done, Done):
            return
        if isinstance(done, Refused):
            self._log.warning("time's step was refused", code=petition.code, reason=done.reason)
            seen = replace(petition, clock_at=around.now) if due.alerts else petition
            await self._book.look_again(seen, around.now + NEXT_TRY, ())

    async def _drafts(self) -> int:
        now = self._clock.now()
        drafts = await self._book.due_drafts(now, PAGE)
        for person, draft in drafts:
            match due_for(draft, now):
                case DraftDue.DROP:
                    await self._book.change_draft(person, draft, None, (), now)
                case DraftDue.REMIND if not is_quiet(now):
                    await self._remind(person, draft, now)
                case _:
                    pass
        return len(drafts)

    async def _remind(self, person: bytes, draft: Draft, now: datetime) -> None:
        """Where the person wrote last. The time of the change moves by a tick: a second process then sees that it was done."""
        reminded = replace(draft, reminded_at=now, changed_at=draft.changed_at + ONE_TICK)
        told = Told(template="pa.remind", values={"at": dropped_at(draft)})
        receivers = (await self._teller.receivers(draft.told_at, now))[-1:]
        lines = [self._teller.line(told, to, language) for to, language in receivers]
        prepared = list(self._teller.prepared(lines, now))
        kept = False
        try:
            kept = await self._book.change_draft(
                person, draft, reminded, [message.outbound for message in prepared], now
            )
        finally:
            for message in prepared:
                message.go() if kept else message.give_back()


def _next(petition: Petition, around: Around) -> datetime | None:
    """A step that is due waits for the morning."""
    at = next_look(petition, around)
    return around.now + NEXT_TRY if at is not None and at <= around.now else at
