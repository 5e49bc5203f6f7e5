"""The chat page in a browser, on a phone and at a desk."""

import asyncio
import io

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import CODE, SIZES, Gateway, Open, check
from tests.receipts import code_image

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOTH = pytest.mark.parametrize("size", SIZES)


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


@BOTH
async def test_a_conversation(gateway: Gateway, opened: Open, size: str) -> None:
    async with opened(f"{gateway.address}/webchat/", size) as page:
        await expect(page.locator(".welcome").first).to_contain_text("Kính chào Ông/Bà")
        await check(page)
        await say(page, f"Hồ sơ {CODE} đến đâu rồi?")
        answer = page.locator(".line.ours:not(.typing)").last
        await expect(answer).to_contain_text(CODE)
        await expect(answer).to_contain_text("đang được xử lý")
        await expect(page.locator(".line.yours .mark")).to_have_text("✓")
        await answer.get_by_role("button", name="Quá trình xử lý").click()
        await expect(page.locator(".line.yours").last).to_contain_text("Quá trình xử lý")
        await expect(page.locator(".line.ours:not(.typing)")).to_have_count(2)
        await check(page, f"webchat-{size}")


async def test_a_reload_shows_all_of_it_again_and_leaving_nothing(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        await say(page, CODE)
        await expect(page.locator(".line.ours:not(.typing)")).to_have_count(1)
        await page.reload()
        await expect(page.locator(".line")).to_have_count(2)
        await expect(page.locator(".line.yours")).to_contain_text(CODE)
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.click("#leave")
        await page.wait_for_load_state()
        await expect(page.locator(".line")).to_have_count(0)
        await say(page, "TG")
        await expect(page.locator(".line.ours:not(.typing)")).to_have_count(1)


async def test_another_page_of_the_same_person_shows_it_too(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        other = await page.context.new_page()
        await other.goto(f"{gateway.address}/webchat/")
        await say(page, CODE)
        await expect(other.locator(".line.ours:not(.typing)")).to_contain_text(CODE)


async def test_the_quick_menu_needs_no_typing(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        await page.get_by_role("button", name="Lấy số thứ tự").click()
        await expect(page.locator(".line.ours:not(.typing)").last).to_contain_text("Số của Ông/Bà")
        await page.get_by_role("button", name="Tra cứu hồ sơ").click()
        await expect(page.locator("#text")).to_be_focused()


async def test_the_code_at_a_counter_asks_for_a_score(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/#DG-3") as page:
        answer = page.locator(".line.ours:not(.typing)").last
        await expect(answer).to_contain_text("tại quầy 3")
        assert page.url.endswith("/webchat/")
        await check(page)
        await answer.get_by_role("button", name="5 Rất hài lòng").click()
        await expect(page.locator(".line.ours:not(.typing)").last).to_contain_text("Cảm ơn Ông/Bà đã đánh giá 5/5")


async def test_english(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        await page.get_by_role("button", name="English").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.locator(".line.ours:not(.typing)")).to_contain_text("English")
        await say(page, CODE)
        await expect(page.locator(".line.ours:not(.typing)").last).to_contain_text("being processed")
        await check(page)
        await page.reload()
        await expect(page.get_by_placeholder("Dossier code or question")).to_be_visible()


async def test_the_keyboard_reaches_everything(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        reached = []
        for _ in range(16):
            await page.keyboard.press("Tab")
            reached.append(await page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert {"language", "leave", "photo", "text", "send"} <= set(reached)
        await say(page, "một dòng")
        await page.press("#text", "Shift+Enter")
        assert await page.input_value("#text") == "\n", "a new line, nothing sent"


async def test_marks_while_it_is_sent_and_answered(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        await page.evaluate(
            "new MutationObserver(() => { if (document.querySelector('.typing')) window.hasSeenDots = true; })"
            ".observe(document.getElementById('lines'), { childList: true })"
        )
        await say(page, CODE)
        await expect(page.locator(".line.ours:not(.typing)")).to_have_count(1)
        assert await page.evaluate("window.hasSeenDots") is True
        await expect(page.locator(".typing")).to_have_count(0)


async def test_what_people_write_is_never_read_as_a_page(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        await say(page, "<img src=x onerror=window.broken=1> https://dvc.bacninh.gov.vn/a?b=1.")
        await page.reload()
        await expect(page.locator(".line.yours .text")).to_contain_text("<img src=x")
        assert await page.evaluate("window.broken") is None
        link = page.locator(".line.yours a")
        await expect(link).to_have_attribute("href", "https://dvc.bacninh.gov.vn/a?b=1")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_a_photo_of_the_receipt_is_read_and_deleted(gateway: Gateway, opened: Open) -> None:
    async with opened(f"{gateway.address}/webchat/") as page:
        receipt = {"name": "bien-nhan.png", "mimeType": "image/png", "buffer": receipt_of(CODE)}
        await page.set_input_files("#photo", files=[receipt])
        await expect(page.locator(".line.ours:not(.typing)")).to_contain_text(f"Hồ sơ {CODE}")
        async with asyncio.timeout(10):
            while list((gateway.folder / "data" / "photos").iterdir()):  # noqa: ASYNC110 - a folder tells nobody
                await asyncio.sleep(0.05)


def receipt_of(code: str) -> bytes:
    """A receipt with the code as QR, and what else such codes hold."""
    drawn = zxingcpp.create_barcode(
        f"https://dvc.bacninh.gov.vn/tra-cuu?cccd=027099001234&ma={code}", zxingcpp.BarcodeFormat.QRCode
    )
    picture = Image.fromarray(drawn.to_image(scale=6)).convert("L")
    paper = Image.new("L", (900, 700), 255)
    paper.paste(picture, (120, 90))
    octets = io.BytesIO()
    paper.save(octets, "PNG")
    return octets.getvalue()


async def test_a_photo_is_shown_and_sent(gateway: Gateway, opened: Open) -> None:
    picture = {"name": "bien-nhan.png", "mimeType": "image/png", "buffer": PIXEL}
    async with opened(f"{gateway.address}/webchat/") as page:
        await page.set_input_files("#photo", files=[picture])
        await expect(page.locator(".line.yours img.picture")).to_be_visible()
        await expect(page.locator(".line.yours .mark")).to_have_text("✓")
        await expect(page.locator(".line.ours:not(.typing)")).to_have_count(1)
        await page.set_input_files("#photo", files=[picture | {"buffer": b"no picture" * 1_100_000}])
        await expect(page.locator("#status")).to_contain_text("10 MB")


async def test_a_picture_of_another_kind_is_sent_as_one_that_is_read(gateway: Gateway, opened: Open) -> None:
    drawn = io.BytesIO()
    code_image(CODE, "qr", 400).save(drawn, "WEBP")
    async with opened(f"{gateway.address}/webchat/") as page:
        picture = {"name": "bien-nhan.webp", "mimeType": "image/webp", "buffer": drawn.getvalue()}
        await page.set_input_files("#photo", files=[picture])
        await expect(page.locator(".line.ours:not(.typing)").first).to_contain_text(CODE, timeout=20_000)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
