"""The nightly refresh of the procedure catalogue from the one-stop systems that publish theirs."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import orjson

from bot.clock import VIETNAM, Clock
from bot.logs import Log
from bot.understanding.procedures import Procedure, shipped, use
from dossier_client.models import Unavailable
from dossier_client.procedures import Catalogues, ListedProcedure

NAME = "procedures.json"
"""What was published last, under ``data_dir``: a restart needs no upstream."""
LOOK_SECONDS = 900.0
NIGHT = range(1, 5)
"""Hours in Vietnam at which nobody waits for an answer."""
GROWS_OLD = timedelta(hours=20)
LEAST_KEPT = 0.5
"""A list that lost more than half of what was published before is a fault of its maker, not news."""


class CatalogueRefresh:
    """Asks once a night; keeps what it had when a system does not answer."""

    def __init__(self, folder: Path, catalogues: Catalogues, clock: Clock, log: Log) -> None:
        self._path = folder / NAME
        self._catalogues = catalogues
        self._clock = clock
        self._log = log
        self._known = 0

    async def run(self) -> None:
        """Load what was published last, then look every quarter of an hour; until cancelled."""
        await self.load()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.is_due():
                await self.refresh()

    async def load(self) -> None:
        """Use the kept list. One that cannot be read is told and left."""
        if not self._path.exists():
            return
        try:
            listed = [_restored(row) for row in orjson.loads(self._path.read_bytes())]
        except (OSError, TypeError, ValueError) as error:
            self._log.warning("kept procedures not read", file=NAME, error=type(error).__name__)
            return
        await self._use(listed)

    async def refresh(self) -> bool:
        """Ask all systems; whether their list is used now."""
        found = await self._catalogues.all()
        if isinstance(found, Unavailable):
            self._log.warning("procedures not refreshed", upstream=found.upstream)
            return False
        if not found or len(found) < self._known * LEAST_KEPT:
            self._log.warning("procedures not refreshed", published=len(found), known=self._known)
            self._touch()
            return False
        await asyncio.to_thread(self._keep, found)
        await self._use(found)
        self._log.info("procedures refreshed", published=len(found))
        return True

    async def _use(self, listed: Sequence[ListedProcedure]) -> None:
        self._known = len(listed)
        await asyncio.to_thread(lambda: use(together(shipped().procedures, listed)))

    def is_due(self) -> bool:
        """Once a night."""
        if self._clock.now().astimezone(VIETNAM).hour not in NIGHT:
            return False
        try:
            written = self._path.stat().st_mtime
        except OSError:
            return True
        return timedelta(seconds=self._clock.now().timestamp() - written) >= GROWS_OLD

    def _keep(self, listed: Sequence[ListedProcedure]) -> None:
        """Whole or not at all."""
        beside = self._path.with_suffix(".new")
        beside.write_bytes(orjson.dumps([asdict(procedure) for procedure in listed]))
        beside.replace(self._path)
        self._touch()

    def _touch(self) -> None:
        if self._path.exists():
            at = self._clock.now().timestamp()
            os.utime(self._path, (at, at))


def together(own: Sequence[Procedure], published: Sequence[ListedProcedure]) -> tuple[Procedure, ...]:
    """The published list wins where it says something; what only we know (time in other units, a range of fees) stays. Procedures
    of ours that are not published stay too: a province publishes its own, people ask for others as well.
    """
    known = {procedure.code: procedure for procedure in own}
    for listed in published:
        known[listed.id] = _renewed(known.get(listed.id) or _unknown(listed), listed)
    return tuple(known.values())


def _unknown(listed: ListedProcedure) -> Procedure:
    return Procedure(
        code=listed.id,
        name=listed.name,
        field=listed.field,
        agency=listed.unit,
        time_limit=None,
        time_unit="",
        fee_min=0,
        fee_max=0,
        documents=(),
        online=False,
    )


def _renewed(known: Procedure, listed: ListedProcedure) -> Procedure:
    renewed = replace(
        known,
        name=listed.name,
        field=listed.field or known.field,
        agency=listed.unit or known.agency,
        documents=listed.papers or known.documents,
        online=listed.is_online,
    )
    if listed.working_days is not None:
        renewed = replace(renewed, time_limit=listed.working_days, time_unit="working_day")
    if listed.fee_vnd is not None and not known.fee_min <= listed.fee_vnd <= known.fee_max:
        renewed = replace(renewed, fee_min=listed.fee_vnd, fee_max=listed.fee_vnd)
    return renewed


def _restored(row: dict[str, object]) -> ListedProcedure:
    papers = row.pop("papers", ())
    return ListedProcedure(**row, papers=tuple(papers))  # type: ignore[arg-type]  # what ``_keep`` wrote
