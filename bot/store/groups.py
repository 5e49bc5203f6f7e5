"""Units of work that share a transaction, and the points at which a fault test may end the process around its commit."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from bot.kill_points import reach
from bot.store import decisions, inbox, late_responses, receipts, results
from bot.store.statements import Plan

AnyGroupPlan = Callable[[Sequence[Any]], Plan[Sequence[Any]]]

ORDER: tuple[AnyGroupPlan, ...] = (results.end_sends, late_responses.record, receipts.record, decisions.decide)
"""What closes rows goes before what opens new ones: a person's next message may then be claimed on arrival."""
BEFORE_COMMIT: dict[AnyGroupPlan, str] = {inbox.save: "in.before_commit", results.end_sends: "out.before_sent_commit"}
AFTER_COMMIT: dict[AnyGroupPlan, str] = {inbox.save: "in.after_commit", decisions.decide: "out.after_decide_commit"}


class HasPlan(Protocol):
    """A unit of work with the plan that does it."""

    @property
    def plan(self) -> AnyGroupPlan:
        """What to run for it."""
        ...


Item = TypeVar("Item", bound=HasPlan)


def by_kind(items: Iterable[Item]) -> dict[AnyGroupPlan, list[Item]]:
    """Items of one plan together: it runs once for all of them."""
    kinds: dict[AnyGroupPlan, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.plan, []).append(item)
    first = {plan: kinds[plan] for plan in ORDER if plan in kinds}
    return first | kinds


def reach_before_commit(kinds: Iterable[AnyGroupPlan]) -> None:
    """All is written, nothing is committed."""
    for plan in kinds:
        if plan in BEFORE_COMMIT:
            reach(BEFORE_COMMIT[plan])


def reach_after_commit(kinds: Iterable[AnyGroupPlan]) -> None:
    """All is committed, nobody was told."""
    for plan in kinds:
        if plan in AFTER_COMMIT:
            reach(AFTER_COMMIT[plan])
