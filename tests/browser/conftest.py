"""The system's Chromium, driven by Playwright, before a gateway in this process. Without a Chromium the tests are left out and counted."""

import contextlib
import io
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from bot import config
from bot.app import App
from bot.clock import VIETNAM, SystemClock
from bot.logs import set_up
from bot.roles import ROLES
from tests.gateways import one_stop

GRAVE = ("serious", "critical")
IMAGES = Path(__file__).parents[2] / "docs" / "images"
CODE = f"H05.12-{datetime.now(VIETNAM):%y%m%d}-0001"
ROWS = [{"code": CODE, "status": 4, "procedure_name": "Cấp bản sao trích lục khai sinh"}]
SIZES = {"phone": (360, 740), "desk": (1280, 800)}
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
CONFIGURATION = """
[http]
port = 0
[limits]
enabled = false
[webchat]
title = "Một Cửa tỉnh Bắc Ninh"
messages_per_minute = 500
allowed_origins = ["http://localhost:1"]
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """One for all tests of a file: each of them has a browser session of its own."""
    folder = tmp_path_factory.mktemp("webchat")
    async with one_stop(ROWS) as upstream:
        path = write_config(folder, upstream)
        set_up("info", io.StringIO())
        app = App(config.load(path), ROLES, clock=SystemClock())
        try:
            yield Gateway(f"http://127.0.0.1:{await app.start()}", folder)
        finally:
            await app.stop()
            structlog.reset_defaults()
            logging.basicConfig(force=True)


def write_config(folder: Path, upstream: str, more: str = CONFIGURATION) -> Path:
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
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


Open = Callable[..., AbstractAsyncContextManager[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def opened(browser: Browser) -> Open:
    """Opens an address as a person would: in Vietnamese, at one of the two sizes. What a page complains of fails the test."""

    @contextlib.asynccontextmanager
    async def open_page(url: str, size: str = "phone", **options: Any) -> AsyncIterator[Page]:
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
            assert complaints == []
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
