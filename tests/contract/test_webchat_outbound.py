"""What reaches a browser, on each of its three roads: every line once while it is there, and the missed ones when it comes back."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from adapters.webchat.presence import MOST_OF_ONE, MOST_WAITING, Presence, TooMany
from bot.mailbox import Line
from bot.model import Address, Button, ButtonKind, ChannelName, MessageId
from tests.contract.sessions import until
from tests.webchat import NOW, Browser, Chat, chat, new_id

BUTTONS = (
    Button("Quá trình xử lý", "nk:H05.12-260610-0001"),
    Button("Cổng dịch vụ công", "https://dvc.bacninh.gov.vn", ButtonKind.LINK),
)


async def person_of(here: Chat, browser: Browser) -> Address:
    await browser.say("TG")
    return here.desk.messages[-1].sender


async def texts(source: AsyncIterator[dict[str, Any]], count: int) -> list[str]:
    """The texts of the next lines; signs of life are passed over."""
    found: list[str] = []
    async for frame in source:
        found += [line["text"] for line in frame.get("lines", ())]
        if len(found) >= count:
            break
    return found


async def events_of(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for line in response.content:
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def test_a_line_is_told_at_once_and_has_buttons() -> None:
    async with chat() as here, here.browser() as browser:
        person = await person_of(here, browser)
        async with browser.socket() as socket:
            assert await socket.take() == {"type": "lines", "lines": []}
            await here.send(person, "Đang xử lý", buttons=BUTTONS, reply_to=f"{person.id}:u1")
            assert await socket.take() == {
                "type": "lines",
                "lines": [
                    {
                        "id": "100",
                        "ours": True,
                        "text": "Đang xử lý",
                        "at": "2026-06-10T02:00:00+00:00",
                        "reply_to": "u1",
                        "buttons": [
                            {"label": "Quá trình xử lý", "action": "nk:H05.12-260610-0001", "kind": "action"},
                            {"label": "Cổng dịch vụ công", "action": "https://dvc.bacninh.gov.vn", "kind": "link"},
                        ],
                    }
                ],
            }


async def test_both_directions_on_a_socket() -> None:
    async with chat() as here, here.browser() as browser, browser.socket() as socket:
        await socket.take()
        key = new_id()
        await socket.put({"type": "message", "id": key, "text": "TG"})
        assert await socket.take() == {"type": "stored", "id": key}
        line = await here.send(here.desk.messages[0].sender, "Trả lời")
        assert (await socket.take())["lines"][0]["text"] == "Trả lời"
        await socket.put({"type": "read", "ids": [str(line.id)]})
        await socket.put({"type": "message", "id": key, "text": "TG"})
        assert await socket.take() == {"type": "stored", "id": key}, "a repeat is acknowledged too"
        assert [receipt.provider_ids for receipt in here.desk.receipts] == [(str(line.id),)]
        assert len(here.desk.messages) == 1


async def test_what_a_socket_refuses() -> None:
    async with chat() as here, here.browser() as browser, browser.socket() as socket:
        await socket.take()
        key = new_id()
        await socket.put({"type": "message", "text": "TG"})
        assert await socket.take() == {"type": "refused", "id": None, "reason": "id"}
        await socket.put({"type": "message", "id": key, "text": "a" * 2001})
        assert await socket.take() == {"type": "refused", "id": key, "reason": "long"}
        await socket.put({"type": "score", "id": key, "score": 5})
        assert await socket.take() == {"type": "refused", "id": key, "reason": "kind"}
        here.desk.is_down = True
        await socket.put({"type": "message", "id": key, "text": "TG"})
        assert await socket.take() == {"type": "refused", "id": key, "reason": "store", "retry_after": 2}
        here.desk.is_down = False
        for _ in range(28):
            await socket.put({"type": "message", "id": key, "text": "TG"})
            assert (await socket.take())["type"] == "stored"
        await socket.put({"type": "message", "id": key, "text": "TG"})
        assert await socket.take() == {"type": "refused", "id": key, "reason": "rate", "retry_after": 60}


@pytest.mark.parametrize("bad", ["a" * 40_000, b"\x00\x01"], ids=["too big", "binary"])
async def test_what_ends_a_socket(bad: str | bytes) -> None:
    async with chat() as here, here.browser() as browser, browser.socket() as socket:
        await socket.take()
        await (socket.raw.send_str(bad) if isinstance(bad, str) else socket.raw.send_bytes(bad))
        assert (await socket.raw.receive(timeout=5)).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
        assert here.desk.messages == []


async def test_ten_bad_frames_are_enough() -> None:
    async with chat() as here, here.browser() as browser, browser.socket() as socket:
        await socket.take()
        for _ in range(11):
            await socket.raw.send_str("{")
        answers = [await socket.raw.receive(timeout=5) for _ in range(11)]
        assert [answer.type for answer in answers[-2:]] == [aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.CLOSE]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_pages_of_others_open_no_socket(origin: str | None) -> None:
    async with chat() as here, here.browser() as browser:
        browser.headers = {"Origin": origin} if origin else {}
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            async with browser.socket():
                pass
        async with browser.session.get(
            f"{here.address}/webchat/events", headers={"Sec-Fetch-Site": "cross-site"}
        ) as response:
            assert response.status == 403


async def test_server_sent_events() -> None:
    async with chat() as here, here.browser() as browser:
        person = await person_of(here, browser)
        here.mailbox.write(person, "Trước đó")
        async with browser.session.get(f"{here.address}/webchat/events?after=0") as response:
            assert response.content_type == "text/event-stream"
            source = events_of(response)
            assert await texts(source, 1) == ["Trước đó"]
            await here.send(person, "Một")
            await here.send(person, "Hai")
            assert await texts(source, 2) == ["Một", "Hai"]


async def test_long_poll() -> None:
    async with chat() as here, here.browser() as browser:
        person = await person_of(here, browser)
        assert await browser.poll(wait=0) == []
        waiting = asyncio.ensure_future(browser.poll(wait=20))
        await until(lambda: here.channel._presence.is_here(person))
        await here.send(person, "Một")
        assert [line["text"] for line in await waiting] == ["Một"]
        assert [line["text"] for line in await browser.poll(0)] == ["Một"], "until it is acknowledged"
        await browser.post("/read", {"type": "read", "ids": ["100"]})
        assert await browser.poll(100) == []
        assert [line["text"] for line in await browser.poll(0)] == ["Một"], "and again for a page that has nothing"


async def test_nothing_is_lost_while_nobody_is_there() -> None:
    async with chat() as here, here.browser() as browser:
        person = await person_of(here, browser)
        async with browser.socket() as socket:
            await socket.take()
            seen = await here.send(person, "Một")
            await socket.take()
            await socket.put({"type": "read", "ids": [str(seen.id)]})
            await until(lambda: bool(here.desk.receipts))
        await here.send(person, "Hai")
        await here.send(person, "Ba")
        async with browser.socket(after=seen.id) as socket:
            assert [line["text"] for line in (await socket.take())["lines"]] == ["Hai", "Ba"]


async def test_a_line_of_another_process_is_found() -> None:
    async with chat() as here, here.browser() as browser:
        person = await person_of(here, browser)
        looking = asyncio.ensure_future(here.channel.run(here.desk))
        async with browser.socket() as socket:
            await socket.take()
            here.mailbox.write(person, "Từ tiến trình khác")
            assert (await socket.take())["lines"][0]["text"] == "Từ tiến trình khác"
            here.mailbox.write(person, "Nữa")
            assert [line["text"] for line in (await socket.take())["lines"]] == ["Nữa"], "each line once"
        looking.cancel()


async def test_every_page_of_a_session_hears_it_and_no_other() -> None:
    async with chat() as here, here.browser() as browser, here.browser() as other:
        person = await person_of(here, browser)
        async with browser.socket() as one, browser.socket() as two, other.socket() as stranger:
            for socket in (one, two, stranger):
                await socket.take()
            await here.send(person, "Một")
            assert [(await socket.take())["lines"][0]["text"] for socket in (one, two)] == ["Một", "Một"]
            with pytest.raises(TimeoutError):
                await stranger.raw.receive(timeout=0.1)


async def test_one_connection_too_many() -> None:
    async with chat(most_connections=1) as here, here.browser() as browser, browser.socket() as socket:
        await socket.take()
        async with browser.session.get(f"{here.address}/webchat/poll") as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "10")


async def test_browsers_are_sent_away_at_the_end() -> None:
    async with chat() as here, here.browser() as browser, browser.socket() as socket:
        await socket.take()
        await here.channel.drain()
        assert (await socket.raw.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        async with browser.session.get(f"{here.address}/webchat/poll") as response:
            assert response.status == 429


async def test_who_is_too_slow_is_sent_back_to_the_store() -> None:
    presence = Presence(100)
    person = Address(ChannelName.WEBCHAT, "a" * 32)
    with presence.present(person) as subscription:
        for number in range(MOST_WAITING + 1):
            line = Line(id=MessageId(number), is_ours=True, text="", at=NOW)
            presence.offer(person, [line, line])
        assert subscription.is_over


async def test_pages_of_one_session() -> None:
    presence = Presence(100)
    person = Address(ChannelName.WEBCHAT, "a" * 32)
    with contextlib.ExitStack() as pages:
        for _ in range(MOST_OF_ONE):
            pages.enter_context(presence.present(person))
        with pytest.raises(TooMany), presence.present(person):
            pass
        assert presence.count == MOST_OF_ONE
    assert (presence.count, presence.is_here(person)) == (0, False)
