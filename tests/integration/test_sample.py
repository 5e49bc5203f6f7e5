"""The invented year in a real store, and its officers at a real desk."""

from datetime import timedelta

from bot.attachments.folder import AttachmentFolder
from bot.attachments.kinds import JPEG, media_type
from bot.model import MessageId
from bot.officers import OfficerRole
from bot.petitions.codes import is_petition_code
from bot.petitions.record import PetitionState
from bot.sample.load import load_desk, load_year
from bot.sample.world import RULES, officers, shown_officers
from bot.sample.year import STANDS
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.store.port_petitions import PetitionFilter, Tab
from bot.store.port_public import PublicFilter
from tests.contract.store_engines import KEYRING, NOON, SqliteEngine
from tests.desk import PASSWORD, desk_place, quick_passwords


async def test_the_store_tells_the_same_figures(sqlite_engine: SqliteEngine) -> None:
    store = await sqlite_engine.open()
    folder = AttachmentFolder(sqlite_engine.folder / "attachments", KEYRING)
    assert await load_year(store, KEYRING, NOON, folder) == STANDS
    page = await store.list_petitions(PetitionFilter(), NOON)
    assert page.total == 544
    assert page.counts[Tab.DONE] + page.counts[Tab.AGENCY] == 544
    assert page.counts[Tab.LATE] >= 8
    for state, count in STANDS.items():
        found = await store.list_petitions(PetitionFilter(state=state), NOON)
        assert (state, found.total) == (state, count)
    assert all(is_petition_code(item.code) for item in page.petitions)
    shown = await store.released(PublicFilter(most=200))
    assert len(shown) >= 80
    pictures = [name for item in shown for name in item.pictures]
    assert pictures
    assert all(media_type(folder.shown(name)) == JPEG for name in pictures)
    assert sum(item.files for item in page.petitions) >= len(pictures)


async def test_a_case_and_its_members_were_answered_together(sqlite_engine: SqliteEngine) -> None:
    store = await sqlite_engine.open()
    await load_year(store, KEYRING, NOON)
    closed = [
        petition
        for page in range(1, 7)
        for petition in (
            await store.list_petitions(PetitionFilter(state=PetitionState.CLOSED, page=page), NOON)
        ).petitions
    ]
    members = [petition for petition in closed if petition.case]
    assert len(members) == 7
    for member in members:
        case = await store.petition(member.case or "")
        assert case is not None
        assert (member.answer, member.answered_at) == (case.answer, case.answered_at)
        names = [event.name for event in await store.events_of(member.code)]
        assert names[:3] == ["submit", "merge", "send_answer"]


async def test_every_role_signs_in(sqlite_engine: SqliteEngine) -> None:
    async with desk_place(sqlite_engine) as place:
        master = MasterBook(place.parts._store, KEYRING, sqlite_engine.clock)
        await load_desk(place.parts.book, master, await quick_passwords().hash(PASSWORD), NOON)
        for officer in shown_officers():
            answered = await place.visitor().sign_in(officer.user_name)
            assert (officer.user_name, answered.status) == (officer.user_name, 303)
        assert {officer.role for officer in shown_officers()} == set(OfficerRole)
        assert len((await master.master_data()).rules) == len(RULES)


async def test_events_name_officers_by_the_ids_they_have(sqlite_engine: SqliteEngine) -> None:
    store = await sqlite_engine.open()
    book = OfficerBook(store, KEYRING, sqlite_engine.clock)
    await load_desk(book, MasterBook(store, KEYRING, sqlite_engine.clock), "x", NOON)
    assert {account.officer.id: account.officer.user_name for account in await book.everybody()} == {
        officer.id: officer.user_name for officer in officers()
    }


async def test_opinions_stand_where_ratings_are_counted(sqlite_engine: SqliteEngine) -> None:
    store = await sqlite_engine.open()
    await load_year(store, KEYRING, NOON)
    found = await store.ratings(NOON - timedelta(days=400), MessageId(0), 1000)
    assert len(found) >= 80
    assert all(is_petition_code(rating.reference) and rating.handled_by for rating in found)
    assert {rating.score for rating in found} == {1, 2, 3, 4, 5}
