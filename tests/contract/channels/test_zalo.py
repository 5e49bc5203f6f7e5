"""What only Zalo does: probes, echoes, other accounts, late and broken events, ratings, people who withdraw."""

import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from adapters.zalo.signature import HEADER
from adapters.zalo.stand_in import Scripted
from bot.store.extras import extras_of
from tests.contract.channels.channel import Request
from tests.contract.channels.conftest import CODES, Gateway, Start
from tests.contract.channels.zalo import PATH, Zalo, configuration
from tests.contract.sessions import until

HOUR = 3_600_000


@pytest.fixture
async def channel() -> AsyncIterator[Zalo]:
    """Zalo alone."""
    zalo = Zalo()
    yield zalo
    await zalo.stop()


@pytest.fixture
def person(channel: Zalo) -> str:
    return channel.person(1)


async def deliver(gateway: Gateway, channel: Zalo, event: Any) -> int:
    return await gateway.post(channel.signed(event))


def ago(hours: float) -> int:
    return int(time.time() * 1000 - hours * HOUR)


async def test_the_probe_when_the_address_is_saved_is_answered_200(gateway: Gateway) -> None:
    for body in (b"", b"{}", b'{"url":"https://example.vn/hooks/zalo"}'):
        assert await gateway.post(Request(path=PATH, body=body)) == 200
    assert gateway.rows("inbox") == []
    assert 'event="probe",route="zalo"} 3.0' in await metrics(gateway)


async def metrics(gateway: Gateway) -> str:
    async with gateway.http.get(f"{gateway.address}/metrics") as response:
        return await response.text()


UNSIGNED = {
    "none": {},
    "empty": {HEADER: ""},
    "wrong": {HEADER: "mac=" + "0" * 64},
    "not ASCII": {HEADER: "mac=đúng"},
}


async def test_an_event_that_nobody_signed(gateway: Gateway, channel: Zalo, person: str) -> None:
    body = channel.text(person, CODES[0], "first").body
    for headers in UNSIGNED.values():
        assert await gateway.post(Request(path=PATH, body=body, headers=headers)) == 401
    assert gateway.rows("inbox") == gateway.rows("contact") == []
    assert 'event="forged",route="zalo"} 4.0' in await metrics(gateway)
    assert gateway.log.getvalue().count("forged Zalo event") == 1


async def test_two_signatures_are_none(gateway: Gateway, channel: Zalo, person: str) -> None:
    good = channel.text(person, CODES[0], "first")
    headers = [(HEADER, good.headers[HEADER]), (HEADER, good.headers[HEADER])]
    async with gateway.http.post(gateway.address + PATH, data=good.body, headers=headers) as response:
        assert response.status == 401


async def test_what_cannot_be_read(gateway: Gateway, channel: Zalo) -> None:
    for body in (b"not JSON", b"[]", b"null", b"", b"7", b'"text"', b"[" * 10_000 + b"]" * 10_000):
        assert await gateway.post(channel.signed(body)) == 400
    assert gateway.rows("inbox") == []


async def test_nested_without_end(gateway: Gateway, channel: Zalo) -> None:
    body = (
        b'{"event_name":"user_send_text","timestamp":"1760000000123","message":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    )
    assert await gateway.post(channel.signed(body)) == 400


async def test_a_mebibyte(gateway: Gateway, channel: Zalo) -> None:
    assert await gateway.post(channel.signed(b"x" * 1024 * 1024)) == 413


async def test_an_event_of_somebody_else(gateway: Gateway, channel: Zalo, person: str) -> None:
    for change in ({"app_id": "1"}, {"recipient": {"id": "1"}}, {"oa_id": "1"}):
        assert await deliver(gateway, channel, channel.events.text(person, CODES[0]) | change) == 403
    assert gateway.rows("inbox") == []


async def test_a_text_of_another_shape(gateway: Gateway, channel: Zalo, person: str) -> None:
    for message in ({}, {"text": 5}, {"text": {"a": 1}}, {"text": []}):
        assert await deliver(gateway, channel, channel.events.sent("text", person, message)) == 200
    assert gateway.rows("inbox") == []


async def test_a_day_late_is_stored_and_not_answered(gateway: Gateway, channel: Zalo, person: str) -> None:
    assert await deliver(gateway, channel, channel.events.text(person, CODES[0], at=ago(24))) == 200
    assert await deliver(gateway, channel, channel.events.text(person, CODES[1], at=ago(0.9))) == 200
    (arrived,) = await gateway.told(1)
    assert CODES[1] in arrived.text
    assert [row["ignored"] for row in gateway.rows("inbox")] == ["late", None]


async def test_a_repeat_two_hours_later_with_its_count(gateway: Gateway, channel: Zalo, person: str) -> None:
    event = channel.events.text(person, CODES[0], at=ago(0.5))
    url = gateway.address + PATH
    assert [await channel.stand_in.deliver(url, event, retry=retry) for retry in range(6)] == [200] * 6
    assert len(await gateway.told(1)) == 1
    assert 'event="retried",route="zalo"} 5.0' in await metrics(gateway)


async def test_our_own_message_comes_back(gateway: Gateway, channel: Zalo, person: str) -> None:
    assert await deliver(gateway, channel, channel.events.answered_by_hand(person, "Hồ sơ …", admin="")) == 200
    assert gateway.rows("inbox") == []


async def test_an_officer_who_answers_by_hand_is_not_interrupted(gateway: Gateway, channel: Zalo, person: str) -> None:
    await deliver(gateway, channel, channel.events.answered_by_hand(person, "Chào Ông/Bà"))
    await gateway.settled()
    await deliver(gateway, channel, channel.events.text(person, CODES[0]))
    await deliver(gateway, channel, channel.events.text(channel.person(2), CODES[1]))
    (arrived,) = await gateway.told(1)
    assert arrived.to == channel.person(2)


async def test_what_is_done_without_words_is_no_repeated_text(gateway: Gateway, channel: Zalo, person: str) -> None:
    for number in range(4):
        await deliver(gateway, channel, channel.events.photo(person, f"https://f21-zpc.zdn.vn/{number}.jpg"))
        await gateway.settled()
    await deliver(gateway, channel, channel.events.answered_by_hand(person, "Chào Ông/Bà"))
    await gateway.settled()
    assert gateway.rows("contact")[0]["quiet_until"] is not None


async def test_who_withdraws_is_not_written_to(gateway: Gateway, channel: Zalo, person: str) -> None:
    await deliver(gateway, channel, channel.events.withdrew(person))
    await gateway.settled()
    (row,) = gateway.rows("inbox")
    assert row["event"] is not None
    assert channel.arrived() == []


async def test_who_follows_is_greeted_with_buttons_and_pressing_one_is_typing(
    gateway: Gateway, channel: Zalo, person: str
) -> None:
    await deliver(gateway, channel, channel.events.followed(person))
    await gateway.told(1)
    (payload, *_) = [button["payload"] for button in channel.stand_in.sent[0].buttons]
    assert await deliver(gateway, channel, channel.events.text(person, payload)) == 200
    assert len(await gateway.told(2)) == 2


WORDLESS = {
    "sticker": {"id": "1", "url": "https://zalo-api.zadn.vn/1.png"},
    "audio": {"url": "https://voice.talk.zdn.vn/1.amr"},
    "location": {"coordinates": {"latitude": "21.1", "longitude": "106.1"}},
    "image": {"url": "http://127.0.0.1:1/on-a-private-address.jpg"},
}


async def test_what_is_no_text_gets_a_short_answer(gateway: Gateway, channel: Zalo) -> None:
    people = [channel.person(number) for number in range(len(WORDLESS))]
    for person, (kind, payload) in zip(people, WORDLESS.items(), strict=True):
        event = channel.events.sent(kind, person, {"attachments": [{"type": kind, "payload": payload}]})
        assert await deliver(gateway, channel, event) == 200
    told = await gateway.told(len(people))
    assert {arrived.to for arrived in told if arrived.text} == set(people)


async def test_a_delivery_is_noted(gateway: Gateway, channel: Zalo, person: str) -> None:
    await deliver(gateway, channel, channel.events.text(person, CODES[0]))
    await gateway.told(1)
    await until(lambda: gateway.rows("outbox")[0]["state"] == "sent")
    message_id = channel.stand_in.sent[0].message_id
    assert await deliver(gateway, channel, channel.events.delivered(person, message_id)) == 200
    await until(lambda: gateway.rows("outbox")[0]["state"] == "delivered")


class ByPhone(Zalo):
    """An account that may write to numbers."""

    async def start(self) -> str:
        return configuration(await self.stand_in.start(), templates_by_phone=True)


class TestByPhone:
    @pytest.fixture
    async def channel(self) -> AsyncIterator[Zalo]:
        zalo = ByPhone()
        yield zalo
        await zalo.stop()

    async def test_a_delivery_to_a_number_is_noted(self, gateway: Gateway, channel: Zalo) -> None:
        event = channel.events.delivered("84912345678", "15a0cc0bbb13bd4ce403")
        headers = {"X-ZEvent-Server": "ZNS"}
        assert await channel.stand_in.deliver(gateway.address + PATH, event, headers=headers) == 200
        assert {row["route"] for row in gateway.rows("receipt")} == {"zalo", "zalo:phone"}


async def test_a_rating_belongs_to_whom_the_form_went(gateway: Gateway, channel: Zalo, person: str) -> None:
    await deliver(gateway, channel, channel.events.text(person, CODES[0]))
    await gateway.told(1)
    (row,) = gateway.rows("outbox")
    assert await deliver(gateway, channel, channel.events.rated(5, tracking_id=str(row["id"]))) == 200
    assert len(gateway.rows("inbox")) == 1, "that was no form"
    _become_form(gateway, row["id"])
    event = channel.events.rated(5, tracking_id=str(row["id"]), note="tốt")
    assert [await deliver(gateway, channel, event) for _ in range(3)] == [200] * 3
    await gateway.settled()
    (_, rated) = [found for found in gateway.rows("inbox") if found["dup_of"] is None]
    assert rated["event"] is not None
    assert await deliver(gateway, channel, channel.events.rated(9, tracking_id=str(row["id"]))) == 200
    assert await deliver(gateway, channel, channel.events.rated(5, tracking_id="12", message_id="unknown")) == 200
    assert len([found for found in gateway.rows("inbox") if found["dup_of"] is None]) == 2


def _become_form(gateway: Gateway, message: int) -> None:
    extras = orjson.dumps({"buttons": [], "template": ("rate.ask.hs", {"code": CODES[0]})}).decode()
    assert extras_of(extras).template is not None
    with contextlib.closing(sqlite3.connect(gateway.folder / "data" / "motcua.db", isolation_level=None)) as disk:
        disk.execute("UPDATE outbox SET extras = ? WHERE id = ?", (extras, message))


async def test_when_somebody_wrote_is_booked(gateway: Gateway, channel: Zalo, person: str) -> None:
    await deliver(gateway, channel, channel.events.followed(channel.person(2)))
    await deliver(gateway, channel, channel.events.text(person, CODES[0]))
    await until(lambda: [row["wrote_at"] is not None for row in gateway.rows("contact")].count(True) == 1)


async def test_the_line_in_readyz_and_the_alarm(gateway: Gateway, channel: Zalo, person: str) -> None:
    while (await ready(gateway))["channels"]["zalo"] != "up":
        pass
    channel.stand_in.tokens.access = "somebody else's"
    channel.stand_in.tokens.spent.add("refresh-0")
    await deliver(gateway, channel, channel.events.text(person, CODES[0]))
    await until(lambda: "re-authorise" in gateway.log.getvalue())
    assert (await ready(gateway))["channels"]["zalo"] == "re-authorise"
    (row,) = gateway.rows("outbox")
    assert row["state"] in {"ready", "sending"}, "the queue is kept"


async def ready(gateway: Gateway) -> dict[str, Any]:
    async with gateway.http.get(f"{gateway.address}/readyz") as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


class Connecting(Zalo):
    """An account whose webhook address is just being saved: its secret is not known yet."""

    async def start(self) -> str:
        url = await self.stand_in.start()
        return configuration(url, connecting=True, oa_secret_key="", site_verification="AbC123")


class TestConnecting:
    @pytest.fixture
    async def channel(self) -> AsyncIterator[Zalo]:
        zalo = Connecting()
        yield zalo
        await zalo.stop()

    async def test_everything_is_answered_200_and_forgotten(self, start: Start, channel: Zalo, person: str) -> None:
        async with start() as gateway:
            request = channel.text(person, CODES[0], "first")
            assert await gateway.post(request) == 200
            assert await gateway.post(channel.forge(request)) == 200
            assert gateway.rows("inbox") == []
            assert (await ready(gateway))["channels"]["zalo"] == "connecting"

    async def test_the_domain_is_proved(self, gateway: Gateway) -> None:
        async with gateway.http.get(f"{gateway.address}/zalo_verifierAbC123.html") as response:
            assert response.status == 200
            assert 'content="AbC123"' in await response.text()


async def test_no_secret_and_no_id_of_a_person_in_the_log(gateway: Gateway, channel: Zalo, person: str) -> None:
    await deliver(gateway, channel, channel.events.text(person, CODES[0]))
    channel.stand_in.script.append(Scripted(code=-240))
    await deliver(gateway, channel, channel.events.text(channel.person(2), CODES[1]))
    await gateway.told(1)
    log = gateway.log.getvalue()
    for secret in ("AppSecretForTests01", "OaSecretKeyForTests01", "access-0", "refresh-0", person, channel.person(2)):
        assert secret not in log
