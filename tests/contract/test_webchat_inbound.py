"""What browsers send over HTTP: stored once before it is acknowledged, or refused in words that the page understands."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from adapters.webchat.guard import REQUESTS_A_MESSAGE
from bot.events import ButtonPressed, FileSent, LocationShared, Photo, Scored
from bot.model import ChannelName, ReceiptState
from tests.webchat import LOCKED, chat, new_id

PICTURE = b"\xff\xd8\xff\xe0 not really a picture"


async def test_a_message_is_stored_and_acknowledged() -> None:
    async with chat() as here, here.browser() as browser:
        key = new_id()
        assert await browser.post("/messages", {"id": key, "text": "Hồ sơ  tới đâu\r\nrồi?\x07"}) == (
            200,
            {"type": "stored", "id": key},
        )
        (message,) = here.desk.messages
        assert message.text == "Hồ sơ  tới đâu\nrồi?"
        assert (message.sender.channel, message.route, message.recipient) == (ChannelName.WEBCHAT, "webchat", "webchat")
        assert message.external_id == f"{message.sender.id}:{key}"
        token = next(iter(browser.session.cookie_jar)).value
        assert token not in message.sender.id, "what is stored opens no session"


async def test_a_repeat_is_acknowledged_again() -> None:
    async with chat() as here, here.browser() as browser:
        frame = {"id": new_id(), "text": "TG"}
        assert [(await browser.post("/messages", frame))[0] for _ in range(3)] == [200] * 3
        assert len(here.desk.messages) == 1


async def test_two_browsers_may_have_the_same_id() -> None:
    async with chat() as here, here.browser() as one, here.browser() as other:
        frame = {"id": new_id(), "text": "TG"}
        assert (await one.post("/messages", frame))[0] == (await other.post("/messages", frame))[0] == 200
        assert len({message.sender for message in here.desk.messages}) == 2


EVENTS = {
    "button": ({"type": "press", "action": "nk:H05.12-260610-0001"}, ButtonPressed("nk:H05.12-260610-0001")),
    "place": ({"type": "location", "latitude": 21.18, "longitude": 106}, LocationShared(21.18, 106.0)),
}


@pytest.mark.parametrize(("frame", "event"), EVENTS.values(), ids=EVENTS)
async def test_what_is_done_besides_writing(frame: dict[str, Any], event: object) -> None:
    async with chat() as here, here.browser() as browser:
        assert (await browser.post("/messages", {"id": new_id()} | frame))[0] == 200
        assert (here.desk.messages[0].text, here.desk.messages[0].event) == ("", event)


@dataclass(frozen=True)
class Bad:
    label: str
    body: Any
    status: int = 400
    reason: str = "id"
    path: str = "/messages"
    headers: dict[str, str] = field(default_factory=dict)


BAD = [
    Bad("without an id", {"text": "TG"}),
    Bad("an id that is none", {"id": "1", "text": "TG"}),
    Bad("an id of another kind", {"id": 7, "text": "TG"}),
    Bad("no JSON", b"{", reason="json"),
    Bad("not an object", b"[]", reason="json"),
    Bad("not UTF-8", b'{"id": "\xff"}', reason="json"),
    Bad("nested without end", b"[" * 20_000, reason="json"),
    Bad("no text", {"id": new_id()}, reason="text"),
    Bad("an empty text", {"id": new_id(), "text": " \n"}, reason="text"),
    Bad("a text of another kind", {"id": new_id(), "text": 5}, reason="text"),
    Bad("a long text", {"id": new_id(), "text": "a" * 2001}, 413, "long"),
    Bad("a mebibyte", b'{"id": "' + b"a" * 1024 * 1024, 413, "size"),
    Bad("an unknown kind", {"id": new_id(), "type": "dance"}, reason="kind"),
    Bad("an endless action", {"id": new_id(), "type": "press", "action": "a" * 65}, reason="text"),
    Bad(
        "a place beyond the earth", {"id": new_id(), "type": "location", "latitude": 91, "longitude": 0}, reason="text"
    ),
    Bad("a score outside a kiosk", {"id": new_id(), "type": "score", "score": 5}, reason="kind"),
    Bad("a score of six", {"id": new_id(), "type": "score", "score": 6}, reason="text"),
    Bad("half a hello", {"type": "hello", "after": "0"}, reason="kind"),
    Bad("lines that are none", {"type": "read", "ids": ["x"]}, path="/read"),
    Bad("lines without end", {"type": "read", "ids": ["1"] * 201}, path="/read"),
    Bad("a message as lines", {"id": new_id(), "text": "TG"}, reason="kind", path="/read"),
    Bad("another site", {"id": new_id(), "text": "TG"}, 403, "origin", headers={"Origin": "https://evil.example"}),
    Bad("no site", {"id": new_id(), "text": "TG"}, 403, "origin", headers={"Origin": "null"}),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.label)
async def test_what_cannot_be_used(bad: Bad) -> None:
    async with chat() as here, here.browser() as browser:
        status, frame = await browser.post(bad.path, bad.body, headers=bad.headers)
        assert (status, frame["type"], frame["reason"]) == (bad.status, "refused", bad.reason)
        assert here.desk.messages == []


async def test_nobody_without_a_session() -> None:
    async with chat() as here, here.browser() as browser:
        browser.session.cookie_jar.clear()
        assert await browser.say("TG") == (401, {"type": "refused", "id": None, "reason": "session"})


async def test_the_store_is_down_and_back() -> None:
    async with chat() as here, here.browser() as browser:
        here.desk.is_down = True
        status, frame = await browser.say("TG")
        assert (status, frame["reason"], frame["retry_after"]) == (503, "store", 2)
        assert browser.answered["Retry-After"] == "2"
        here.desk.is_down = False
        assert (await browser.say("TG"))[0] == 200


async def test_fifty_in_a_second_are_too_many() -> None:
    async with chat() as here, here.browser() as browser:
        answers = [(await browser.say("TG"), browser.answered.get("Retry-After")) for _ in range(50)]
        assert [answer[0] for answer, _ in answers] == [200] * 30 + [429] * 20
        assert answers[-1] == ((429, answers[-1][0][1]), "60")
        assert answers[-1][0][1]["retry_after"] == 60
        here.clock.advance(61)
        assert (await browser.say("TG"))[0] == 200


async def test_another_browser_at_the_same_address_is_counted_too() -> None:
    async with chat() as here, here.browser() as one, here.browser() as other:
        for _ in range(30):
            await one.say("TG")
        assert (await other.say("TG"))[0] == 429
        other.headers["X-Forwarded-For"] = "198.51.100.7"
        assert (await other.say("TG"))[0] == 429, "a header counts for nothing without a proxy"


async def test_behind_a_proxy_its_word_counts() -> None:
    async with chat(proxies=1, public_url="http://chat.example.gov.vn/") as here, here.browser() as browser:
        browser.headers = {"Origin": "http://chat.example.gov.vn", "X-Forwarded-For": "198.51.100.1"}
        for _ in range(30):
            assert (await browser.say("TG"))[0] == 200
        async with here.browser() as other:
            other.headers = browser.headers | {"X-Forwarded-For": "10.0.0.9, 198.51.100.2"}
            assert (await other.say("TG"))[0] == 200
            other.headers["X-Forwarded-For"] = "198.51.100.9, 198.51.100.1"
            assert (await other.say("TG"))[0] == 429, "what the browser claims comes before what the proxy saw"


async def test_a_flood_of_anything_ends() -> None:
    async with chat(messages_per_minute=2) as here, here.browser() as browser:
        async with browser.socket() as socket:
            await socket.take()
            for _ in range(2 * REQUESTS_A_MESSAGE):
                await socket.put({"type": "read", "ids": []})
            assert (await socket.raw.receive(timeout=10)).type is aiohttp.WSMsgType.CLOSE
        async with browser.session.get(f"{here.address}/webchat/poll") as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "10")
        here.clock.advance(61)
        assert await browser.poll() == []


async def test_throwing_sessions_away_buys_little() -> None:
    async with (
        chat(sessions_per_hour=3) as here,
        here.browser() as browser,
        here.browser(kiosk="4", key=LOCKED.key) as kiosk,
    ):
        answers = []
        for _ in range(4):
            answers.append((await browser.say("TG"))[0])
            await browser.post("/leave")
        assert answers == [200, 200, 200, 429]
        for _ in range(4):
            assert (await kiosk.say("TG"))[0] == 200, "at a kiosk with a key everybody is somebody new"
            await kiosk.post("/leave")
        here.clock.advance(3601)
        assert (await browser.say("TG"))[0] == 200


async def test_a_photo_waits_until_it_is_read() -> None:
    async with chat() as here, here.browser() as browser:
        key = new_id()
        path = f"/photos?id={key}&caption=giấy+hẹn"
        answer = await browser.post(path, PICTURE, headers={"Content-Type": "image/jpeg"})
        assert answer == (200, {"type": "stored", "id": key})
        assert here.photos.kept == [PICTURE]
        assert (here.desk.messages[0].text, here.desk.messages[0].event) == ("giấy hẹn", Photo((f"{1:032x}",)))


async def test_a_document_for_a_petition() -> None:
    async with chat() as here, here.browser() as browser:
        answer = await browser.post(f"/photos?id={new_id()}", b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
        assert answer[0] == 200
        assert here.desk.messages[0].event == FileSent("file", (f"{1:032x}",))


@pytest.mark.parametrize(
    ("octets", "kind", "status", "reason"),
    [
        pytest.param(b"a" * (10 * 1024 * 1024 + 1), "image/png", 413, "size", id="too big"),
        pytest.param(b"<html>", "text/html", 415, "kind", id="no picture"),
    ],
)
async def test_what_is_no_photo(octets: bytes, kind: str, status: int, reason: str) -> None:
    async with chat() as here, here.browser() as browser:
        answer = await browser.post(f"/photos?id={new_id()}", octets, headers={"Content-Type": kind})
        assert (answer[0], answer[1]["reason"]) == (status, reason)
        assert (here.photos.kept, here.desk.messages) == ([], [])


async def test_no_room_for_photos() -> None:
    async with chat() as here, here.browser() as browser:
        here.photos.is_full = True
        status, frame = await browser.post(f"/photos?id={new_id()}", PICTURE, headers={"Content-Type": "image/png"})
        assert (status, frame["reason"], frame["retry_after"]) == (503, "store", 2)


async def test_a_kiosk_rates_its_counter() -> None:
    async with chat() as here, here.browser(kiosk="3") as browser:
        assert (await browser.say("", type="score", score=2, note="Thời gian chờ"))[0] == 200
        (message,) = here.desk.messages
        assert message.event == Scored(2, "counter:H05.22:3", "Thời gian chờ")
        assert (message.recipient, message.sender.is_passing) == ("kiosk:3", True)


async def test_a_locked_kiosk_opens_with_its_key_alone() -> None:
    async with chat() as here:
        async with here.browser(kiosk="4", key="another-key-0123") as stranger:
            assert stranger.page_status == 403
            assert (await stranger.say("TG"))[0] == 401
        async with here.browser(kiosk="4", key=LOCKED.key) as browser:
            assert browser.page_status == 200
            assert (await browser.say("TG"))[0] == 200
            async with browser.session.get(f"{here.address}/webchat/kiosk?counter=4") as again:
                assert again.status == 200
            async with browser.session.get(f"{here.address}/webchat/kiosk?counter=5") as unknown:
                assert unknown.status == 404


@pytest.mark.parametrize("kiosk", ["", "3"], ids=["chat", "kiosk"])
async def test_the_next_one_is_somebody_else(kiosk: str) -> None:
    async with chat() as here, here.browser(kiosk=kiosk) as browser:
        await browser.say("TG")
        before = here.desk.messages[0].sender
        here.mailbox.write(before, "Trả lời")
        assert len(await browser.poll()) == 1
        assert await browser.post("/leave") == (200, {"type": "left"})
        assert await browser.poll() == []
        await browser.say("TG")
        assert here.desk.messages[1].sender != before


async def test_delivered_is_what_the_browser_shows() -> None:
    async with chat() as here, here.browser() as browser, here.browser() as other:
        await browser.say("TG")
        line = here.mailbox.write(here.desk.messages[0].sender, "Trả lời")
        assert await other.post("/read", {"type": "read", "ids": [str(line.id)]}) == (200, {"type": "noted"})
        assert here.desk.receipts == [], "nobody acknowledges lines of others"
        await browser.post("/read", {"type": "read", "ids": [str(line.id), "5"]})
        (receipt,) = here.desk.receipts
        assert (receipt.route, receipt.provider_ids, receipt.state) == (
            "webchat",
            (str(line.id),),
            ReceiptState.DELIVERED,
        )
