"""Group commit on PostgreSQL: what arrives shares transactions, what is decided and what became of sends share others."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from bot.errors import StoreRefused
from bot.logs import get_log
from bot.store import decisions, inbox, receipts, results
from bot.store.groups import AnyGroupPlan, by_kind
from bot.store.postgres_session import CommitUnresolved, Session, reason

ARRIVALS: frozenset[AnyGroupPlan] = frozenset({inbox.save})
RESULTS: frozenset[AnyGroupPlan] = frozenset({decisions.decide, results.end_sends, receipts.record})
LANES = (ARRIVALS, RESULTS)
"""Plans that share transactions. Arrivals and decisions both lock people in the order of their keys; in one transaction
it would be two such orders, and two processes could wait for each other.
"""
LARGEST_GROUP = 256
MOST_WAITING = 20_000


@dataclass(slots=True, eq=False)
class _Item:
    plan: AnyGroupPlan
    unit: Any
    future: "asyncio.Future[Any]"


class _Lane:
    """Takes what waits, has it written in one transaction, tells everybody; meanwhile the next group gathers."""

    def __init__(self, write: Callable[[Sequence[_Item]], Awaitable[list[Any]]]) -> None:
        self._write = write
        self._waiting: deque[_Item] = deque()
        self._wake = asyncio.Event()
        self._stopping = False
        self._task = asyncio.get_running_loop().create_task(self._run())

    def add(self, plan: AnyGroupPlan, unit: Any) -> "asyncio.Future[Any]":
        """The outcome of a unit, an error as a value. Raises ``StoreRefused`` when too much waits already."""
        if len(self._waiting) >= MOST_WAITING:
            raise StoreRefused(f"{MOST_WAITING} units of work wait for the database")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Item(plan, unit, future))
        self._wake.set()
        return future

    async def stop(self) -> None:
        """Finish what waits, then end."""
        self._stopping = True
        self._wake.set()
        await self._task

    async def _run(self) -> None:
        while not self._stopping:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                items = [self._waiting.popleft() for _ in range(min(LARGEST_GROUP, len(self._waiting)))]
                for item, outcome in zip(items, await self._write(items), strict=True):
                    if not item.future.done():
                        item.future.set_result(outcome)


class GroupWriter:
    """Writes units in groups where that pays, else each in a transaction of its own."""

    def __init__(self, session: Session) -> None:
        self._session = session
        lanes = [(plans, _Lane(self._outcomes)) for plans in LANES]
        self._lanes = {plan: lane for plans, lane in lanes for plan in plans}
        self.unresolved = False
        """A commit may or may not have succeeded: rows may be ours without our knowing."""

    async def write(self, plan: AnyGroupPlan, unit: Any) -> Any:
        """The outcome of a unit, after its commit."""
        lane = self._lanes.get(plan)
        return self._told(await (self._alone(plan, unit) if lane is None else lane.add(plan, unit)))

    async def stop(self) -> None:
        """Finish what waits, then end."""
        await asyncio.gather(*(lane.stop() for lane in set(self._lanes.values())))

    def _told(self, outcome: Any) -> Any:
        if isinstance(outcome, CommitUnresolved):
            self.unresolved = True
        if isinstance(outcome, StoreRefused):
            raise outcome
        return outcome

    async def _outcomes(self, items: Sequence[_Item]) -> list[Any]:
        kinds = by_kind(items)
        try:
            results_of = await self._session.write(
                {plan: [item.unit for item in found] for plan, found in kinds.items()}
            )
        except StoreRefused as error:
            return [error] * len(items)
        except Exception as error:  # noqa: BLE001 - one bad unit must not fail the others: each runs alone
            get_log().warning("group replayed one by one", units=len(items), error=reason(error))
            return [await self._alone(item.plan, item.unit) for item in items]
        told: dict[_Item, Any] = {}
        for found, outcomes in zip(kinds.values(), results_of, strict=True):
            told.update(zip(found, outcomes, strict=True))
        return [told[item] for item in items]

    async def _alone(self, plan: AnyGroupPlan, unit: Any) -> Any:
        try:
            return (await self._session.write({plan: [unit]}))[0][0]
        except StoreRefused as error:
            return error
        except asyncpg.UniqueViolationError:
            return await self._after_the_other(plan, unit)
        except Exception as error:  # noqa: BLE001 - the writer must outlive any unit; its caller gets the error
            get_log().error("store unit broke", plan=plan.__name__, error=reason(error))
            return StoreRefused(reason(error))

    async def _after_the_other(self, plan: AnyGroupPlan, unit: Any) -> Any:
        """Another process stored the same thing at the same moment: now that it is there, we find it."""
        try:
            return (await self._session.write({plan: [unit]}))[0][0]
        except StoreRefused as error:
            return error
        except asyncpg.PostgresError as error:
            return StoreRefused(reason(error))
