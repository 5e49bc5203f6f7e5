"""What an operator hears of the account when it begins to work."""

from typing import Any

import pytest

from adapters.zalo.checkup import Checkup
from adapters.zalo.stand_in import ZaloStandIn
from bot.store.account_book import AccountBook
from tests.contract.channels.zalo import SETTINGS
from tests.contract.store_engines import KEYRING, SqliteEngine
from tests.contract.zalo_account import account


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        pytest.param({}, ("info", "Zalo account"), id="in order"),
        pytest.param({"is_verified": False}, ("warning", "the Zalo account is not verified"), id="not verified"),
        pytest.param({"oaid": "5"}, ("error", "the Zalo tokens are those of another account"), id="another account"),
    ],
)
async def test_what_is_heard(sqlite_engine: SqliteEngine, told: dict[str, Any], heard: tuple[str, str]) -> None:
    stand_in = ZaloStandIn(SETTINGS)
    await stand_in.start()
    stand_in.account = told
    records = AccountBook(await sqlite_engine.open(), KEYRING, sqlite_engine.clock)
    async with account(stand_in, records, sqlite_engine.clock) as made:
        await Checkup(SETTINGS, made.client, made.tokens, made.log).run()
    await stand_in.stop()
    level, start = heard
    assert any(line[0] == level and line[1].startswith(start) for line in made.log.lines)
    assert ("error" in {line[0] for line in made.log.lines}) == (level == "error")


async def test_an_account_that_does_not_answer_stops_nothing(sqlite_engine: SqliteEngine) -> None:
    stand_in = ZaloStandIn(SETTINGS)
    await stand_in.start()
    records = AccountBook(await sqlite_engine.open(), KEYRING, sqlite_engine.clock)
    async with account(stand_in, records, sqlite_engine.clock) as made:
        await stand_in.stop()
        await Checkup(SETTINGS, made.client, made.tokens, made.log).run()
    assert [line[0] for line in made.log.lines] == ["warning"]
