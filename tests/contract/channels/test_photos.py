"""Photographed receipts sent to the Official Account: fetched from where Zalo keeps them, answered, and from nowhere else."""

import io
from collections.abc import AsyncIterator
from functools import cache

import pytest
from aiohttp import web

from tests.contract.channels.conftest import CODES, Gateway
from tests.contract.channels.zalo import Zalo
from tests.receipts import Shot, code_image, photograph

IDENTITY = "001099012345"


@cache
def receipt() -> bytes:
    link = f"https://dichvucong.example.vn/tra-cuu?MHS={CODES[0]}&SGT={IDENTITY}"
    return photograph(Shot(content=link, turned=200, size=(1080, 1440)))


def card() -> bytes:
    drawn = io.BytesIO()
    code_image(f"{IDENTITY}|Nguyen Van A", "qr", 400).save(drawn, "PNG")
    return drawn.getvalue()


FILES = {"receipt": receipt, "card": card}


class ZaloWithPhotos(Zalo):
    """Its photos lie on this machine."""

    async def start(self) -> str:
        return "[photos]\nallow_loopback = true\n" + await super().start()


@pytest.fixture
async def channel() -> AsyncIterator[Zalo]:
    zalo = ZaloWithPhotos()
    yield zalo
    await zalo.stop()


@pytest.fixture
async def pictures() -> AsyncIterator[str]:
    """Where Zalo would keep pictures."""

    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=FILES[request.match_info["name"]](), content_type="image/jpeg")

    async def elsewhere(_request: web.Request) -> web.Response:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")

    app = web.Application()
    app.add_routes([web.get("/elsewhere", elsewhere), web.get("/{name}", picture)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def told(gateway: Gateway, channel: Zalo, link: str, caption: str = "") -> str:
    person = channel.person(1)
    assert await gateway.post(channel.signed(channel.events.photo(person, link, caption))) == 200
    (arrived,) = await gateway.told(1)
    assert arrived.to == person
    return arrived.text


@pytest.mark.parametrize("caption", ["", "giúp tôi xem hồ sơ này"])
async def test_a_receipt_is_answered(gateway: Gateway, channel: Zalo, pictures: str, caption: str) -> None:
    text = await told(gateway, channel, f"{pictures}/receipt", caption)
    assert text.startswith(f"Hồ sơ {CODES[0]}\n")
    assert IDENTITY not in text + gateway.log.getvalue() + str(gateway.rows("inbox"))
    assert pictures not in gateway.log.getvalue()


async def test_an_identity_card_is_no_receipt(gateway: Gateway, channel: Zalo, pictures: str) -> None:
    text = await told(gateway, channel, f"{pictures}/card")
    assert text.startswith("Không đọc được mã trong ảnh.")
    assert IDENTITY not in text + gateway.log.getvalue()


@pytest.mark.parametrize("link", ["http://10.0.0.8/a.jpg", "https://192.168.1.1/a.jpg", "{pictures}/elsewhere"])
async def test_a_picture_inside_our_network_is_not_fetched(
    gateway: Gateway, channel: Zalo, pictures: str, link: str
) -> None:
    text = await told(gateway, channel, link.format(pictures=pictures))
    assert text.startswith("Chúng tôi không nhận được tệp ảnh.")
    assert "10.0.0.8" not in gateway.log.getvalue()
