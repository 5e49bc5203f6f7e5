"""Alerts as they are told, acknowledged and read."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import BigInteger, Integer, Text, select, update

from bot.model import MessageId
from bot.petitions.record import Severity, TaskAlert
from bot.store.keys import from_micros, to_micros
from bot.store.petition_changes import Notices
from bot.store.port_alerts import Alert, AlertState
from bot.store.schema_petitions import alert
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

COLUMNS = tuple(column for column in alert.columns if column.name != "dedupe")
"""What ``alert_of`` reads, in its order."""
_most = given(most=Integer())
UNSENT = Statement(
    _most,
    select(*COLUMNS)
    .where(alert.c.state.in_([AlertState.OPEN.value]))
    .order_by(alert.c.id)
    .limit(select(_most.c.most).scalar_subquery()),
)
_named = given(name=Text())
_name = select(_named.c.name).scalar_subquery()
BY_CODE = Statement(_named, select(*COLUMNS).where(alert.c.code == _name).order_by(alert.c.id.desc()).limit(2))
BY_SUBJECT = Statement(_named, select(*COLUMNS).where(alert.c.subject == _name).order_by(alert.c.id.desc()))
_ids = given(id=BigInteger())
STATE = Statement(
    _ids, select(alert.c.state, alert.c.raised).where(alert.c.id.in_(select(_ids.c.id))).with_for_update()
)
_told = given(id=BigInteger(), at=BigInteger())
SENT = Statement(
    _told,
    update(alert).where(alert.c.id == _told.c.id).values(state=AlertState.SENT.value, sent_at=_told.c.at),
)
_acked = given(id=BigInteger(), at=BigInteger(), officer=BigInteger())
ACKED = Statement(
    _acked,
    update(alert)
    .where(alert.c.id == _acked.c.id)
    .values(state=AlertState.ACKED.value, acked_at=_acked.c.at, acked_by=_acked.c.officer),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An alert to tell of."""

    alert: Alert
    notices: Notices


def send(told: Sequence[Sent]) -> Plan[list[bool]]:
    """Write messages; False for alerts that were told or resolved meanwhile."""
    results: list[bool] = []
    for item in told:
        yield from item.notices.know_receivers()
        stored = yield from rows_of(STATE, [(item.alert.id,)])
        is_open = [row[0] for row in stored] == [AlertState.OPEN.value]
        if is_open:
            yield from rows_of(SENT, [(item.alert.id, to_micros(item.notices.at))])
            yield from item.notices.write()
        results.append(is_open)
    return results


def acknowledge(acked: Sequence[tuple[int, int, int]]) -> Plan[list[bool]]:
    """By id, time and officer; False for those that somebody takes care of already, or that are resolved."""
    results: list[bool] = []
    for item in acked:
        stored = yield from rows_of(STATE, [(item[0],)])
        is_free = [row[0] in {AlertState.OPEN.value, AlertState.SENT.value} for row in stored] == [True]
        yield from rows_of(ACKED, [item] if is_free else [])
        results.append(is_free)
    return results


def unsent(most: int) -> Plan[Rows]:
    """Those of which nobody was told."""
    rows = yield from rows_of(UNSENT, [(most,)])
    return rows


def by_code(code: str) -> Plan[Rows]:
    """The newest ones with a code."""
    rows = yield from rows_of(BY_CODE, [(code,)])
    return rows


def by_subject(subject: str) -> Plan[Rows]:
    """Everything about a petition or conversation."""
    rows = yield from rows_of(BY_SUBJECT, [(subject,)])
    return rows


def alert_of(row: Row) -> Alert:
    """The alert in the values of ``COLUMNS``."""
    values = dict(zip((column.name for column in COLUMNS), row, strict=True))
    told = TaskAlert(
        severity=Severity(values["severity"]),
        source=values["source"],
        subject=values["subject"],
        condition=values["condition"],
        agency=values["agency"],
        officer=values["officer"],
        to_lead=bool(values["to_lead"]),
        values=orjson.loads(values["details"]),
    )
    times = {
        name: None if values[name] is None else from_micros(values[name])
        for name in ("sent_at", "acked_at", "resolved_at")
    }
    return Alert(
        id=MessageId(values["id"]),
        code=values["code"],
        alert=told,
        state=AlertState(values["state"]),
        raised=values["raised"],
        raised_at=from_micros(values["raised_at"]),
        acked_by=values["acked_by"],
        **times,
    )
