"""The same conversation when lines break, on every road, and when the gateway is killed in the middle of it."""

from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests import processes
from tests.browser.conftest import CODE, ROWS, Gateway, Open, write_config
from tests.gateways import one_stop

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(500)]
ANSWERS = ".line.ours:not(.typing)"
WITHOUT_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('not here'); } };"
WITHOUT_EVENTS = "window.EventSource = class { constructor() { setTimeout(() => this.onerror?.()); } close() {} };"


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


@pytest.mark.parametrize(
    ("missing", "asked"),
    [
        pytest.param("", "/socket", id="socket"),
        pytest.param(WITHOUT_SOCKETS, "/events", id="events"),
        pytest.param(WITHOUT_SOCKETS + WITHOUT_EVENTS, "/poll", id="poll"),
    ],
)
async def test_each_road_carries_the_conversation(gateway: Gateway, opened: Open, missing: str, asked: str) -> None:
    async with opened("about:blank") as page:
        addresses: list[str] = []
        page.on("request", lambda request: addresses.append(request.url))
        page.on("websocket", lambda socket: addresses.append(socket.url))
        await page.add_init_script(missing or "0")
        await page.goto(f"{gateway.address}/webchat/")
        await say(page, CODE)
        await say(page, "TG")
        await expect(page.locator(ANSWERS)).to_have_count(2, timeout=30_000)
        await expect(page.locator(ANSWERS).first).to_contain_text(CODE)
        await expect(page.locator(".line.yours .mark")).to_have_text(["✓", "✓"])
        assert any(asked in address for address in addresses)


async def test_what_is_said_without_a_network_is_sent_when_it_is_back(gateway: Gateway, opened: Open) -> None:
    async with opened("about:blank") as page:
        await page.add_init_script(WITHOUT_SOCKETS)
        await page.goto(f"{gateway.address}/webchat/")
        await say(page, CODE)
        await expect(page.locator(ANSWERS)).to_have_count(1, timeout=30_000)
        await page.context.set_offline(True)
        await say(page, "TG")
        await expect(page.locator("#status")).to_contain_text("Mất kết nối", timeout=30_000)
        await page.context.set_offline(False)
        await expect(page.locator(ANSWERS)).to_have_count(2, timeout=30_000)
        await expect(page.locator("#status")).to_be_hidden()


async def test_an_acknowledgement_that_is_lost_makes_no_second_message(gateway: Gateway, opened: Open) -> None:
    async with opened("about:blank") as page:
        await page.add_init_script(WITHOUT_SOCKETS)
        lost = 0

        async def lose(route: Route) -> None:
            nonlocal lost
            response = await route.fetch()
            lost += 1
            await (route.abort() if lost < 3 else route.fulfill(response=response))

        await page.route("**/messages", lose)
        await page.goto(f"{gateway.address}/webchat/")
        await say(page, CODE)
        await expect(page.locator(".line.yours .mark")).to_have_text("✓", timeout=30_000)
        await expect(page.locator(ANSWERS)).to_have_count(1)
        await page.reload()
        await expect(page.locator(".line")).to_have_count(2)
        assert lost >= 2


async def test_a_session_that_ended_is_renewed_and_nothing_that_was_said_is_lost(
    gateway: Gateway, opened: Open
) -> None:
    async with opened("about:blank") as page:
        await page.add_init_script(WITHOUT_SOCKETS)
        await page.goto(f"{gateway.address}/webchat/")
        await expect(page.locator("#status")).to_be_hidden()
        await page.context.clear_cookies()
        await say(page, CODE)
        await expect(page.locator(ANSWERS)).to_have_count(1, timeout=80_000)
        await expect(page.locator(".line.yours")).to_contain_text(CODE)


async def test_a_browser_without_cookies_is_told_why_nothing_works(gateway: Gateway, opened: Open) -> None:
    async with opened("about:blank") as page:
        await page.add_init_script(WITHOUT_SOCKETS + WITHOUT_EVENTS)

        async def without_cookie(route: Route) -> None:
            response = await route.fetch()
            headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
            await route.fulfill(response=response, headers=headers)
            await page.context.clear_cookies()

        await page.route("**/webchat/", without_cookie)
        await page.goto(f"{gateway.address}/webchat/")
        await expect(page.locator("#status")).to_contain_text("chặn cookie", timeout=80_000)


async def test_killed_in_the_middle_of_a_chat(opened: Open, tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with one_stop(ROWS) as upstream:
        config = write_config(tmp_path, upstream, "[http]\nport = 0")
        program = await processes.start("serve", "--config", str(config), log=log)
        port = program.address.rpartition(":")[2]
        config.write_text(config.read_text().replace("port = 0", f"port = {port}"))
        async with opened(f"{program.address}/webchat/") as page:
            await say(page, CODE)
            await expect(page.locator(ANSWERS)).to_have_count(1)
            await program.kill()
            await expect(page.locator("#status")).to_contain_text("Mất kết nối")
            await say(page, "TG")
            await say(page, f"{CODE} nữa")
            await expect(page.locator(".line.yours .mark")).to_have_text(["✓", "○", "○"])
            unsent = await page.evaluate("sessionStorage.getItem('motcua-unsent')")
            assert ("TG" in unsent, "nữa" in unsent) == (True, True), "they outlive the page too"
            program = await processes.start("serve", "--config", str(config), log=log)
            await expect(page.locator(".line.yours .mark")).to_have_text(["✓", "✓", "✓"], timeout=80_000)
            await expect(page.locator(ANSWERS)).to_have_count(3, timeout=20_000)
            await expect(page.locator(ANSWERS).nth(1)).to_contain_text("Ông/Bà có thể")
            await expect(page.locator("#status")).to_be_hidden()
            told = await processes.messages(config)
            assert [row["direction"] for row in told].count("in") == 3
        assert await program.stop() == 0


@pytest.mark.parametrize("point", ["in.after_commit", "out.after_decide_commit", "out.after_response"])
async def test_killed_at_the_worst_moments(opened: Open, tmp_path: Path, point: str) -> None:
    log = tmp_path / "log"
    async with one_stop(ROWS) as upstream:
        config = write_config(tmp_path, upstream, "[http]\nport = 0")
        dying = {"MOTCUA_KILL_AT": point}
        program = await processes.start("serve", "--config", str(config), log=log, environment=dying)
        port = program.address.rpartition(":")[2]
        config.write_text(config.read_text().replace("port = 0", f"port = {port}"))
        async with opened(f"{program.address}/webchat/") as page:
            await say(page, CODE)
            assert await program.process.wait() == 137
            await program.kill()
            program = await processes.start("serve", "--config", str(config), log=log)
            await expect(page.locator(ANSWERS)).to_have_count(1, timeout=80_000)
            await expect(page.locator(".line.yours .mark")).to_have_text("✓", timeout=80_000)
            told = await processes.messages(config)
            assert len([row for row in told if row["direction"] == "out"]) == 1
            assert len([row for row in told if row["direction"] == "in" and row["duplicate_of"] is None]) == 1
        assert await program.stop() == 0
