"""Tokens of an Official Account: renewed once whoever asks, stored before they are used, never lost to a strange answer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.zalo.outcomes import Service
from adapters.zalo.stand_in import Scripted, ZaloStandIn
from adapters.zalo.tokens import REMIND_SECONDS
from bot.errors import NotSent, OutcomeUnknown, StoreRefused, TemporarySendError
from bot.official_account import GrantState, TokenPair
from bot.store.account_book import AccountBook
from tests.contract.channels.zalo import SETTINGS
from tests.contract.store_engines import KEYRING, Engine, SqliteEngine
from tests.contract.zalo_account import PERSON, Account, account

TEXT = {"recipient": {"user_id": PERSON}, "message": {"text": "HS"}}
PATH = "/v3.0/oa/message/cs"


@pytest.fixture
async def stand_in() -> AsyncIterator[ZaloStandIn]:
    zalo = ZaloStandIn(SETTINGS)
    await zalo.start()
    yield zalo
    await zalo.stop()


async def book(engine: Engine) -> AccountBook:
    return AccountBook(await engine.open(), KEYRING, engine.clock)


@contextlib.asynccontextmanager
async def one(stand_in: ZaloStandIn, engine: Engine, **changes: Any) -> AsyncIterator[Account]:
    async with account(stand_in, await book(engine), engine.clock, **changes) as made:
        yield made


async def post(made: Account) -> None:
    await made.client.post(Service.ACCOUNT, PATH, TEXT)


async def test_a_configured_pair_is_taken_over_and_used(stand_in: ZaloStandIn, sqlite_engine: SqliteEngine) -> None:
    async with one(stand_in, sqlite_engine) as made:
        assert made.tokens.state == "up"
        await post(made)
    assert [sent.token for sent in stand_in.sent] == ["access-0"]
    assert stand_in.tokens.renewals == 0


async def test_with_only_a_refresh_token_the_first_access_token_is_fetched(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine
) -> None:
    async with one(stand_in, sqlite_engine, access_token="") as made:
        await post(made)
    assert [sent.token for sent in stand_in.sent] == ["access-1"]


async def test_without_any_pair_a_person_is_asked_for(stand_in: ZaloStandIn, sqlite_engine: SqliteEngine) -> None:
    async with one(stand_in, sqlite_engine, access_token="", refresh_token="") as made:
        assert made.tokens.state == "re-authorise"
        assert made.log.alarms() == ["re-authorise"]
        with pytest.raises(NotSent):
            await post(made)


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(Scripted(code=-216), id="-216"),
        pytest.param(Scripted(code="-220"), id="-220 as a text"),
        pytest.param(Scripted(code=-124), id="-124"),
        pytest.param(Scripted(code=-216, status=401), id="with HTTP 401"),
        pytest.param(Scripted(body=b"", status=401), id="HTTP 401 alone"),
        pytest.param(Scripted(body=b'{"error_name":"Access token is invalid"}'), id="a name in place of a number"),
    ],
)
async def test_a_refused_token_is_renewed_once_and_the_message_leaves_once(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine, refusal: Scripted
) -> None:
    async with one(stand_in, sqlite_engine) as made:
        stand_in.script.append(refusal)
        await post(made)
    assert stand_in.tokens.renewals == 1
    assert [sent.token for sent in stand_in.sent] == ["access-1"]


async def test_a_new_token_that_is_refused_too_is_no_reason_to_renew_for_ever(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine
) -> None:
    async with one(stand_in, sqlite_engine) as made:
        stand_in.script += [Scripted(code=-216), Scripted(code=-216)]
        with pytest.raises(TemporarySendError):
            await post(made)
    assert stand_in.tokens.renewals == 1


async def test_many_at_once_renew_once(stand_in: ZaloStandIn, sqlite_engine: SqliteEngine) -> None:
    async with one(stand_in, sqlite_engine) as made:
        stand_in.tokens.access = "somebody else's"
        await asyncio.gather(*(post(made) for _ in range(20)))
    assert stand_in.tokens.renewals == 1
    assert len(stand_in.sent) == 20


async def test_two_processes_with_one_single_use_token_renew_once(
    stand_in: ZaloStandIn, postgres_engine: Engine
) -> None:
    async with one(stand_in, postgres_engine) as first, one(stand_in, postgres_engine) as second:
        stand_in.tokens.access = "somebody else's"
        await asyncio.gather(*(post(made) for made in (first, second) for _ in range(10)))
    assert stand_in.tokens.renewals == 1
    assert len(stand_in.sent) == 20


async def test_what_another_process_renewed_is_used(stand_in: ZaloStandIn, postgres_engine: Engine) -> None:
    async with one(stand_in, postgres_engine) as first, one(stand_in, postgres_engine) as second:
        await first.tokens.renewed(1)
        await post(second)
    assert stand_in.tokens.renewals == 1
    assert [sent.token for sent in stand_in.sent] == ["access-1"]


async def test_it_is_renewed_before_it_ends(stand_in: ZaloStandIn, sqlite_engine: SqliteEngine) -> None:
    async with one(stand_in, sqlite_engine) as made:
        made.clock.advance(13 * 3600)
        await made.tokens.keep()
        assert stand_in.tokens.renewals == 0
        made.clock.advance(2 * 3600)
        await made.tokens.keep()
        assert stand_in.tokens.renewals == 1
        made.clock.advance(18 * 3600)
        await made.tokens.keep()
        assert stand_in.tokens.renewals == 1, "the new one says itself how long it lasts"


REFUSED = [
    pytest.param(Scripted(body=b'{"error":-14014,"error_name":"Invalid refresh token.","message":""}'), id="-14014"),
    pytest.param(Scripted(body=b'{"error":"-14014","access_token":""}'), id="as a text, with an empty token"),
    pytest.param(Scripted(body=b""), id="empty"),
    pytest.param(Scripted(body=b'{"error":-14020}'), id="-14020"),
    pytest.param(Scripted(body=b'{"error_name":"x","error_reason":"y","ref_doc":"z"}'), id="without a number"),
    pytest.param(Scripted(body=b'{"error":0,"message":"Success"}'), id="success without a token"),
]


@pytest.mark.parametrize("answer", REFUSED)
async def test_a_refusal_raises_the_alarm_and_leaves_the_pair(
    stand_in: ZaloStandIn, engine: Engine, answer: Scripted
) -> None:
    records = await book(engine)
    async with account(stand_in, records, engine.clock) as made:
        stand_in.oauth_script.append(answer)
        stand_in.script.append(Scripted(code=-216))
        with pytest.raises(NotSent):
            await post(made)
        await made.tokens.keep()
        assert made.tokens.state == "re-authorise"
        assert "re-authorise" in made.log.alarms()
        with pytest.raises(NotSent):
            await post(made)
    assert stand_in.tokens.renewals == 1, "never a second call with a spent token"
    grant = await records.grant(SETTINGS.oa_id)
    assert grant is not None
    assert (grant.pair.refresh_token, grant.state) == ("refresh-0", GrantState.SPENT)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Scripted(status=502, body=b"<html>Bad gateway</html>"), id="502"),
        pytest.param(Scripted(body=b"<html>maintenance</html>"), id="HTML"),
        pytest.param(Scripted(body=b"[]"), id="no object"),
        pytest.param(Scripted(delay_s=5.0, body=b"{}"), id="too slow"),
    ],
)
async def test_noise_between_us_is_tried_again_later(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine, answer: Scripted
) -> None:
    async with one(stand_in, sqlite_engine, timeout_s=0.5) as made:
        stand_in.oauth_script.append(answer)
        made.clock.advance(15 * 3600)
        await made.tokens.keep()
        assert made.tokens.state == "up", "the old one is good for some hours yet"
        await made.tokens.keep()
        assert stand_in.tokens.renewals == 1, "not at once"
        made.clock.advance(10)
        await made.tokens.keep()
        assert stand_in.tokens.renewals == 2
        await post(made)
    assert [sent.token for sent in stand_in.sent] == ["access-1"]


async def test_an_answer_without_a_refresh_token_leaves_the_old_one(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine
) -> None:
    records = await book(sqlite_engine)
    async with account(stand_in, records, sqlite_engine.clock) as made:
        stand_in.oauth_script.append(Scripted(body=b'{"access_token":"access-0","expires_in":90000}'))
        await made.tokens.renewed(1)
    grant = await records.grant(SETTINGS.oa_id)
    assert grant is not None
    assert (grant.pair.refresh_token, grant.generation) == ("refresh-0", 2)


class Hesitant(AccountBook):
    """A store that cannot take the new pair at first."""

    refusals = 1

    async def end_renewal(self, *arguments: Any) -> bool:
        if self.refusals:
            self.refusals -= 1
            raise StoreRefused
        return await super().end_renewal(*arguments)


async def test_a_new_pair_waits_for_the_store_and_is_not_used_before(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine
) -> None:
    records = Hesitant(await sqlite_engine.open(), KEYRING, sqlite_engine.clock)
    async with account(stand_in, records, sqlite_engine.clock) as made:
        stand_in.script.append(Scripted(code=-216))
        await post(made)
    assert "new Zalo tokens wait for the store" in made.log.alarms()
    assert stand_in.tokens.renewals == 1
    grant = await records.grant(SETTINGS.oa_id)
    assert grant is not None
    assert grant.pair.access_token == stand_in.sent[0].token == "access-1"


async def test_a_holder_that_died_raises_the_alarm_until_somebody_authorises(
    stand_in: ZaloStandIn, engine: Engine
) -> None:
    store = await engine.open()
    records = AccountBook(store, KEYRING, engine.clock)
    async with account(stand_in, records, engine.clock):
        assert await records.begin_renewal(SETTINGS.oa_id, 1)
        await engine.abandon(store)
    async with one(stand_in, engine, access_token="") as made:
        assert made.log.alarms() == ["re-authorise"], "at the first look, which is within seconds of the start"
        await made.tokens.keep()
        assert made.log.alarms() == ["re-authorise"]
        made.clock.advance(REMIND_SECONDS + 1)
        await made.tokens.keep()
        assert made.log.alarms() == ["re-authorise"] * 2
        await authorise(made)
        await made.tokens.keep()
        assert made.tokens.state == "up"
        await post(made)
    assert stand_in.tokens.renewals == 0


async def authorise(made: Account) -> None:
    """A person followed the link."""
    issued = made.stand_in.tokens.issue()
    pair = TokenPair(
        access_token=issued["access_token"],
        refresh_token=issued["refresh_token"],
        expires_at=made.clock.now() + timedelta(hours=25),
    )
    await made.tokens._grants.give_grant(SETTINGS.oa_id, pair, b"", made.clock.now())


async def test_a_new_configured_pair_replaces_the_old_one(stand_in: ZaloStandIn, sqlite_engine: SqliteEngine) -> None:
    records = await book(sqlite_engine)
    async with account(stand_in, records, sqlite_engine.clock):
        pass
    stand_in.tokens.access, stand_in.tokens.refresh = "access-x", "refresh-x"
    async with account(
        stand_in, records, sqlite_engine.clock, access_token="access-x", refresh_token="refresh-x"
    ) as made:
        await post(made)
    assert [sent.token for sent in stand_in.sent] == ["access-x"]


async def test_a_restart_does_not_go_back_to_the_configured_pair(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine
) -> None:
    records = await book(sqlite_engine)
    async with account(stand_in, records, sqlite_engine.clock) as made:
        await made.tokens.renewed(1)
    async with account(stand_in, records, sqlite_engine.clock, access_token="") as made:
        await post(made)
    assert [sent.token for sent in stand_in.sent] == ["access-1"]
    assert stand_in.tokens.renewals == 1


async def test_a_zalo_that_cannot_be_reached(sqlite_engine: SqliteEngine, unused_tcp_port: int) -> None:
    nobody = ZaloStandIn(SETTINGS)
    nobody.url = f"http://127.0.0.1:{unused_tcp_port}"
    async with one(nobody, sqlite_engine) as made:
        with pytest.raises(NotSent):
            await post(made)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Scripted(drops=True), OutcomeUnknown, id="dropped"),
        pytest.param(Scripted(delay_s=5, code=0), OutcomeUnknown, id="too slow"),
        pytest.param(Scripted(status=504, body=b"<html>"), OutcomeUnknown, id="504"),
        pytest.param(Scripted(body=b"<html>"), OutcomeUnknown, id="HTML"),
        pytest.param(Scripted(body=b'{"data":{}}'), OutcomeUnknown, id="without a number"),
        pytest.param(Scripted(status=503, body=b""), TemporarySendError, id="503"),
    ],
)
async def test_what_no_code_tells(
    stand_in: ZaloStandIn, sqlite_engine: SqliteEngine, answer: Scripted, error: type[Exception]
) -> None:
    async with one(stand_in, sqlite_engine, timeout_s=0.5) as made:
        stand_in.script.append(answer)
        with pytest.raises(error):
            await post(made)
    assert stand_in.tokens.renewals == 0
