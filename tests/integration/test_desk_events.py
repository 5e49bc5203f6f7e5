"""Hints to open pages: only to whom they concern, and only while signed in."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.officers import OfficerRole
from bot.web.desk.events import Hint
from tests.contract.store_engines import SqliteEngine
from tests.desk import DeskPlace, Visitor, desk_place


@pytest.fixture
async def place(sqlite_engine: SqliteEngine) -> AsyncIterator[DeskPlace]:
    async with desk_place(sqlite_engine) as found:
        yield found


async def listening(visitor: Visitor) -> aiohttp.ClientResponse:
    response = await visitor.session.get(f"{visitor.address}/desk/events")
    assert response.headers["Content-Type"] == "text/event-stream"
    assert await response.content.readuntil(b"\n\n") == b"retry: 5000\n\n"
    return response


@pytest.mark.parametrize(
    ("role", "agency", "told"),
    [
        pytest.param(OfficerRole.OFFICER, "H05.12", ["PA1", "PA3", "PA4"], id="of the agency"),
        pytest.param(OfficerRole.OFFICER, "H05.13", ["PA3", "PA4"], id="of another agency"),
        pytest.param(OfficerRole.PROVINCE_LEADER, "H05", ["PA1", "PA3", "PA4"], id="who sees all"),
    ],
)
async def test_who_is_told(place: DeskPlace, role: OfficerRole, agency: str, told: list[str]) -> None:
    visitor = await place.signed_in(role=role, agency=agency)
    account = await place.parts.book.account_named("an")
    assert account is not None
    stream = await listening(visitor)
    for hint in (
        Hint(subject="PA1", agency="H05.12"),
        Hint(subject="PA2", officer=account.officer.id + 1),
        Hint(subject="PA3", officer=account.officer.id),
        Hint(subject="PA4"),
    ):
        place.parts.events.tell(hint)
    async with asyncio.timeout(5):
        heard = [await stream.content.readuntil(b"\n\n") for _ in told]
    assert heard == [f'event: change\ndata: {{"subject":"{subject}"}}\n\n'.encode() for subject in told]
    stream.close()


async def test_nobody_listens_unknown(place: DeskPlace) -> None:
    assert (await place.visitor().get("/desk/events")).status == 303


async def test_who_went_is_forgotten(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    stream = await listening(visitor)
    assert len(place.parts.events._listeners) == 1
    stream.close()
    async with asyncio.timeout(5):
        while place.parts.events._listeners:
            place.parts.events.tell(Hint(subject="x"))
            await asyncio.sleep(0.01)
