"""The desk on both engines: what people do at the same time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.access.records import ChainCheck
from bot.officers import OfficerRole
from bot.settings_desk import DeskSection
from tests.contract.store_engines import Engine
from tests.desk import SECRET, DeskPlace, desk_place


@pytest.fixture
async def place(engine: Engine) -> AsyncIterator[DeskPlace]:
    async with desk_place(engine, desk=DeskSection(totp="optional")) as found:
        yield found


async def test_one_officer_in_four_browsers_at_once(place: DeskPlace) -> None:
    await place.officer()
    visitors = [place.visitor() for _ in range(4)]
    answered = await asyncio.gather(*(visitor.sign_in() for visitor in visitors))
    assert [found.status for found in answered] == [303] * 4
    assert [(await visitor.get("/desk/profile")).status for visitor in visitors] == [200] * 4


async def test_one_code_in_four_browsers_at_once(place: DeskPlace) -> None:
    await place.officer(totp_secret=SECRET)
    answered = await asyncio.gather(*(place.visitor().sign_in(code=place.code()) for _ in range(4)))
    assert sorted(found.status for found in answered) == [303, 401, 401, 401]


async def test_two_administrators_change_one_officer(place: DeskPlace) -> None:
    await place.officer("binh", role=OfficerRole.OFFICER)
    admins = [await place.signed_in("an"), await place.signed_in("anh")]
    for admin in admins:
        await admin.get("/desk/officers/binh")
    fields = {"name": "Bình", "role": "officer", "agency": "H05.12", "phone": "", "version": "1", "action": "save"}
    answered = await asyncio.gather(*(admin.post("/desk/officers/binh", **fields) for admin in admins))
    assert sorted(found.status for found in answered) == [303, 409]


async def test_the_log_of_a_busy_hour_is_one_chain(place: DeskPlace) -> None:
    await place.officer()
    visitors = [place.visitor() for _ in range(4)]
    await asyncio.gather(*(visitor.sign_in() for visitor in visitors))
    await asyncio.gather(*(visitor.get("/desk/profile") for visitor in visitors))
    left = await asyncio.gather(*(visitor.post("/desk/logout") for visitor in visitors))
    assert [found.status for found in left] == [303] * 4
    assert await place.parts.book.check_log() == ChainCheck(rows=9)


async def test_guessing_in_parallel_gets_five_tries(place: DeskPlace) -> None:
    await place.officer()
    answered = await asyncio.gather(*(place.visitor().sign_in(password=f"wrong {number}") for number in range(12)))
    statuses = [found.status for found in answered]
    assert statuses.count(401) == 5
    assert statuses.count(429) == 7
