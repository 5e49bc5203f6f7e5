"""What every part of the store stands on: running plans, sealing addresses, making ids."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.model import Address
from bot.privacy import Keyring
from bot.store.ids import Ids
from bot.store.statements import Plan

Unit = TypeVar("Unit")
Result = TypeVar("Result")
GroupPlan = Callable[[Sequence[Unit]], Plan[Sequence[Result]]]
"""A plan for units of one kind: one result for each, in order. A result that is an error is raised to its caller."""


class RunsPlans(ABC):
    """Runs plans; an engine says how."""

    _keyring: Keyring
    _ids: Ids
    epoch: int

    @abstractmethod
    async def write(self, plan: GroupPlan[Unit, Result], unit: Unit) -> Result:
        """Run *plan* for this unit, perhaps together with others; return after the commit."""

    @abstractmethod
    async def read(self, plan: Callable[[Unit], Plan[Result]], unit: Unit) -> Result:
        """Run a plan that changes nothing."""

    def _address(self, sealed: bytes) -> Address:
        return self._keyring.open(bytes(sealed))

    def _person(self, address: Address) -> tuple[bytes, bytes]:
        return self._keyring.contact_id(address), self._keyring.seal(address)
