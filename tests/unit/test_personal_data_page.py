"""The page of a person's own data: a look at the link spends nothing, a press opens it once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import FixedClock
from bot.web.personal_data import PersonalData

TOKEN = "abcdefghijklmnopqrst12"
COPY = {
    "accounts": [{"channel": "zalo", "address": "551"}],
    "codes_looked_up": [{"code": "H05.12-260610-0001", "at": "2026-06-10T02:00:00+00:00"}],
    "tickets": [],
    "consents": [],
    "petitions": [
        {
            "code": "PA26005442",
            "at": "2026-06-10T03:00:00+00:00",
            "text": "Đèn hỏng <b>",
            "place": "12 Lý Thái Tổ",
            "answer": "Đã sửa",
            "answered_at": "2026-06-12T03:00:00+00:00",
        }
    ],
    "petition_drafts": [{"at": "2026-06-10T02:00:00+00:00", "text": "Cống tắc"}],
    "ratings": [{"at": "2026-06-10T02:00:00+00:00", "of": "dossier H05.12-260610-0007", "score": 4, "note": "Nhanh"}],
    "conversations": [{"at": "2026-06-10T02:00:00+00:00", "code": "CB00001", "agency": "H05.22", "state": "closed"}],
    "messages_from_you": [{"at": "2026-06-10T02:00:00+00:00", "channel": "zalo", "text": "<script>alert(1)</script>"}],
    "messages_to_you": [],
}


class OneCopy:
    """A store that has one copy to give."""

    def __init__(self) -> None:
        self.copy: dict[str, Any] | None = COPY

    async def copy_of(self, token: str, now: datetime) -> dict[str, Any] | None:
        del now
        copy, self.copy = (self.copy, None) if token == TOKEN else (None, self.copy)
        return copy


@pytest.fixture
async def client() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    store: Any = OneCopy()
    app = web.Application()
    app.add_routes(PersonalData(store, FixedClock(datetime(2026, 6, 10, tzinfo=UTC))).routes())
    async with TestClient(TestServer(app)) as asking:
        yield asking


async def test_a_look_spends_nothing_and_a_press_opens_once(client: TestClient[Any, Any]) -> None:
    for _ in range(2):
        door = await client.get(f"/public/data/{TOKEN}")
        assert door.status == 200
        assert "Xem dữ liệu của tôi" in await door.text()
    opened = await client.post(f"/public/data/{TOKEN}")
    page = await opened.text()
    assert opened.status == 200
    assert "H05.12-260610-0001" in page
    assert "09:00 10/06/2026" in page
    assert "<script>" not in page
    for shown in (
        "PA26005442",
        "Đèn hỏng &lt;b&gt;",
        "12 Lý Thái Tổ",
        "10:00 12/06/2026",
        "Đã sửa",
        "Cống tắc",
        "4/5 Nhanh",
        "CB00001",
    ):
        assert shown in page
    assert "unsafe-eval" not in opened.headers["Content-Security-Policy"]
    again = await client.post(f"/public/data/{TOKEN}")
    assert (again.status, "đã được mở" in await again.text()) == (410, True)


async def test_it_is_given_as_json_too(client: TestClient[Any, Any]) -> None:
    opened = await client.post(f"/public/data/{TOKEN}", headers={"Accept": "application/json"})
    assert await opened.json() == COPY


@pytest.mark.parametrize("token", ["short", "../../etc/passwd", "x" * 65])
async def test_strange_tokens_lead_nowhere(client: TestClient[Any, Any], token: str) -> None:
    assert (await client.get(f"/public/data/{token}")).status == 404
