"""One-time codes of officers and linked chats, on both engines."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access.records import CODE_LIFE, CodePurpose
from bot.model import Address, ChannelName, Destination, OutboundKind, OutboundMessage
from bot.store.audit import AuditWish
from bot.store.officer_book import OfficerBook
from bot.store.officer_codes import Typed
from bot.store.port import NewOutbound
from tests.contract.store_engines import KEYRING, NOON, Engine
from tests.contract.test_store_officers import added, book_of, entry

CHAT = Destination(Address(ChannelName.ZALO, "551"), "oa1", "zalo:oa1")
LINK, SIGN_IN = CodePurpose.LINK_CODE, CodePurpose.SIGN_IN


async def test_a_link_code_links_one_account_once(engine: Engine) -> None:
    book = await book_of(engine)
    who = (await added(book)).officer.id
    assert await book.issue_code(LINK, who, "482913")
    both = await asyncio.gather(book.link_account("482913", CHAT), book.link_account("482913", CHAT))
    assert [linked.officer for linked in both if linked is not None] == [who]
    link = await book.link_of(CHAT.address)
    assert link is not None
    assert (link.officer, link.destination, link.since) == (who, CHAT, NOON)
    assert list(await book.links_of(who)) == [link]
    (row,) = await book.log(AuditWish(action="chat_linked"))
    assert (row.entry.officer, dict(row.entry.data)) == (who, {"channel": "zalo"})
    (stored,) = await engine.rows("SELECT digest FROM officer_code")
    assert b"482913" not in bytes(stored[0])


@pytest.mark.parametrize("what", ["unknown", "old", "replaced"])
async def test_codes_that_open_nothing(engine: Engine, what: str) -> None:
    book = await book_of(engine)
    who = (await added(book)).officer.id
    await book.issue_code(LINK, who, "482913")
    if what == "old":
        engine.clock.advance(CODE_LIFE[LINK].total_seconds())
    if what == "replaced":
        await book.issue_code(LINK, who, "111111")
    assert await book.link_account("000000" if what == "unknown" else "482913", CHAT) is None
    assert await book.link_of(CHAT.address) is None


async def test_a_linked_account_belongs_to_one_officer(engine: Engine) -> None:
    book = await book_of(engine)
    first, second = (await added(book)).officer.id, (await added(book, "chi")).officer.id
    await book.issue_code(LINK, first, "482913")
    await book.link_account("482913", CHAT)
    await book.issue_code(CodePurpose.LINK_TOKEN, second, "token")
    moved = await book.link_account("token", CHAT)
    assert moved is not None
    assert (moved.officer, moved.before) == (second, first)
    assert await book.links_of(first) == []


async def test_a_linked_account_speaks_as_a_citizen_until_it_is_linked_anew(engine: Engine) -> None:
    book = await book_of(engine)
    who = (await added(book)).officer.id
    assert await book.linked_contacts() == frozenset()
    for code in ("482913", "482914"):
        await book.issue_code(LINK, who, code)
        await book.link_account(code, CHAT)
        link = await book.link_of(CHAT.address)
        assert link is not None
        assert link.citizen_since is None
        await book.speak_as_citizen(CHAT.address, NOON)
    link = await book.link_of(CHAT.address)
    assert link is not None
    assert link.citizen_since == NOON
    await book.speak_as_citizen(CHAT.address, None)
    link = await book.link_of(CHAT.address)
    assert link is not None
    assert link.citizen_since is None
    assert await book.linked_contacts() == {KEYRING.contact_id(CHAT.address)}


async def test_links_are_confirmed_and_cut(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    await book.issue_code(LINK, who.officer.id, "482913")
    await book.link_account("482913", CHAT)
    engine.clock.advance(86_400)
    await book.confirm_link(CHAT.address)
    link = await book.link_of(CHAT.address)
    assert link is not None
    assert link.confirmed_at == NOON + timedelta(days=1)
    await book.unlink(replace(link, officer=who.officer.id + 1), entry("chat_unlinked"))
    assert await book.link_of(CHAT.address) is not None, "not of this officer"
    await book.unlink(link, entry("chat_unlinked"))
    assert await book.link_of(CHAT.address) is None


async def test_leaving_cuts_all_links(engine: Engine) -> None:
    book = await book_of(engine)
    who = await added(book)
    await book.issue_code(LINK, who.officer.id, "482913")
    await book.link_account("482913", CHAT)
    await book.change(who, entry("officer_left"), ends_sessions_but=b"", cuts_links=True)
    assert await book.link_of(CHAT.address) is None


async def test_five_wrong_codes_kill_the_right_one(engine: Engine) -> None:
    book = await book_of(engine)
    who = (await added(book)).officer.id
    await book.issue_code(SIGN_IN, who, "482913")
    assert [await book.type_code(SIGN_IN, who, "000000") for _ in range(6)] == [Typed.WRONG] * 5 + [Typed.DEAD]
    assert await book.type_code(SIGN_IN, who, "482913") is Typed.DEAD
    await book.issue_code(SIGN_IN, who, "771122")
    assert await book.type_code(SIGN_IN, who, "771122") is Typed.RIGHT
    assert await book.type_code(SIGN_IN, who, "771122") is Typed.DEAD, "once"


async def test_codes_cannot_be_asked_for_without_end(engine: Engine) -> None:
    book = await book_of(engine)
    assert [await book.issue_code(SIGN_IN, 1, str(number)) for number in range(11)] == [True] * 10 + [False]
    engine.clock.advance(3601)
    assert await book.issue_code(SIGN_IN, 1, "x")


async def test_a_code_leads_to_its_data(engine: Engine) -> None:
    book = await book_of(engine)
    await book.issue_code(CodePurpose.PROOF, 3, "token", data="PA26005442")
    assert await book.peek_code(CodePurpose.PROOF, "token") == (3, "PA26005442")
    assert await book.spend_code(CodePurpose.SETUP, "token") is None
    assert await book.spend_code(CodePurpose.PROOF, "token") == (3, "PA26005442")
    assert await book.peek_code(CodePurpose.PROOF, "token") is None


async def test_a_code_leaves_with_its_message(engine: Engine) -> None:
    store = await engine.open()
    book = OfficerBook(store, KEYRING, engine.clock)
    message = OutboundMessage(
        id=store.new_id(),
        to=CHAT.address,
        source=CHAT.source,
        route=CHAT.route,
        text="Mã đăng nhập: 482913",
        kind=OutboundKind.ONE_TIME_CODE,
        created_at=NOON,
        expires_at=NOON + timedelta(minutes=10),
    )
    await book.issue_code(SIGN_IN, 1, "482913", by=NewOutbound(message=message, sending=False))
    (leaving,) = await store.claim_outbound(CHAT.route, 10, NOON)
    assert (leaving.to, leaving.text) == (CHAT.address, "Mã đăng nhập: 482913")
