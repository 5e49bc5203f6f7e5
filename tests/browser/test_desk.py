"""The desk in a real browser: by keyboard, at both sizes, without anything that keeps people out."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.access.accounts import COMMAND_LINE, NewAccount
from bot.officers import OfficerRole
from tests.browser.conftest import SIZES, Open, check
from tests.contract.store_engines import SqliteEngine, answered, text
from tests.desk import PASSWORD, DeskPlace, desk_place

pytestmark = pytest.mark.asyncio(loop_scope="module")
PEOPLE = [
    ("binh", "Lê Văn Bình", OfficerRole.OFFICER, "H05.12"),
    ("chi", "Nguyễn Thị Kim Chi", OfficerRole.LEAD, "H05.12"),
    ("dung", "Phạm Quốc Dũng", OfficerRole.RECEPTION, "H05.22"),
    ("giang", "Vũ Hương Giang", OfficerRole.AUDITOR, "H05"),
]
PAGES = {
    "desk-officers": "/desk/officers",
    "desk-officer": "/desk/officers/binh",
    "desk-profile": "/desk/profile",
    "desk-password": "/desk/profile/password",
    "desk-totp": "/desk/profile/totp",
    "desk-phone": "/desk/profile/phone",
    "desk-audit": "/desk/audit",
    "desk-deliveries": "/desk/deliveries",
    "desk-error": "/desk/nothing",
    "desk-prove": "/desk/prove",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DeskPlace]:
    engine = SqliteEngine(tmp_path_factory.mktemp("desk"))
    async with desk_place(engine) as place:
        await place.officer(name="Trần Thị An")
        for user, name, role, agency in PEOPLE:
            new = NewAccount(user_name=user, name=name, role=role, agency=agency, password=PASSWORD)
            await place.parts.accounts.add(new, COMMAND_LINE)
        for number in range(4):
            await answered(place.parts.book._store, text(sender=number), sending=number == 0)
        yield place
    await engine.close()


async def sign_in(page: Page, user: str = "an") -> None:
    """By keyboard alone."""
    await expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    await page.keyboard.type(user)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("navigation", name="Các trang")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
async def test_signing_in(desk: DeskPlace, opened: Open, size: str) -> None:
    async with opened(f"{desk.address}/desk/login", size) as page:
        await check(page, f"desk-login-{size}")
        await page.get_by_label("Tên đăng nhập").fill("an")
        await page.get_by_label("Mật khẩu").fill("sai rồi nhé")
        await page.get_by_role("button", name="Đăng nhập").click()
        await expect(page.get_by_role("alert")).to_contain_text("chưa đúng")
        await check(page)
        await page.get_by_label("Tên đăng nhập").fill("")
        await page.get_by_label("Tên đăng nhập").focus()
        await sign_in(page)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_can_be_used_by_everybody(
    desk: DeskPlace, opened: Open, name: str, size: str, scheme: str
) -> None:
    async with opened(f"{desk.address}/desk/login", size, color_scheme=scheme) as page:
        await sign_in(page)
        await page.goto(desk.address + PAGES[name])
        await check(page, f"{name}-{size}" if scheme == "light" else "")
        assert len(await page.content()) < 150_000


async def test_the_page_in_english(desk: DeskPlace, opened: Open) -> None:
    async with opened(f"{desk.address}/desk/login", "desk") as page:
        await page.get_by_role("button", name="English").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert await page.get_attribute("html", "lang") == "en"
        await check(page)


async def test_a_list_by_keyboard(desk: DeskPlace, opened: Open) -> None:
    async with opened(f"{desk.address}/desk/login", "desk") as page:
        await sign_in(page)
        await page.goto(f"{desk.address}/desk/officers")
        await page.keyboard.press("/")
        await expect(page.get_by_label("Tìm tên")).to_be_focused()
        await page.keyboard.type("kim")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{desk.address}/desk/officers?search=kim&agency=&role=&state=active")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Nguyễn Thị Kim Chi")).to_be_visible()


async def test_the_text_of_a_form_outlives_the_session(desk: DeskPlace, opened: Open) -> None:
    async with opened(f"{desk.address}/desk/login", "phone") as page:
        await sign_in(page)
        await page.goto(f"{desk.address}/desk/officers/binh")
        await page.get_by_label("Họ và tên").fill("Lê Văn Bình (sửa)")
        await page.context.clear_cookies()
        await page.get_by_role("button", name="Lưu").click()
        await expect(page.get_by_label("name", exact=True)).to_have_value("Lê Văn Bình (sửa)")
        await check(page)


async def test_nothing_comes_from_elsewhere(desk: DeskPlace, opened: Open) -> None:
    async with opened(f"{desk.address}/desk/login", "desk") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await sign_in(page)
        await page.goto(f"{desk.address}/desk/audit")
        assert [url for url in asked if not url.startswith(desk.address)] == []
