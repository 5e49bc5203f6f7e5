"""Builds what works on petitions besides the citizen's messages: officers' steps, and those of time."""

from collections.abc import Coroutine
from typing import Any

from bot.answering import Answerer
from bot.clock import Clock
from bot.logs import Log
from bot.outgoing import Outgoing
from bot.petition_clock import PetitionClock
from bot.petition_data import AsShipped, PetitionData
from bot.petition_telling import Teller
from bot.petition_work import PetitionWork
from bot.privacy import Keyring
from bot.store.base import PlanStore
from bot.store.officer_book import OfficerBook


class PetitionParts:
    """Of one process. Time is looked after where the worker is; several may do it."""

    def __init__(self, store: PlanStore, keyring: Keyring, clock: Clock, log: Log) -> None:
        self._store = store
        self._clock = clock
        self._log = log
        self.data = PetitionData(AsShipped(), OfficerBook(store, keyring, clock), clock)

    def work(self, answerer: Answerer, outgoing: Outgoing) -> PetitionWork:
        """Officers' steps, told through these."""
        return PetitionWork(
            book=self._store,
            surroundings=self.data,
            teller=self._teller(answerer, outgoing),
            clock=self._clock,
            log=self._log,
        )

    def run(self, answerer: Answerer, outgoing: Outgoing) -> Coroutine[Any, Any, None]:
        """What time does, until cancelled."""
        clock = PetitionClock(
            book=self._store,
            work=self.work(answerer, outgoing),
            teller=self._teller(answerer, outgoing),
            clock=self._clock,
            log=self._log,
        )
        return clock.run()

    def _teller(self, answerer: Answerer, outgoing: Outgoing) -> Teller:
        return Teller(store=self._store, compose=answerer.notice, outgoing=outgoing)
