"""Accounts of officers, their sessions and tries, on both engines."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.access.records import AuditEntry, DeskSession, OfficerAccount, Stage
from bot.officers import Officer, OfficerRole
from bot.store.audit import AuditWish
from bot.store.officer_book import NameTaken, OfficerBook, StaleAccount
from tests.contract.store_engines import KEYRING, NOON, Engine

TOKEN = "t" * 43
MINUTE = timedelta(minutes=1)


def entry(action: str = "officer_added", **more: Any) -> AuditEntry:
    return AuditEntry(at=NOON, who="an", action=action, **more)


def account(user_name: str = "binh", **more: Any) -> OfficerAccount:
    officer = Officer(
        id=0, user_name=user_name, name="Bình", role=OfficerRole.OFFICER, agency="H05.12", phone="84912345678"
    )
    return OfficerAccount(officer=officer, password="$argon2id$", totp_secret="JBSWY3DP", created_at=NOON, **more)


def session(officer: int, **more: Any) -> DeskSession:
    facts: dict[str, Any] = {
        "digest": b"",
        "officer": officer,
        "stage": Stage.FULL,
        "opened_at": NOON,
        "seen_at": NOON,
        "proven_at": NOON,
        "address": "192.0.2.1",
    }
    return DeskSession(**(facts | more))


async def book_of(engine: Engine) -> OfficerBook:
    return OfficerBook(await engine.open(), KEYRING, engine.clock)


async def added(book: OfficerBook, user_name: str = "binh") -> OfficerAccount:
    found = await book.account(await book.add(account(user_name), entry(subject=user_name)))
    assert found is not None
    return found


async def test_what_is_kept_of_an_account(engine: Engine) -> None:
    book = await book_of(engine)
    kept = await added(book)
    assert kept == replace(account(), officer=replace(account().officer, id=kept.officer.id))
    assert await book.account_named("binh") == kept
    assert await book.account_named("nobody") is None
    assert [found.officer.user_name for found in await book.everybody()] == ["binh"]
    (row,) = await engine.rows("SELECT phone, totp FROM officer")
    assert b"84912345678" not in bytes(row[0])
    assert b"JBSWY3DP" not in bytes(row[1])


async def test_a_name_is_given_once(engine: Engine) -> None:
    book = await book_of(engine)
    outcomes = await asyncio.gather(*(book.add(account(), entry()) for _ in range(4)), return_exceptions=True)
    assert len([outcome for outcome in outcomes if isinstance(outcome, NameTaken)]) == 3
    assert await book.count() == 1
    with pytest.raises(NameTaken):
        await book.add(account("first"), entry(), only_first=True)
    assert len(await book.log(AuditWish())) == 1


async def test_of_two_changes_at_once_one_is_made(engine: Engine) -> None:
    book = await book_of(engine)
    seen = await added(book)
    changes = [replace(seen, totp_step=step) for step in (7, 8)]
    outcomes = await asyncio.gather(
        *(book.change(changed, entry("officer_changed")) for changed in changes), return_exceptions=True
    )
    assert len([outcome for outcome in outcomes if isinstance(outcome, StaleAccount)]) == 1
    assert [row.entry.action for row in await book.log(AuditWish())] == ["officer_changed", "officer_added"]


async def test_a_session_is_known_by_its_token_until_it_is_over(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    await book.open_session(TOKEN, session(who.officer.id), entry("sign_in"))
    found = await book.session(TOKEN)
    assert found is not None
    assert (found[0].stage, found[0].digest, found[1]) == (Stage.FULL, book.session_digest(TOKEN), who)
    assert await book.session("x" * 43) is None
    (stored,) = await engine.rows("SELECT digest FROM desk_session")
    assert TOKEN.encode() not in bytes(stored[0])
    engine.clock.advance(29 * 60)
    await book.touch(found[0])
    engine.clock.advance(29 * 60)
    assert await book.session(TOKEN) is not None, "used meanwhile"
    engine.clock.advance(60)
    assert await book.session(TOKEN) is None, "thirty minutes idle"
    await book.tidy()
    assert await engine.rows("SELECT * FROM desk_session") == []


async def test_no_session_is_longer_than_twelve_hours(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    await book.open_session(TOKEN, session(who.officer.id))
    for _ in range(36):
        found = await book.session(TOKEN)
        assert found is not None
        engine.clock.advance(20 * 60)
        await book.touch(found[0])
    assert await book.session(TOKEN) is None


@pytest.mark.parametrize("change", [{"locked_at": NOON}, {"officer": {"left_at": NOON}}])
async def test_who_is_locked_or_gone_is_signed_in_nowhere(engine: Engine, change: dict[str, Any]) -> None:
    book = await book_of(engine)
    who = await added(book)
    await book.open_session(TOKEN, session(who.officer.id))
    officer = replace(who.officer, **change.get("officer", {}))
    await book.change(replace(who, officer=officer, locked_at=change.get("locked_at")), entry("officer_left"))
    assert await book.session(TOKEN) is None


async def test_a_new_session_replaces_the_one_before(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    await book.open_session(TOKEN, session(who.officer.id, stage=Stage.CODE))
    await book.open_session("u" * 43, session(who.officer.id), replaces=book.session_digest(TOKEN))
    assert await book.session(TOKEN) is None
    assert await book.session("u" * 43) is not None


async def test_sessions_end_with_a_change_but_for_one(engine: Engine) -> None:
    book = await book_of(engine)
    who, other = await added(book), await added(book, "chi")
    for token in "abc":
        await book.open_session(token, session((other if token == "c" else who).officer.id))
    await book.change(who, entry("password_changed"), ends_sessions_but=book.session_digest("b"))
    assert [await book.session(token) is not None for token in "abc"] == [False, True, True]


async def test_a_code_of_an_authenticator_opens_one_session(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    used = replace(who, totp_step=55)
    opening = [book.open_session(token, session(who.officer.id), account=used) for token in "ab"]
    outcomes = await asyncio.gather(*opening, return_exceptions=True)
    assert len([outcome for outcome in outcomes if isinstance(outcome, StaleAccount)]) == 1
    assert [await book.session(token) is not None for token in "ab"].count(True) == 1


async def test_five_failures_lock_the_name_for_fifteen_minutes(engine: Engine) -> None:
    book = await book_of(engine)
    for number in range(5):
        assert await book.begin_try("binh", f"192.0.2.{number}") is None
        engine.clock.advance(10)
    until = await book.begin_try("binh", "192.0.2.9")
    assert until == NOON + timedelta(seconds=40) + 15 * MINUTE
    assert await book.begin_try("chi", "192.0.2.9") is None
    engine.clock.advance(15 * 60 - 10)
    assert await book.begin_try("binh", "192.0.2.9") is None


async def test_thirty_failures_lock_the_address(engine: Engine) -> None:
    book = await book_of(engine)
    for number in range(30):
        assert await book.begin_try(f"name{number}", "192.0.2.1") is None
    assert await book.begin_try("another", "192.0.2.1") is not None
    assert await book.begin_try("another", "192.0.2.2") is None


async def test_success_forgets_the_failures(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    for _ in range(4):
        await book.begin_try("binh", "192.0.2.1")
    await book.open_session(TOKEN, session(who.officer.id), account=who)
    for _ in range(5):
        assert await book.begin_try("binh", "192.0.2.1") is None


async def test_a_form_is_taken_once(engine: Engine) -> None:
    book = await book_of(engine)
    assert await book.take_form("k") == (True, None)
    assert await book.take_form("k") == (False, None), "the first one is under way"
    await book.end_form("k", "/desk/petitions")
    assert await book.take_form("k") == (False, "/desk/petitions")
    assert await book.take_form("other") == (True, None)
    await book.end_form("other", None)
    assert await book.take_form("other") == (True, None), "it changed nothing"
    engine.clock.advance(61)
    assert await book.take_form("other") == (True, None), "whoever took it died over it"
    engine.clock.advance(25 * 3600)
    await book.tidy()
    assert await engine.rows("SELECT * FROM desk_form") == []
