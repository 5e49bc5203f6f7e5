"""Alerts to officers: raised with what they are about, once for each receiver as long as they are not resolved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import BigInteger, Boolean, Text, case, or_, update

from bot.model import MessageId
from bot.petitions.record import TaskAlert
from bot.store import counters
from bot.store.keys import to_micros
from bot.store.port_alerts import AlertState
from bot.store.schema_petitions import alert, alert_is_open
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

SERIES = "alert"
CODES = 10_000
NewId = Callable[[], MessageId]

_raised = given(
    id=BigInteger(),
    code=Text(),
    dedupe=Text(),
    severity=Text(),
    source=Text(),
    subject=Text(),
    condition=Text(),
    agency=Text(),
    officer=BigInteger(),
    to_lead=Boolean(),
    details=Text(),
    raised_at=BigInteger(),
)
_new = adding(alert, _raised, {"state": AlertState.OPEN.value, "raised": 1})
_is_worse = _new.excluded.severity < alert.c.severity
RAISE = Statement(
    _raised,
    _new.on_conflict_do_update(
        index_elements=["dedupe"],
        index_where=alert_is_open,
        set_={
            "raised": alert.c.raised + 1,
            "details": _new.excluded.details,
            "raised_at": _new.excluded.raised_at,
            "severity": case((_is_worse, _new.excluded.severity), else_=alert.c.severity),
            "state": case((_is_worse, AlertState.OPEN.value), else_=alert.c.state),
        },
    ),
)
"""Raised again it is told again only when it became worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert to store, made ready outside the writer."""

    id: MessageId
    alert: TaskAlert


def dedupe_key(found: TaskAlert) -> str:
    """Equal for alerts that say the same to the same receiver."""
    receiver = f"{found.agency}/{'lead' if found.to_lead else found.officer or ''}"
    return f"{found.source}:{found.subject}:{found.condition}:{receiver}"


def raise_all(raised: Sequence[Raised], at: datetime) -> Plan[None]:
    """Store alerts. Those raised before and not yet resolved are counted and renewed."""
    if not raised:
        return
    last = yield from counters.take(SERIES, len(raised))
    for place, item in enumerate(raised):
        number = last - len(raised) + 1 + place
        yield from rows_of(RAISE, [_row(item, f"A{number % CODES:04}", at)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ByThemselves:
    """Alerts that come with nothing else."""

    raised: Sequence[Raised]
    at: datetime


def raise_by_themselves(wishes: Sequence[ByThemselves]) -> Plan[list[None]]:
    """Store alerts of several callers."""
    for wish in wishes:
        yield from raise_all(wish.raised, wish.at)
    return [None] * len(wishes)


_over = given(subject=Text(), condition=Text(), at=BigInteger())
RESOLVE = Statement(
    _over,
    update(alert)
    .where(
        alert.c.subject == _over.c.subject,
        or_(_over.c.condition.is_(None), alert.c.condition == _over.c.condition),
        alert_is_open,
    )
    .values(state=AlertState.RESOLVED.value, resolved_at=_over.c.at),
)


def resolve(over: Sequence[tuple[str, str | None]], at: datetime) -> Plan[None]:
    """There is nothing to do about these subjects any more, or, with a condition, nothing of that kind."""
    yield from rows_of(RESOLVE, [(subject, condition, to_micros(at)) for subject, condition in over])


def resolve_by_themselves(wishes: Sequence[tuple[str, datetime]]) -> Plan[list[None]]:
    """The same for whole subjects of several callers."""
    for subject, at in wishes:
        yield from resolve([(subject, None)], at)
    return [None] * len(wishes)


def _row(item: Raised, code: str, at: datetime) -> Row:
    found = item.alert
    return (
        item.id,
        code,
        dedupe_key(found),
        found.severity.value,
        found.source,
        found.subject,
        found.condition,
        found.agency,
        found.officer,
        found.to_lead,
        orjson.dumps(dict(found.values)).decode(),
        to_micros(at),
    )
