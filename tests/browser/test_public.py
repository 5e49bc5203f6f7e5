"""The public page in a real browser, with the invented year: at both sizes, in both languages, small enough."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.sample.load import load_year
from tests.browser.conftest import SIZES, Open, check
from tests.contract.store_engines import KEYRING, NOON, SqliteEngine
from tests.public import PublicPlace, public_place

pytestmark = pytest.mark.asyncio(loop_scope="module")
MOST_OCTETS = 150_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PublicPlace]:
    engine = SqliteEngine(tmp_path_factory.mktemp("public"))
    async with public_place(engine) as place:
        await load_year(place.store, KEYRING, NOON, place.files)
        yield place
    await engine.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_everybody_can_read_it(place: PublicPlace, opened: Open, size: str, language: str, scheme: str) -> None:
    async with opened(f"{place.address}/public/?lang={language}", size, color_scheme=scheme) as page:
        await expect(page.locator("article.petition")).to_have_count(10)
        await check(page, f"public-{size}" if (language, scheme) == ("vi", "light") else "")


async def test_by_filter_to_one_petition_and_back_in_english(place: PublicPlace, opened: Open) -> None:
    async with opened(f"{place.address}/public/") as page:
        await page.select_option("select[name=state]", "closed")
        await page.click("form button")
        await expect(page.locator(".badge.open")).to_have_count(0)
        await page.click("a.language")
        await expect(page.locator("h1")).to_have_text("Public petitions")
        await expect(page.locator("select[name=state]")).to_have_value("closed")
        await page.locator("article.petition h3 a").first.click()
        await expect(page.locator("article.petition")).to_have_count(1)
        await check(page)


async def test_it_is_small(place: PublicPlace) -> None:
    answered = await place.get("/public/")
    assert len(answered.body) < MOST_OCTETS
