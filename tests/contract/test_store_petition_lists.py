"""Lists of petitions, on both engines: tabs, counts, filters, search, pages; those that may be alike; whose clock has come."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.petitions.record import PetitionState, Place, Severity, TaskAlert
from bot.store.base import PlanStore
from bot.store.port_petitions import PAGE_SIZE, PetitionFilter, Tab
from tests.contract.store_engines import KEYRING, NOON, Engine, person
from tests.contract.store_petitions import DAY, changed, stored, submitted

HOUR = timedelta(hours=1)
ITEMS: dict[str, dict[str, Any]] = {
    "received": {"answer_due": NOON + 5 * DAY},
    "assigned": {"state": PetitionState.ASSIGNED, "agency": "A", "answer_due": NOON + DAY, "category": "MT"},
    "late": {"state": PetitionState.IN_PROGRESS, "agency": "A", "officer": 7, "answer_due": NOON - DAY},
    "waits": {"state": PetitionState.NEED_INFO, "agency": "A", "officer": 7, "answer_due": NOON - 2 * DAY},
    "approval": {"state": PetitionState.PENDING_APPROVAL, "agency": "B", "officer": 8, "answer_due": NOON + 3 * DAY},
    "answered": {"state": PetitionState.ANSWERED, "agency": "A", "officer": 7, "text": "Rác thải đầu ngõ"},
    "closed": {"state": PetitionState.CLOSED, "agency": "B", "place": Place(ward="Kinh Bắc"), "sent_at": NOON + HOUR},
}
NAMES = list(ITEMS)


async def filled(store: PlanStore) -> dict[str, str]:
    """The name of each item, by the code it got."""
    return {(await submitted(store, **facts)).code: name for name, facts in ITEMS.items()}


@dataclass(frozen=True, slots=True)
class Case:
    wanted: PetitionFilter
    found: tuple[str, ...]


def case(*found: str, **wanted: Any) -> Any:
    return pytest.param(Case(PetitionFilter(**wanted), found), id=",".join(f"{k}={v}" for k, v in wanted.items()))


CASES = [
    case(*reversed(NAMES), page=1),
    case("received", tab=Tab.NEW),
    case("assigned", tab=Tab.NEW, agency="A"),
    case("waits", "late", tab=Tab.MINE, viewer=7),
    case(tab=Tab.MINE),
    case("waits", "late", "assigned", "approval", "received", tab=Tab.AGENCY),
    case("waits", "late", "assigned", tab=Tab.AGENCY, agency="A"),
    case("late", tab=Tab.AGENCY, agency="A", state="in_progress"),
    case("assigned", tab=Tab.DUE_SOON),
    case("assigned", "approval", tab=Tab.DUE_SOON, due_until=NOON + 3 * DAY),
    case("late", tab=Tab.LATE),
    case("approval", tab=Tab.APPROVAL),
    case("waits", tab=Tab.CITIZEN),
    case("closed", "answered", tab=Tab.DONE),
    case("closed", tab=Tab.DONE, agency="B"),
    case("assigned", category="MT"),
    case("closed", ward="Kinh Bắc"),
    case("approval", officer=8),
    case("closed", sent_from=NOON + HOUR),
    case(*reversed(NAMES[:-1]), sent_until=NOON + HOUR, channel="sms"),
    case(channel="zalo"),
    case("answered", search="rac thai"),
    case("answered", search="  Ngõ RÁC "),
    case("late", search="den duong hong", tab=Tab.LATE),
    case("closed", search="kinh bac"),
    case(search="den khongco"),
    case("assigned", search="pa26000029"),
    case(search="PA26999993"),
    case("closed", "approval", "waits", "late", "assigned", "received", search="đèn đường"),
    case(*reversed(NAMES), person=KEYRING.contact_id(person())),
]


@pytest.mark.parametrize("example", CASES)
async def test_which_petitions(engine: Engine, example: Case) -> None:
    store = await engine.open()
    names = await filled(store)
    page = await store.list_petitions(example.wanted, NOON)
    assert tuple(names[petition.code] for petition in page.petitions) == example.found
    assert page.total == len(example.found)


async def test_what_stands_in_each_tab(engine: Engine) -> None:
    store = await engine.open()
    assert set((await store.list_petitions(PetitionFilter(), NOON)).counts.values()) == {0}
    await filled(store)
    for agency in ("", "A"):
        counts = (await store.list_petitions(PetitionFilter(agency=agency, viewer=7), NOON)).counts
        for tab in Tab:
            page = await store.list_petitions(PetitionFilter(tab=tab, agency=agency, viewer=7), NOON)
            assert counts[tab] == page.total == len(page.petitions), tab


async def test_pages(engine: Engine) -> None:
    store = await engine.open()
    codes = [(await submitted(store, answer_due=NOON + number * HOUR)).code for number in range(PAGE_SIZE + 3)]
    first, second = [await store.list_petitions(PetitionFilter(tab=Tab.AGENCY, page=page), NOON) for page in (1, 2)]
    assert [petition.code for petition in (*first.petitions, *second.petitions)] == codes
    assert (len(first.petitions), first.total) == (PAGE_SIZE, PAGE_SIZE + 3)
    assert (await store.list_petitions(PetitionFilter(page=-5), NOON)).petitions[0].code == codes[-1]


async def test_a_text_that_changes_is_found_by_its_new_words(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store)
    await store.change_petition(changed(seen, replace(seen, text="Cống tắc"), "add_information"), ())
    for search, total in (("cong tac", 1), ("den", 0), ("vo cuong", 1)):
        assert (await store.list_petitions(PetitionFilter(search=search), NOON)).total == total


ELSEWHERE = Place(ward="Kinh Bắc", latitude=21.3, longitude=106.3)
STRANGER = {"person": KEYRING.contact_id(person(1))}


@pytest.mark.parametrize(
    ("other", "is_like"),
    [
        pytest.param(STRANGER, True, id="same field and ward"),
        pytest.param(STRANGER | {"category": "MT"}, False, id="another field"),
        pytest.param(STRANGER | {"place": ELSEWHERE}, False, id="elsewhere"),
        pytest.param(
            STRANGER | {"place": replace(ELSEWHERE, latitude=21.180, longitude=106.07)}, True, id="200 m, other ward"
        ),
        pytest.param(STRANGER | {"place": Place()}, False, id="nobody knows where"),
        pytest.param({"category": "MT", "place": ELSEWHERE}, True, id="same person"),
        pytest.param({"state": PetitionState.CLOSED}, False, id="over"),
        pytest.param({"sent_at": NOON - 15 * DAY}, False, id="long ago"),
    ],
)
async def test_similar_ones(engine: Engine, other: dict[str, Any], is_like: object) -> None:
    store = await engine.open()
    candidate = await submitted(store, **other)
    new = await submitted(store)
    found = await store.similar_to(new, NOON - 14 * DAY)
    assert [petition.code for petition in found] == ([candidate.code] if is_like else [])


async def test_whose_clock_has_come(engine: Engine) -> None:
    store = await engine.open()
    due = [await submitted(store, clock_at=NOON - number * HOUR) for number in range(3)]
    await submitted(store, clock_at=NOON + HOUR)
    await submitted(store, clock_at=None)
    assert await store.due_petitions(NOON, 0, 10) == due
    assert await store.due_petitions(NOON, 0, 1) == due[:1]
    assert await store.due_petitions(NOON, due[0].id, 10) == due[1:]


async def test_the_clock_looks_once(engine: Engine) -> None:
    store = await engine.open()
    seen = await submitted(store, clock_at=NOON)
    alert = TaskAlert(severity=Severity.S2, source="pa_near", subject=seen.code, condition="due", agency="A")
    assert await store.look_again(seen, NOON + HOUR, (alert,))
    assert not await store.look_again(seen, NOON + DAY, (alert,)), "another process looked"
    found = await stored(store, seen.code)
    assert found == replace(seen, clock_at=NOON + HOUR)
    assert await engine.rows("SELECT raised FROM alert") == [(1,)]
    await store.change_petition(changed(found, found, "accept"), ())
    assert not await store.look_again(found, None, ()), "it changed meanwhile"


async def test_how_much_officers_have_to_do(engine: Engine) -> None:
    store = await engine.open()
    await filled(store)
    for days in (1, 3):
        done = {"state": PetitionState.CLOSED, "agency": "A", "officer": 9}
        await submitted(store, answered_at=NOON + days * DAY, **done)
    await submitted(store, sent_at=NOON - 100 * DAY, answered_at=NOON, state=PetitionState.CLOSED, officer=10)
    loads = await store.officer_loads("", NOON, NOON - 90 * DAY)
    assert [(load.officer, load.open, load.late, load.answered, load.average) for load in loads] == [
        (7, 2, 1, 0, None),
        (8, 1, 0, 0, None),
        (9, 0, 0, 2, 2 * DAY),
    ]
    assert [load.officer for load in await store.officer_loads("B", NOON, NOON)] == [8]


async def test_past_petitions(engine: Engine) -> None:
    store = await engine.open()
    codes = [(await submitted(store, sent_at=NOON + number * HOUR)).code for number in range(4)]
    found = await store.petitions_sent(NOON + HOUR, NOON + 3 * HOUR, 10)
    assert [petition.code for petition in found] == [codes[2], codes[1]]
    assert len(await store.petitions_sent(NOON, NOON + DAY, 3)) == 3
