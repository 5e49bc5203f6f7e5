"""The chat inside a portal of another origin, whose styles and content policy are not ours."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import CODE, SIZES, Gateway, Open, check

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAME = "Trò chuyện với Một Cửa"
CHAT = "iframe[title='Trò chuyện với Một Cửa']"


async def held_by_shadow(page: Page) -> None:
    """Playwright looks into open shadow trees alone: the widget's is closed to the portal, open to its tests."""
    await page.add_init_script(
        "const attach = Element.prototype.attachShadow;"
        "Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }); };"
    )


@pytest.mark.parametrize("size", SIZES)
async def test_the_chat_opens_in_the_portal(gateway: Gateway, opened: Open, size: str) -> None:
    async with opened("about:blank", size) as page:
        await held_by_shadow(page)
        await page.goto(gateway.portal)
        button = page.get_by_role("button", name=NAME)
        await expect(button).to_have_attribute("aria-expanded", "false")
        assert await page.locator(CHAT).count() == 0, "nothing is loaded before it is asked for"
        await button.click()
        chat = page.frame_locator(CHAT)
        await chat.locator("#text").fill(CODE)
        await chat.locator("#text").press("Enter")
        await expect(chat.locator(".line.ours:not(.typing)")).to_contain_text(CODE)
        await check(page, f"widget-{size}" if size == "desk" else "")
        await chat.get_by_role("button", name="Đóng cửa sổ trò chuyện").click()
        await expect(page.locator(CHAT)).to_be_hidden()
        await expect(button).to_be_focused()


async def test_escape_closes_it_from_inside_and_a_new_line_is_counted(gateway: Gateway, opened: Open) -> None:
    async with opened("about:blank", "desk") as page:
        await held_by_shadow(page)
        await page.goto(gateway.portal)
        await page.get_by_role("button", name=NAME).click()
        chat = page.frame_locator(CHAT)
        await expect(chat.locator("#text")).to_be_visible()
        other = await page.context.new_page()
        await other.goto(f"{gateway.address}/webchat/")
        await chat.locator("#text").press("Escape")
        await expect(page.locator(CHAT)).to_be_hidden()
        await other.fill("#text", CODE)
        await other.press("#text", "Enter")
        await expect(page.get_by_role("button", name=f"{NAME} (1)")).to_be_visible()


async def test_another_site_may_not_frame_it(gateway: Gateway, opened: Open) -> None:
    """The same portal under a name that is not on the list."""
    stranger = gateway.portal.replace("127.0.0.1", "localhost")
    async with opened("about:blank", "desk", refused="frame-ancestors") as page:
        await held_by_shadow(page)
        await page.goto(stranger)
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        await page.get_by_role("button", name=NAME).click()
        await expect(page.frame_locator(CHAT).locator("#text")).to_have_count(0)
        assert any("frame-ancestors" in text for text in refused)
