"""Chromium before a gateway in this process."""

import contextlib
import io
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import pytest
import pytest_asyncio
import structlog
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Page

from bot import config
from bot.app import App
from bot.clock import VIETNAM, SystemClock
from bot.logs import set_up
from bot.roles import ROLES
from tests.chromium import chromium
from tests.gateways import one_stop

GRAVE = ("serious", "critical")
IMAGES = Path(__file__).parents[2] / "docs" / "images"
CODE = f"H05.12-{datetime.now(VIETNAM):%y%m%d}-0001"
ROWS = [{"code": CODE, "status": 4}]
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
CONFIGURATION = """
[http]
port = 0
[webchat]
title = "Một Cửa tỉnh Bắc Ninh"
messages_per_minute = 500
sessions_per_hour = 500
allowed_origins = ["{portal}"]
[[webchat.counters]]
name = "3"
title = "Quầy 3 - Đất đai"
agency = "H05.22"
"""


@dataclass(frozen=True)
class Gateway:
    """A running gateway, and where its data are."""

    address: str
    folder: Path
    portal: str
    """A site of others, of another origin, that shows the chat."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """One for all tests of a file: each of them has a browser session of its own."""
    folder = tmp_path_factory.mktemp("webchat")
    async with one_stop(ROWS) as upstream, Portal() as portal:
        path = write_config(folder, upstream, CONFIGURATION.format(portal=portal.address))
        set_up("info", io.StringIO())
        app = App(config.load(path), ROLES, clock=SystemClock())
        try:
            portal.gateway = f"http://127.0.0.1:{await app.start()}"
            yield Gateway(portal.gateway, folder, portal.address)
        finally:
            await app.stop()
            structlog.reset_defaults()
            logging.basicConfig(force=True)


class Portal:
    """The portal of a province, with a content policy as strict as they come and styles that spoil every button."""

    def __init__(self) -> None:
        self.address = ""
        self.gateway = ""

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.add_routes([web.get("/", self._page), web.get("/style.css", self._style)])
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _page(self, _request: web.Request) -> web.Response:
        policy = f"default-src 'self'; script-src {self.gateway}; frame-src {self.gateway}; style-src 'self'"
        text = (
            '<!doctype html><html lang="vi"><head><title>Cổng dịch vụ công</title>'
            '<link rel="stylesheet" href="style.css"></head><body><main><h1>Cổng dịch vụ công</h1>'
            "<p>Nộp hồ sơ trực tuyến, tra cứu thủ tục.</p></main>"
            f'<script src="{self.gateway}/webchat/widget.js" defer></script></body></html>'
        )
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def _style(self, _request: web.Request) -> web.Response:
        style = "button, iframe { display: none !important; } div { opacity: 0.9; } * { font-family: serif; }"
        return web.Response(text=style, content_type="text/css")


def write_config(folder: Path, upstream: str, more: str) -> Path:
    """The configuration of a gateway with a web chat and no operator."""
    path = folder / "motcua.toml"
    path.write_text(
        f'data_dir = "{folder / "data"}"\n{more}\n[[upstreams]]\nname = "bacninh"\nbase_url = "{upstream}"\nheads = ["H05"]\n',
        encoding="utf-8",
    )
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """The browser of a file of tests."""
    async with chromium() as browser:
        yield browser


Open = Callable[..., AbstractAsyncContextManager[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def opened(browser: Browser) -> Open:
    """Opens an address as a person would: in Vietnamese, at one of the two sizes. What a page complains of fails the test,
    but for what the policy is to refuse."""

    @contextlib.asynccontextmanager
    async def open_page(url: str, size: str = "phone", *, refused: str = "", **options: Any) -> AsyncIterator[Page]:
        width, height = SIZES[size]
        context = await browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **options)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None
        )
        try:
            await page.goto(url)
            yield page
            assert [text for text in complaints if not refused or refused not in text] == []
        finally:
            await context.close()

    return open_page


async def check(page: Page, image: str = "") -> None:
    """Nothing that keeps people out, nothing wider than the screen. REWRITE_IMAGES=1 keeps a picture for the documentation."""
    found = (await Axe().run(page)).response["violations"]
    grave = [(item["id"], [node["html"] for node in item["nodes"]]) for item in found if item["impact"] in GRAVE]
    assert grave == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "something is wider than the screen"
    )
    if image and os.environ.get("REWRITE_IMAGES"):
        with Image.open(io.BytesIO(await page.screenshot())) as picture:
            picture.quantize(32).save(IMAGES / f"{image}.png", optimize=True)
