"""The kiosk at a counter: by finger, by scanner, and what the next person finds."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import CODE, SIZES, Gateway, Open, check

pytestmark = pytest.mark.asyncio(loop_scope="module")


def kiosk(gateway: Gateway) -> str:
    return f"{gateway.address}/webchat/kiosk?counter=3"


def ratings(gateway: Gateway) -> list[tuple[Any, ...]]:
    path = gateway.folder / "data" / "motcua.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as disk:
        return disk.execute("SELECT subject, reference, agency, score, note FROM rating ORDER BY id").fetchall()


async def scan(page: Page, text: str) -> None:
    """As a scanner does: one key after the other without a pause, then Enter."""
    await page.evaluate(
        "keys => keys.forEach(key => (document.activeElement ?? document.body)"
        ".dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })))",
        [*text, "Enter"],
    )


async def sessions(page: Page) -> list[str]:
    return [cookie["value"] for cookie in await page.context.cookies() if cookie["name"] == "motcua_kiosk"]


@pytest.mark.parametrize("size", SIZES)
async def test_looking_up_by_finger(gateway: Gateway, opened: Open, size: str) -> None:
    async with opened(kiosk(gateway), size, has_touch=True) as page:
        await check(page, f"kiosk-{size}")
        await page.get_by_role("button", name="Tra cứu hồ sơ").tap()
        for key in CODE.replace("-0001", "-00012"):
            await page.get_by_role("button", name=key, exact=True).tap()
        await page.get_by_role("button", name="Xóa một ký tự").tap()
        await expect(page.locator("#code")).to_have_text(CODE)
        await check(page)
        await page.get_by_role("button", name="Tra cứu", exact=True).tap()
        await expect(page.locator("#answers")).to_contain_text("đang được xử lý")
        await check(page)
        await page.get_by_role("button", name="Quá trình xử lý").tap()
        await expect(page.locator("#answers")).to_contain_text(CODE)


@pytest.mark.parametrize("screen", ["home", "enter", "answer"])
async def test_the_scanner_works_on_every_screen(gateway: Gateway, opened: Open, screen: str) -> None:
    async with opened(kiosk(gateway), "desk") as page:
        if screen == "enter":
            await page.get_by_role("button", name="Tra cứu hồ sơ").click()
            await page.get_by_role("button", name="5", exact=True).click()
        if screen == "answer":
            await page.get_by_role("button", name="Lấy số thứ tự").click()
            await expect(page.locator("#answers")).to_contain_text("Số của Ông/Bà")
        await scan(page, CODE)
        await expect(page.locator("#answers")).to_contain_text(f"Hồ sơ {CODE}")
        await expect(page.locator("#answers p")).to_have_count(1)


@pytest.mark.parametrize("prefix", ["https://dvc.example.gov.vn/tra-cuu?cccd=027099001234&ma=", "cccd=027099001234|"])
async def test_of_a_scanned_link_only_the_code_is_sent(gateway: Gateway, opened: Open, prefix: str) -> None:
    async with opened(kiosk(gateway), "desk") as page:
        said: list[str] = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda text: said.append(str(text))))
        await page.reload()
        await scan(page, f"{prefix}{CODE.replace('-', '%2D')}&x=%")
        await expect(page.locator("#notice")).to_contain_text("không có mã hồ sơ")
        await scan(page, f"{prefix}{CODE.replace('-', '%2D').lower()}&t=1")
        await expect(page.locator("#answers")).to_contain_text(f"Hồ sơ {CODE}")
        await scan(page, "027099001234")
        await expect(page.locator("#notice")).to_contain_text("không có mã hồ sơ")
        assert any(CODE in text for text in said)
        assert not any("027099001234" in text for text in said)


async def test_a_photo_of_the_receipt(gateway: Gateway, opened: Open) -> None:
    async with opened(kiosk(gateway), "desk", permissions=["camera"]) as page:
        await page.get_by_role("button", name="Chụp giấy hẹn").click()
        await expect(page.locator("#camera")).to_be_visible()
        await page.evaluate(
            "new Promise(done => { const video = document.getElementById('picture');"
            " video.videoWidth ? done() : video.addEventListener('loadedmetadata', () => done()); })"
        )
        await check(page)
        async with page.expect_response("**/kiosk/3/photos*") as sent:
            await page.get_by_role("button", name="Chụp", exact=True).click()
        assert (await (await sent.value).json())["type"] == "stored"
        await expect(page.locator("#answers")).to_contain_text("Không đọc được mã")
        assert await page.evaluate("document.getElementById('picture').srcObject") is None, "the camera is off"


async def test_a_keyboard_of_a_person_is_no_scanner(gateway: Gateway, opened: Open) -> None:
    async with opened(kiosk(gateway), "desk") as page:
        await page.get_by_role("button", name="Tra cứu hồ sơ").click()
        await page.locator("body").click(position={"x": 5, "y": 700})
        await page.keyboard.type("h05.12", delay=80)
        await expect(page.locator("#code")).to_have_text("H05.12")
        await page.keyboard.press("Backspace")
        await expect(page.locator("#code")).to_have_text("H05.1")


async def test_a_ticket_in_one_touch_and_no_promise_to_tell(gateway: Gateway, opened: Open) -> None:
    async with opened(kiosk(gateway), "desk", has_touch=True) as page:
        await page.get_by_role("button", name="Lấy số thứ tự").tap()
        await expect(page.locator("#answers")).to_contain_text("Số của Ông/Bà")
        await expect(page.locator("#answers")).not_to_contain_text("sẽ báo")


async def test_a_rating_in_one_touch(gateway: Gateway, opened: Open) -> None:
    before = len(ratings(gateway))
    async with opened(kiosk(gateway), "desk", has_touch=True) as page:
        await page.get_by_role("button", name="Rất hài lòng", exact=True).tap()
        await expect(page.locator("#answers")).to_contain_text("Cảm ơn Ông/Bà đã đánh giá")
        await expect(page.locator("#answers")).to_contain_text("5/5")
    assert ratings(gateway)[before:] == [("counter", "3", "H05.22", 5, "")]


async def test_a_low_rating_is_asked_why(gateway: Gateway, opened: Open) -> None:
    before = len(ratings(gateway))
    async with opened(kiosk(gateway), "phone", has_touch=True) as page:
        await page.get_by_role("button", name="Rất không hài lòng").tap()
        await check(page)
        await page.get_by_role("button", name="Thái độ phục vụ").tap()
        await expect(page.locator("#answers")).to_contain_text("1/5")
    assert ratings(gateway)[before:] == [("counter", "3", "H05.22", 1, "Thái độ phục vụ")]


async def test_the_next_person_finds_nothing(gateway: Gateway, opened: Open) -> None:
    async with opened("about:blank", "desk", has_touch=True) as page:
        await page.clock.install()
        await page.goto(kiosk(gateway))
        await page.get_by_role("button", name="English").tap()
        await page.get_by_role("button", name="Look up a dossier").tap()
        await scan(page, CODE)
        await expect(page.locator("#answers")).to_contain_text("being processed")
        first = await sessions(page)
        await page.clock.run_for(51_000)
        await expect(page.locator("#idle")).to_contain_text("Are you still here?")
        await check(page)
        await page.get_by_role("button", name="I am still here").tap()
        await expect(page.locator("#idle")).to_be_hidden()
        await expect(page.locator("#answers")).to_contain_text(CODE)
        await page.clock.run_for(61_000)
        await expect(page.locator("#home")).to_be_visible()
        await expect(page.locator("#cover")).to_be_hidden()
        await expect(page.locator("html")).to_have_attribute("lang", "vi")
        assert CODE not in await page.content()
        assert await sessions(page) != first
        await page.get_by_role("button", name="Tra cứu hồ sơ").tap()
        await page.go_back()
        assert CODE not in await page.content()


async def test_done_is_done_at_once(gateway: Gateway, opened: Open) -> None:
    async with opened(kiosk(gateway), "desk", has_touch=True) as page:
        await scan(page, CODE)
        await expect(page.locator("#answers")).to_contain_text(CODE)
        first = await sessions(page)
        await page.get_by_role("button", name="Xong").tap()
        await expect(page.locator("#home")).to_be_visible()
        await expect(page.locator("#answers")).to_have_text("")
        assert await sessions(page) != first
        await scan(page, CODE)
        await expect(page.locator("#answers")).to_contain_text(CODE)


async def test_without_the_gateway_nobody_sees_the_person_before(gateway: Gateway, opened: Open) -> None:
    async with opened(kiosk(gateway), "desk", has_touch=True) as page:
        await scan(page, CODE)
        await expect(page.locator("#answers")).to_contain_text(CODE)
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Xong").tap()
        await expect(page.locator("#cover")).to_contain_text("Chưa kết nối được")
        await page.context.set_offline(False)
        await expect(page.locator("#cover")).to_be_hidden(timeout=10_000)
        await expect(page.locator("#home")).to_be_visible()
        await scan(page, CODE)
        await expect(page.locator("#answers")).to_contain_text(CODE)
