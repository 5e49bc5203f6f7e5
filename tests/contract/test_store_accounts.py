"""Official Accounts in the store, on both engines: one renewal of one pair, whatever dies; costs; who wrote when."""

import asyncio
from datetime import timedelta

import pytest

from bot.logs import get_log
from bot.metrics import Metrics
from bot.model import Address, ChannelName, OutboundKind, TemplateMessage
from bot.official_account import Grant, GrantState, TemplateCost, TokenPair
from bot.store.account_book import AccountBook
from bot.store.base import PlanStore
from bot.template_costs import TemplateCosts
from tests.contract.store_engines import KEYRING, NOON, Engine, answered, person, text

OA = "1646843870823903717"
PAIR = TokenPair(access_token="access-1", refresh_token="refresh-1", expires_at=NOON + timedelta(hours=25))
NEXT = TokenPair(access_token="access-2", refresh_token="refresh-2", expires_at=NOON + timedelta(hours=50))
SEED = b"s" * 16


def book(engine: Engine, store: PlanStore) -> AccountBook:
    return AccountBook(store, KEYRING, engine.clock)


async def given(engine: Engine) -> AccountBook:
    records = book(engine, await engine.open())
    await records.give_grant(OA, PAIR, SEED, NOON)
    return records


async def known(records: AccountBook) -> Grant:
    grant = await records.grant(OA)
    assert grant is not None
    return grant


async def test_no_account_has_no_tokens(engine: Engine) -> None:
    assert await book(engine, await engine.open()).grant(OA) is None


async def test_a_pair_is_kept_sealed(engine: Engine) -> None:
    records = await given(engine)
    grant = await known(records)
    assert (grant.pair, grant.generation, grant.state, grant.seed) == (PAIR, 1, GrantState.READY, SEED)
    (row,) = await engine.rows("SELECT pair FROM zalo_token")
    assert b"refresh-1" not in bytes(row[0])


async def test_only_one_of_many_begins(engine: Engine) -> None:
    records = await given(engine)
    began = await asyncio.gather(*(records.begin_renewal(OA, 1) for _ in range(10)))
    assert sorted(began) == [False] * 9 + [True]
    assert (await known(records)).state is GrantState.REFRESHING


async def test_whoever_saw_an_older_pair_does_not_begin(engine: Engine) -> None:
    records = await given(engine)
    assert await records.begin_renewal(OA, 1)
    assert await records.end_renewal(OA, 1, NEXT, NOON)
    assert not await records.begin_renewal(OA, 1)
    assert await records.begin_renewal(OA, 2)


async def test_a_renewal_ends_once_and_keeps_the_seed(engine: Engine) -> None:
    records = await given(engine)
    await records.begin_renewal(OA, 1)
    assert await records.end_renewal(OA, 1, NEXT, NOON + timedelta(hours=1))
    assert not await records.end_renewal(OA, 1, PAIR, NOON)
    grant = await known(records)
    assert (grant.pair, grant.generation, grant.state, grant.seed) == (NEXT, 2, GrantState.READY, SEED)
    assert grant.renewed_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize("state", [GrantState.READY, GrantState.SPENT])
async def test_given_up_the_pair_stays_as_it_was(engine: Engine, state: GrantState) -> None:
    records = await given(engine)
    await records.begin_renewal(OA, 1)
    assert await records.give_up_renewal(OA, 1, state)
    grant = await known(records)
    assert (grant.pair, grant.generation, grant.state) == (PAIR, 1, state)


async def test_a_spent_pair_is_never_renewed_and_a_new_one_takes_its_place(engine: Engine) -> None:
    records = await given(engine)
    await records.begin_renewal(OA, 1)
    await records.give_up_renewal(OA, 1, GrantState.SPENT)
    assert not await records.begin_renewal(OA, 1)
    await records.give_grant(OA, NEXT, b"", NOON)
    grant = await known(records)
    assert (grant.pair, grant.generation, grant.state) == (NEXT, 2, GrantState.READY)
    assert await records.begin_renewal(OA, 2)


async def test_a_holder_that_died_leaves_the_pair_spent(engine: Engine) -> None:
    store = await engine.open()
    records = book(engine, store)
    await records.give_grant(OA, PAIR, SEED, NOON)
    await records.begin_renewal(OA, 1)
    await engine.abandon(store)
    after = book(engine, await engine.open())
    grant = await known(after)
    assert (grant.pair, grant.state) == (PAIR, GrantState.SPENT)
    assert not await after.begin_renewal(OA, 1)


async def test_what_a_dead_holder_brings_late_is_dropped(postgres_engine: Engine) -> None:
    store = await postgres_engine.open()
    records = book(postgres_engine, store)
    await records.give_grant(OA, PAIR, SEED, NOON)
    await records.begin_renewal(OA, 1)
    await postgres_engine.abandon(store)
    await postgres_engine.open()
    assert not await records.end_renewal(OA, 1, NEXT, NOON)
    assert (await known(records)).state is GrantState.SPENT


async def test_a_renewal_of_a_living_process_is_left_alone(postgres_engine: Engine) -> None:
    records = await given(postgres_engine)
    await records.begin_renewal(OA, 1)
    other = book(postgres_engine, await postgres_engine.open())
    assert (await known(other)).state is GrantState.REFRESHING


async def test_costs_are_added_up_by_month(engine: Engine) -> None:
    records = book(engine, await engine.open())
    await asyncio.gather(*(records.add_template_cost("2026-06", "rate.ask.hs", 165) for _ in range(5)))
    await records.add_template_cost("2026-06", "al.new", 200)
    await records.add_template_cost("2026-07", "al.new", 200)
    assert await records.template_costs("2026-06") == {
        "rate.ask.hs": TemplateCost(sent=5, cost_vnd=825),
        "al.new": TemplateCost(sent=1, cost_vnd=200),
    }
    assert await records.template_costs("2026-05") == {}


async def test_costs_of_this_month_are_among_the_metrics(sqlite_engine: Engine) -> None:
    records, metrics = book(sqlite_engine, await sqlite_engine.open()), Metrics()
    costs = TemplateCosts(records, clock=sqlite_engine.clock, metrics=metrics, log=get_log())
    await records.add_template_cost("2026-06", "al.new", 200)
    await costs.look()
    assert metrics.registry.get_sample_value("motcua_template_cost_vnd", {"template": "al.new"}) == 200
    sqlite_engine.clock.advance(31 * 86400)
    await costs.look()
    assert metrics.registry.get_sample_value("motcua_template_cost_vnd", {"template": "al.new"}) is None


async def test_when_a_person_wrote(engine: Engine) -> None:
    store = await engine.open()
    records = book(engine, store)
    await store.save_inbound(text(), claim=False)
    assert await records.last_wrote(person()) is None
    await asyncio.gather(records.wrote(person(), NOON), records.wrote(person(), NOON - timedelta(days=1)))
    await records.wrote(person(5), NOON)
    assert await records.last_wrote(person()) is not None
    await records.wrote(person(), NOON)
    assert await records.last_wrote(person()) == NOON
    assert await records.last_wrote(person(5)) is None, "nobody whom we know"


async def test_whom_a_template_went_to(engine: Engine) -> None:
    store = await engine.open()
    records = book(engine, store)
    template = TemplateMessage("rate.ask.hs", {"code": "H05.12-260610-0001"})
    to = Address(ChannelName.ZALO, "5510185758261900001")
    sent = await answered(store, text(sender=1), to=to, template=template, kind=OutboundKind.NOTICE)
    plain = await answered(store, text(sender=2))
    await store.record_sent(sent, ["7e4c33cfc20b05575c18"], NOON)
    for found in (
        await records.template_sent(sent.id, ""),
        await records.template_sent(None, "7e4c33cfc20b05575c18"),
    ):
        assert found is not None
        assert (found.to, found.template) == (to, template)
    engine.clock.advance(20 * 86400)
    assert await records.template_sent(None, "7e4c33cfc20b05575c18") is not None, "three weeks later"
    assert await records.template_sent(plain.id, "") is None, "no template"
    assert await records.template_sent(None, "7e4c") is None
    assert await records.template_sent(1, "") is None
