"""Who is asked for an opinion when a result was handed over, on both engines."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import FixedClock
from bot.intent import KeepRating, RatingSubject
from bot.model import Address, ChannelName, Contact, Office
from bot.rating_requests import RatingRequests
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.understanding.keywords import BUILT
from dossier_client.models import Status
from tests.contract.store_engines import KEYRING, NOON, Engine
from tests.contract.store_petitions import CHAT, chat_text, does
from tests.unit.worlds import A, B, dossier

FINISHED = dossier(A, Status.RESULT_RETURNED, handled_by="cb-7")


def contact(address: Address = CHAT, **more: Any) -> Contact:
    return Contact(id=KEYRING.contact_id(address), address=address, **more)


def requests(store: PlanStore, at: FixedClock | None = None, **office: Any) -> RatingRequests:
    return RatingRequests(store, Office(**office), at or FixedClock(NOON))


async def test_asked_once_in_seven_days(engine: Engine) -> None:
    store = await engine.open()
    clock = FixedClock(NOON)
    asking = requests(store, clock)
    reply = await asking.after_result(FINISHED, contact(), is_free=True)
    assert reply is not None
    text = Renderer(Office(), BUILT).render(reply, contact().language, ChannelName.ZALO)
    assert f"hồ sơ {A} của UBND phường Võ Cường" in text
    other = replace(FINISHED, code=B)
    assert await asking.after_result(FINISHED, contact(), is_free=True) is None
    assert await asking.after_result(other, contact(), is_free=True) is None
    clock.advance(7 * 86400)
    assert await asking.after_result(FINISHED, contact(), is_free=True) is None, "for this very dossier"
    assert await asking.after_result(other, contact(), is_free=True) is not None


@pytest.mark.parametrize(
    ("person", "free", "office"),
    [
        (contact(Address(ChannelName.SMS, "84912345678")), True, {}),
        (contact(), False, {}),
        (contact(opted_out_at=NOON), True, {}),
        (contact(unreachable_at=NOON), True, {}),
        (contact(), True, {"asks_for_ratings": False}),
    ],
    ids=["sms", "a message that costs", "refuses messages", "out of reach", "switched off"],
)
async def test_who_is_not_asked(engine: Engine, person: Contact, office: dict[str, Any], *, free: bool) -> None:
    store = await engine.open()
    assert await requests(store, **office).after_result(FINISHED, person, is_free=free) is None
    assert await store.rating_requests(person.home, NOON - timedelta(days=1)) == []


async def test_nor_who_rated_it_nor_before_the_result(engine: Engine) -> None:
    store = await engine.open()
    kept = KeepRating(subject=RatingSubject.DOSSIER, reference=A, agency="H05.12", score=5)
    await does(store, chat_text("DG 5"), kept)
    asking = requests(store)
    assert await asking.after_result(FINISHED, contact(), is_free=True) is None
    ready = replace(FINISHED, code=B, status=Status.RESULT_READY)
    assert await asking.after_result(ready, contact(), is_free=True) is None
