"""Official Accounts: pairs of tokens that only one process renews, what templates cost, when a person last wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, LargeBinary, Text, select, update

from bot.official_account import GrantState
from bot.store.keys import receipt_key, to_micros
from bot.store.schema import contact, outbox, outbox_part, zalo_cost, zalo_token
from bot.store.statements import Plan, Row, Rows, Statement, adding, given, rows_of

RATED_DAYS = 31
"""So long after a form was sent its answer still finds who it went to."""

_account = given(account=Text())
GRANT = Statement(
    _account,
    select(
        zalo_token.c.pair,
        zalo_token.c.generation,
        zalo_token.c.state,
        zalo_token.c.renewed_at,
        zalo_token.c.seed,
        zalo_token.c.expires_at,
    ).where(zalo_token.c.account == select(_account.c.account).scalar_subquery()),
)
_brought = given(
    account=Text(),
    generation=BigInteger(),
    pair=LargeBinary(),
    seed=LargeBinary(),
    expires_at=BigInteger(),
    renewed_at=BigInteger(),
    state=Text(),
)
_give = adding(zalo_token, _brought)
GIVE = Statement(
    _brought,
    _give.on_conflict_do_update(
        index_elements=["account"],
        set_={
            "generation": zalo_token.c.generation + 1,
            "owner": None,
            **{name: _give.excluded[name] for name in ("pair", "seed", "expires_at", "renewed_at", "state")},
        },
    ),
)
_seen = given(account=Text(), generation=BigInteger())
READY = Statement(
    _seen,
    select(zalo_token.c.account)
    .join_from(_seen, zalo_token, zalo_token.c.account == _seen.c.account)
    .where(zalo_token.c.generation == _seen.c.generation, zalo_token.c.state == GrantState.READY.value)
    .with_for_update(of=zalo_token),
)
_mine = given(account=Text(), generation=BigInteger(), owner=BigInteger())
BEGIN = Statement(
    _mine,
    update(zalo_token)
    .where(zalo_token.c.account == _mine.c.account, zalo_token.c.generation == _mine.c.generation)
    .values(state=GrantState.REFRESHING.value, owner=_mine.c.owner),
)
MINE = Statement(
    _mine,
    select(zalo_token.c.account)
    .join_from(_mine, zalo_token, zalo_token.c.account == _mine.c.account)
    .where(
        zalo_token.c.generation == _mine.c.generation,
        zalo_token.c.owner == _mine.c.owner,
        zalo_token.c.state == GrantState.REFRESHING.value,
    )
    .with_for_update(of=zalo_token),
)
_renewed = given(account=Text(), pair=LargeBinary(), expires_at=BigInteger(), renewed_at=BigInteger())
END = Statement(
    _renewed,
    update(zalo_token)
    .where(zalo_token.c.account == _renewed.c.account)
    .values(
        pair=_renewed.c.pair,
        expires_at=_renewed.c.expires_at,
        renewed_at=_renewed.c.renewed_at,
        generation=zalo_token.c.generation + 1,
        state=GrantState.READY.value,
        owner=None,
    ),
)
_given_up = given(account=Text(), state=Text())
GIVE_UP = Statement(
    _given_up,
    update(zalo_token).where(zalo_token.c.account == _given_up.c.account).values(state=_given_up.c.state, owner=None),
)
_person = given(contact=LargeBinary())
LAST_WROTE = Statement(
    _person, select(contact.c.wrote_at).where(contact.c.id == select(_person.c.contact).scalar_subquery())
)
_wrote = given(contact=LargeBinary(), at=BigInteger())
WROTE = Statement(_wrote, update(contact).where(contact.c.id == _wrote.c.contact).values(wrote_at=_wrote.c.at))
_cost = given(month=Text(), template=Text(), sent=BigInteger(), cost_vnd=BigInteger())
_add_cost = adding(zalo_cost, _cost)
ADD_COST = Statement(
    _cost,
    _add_cost.on_conflict_do_update(
        index_elements=["month", "template"],
        set_={
            "sent": zalo_cost.c.sent + _add_cost.excluded.sent,
            "cost_vnd": zalo_cost.c.cost_vnd + _add_cost.excluded.cost_vnd,
        },
    ),
)
_month = given(month=Text())
COSTS = Statement(
    _month,
    select(zalo_cost.c.template, zalo_cost.c.sent, zalo_cost.c.cost_vnd).where(
        zalo_cost.c.month == select(_month.c.month).scalar_subquery()
    ),
)
_message = given(id=BigInteger())
SENT = Statement(
    _message,
    select(contact.c.sealed, outbox.c.extras)
    .join_from(outbox, contact, contact.c.id == outbox.c.contact)
    .where(outbox.c.id == select(_message.c.id).scalar_subquery()),
)
_keys = given(key=BigInteger())
PARTS = Statement(
    _keys,
    select(outbox_part.c.outbox, outbox_part.c.provider_id).where(outbox_part.c.receipt_key.in_(select(_keys.c.key))),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A pair that a person brought, sealed."""

    account: str
    pair: bytes
    seed: bytes
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What one process does about one generation. Without a pair and a state it only begins."""

    account: str
    generation: int
    epoch: int
    pair: bytes = b""
    expires_at: datetime | None = None
    state: GrantState | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One template more."""

    month: str
    template: str
    cost_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """Who wrote, and when."""

    contact: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentWish:
    """A message by our id, or by the provider's."""

    message: int | None
    provider_id: str
    now: datetime


def grant(account: str) -> Plan[Rows]:
    """The row of ``GRANT``, or none."""
    rows = yield from rows_of(GRANT, [(account,)])
    return rows


def give(brought: Sequence[Brought]) -> Plan[list[None]]:
    """Put new pairs in place of whatever was there."""
    for item in brought:
        times = (to_micros(item.expires_at), to_micros(item.at))
        yield from rows_of(GIVE, [(item.account, 1, item.pair, item.seed, *times, GrantState.READY.value)])
    return [None for _ in brought]


def begin(renewals: Sequence[Renewal]) -> Plan[list[bool]]:
    """Compare and set: the first of all who saw this generation renews it."""
    results: list[bool] = []
    for item in renewals:
        ready = yield from rows_of(READY, [(item.account, item.generation)])
        if ready:
            yield from rows_of(BEGIN, [(item.account, item.generation, item.epoch)])
        results.append(bool(ready))
    return results


def end(renewals: Sequence[Renewal]) -> Plan[list[bool]]:
    """The new pair, or the state in which the old one is left; only by whoever began."""
    results: list[bool] = []
    for item in renewals:
        mine = yield from rows_of(MINE, [(item.account, item.generation, item.epoch)])
        if mine and item.expires_at is not None and item.at is not None:
            row = (item.account, item.pair, to_micros(item.expires_at), to_micros(item.at))
            yield from rows_of(END, [row])
        elif mine and item.state is not None:
            yield from rows_of(GIVE_UP, [(item.account, item.state.value)])
        results.append(bool(mine))
    return results


def last_wrote(person: bytes) -> Plan[int | None]:
    """In microseconds, when it is known."""
    rows = yield from rows_of(LAST_WROTE, [(person,)])
    return rows[0][0] if rows else None


def wrote(writers: Sequence[Wrote]) -> Plan[list[None]]:
    """Note when people wrote; one who wrote twice is noted at the later time."""
    latest: dict[bytes, int] = {}
    for item in writers:
        latest[item.contact] = max(to_micros(item.at), latest.get(item.contact, 0))
    yield from rows_of(WROTE, sorted(latest.items()))
    return [None for _ in writers]


def add_costs(costs: Sequence[Cost]) -> Plan[list[None]]:
    """Add up what templates cost."""
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for item in costs:
        sent, total = totals.get((item.month, item.template), (0, 0))
        totals[item.month, item.template] = sent + 1, total + item.cost_vnd
    yield from rows_of(ADD_COST, [(*key, *total) for key, total in sorted(totals.items())])
    return [None for _ in costs]


def costs_of(month: str) -> Plan[Rows]:
    """Template, how many, how much."""
    rows = yield from rows_of(COSTS, [(month,)])
    return rows


def sent(wish: SentWish) -> Plan[Row | None]:
    """The sealed address of whom a message went to, and its extras."""
    message = wish.message
    if message is None and wish.provider_id:
        days = [wish.now - timedelta(days=day) for day in range(RATED_DAYS)]
        parts = yield from rows_of(PARTS, [(receipt_key(wish.provider_id, day),) for day in days])
        message = next((row[0] for row in parts if row[1] == wish.provider_id), None)
    if message is None:
        return None
    rows = yield from rows_of(SENT, [(message,)])
    return rows[0] if rows else None
