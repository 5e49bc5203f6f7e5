"""What the desk sets, on both engines: what ships, what was edited and by whom, nobody overwrites another's edit; mutes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.access.records import AuditEntry
from bot.calendar import WeeklyHours
from bot.calendar_edits import AgencyHours, CalendarDay, DayKind
from bot.linking import Join, Part
from bot.officers import AgencyKind, AgencyRecord
from bot.petitions.abuse import Mute, MuteStep
from bot.petitions.categories import PetitionCategory, shipped_categories
from bot.petitions.master import CannedAnswer
from bot.petitions.routing import RoutingRule
from bot.store.base import PlanStore
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.store.port_master import Announcement, BlockedWord, MasterItem, StaleItem
from tests.contract.store_engines import KEYRING, NOON, Engine, person, text
from tests.contract.store_petitions import CHAT, PHONE, chat_text, does

ENTRY = AuditEntry(at=NOON, who="lan", officer=7, action="changed", subject="master data")
UTILITY = AgencyRecord(code="dien-luc", name="Điện lực", short_name="Dien luc", kind=AgencyKind.UTILITY)
DAY_OFF = CalendarDay(on=date(2026, 6, 12), kind=DayKind.OFF, name="Bầu cử")
SATURDAYS = WeeklyHours(days=(*WeeklyHours().days[:5], ((time(7, 30), time(11, 30)),), ()))
ITEMS: list[MasterItem] = [
    UTILITY,
    PetitionCategory(code="XX", name="Lĩnh vực mới", name_en="new", days=4),
    DAY_OFF,
    replace(DAY_OFF, agency="H05.22", kind=DayKind.WORKED),
    AgencyHours(hours=SATURDAYS, cut_off=time(11, 0), agency="H05.22"),
    RoutingRule(agency="dien-luc", category="DN"),
    RoutingRule(agency="H05.101", category="DN", ward="Võ Cường"),
    CannedAnswer(id=0, title="Đã sửa", text="Đèn đã được sửa.", category="DN"),
    BlockedWord(word="Đồ ngu"),
]


def book_of(store: PlanStore, engine: Engine) -> MasterBook:
    return MasterBook(store, KEYRING, engine.clock)


async def test_as_it_ships(engine: Engine) -> None:
    book = book_of(await engine.open(), engine)
    data = await book.master_data()
    agencies = data.agencies_by_code()
    assert data.agencies[0].kind is AgencyKind.RECEPTION
    assert agencies["H05.101"].ward == "An Lạc"
    assert len(agencies) == 114
    assert data.categories_by_code() == shipped_categories()
    assert (data.days, data.hours, data.rules, data.canned_answers, data.blocked_words) == ((), (), (), (), ())
    assert await book.version() == 0


async def test_everything_that_can_be_set(engine: Engine) -> None:
    book = book_of(await engine.open(), engine)
    kept = [await book.put(item, 0, ENTRY) for item in ITEMS]
    data = await book.master_data()
    assert data.agencies_by_code()["dien-luc"] == UTILITY
    assert data.categories_by_code()["XX"] == ITEMS[1]
    assert (*data.days, *data.hours, *data.rules, *data.canned_answers) == tuple(kept[2:8])
    assert (data.canned_answers[0].id, data.blocked_words) == (1, ("Đồ ngu",))
    assert await book.version() == len(ITEMS)


async def test_what_ships_is_edited(engine: Engine) -> None:
    book = book_of(await engine.open(), engine)
    shipped = (await book.items(AgencyRecord))[0]
    assert (shipped.version, shipped.updated_by) == (0, None)
    await book.put(replace(shipped.item, phone="0222.3822222"), 0, ENTRY)
    edited = (await book.items(AgencyRecord))[0]
    assert (edited.item.phone, edited.version, edited.updated_by, edited.updated_at) == ("0222.3822222", 1, 7, NOON)
    with pytest.raises(StaleItem):
        await book.put(shipped.item, 0, ENTRY)
    await book.put(replace(edited.item, is_open=False), 1, ENTRY)
    assert (await book.items(AgencyRecord))[0].version == 2


async def test_what_is_removed_and_comes_back(engine: Engine) -> None:
    book = book_of(await engine.open(), engine)
    await book.put(DAY_OFF, 0, ENTRY)
    with pytest.raises(StaleItem):
        await book.remove(DAY_OFF, 0, ENTRY)
    await book.remove(DAY_OFF, 1, ENTRY)
    assert (await book.master_data()).days == ()
    await book.put(DAY_OFF, 0, ENTRY)
    ((edited,),) = (await book.items(CalendarDay),)
    assert (edited.item, edited.version) == (DAY_OFF, 3)
    await book.remove((await book.master_data()).agencies[1], 0, ENTRY)
    assert "H05" not in (await book.master_data()).agencies_by_code()


async def test_each_edit_stands_in_the_log(engine: Engine) -> None:
    store = await engine.open()
    book, officers = book_of(store, engine), OfficerBook(store, KEYRING, engine.clock)
    await book.put(DAY_OFF, 0, ENTRY)
    with pytest.raises(StaleItem):
        await book.put(DAY_OFF, 0, ENTRY)
    check = await officers.check_log()
    assert await engine.rows("SELECT count(*) FROM audit") == [(1,)]
    assert check.broken_at is None


async def test_announcements(engine: Engine) -> None:
    book = book_of(await engine.open(), engine)
    hour = timedelta(hours=1)
    late = await book.put(Announcement(text="Bảo trì", starts_at=NOON + 5 * hour, ends_at=NOON + 6 * hour), 0, ENTRY)
    soon = await book.put(Announcement(text="Bảo trì", starts_at=NOON, ends_at=NOON + hour), 0, ENTRY)
    assert await book.announcements(NOON) == [soon, late]
    assert await book.announcements(NOON + hour) == [late]


def given(step: MuteStep = MuteStep.DAY) -> Mute:
    until = datetime(2026, 6, 11, 17, tzinfo=UTC)
    whose = KEYRING.contact_id(person())
    return Mute(person=whose, step=step, reason="Chửi bới nhiều lần", given_by=7, given_at=NOON, until=until)


async def test_mutes(engine: Engine) -> None:
    book = book_of(await engine.open(), engine)
    whose = given().person
    first, second = await book.give_mute(given(), ENTRY), await book.give_mute(given(MuteStep.MONTH), ENTRY)
    assert await book.mutes_of(whose) == [given(), given(MuteStep.MONTH)]
    await book.confirm_mute(second, 8, ENTRY)
    await book.confirm_mute(second, 9, ENTRY)
    await book.lift_mute(first, NOON, ENTRY)
    lifted, confirmed = await book.mutes_of(whose)
    assert (lifted.lifted_at, confirmed.confirmed_by) == (NOON, 8)
    assert [mute.id for mute in await book.running_mutes(NOON)] == [second]
    assert await book.running_mutes(confirmed.until) == []


async def test_a_mute_is_the_persons_on_every_account(engine: Engine) -> None:
    store = await engine.open()
    book, chat = book_of(store, engine), KEYRING.contact_id(CHAT)
    await does(store, text("hello"))
    await does(store, chat_text("LK"), Join(other=PHONE, how="code"))
    await book.give_mute(given(), ENTRY)
    assert await book.mutes_of(chat) == [given()]
    await does(store, chat_text("HLK"), Part())
    assert (await book.mutes_of(chat), await book.mutes_of(given().person)) == ([], [given()])
