"""What everybody may see of petitions, on both engines, and the figures of all."""

from datetime import timedelta
from typing import Any

import pytest

from bot.petitions.record import Confidentiality, PetitionState, Place
from bot.store.port_public import CategoryFigures, PublicFilter
from tests.contract.store_engines import NOON, Engine
from tests.contract.store_petitions import DAY, submitted

HOUR = timedelta(hours=1)
RELEASED: dict[str, Any] = {
    "public_text": "Đèn đường hỏng",
    "released_at": NOON,
    "confidentiality": Confidentiality.PUBLIC,
    "place": Place(ward="Võ Cường", text="12 Lý Thái Tổ", latitude=21.178_649, longitude=106.071_951),
}
SHOWN: dict[str, dict[str, Any]] = {
    "open": {},
    "merged": {"state": PetitionState.MERGED, "sent_at": NOON + HOUR},
    "answered": {"state": PetitionState.ANSWERED, "answer": "Đã thay bóng", "answered_at": NOON, "category": "GT"},
    "closed": {"state": PetitionState.CLOSED, "category": "MT", "closed_because": "no_reply", "sent_at": NOON - DAY},
}
HIDDEN: dict[str, dict[str, Any]] = {
    "not released": {"released_at": None},
    "not public": {"confidentiality": Confidentiality.NOT_PUBLIC},
    "name hidden": {"confidentiality": Confidentiality.NAME_HIDDEN},
    "erased": {"public_text": ""},
    "withdrawn": {"state": PetitionState.WITHDRAWN},
    "spam": {"state": PetitionState.SPAM},
}


@pytest.mark.parametrize("facts", HIDDEN.values(), ids=HIDDEN)
async def test_what_nobody_else_sees(engine: Engine, facts: dict[str, Any]) -> None:
    store = await engine.open()
    code = (await submitted(store, **(RELEASED | facts))).code
    assert await store.released(PublicFilter()) == []
    assert await store.released(PublicFilter(codes=(code,))) == []
    assert await store.released_lately(9) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({}, ["merged", "answered", "open", "closed"], id="newest first"),
        pytest.param({"is_open": True}, ["open"], id="open"),
        pytest.param({"is_open": False}, ["merged", "answered", "closed"], id="closed"),
        pytest.param({"categories": ("GT", "MT")}, ["answered", "closed"], id="fields"),
        pytest.param({"categories": ("GT", "MT"), "is_open": True}, [], id="fields and state"),
        pytest.param({"sent_from": NOON}, ["merged", "answered", "open"], id="from"),
        pytest.param({"sent_until": NOON}, ["closed"], id="until"),
        pytest.param({"most": 2, "skipped": 1}, ["answered", "open"], id="a page"),
        pytest.param({"codes": ("PA26000029", "PA26999993")}, ["merged"], id="codes"),
    ],
)
async def test_which_are_listed(engine: Engine, wanted: dict[str, Any], found: list[str]) -> None:
    store = await engine.open()
    names = {(await submitted(store, **(RELEASED | facts))).code: name for name, facts in SHOWN.items()}
    assert [names[item.code] for item in await store.released(PublicFilter(**wanted))] == found


async def test_the_last_released_comes_first(engine: Engine) -> None:
    store = await engine.open()
    for hours in (1, 3, 2):
        await submitted(store, **(RELEASED | {"released_at": NOON + hours * HOUR}))
    hours = [(item.released_at - NOON) / HOUR for item in await store.released_lately(2)]
    assert hours == [3, 2]


async def test_the_place_is_rounded(engine: Engine) -> None:
    store = await engine.open()
    await submitted(store, **RELEASED)
    (found,) = await store.released(PublicFilter())
    assert (found.latitude, found.longitude, found.ward) == (21.179, 106.072, "Võ Cường")


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        pytest.param({"state": PetitionState.ANSWERED}, "Đã sửa", id="answered"),
        pytest.param({"state": PetitionState.CLOSED, "closed_because": "answered"}, "Đã sửa", id="closed"),
        pytest.param({"state": PetitionState.PENDING_APPROVAL}, "", id="waits for approval"),
        pytest.param({"state": PetitionState.IN_PROGRESS}, "", id="reopened"),
        pytest.param(
            {"state": PetitionState.CLOSED, "closed_because": "no_information"}, "", id="proposed, then closed"
        ),
    ],
)
async def test_only_an_answer_that_was_sent_is_shown(engine: Engine, facts: dict[str, Any], answer: str) -> None:
    store = await engine.open()
    await submitted(store, **(RELEASED | {"answer": "Đã sửa", "answered_at": NOON} | facts))
    (found,) = await store.released(PublicFilter())
    assert (found.answer, found.answered_at) == (answer, NOON if answer else None)


async def test_the_figures_of_a_time(engine: Engine) -> None:
    store = await engine.open()
    for facts in (
        {"state": PetitionState.CLOSED, "answered_at": NOON, "score": 4, "answer_due": NOON},
        {"state": PetitionState.ANSWERED, "answered_at": NOON, "score": 2, "answer_due": NOON - HOUR},
        {"state": PetitionState.IN_PROGRESS, "answer_due": NOON - HOUR},
        {"state": PetitionState.NEED_INFO, "answer_due": NOON - HOUR},
        {"state": PetitionState.REJECTED},
        {"state": PetitionState.MERGED},
        {"category": "GT"},
        {"sent_at": NOON + DAY},
    ):
        await submitted(store, **facts)
    found = await store.public_figures(NOON, NOON + DAY, NOON)
    lamps = CategoryFigures(category="DN", received=6, processed=3, answered=2, on_time=1, late=2, rated=2, satisfied=1)
    roads = CategoryFigures(category="GT", received=1, processed=0, answered=0, on_time=0, late=0, rated=0, satisfied=0)
    assert found == [lamps, roads]
