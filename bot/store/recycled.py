"""Numbers that operators gave to somebody else: the new holder gets nothing of the person to whom the number was joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.store import linking, outbox, people
from bot.store.keys import to_micros
from bot.store.port import NewOutbound
from bot.store.statements import Plan, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAgain:
    """A number that leaves its person, and what the accounts that stay are told."""

    account: bytes
    notices: tuple[tuple[bytes, NewOutbound], ...]
    at: datetime
    epoch: int


def part(numbers: Sequence[GivenAgain]) -> Plan[list[bool]]:
    """False for numbers that stand alone already."""
    results: list[bool] = []
    for number in numbers:
        done = yield from _part(number)
        results.append(done)
    return results


def _part(number: GivenAgain) -> Plan[bool]:
    at = to_micros(number.at)
    rows = yield from rows_of(people.LOAD, [(number.account,)])
    if not rows or rows[0][people.PERSON] is None:
        return False
    yield from linking.erase_alone(number.account, bytes(rows[0][people.PERSON]), at)
    yield from rows_of(people.TOUCH, [(key, at) for key in {key for key, _ in number.notices}])
    started = [outbox.start_row(new, number.epoch, number.at) for _, new in number.notices if new.sending]
    told = [outbox.new_row(new, key, number.epoch, number.at) for key, new in number.notices]
    yield from outbox.write(told, started)
    return True
