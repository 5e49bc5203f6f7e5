"""What changes petitions and drafts beside people's own messages: officers, the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import StalePetition, StoreError
from bot.store import counters, outbox, people, petition_drafts, petitions, threads
from bot.store.keys import to_micros
from bot.store.port import NewOutbound
from bot.store.statements import Plan, Row, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Messages that are written with a change."""

    new: Sequence[NewOutbound]
    people: Sequence[tuple[bytes, bytes]]
    """For each: its receiver's keyed hash and sealed address."""
    at: datetime
    epoch: int
    in_thread: bool = True
    """The desk shows them in the threads of their receivers."""

    def know_receivers(self) -> Plan[None]:
        """Before anything else, so that people are locked before petitions, as decisions do it."""
        yield from people.load_or_add(self.people, to_micros(self.at))
        yield from rows_of(people.TOUCH, [(key, to_micros(self.at)) for key in sorted({key for key, _ in self.people})])

    def write(self) -> Plan[None]:
        """Insert them; those that this process sends at once with their first attempt."""
        rows = [
            outbox.new_row(item, key, self.epoch, self.at) for item, (key, _) in zip(self.new, self.people, strict=True)
        ]
        started = [outbox.start_row(item, self.epoch, self.at) for item in self.new if item.sending]
        yield from outbox.write(rows, started)
        if self.in_thread:
            yield from threads.add(
                [(item.message.id, key, False) for item, (key, _) in zip(self.new, self.people, strict=True)]
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Steps that happen together, with what the citizens are told."""

    steps: Sequence[petitions.Step]
    notices: Notices


def change(changes: Sequence[Change]) -> Plan[list[StoreError | None]]:
    """Store steps; ``StalePetition`` for those that did not see the stored version, which change nothing."""
    results: list[StoreError | None] = []
    for item in changes:
        yield from item.notices.know_receivers()
        current = yield from petitions.are_current(item.steps, set())
        if current:
            yield from petitions.apply(item.steps, None)
            yield from item.notices.write()
        results.append(None if current else StalePetition(item.steps[0].change.after.code))
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChange:
    """A draft to keep or, without a row, to drop."""

    person: bytes
    seen_at: datetime
    """When it was changed last, as it was read."""
    row: Row | None
    notices: Notices


def change_drafts(changes: Sequence[DraftChange]) -> Plan[list[bool]]:
    """Keep or drop drafts; False for those that were changed or dropped meanwhile."""
    results: list[bool] = []
    for item in changes:
        yield from item.notices.know_receivers()
        is_same = yield from petition_drafts.is_still(item.person, item.seen_at)
        if is_same:
            yield from petition_drafts.put(item.person, item.row)
            yield from item.notices.write()
        results.append(is_same)
    return results


def take_numbers(years: Sequence[int]) -> Plan[list[int]]:
    """For each the next number of a petition in that year."""
    numbers: list[int] = []
    for year in years:
        number = yield from counters.take(f"petition:{year}", 1)
        numbers.append(number)
    return numbers
