"""The simulator of the demo in a browser: one person on four channels."""

import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from playwright.async_api import Locator, Page, expect

from bot.demo import Stage, staged
from bot.logs import set_up
from bot.settings import OfficeSection
from tests.browser.conftest import SIZES, Open, check

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    set_up("info", io.StringIO())
    folder: Path = tmp_path_factory.mktemp("simulator")
    async with staged(folder, OfficeSection()) as stage:
        yield stage
    structlog.reset_defaults()
    logging.basicConfig(force=True)


async def say(page: Page, device: str, text: str) -> Locator:
    """Type on a device; what it shows last."""
    await page.fill(f"#i-{device}", text)
    await page.press(f"#i-{device}", "Enter")
    own = page.locator(f"[data-device={device}] li.own").last
    await expect(own).to_contain_text(text)
    await expect(own.locator(".tick")).to_have_text("✓✓")
    return page.locator(f"[data-device={device}] li.theirs").last


@pytest.mark.parametrize("size", SIZES)
async def test_one_person_on_all_channels(stage: Stage, opened: Open, size: str) -> None:
    async with opened(f"{stage.address}/simulator", size) as page:
        code = await page.locator("header button").nth(list(SIZES).index(size)).inner_text()  # a repeat gets no answer
        for device in ("phone", "zalo", "telegram"):
            await expect(await say(page, device, code)).to_contain_text(code)
        await expect(page.locator("#trace")).to_contain_text("lookup_status")
        await page.locator("[data-device=telegram] li.theirs button", has_text="Quá trình xử lý").last.click()
        await expect(page.locator("[data-device=telegram] li.theirs").last).to_contain_text("Quá trình xử lý hồ sơ")
        await expect(page.frame_locator("iframe").locator("#text")).to_be_visible()
        await check(page, f"simulator-{size}" if size == "desk" else "")


async def test_a_shared_number_makes_two_accounts_one_person(stage: Stage, opened: Open) -> None:
    async with opened(f"{stage.address}/simulator", "desk") as page:
        await expect(await say(page, "telegram", "HSCT")).to_contain_text("từ số điện thoại đã khai")
        await page.locator("[data-device=telegram] li.theirs button", has_text="Chia sẻ").last.click()
        await expect(page.locator("[data-device=telegram] li.theirs").last).to_contain_text("Đã liên kết với SMS")
        await expect(page.locator("[data-device=phone] li.theirs").last).to_contain_text(
            "Da lien ket so nay voi Telegram"
        )
        await expect(await say(page, "telegram", "HSCT ")).to_contain_text("hồ sơ")
        await expect(await say(page, "telegram", "HLK")).to_contain_text("Đã hủy liên kết")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"device": "fax", "text": "x"}', b'{"device": "phone", "text": " "}'])
async def test_what_cannot_be_read_is_refused(stage: Stage, opened: Open, body: bytes) -> None:
    async with opened(f"{stage.address}/simulator") as page:
        answer = await page.request.post(f"{stage.address}/simulator/say", data=body)
        assert answer.status == 400
