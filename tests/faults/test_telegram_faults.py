"""Telegram is slow, ill, away, or refuses: nobody else waits, nothing is lost, nothing tells the token."""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from adapters.telegram.stand_in import TOKEN, Fault, StandIn
from adapters.telegram.webhook import PATH, SECRET_HEADER
from tests.contract.channels.telegram import SECRET
from tests.contract.sessions import until
from tests.telegram_gateway import AN, BINH, CODE, OTHER, TelegramGateway, telegram_gateway


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    api = StandIn()
    await api.start()
    yield api
    await api.close()


@pytest.fixture
async def gateway(tmp_path: Path, stand_in: StandIn) -> AsyncIterator[TelegramGateway]:
    async with telegram_gateway(tmp_path, stand_in) as running:
        await running.until_state("up")
        yield running


def outbox(gateway: TelegramGateway) -> list[tuple[str, str | None]]:
    return [(row["state"], row["error"]) for row in gateway.rows("outbox")]


async def test_only_the_chat_that_is_too_fast_waits(gateway: TelegramGateway) -> None:
    gateway.stand_in.fail("sendMessage", Fault(429, "Too Many Requests", {"retry_after": 3}, chat=str(AN)))
    gateway.stand_in.tell(gateway.people.text(AN, CODE))
    await until(lambda: gateway.counted().get("throttled") == 1)
    refused_at = time.monotonic()
    gateway.stand_in.tell(gateway.people.text(BINH, OTHER))
    (other,) = await gateway.hears(1, BINH)
    assert other.at - refused_at < 2
    (late,) = await gateway.hears(1, AN)
    assert 2.8 < late.at - refused_at < 10
    assert outbox(gateway) == [("sent", None)] * 2


@pytest.mark.parametrize(
    ("fault", "ends"),
    [
        pytest.param(Fault(403, "Forbidden: bot was blocked by the user"), ("failed", "unreachable"), id="blocked"),
        pytest.param(Fault(400, "Bad Request: chat not found"), ("failed", "unreachable"), id="gone"),
        pytest.param(Fault(400, "Bad Request: text must be non-empty"), ("failed", "refused"), id="refused"),
    ],
)
async def test_a_refusal_concerns_one_person(gateway: TelegramGateway, fault: Fault, ends: tuple[str, str]) -> None:
    gateway.stand_in.fail("sendMessage", fault)
    gateway.stand_in.tell(gateway.people.text(AN, CODE))
    await until(lambda: outbox(gateway) == [ends])
    gateway.stand_in.tell(gateway.people.text(BINH, OTHER))
    await gateway.hears(1, BINH)
    assert await gateway.state() == "up"


async def test_a_bad_gateway_puts_one_message_in_doubt_and_the_next_ones_wait(gateway: TelegramGateway) -> None:
    for method in ("sendMessage", "getMe"):
        gateway.stand_in.fail(method, Fault(502, body=b"<html>Bad Gateway</html>", times=1000))
    gateway.stand_in.tell(gateway.people.text(AN, CODE))
    await until(lambda: outbox(gateway) == [("in_doubt", "in_doubt")])
    assert await gateway.state() == "down"
    gateway.stand_in.tell(gateway.people.text(BINH, OTHER))
    await until(lambda: [state for state, _ in outbox(gateway)] == ["in_doubt", "ready"])
    gateway.stand_in.heal()
    (answer,) = await gateway.hears(1, BINH)
    assert OTHER in answer.text
    (again,) = await gateway.hears(1, AN)
    assert CODE in again.text
    rows = gateway.rows("outbox")
    assert [row["state"] for row in rows] == ["sent", "sent"]
    assert [bool(row["possible_duplicate"]) for row in rows] == [True, False]


async def test_what_was_cut_after_it_was_taken_is_in_doubt(gateway: TelegramGateway) -> None:
    gateway.stand_in.fail("sendMessage", Fault(cut=True))
    gateway.stand_in.tell(gateway.people.text(AN, CODE))
    await until(lambda: outbox(gateway) == [("in_doubt", "in_doubt")])
    assert await gateway.state() == "up"


async def test_a_refused_token_is_an_error_of_the_bot_alone(tmp_path: Path, stand_in: StandIn) -> None:
    other = "654321:another-token"
    async with telegram_gateway(tmp_path, stand_in, token=other) as gateway:
        await gateway.until_state("refused")
        await until(lambda: any(line["level"] == "error" for line in gateway.logged()))
        assert other not in gateway.log.getvalue()
        assert other.partition(":")[2] not in gateway.log.getvalue()


async def test_a_token_that_is_taken_back_is_told_once(gateway: TelegramGateway) -> None:
    for method in ("sendMessage", "getMe"):
        gateway.stand_in.fail(method, Fault(401, "Unauthorized", times=1000))
    gateway.stand_in.tell(gateway.people.text(AN, CODE))
    await gateway.until_state("refused")
    asked = gateway.stand_in.counts["getMe 401"]
    await until(lambda: gateway.stand_in.counts["getMe 401"] >= asked + 2)
    (line,) = [line for line in gateway.logged() if line["level"] == "error"]
    assert "telegram.token" in line["event"]
    assert outbox(gateway)[0][0] == "ready"


async def test_telegram_is_away_at_the_start_and_comes(tmp_path: Path) -> None:
    stand_in = StandIn()
    address = await stand_in.start()
    await stand_in.close()
    async with telegram_gateway(tmp_path, stand_in) as gateway, aiohttp.ClientSession() as http:
        await gateway.until_state("down")
        url, headers = gateway.address + PATH, {SECRET_HEADER: SECRET}
        update = gateway.people.text(AN, CODE)
        assert (await http.post(url, json=update, headers=headers)).status == 200
        await until(lambda: [state for state, _ in outbox(gateway)] == ["ready"])
        stand_in = gateway.stand_in = StandIn()
        await stand_in.start(port=int(address.rpartition(":")[2]))
        try:
            (answer,) = await gateway.hears(1, AN)
            assert CODE in answer.text
            await gateway.until_state("up")
            await until(lambda: bool(stand_in.webhook))
        finally:
            await stand_in.close()


async def test_telegram_takes_no_webhook_from_us(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.fail("setWebhook", Fault(400, "Bad Request: bad webhook: Failed to resolve host"))
    async with telegram_gateway(tmp_path, stand_in) as gateway:
        await gateway.until_state("no_webhook")
        (line,) = [line for line in gateway.logged() if line["level"] == "error"]
        assert "ailed to resolve host" in line["error"]
        await gateway.until_state("up")


async def test_a_wrong_secret_is_refused_before_the_body_is_read(gateway: TelegramGateway) -> None:
    host, _, port = gateway.address.removeprefix("http://").partition(":")
    for secret in (SECRET[:-1] + "x", SECRET + "x", "", "é"):
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n{SECRET_HEADER}: {secret}\r\n\r\n"
        writer.write(head.encode())
        status = await reader.readline()
        assert b" 403 " in status
        writer.close()
    assert gateway.rows("inbox") == []
    assert gateway.counted()["forged"] == 4
    assert [line["why"] for line in gateway.logged() if line["event"] == "telegram call refused"] == ["forged"]


async def test_many_messages_to_one_person_do_not_slow_others(gateway: TelegramGateway) -> None:
    for number in range(5):
        gateway.stand_in.tell(gateway.people.text(AN, f"H05.12-260610-{number:04}"))
    gateway.stand_in.tell(gateway.people.text(BINH, OTHER))
    sent = await gateway.hears(5, AN)
    (other,) = await gateway.hears(1, BINH)
    assert sent[4].at - sent[0].at > 1
    assert other.at < sent[4].at


async def test_polling_confirms_only_what_is_stored(tmp_path: Path, stand_in: StandIn) -> None:
    async with telegram_gateway(tmp_path, stand_in, mode="polling", secret_token="") as gateway:
        await gateway.until_state("up")
        assert stand_in.counts["deleteWebhook"] == 1
        stand_in.tell(gateway.people.text(AN, CODE))
        await gateway.hears(1, AN)
        path = tmp_path / "data" / "motcua.db"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            stand_in.tell(gateway.people.text(BINH, OTHER))
            await until(lambda: gateway.counted().get("not_stored", 0) >= 1)
            assert stand_in.waiting == 1
        await gateway.hears(1, BINH)
        assert [row["state"] for row in gateway.rows("inbox")] == ["done", "done"]


async def test_another_program_polls_the_same_bot(tmp_path: Path, stand_in: StandIn) -> None:
    stand_in.fail("getUpdates", Fault(409, "Conflict: terminated by other getUpdates request"))
    async with telegram_gateway(tmp_path, stand_in, mode="polling", secret_token="") as gateway:
        await until(lambda: gateway.counted().get("conflict") == 1)
        stand_in.tell(gateway.people.text(AN, CODE))
        await gateway.hears(1, AN)


async def test_an_update_that_cannot_be_read_holds_back_no_other(tmp_path: Path, stand_in: StandIn) -> None:
    async with telegram_gateway(tmp_path, stand_in, mode="polling", secret_token="") as gateway:
        await gateway.until_state("up")
        stand_in.tell({"update_id": 1, "message": None})
        stand_in.tell(gateway.people.text(AN, CODE))
        await gateway.hears(1, AN)
        await stand_in.all_taken()
        assert gateway.counted()["ignored_malformed"] == 1


async def test_nothing_tells_the_token(tmp_path: Path, stand_in: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    """Our log at its most talkative, those of the libraries too, while everything goes wrong that can."""
    faults = [
        *(
            Fault(400, "Bad Request: x"),
            Fault(401, "Unauthorized"),
            Fault(403, "Forbidden: x"),
            Fault(404, "Not Found"),
        ),
        *(Fault(409, "Conflict"), Fault(429, body=b""), Fault(500), Fault(502, body=b"<html>"), Fault(200, body=b"[]")),
        *(Fault(200, body=b"not JSON"), Fault(200, body=b'{"ok": true}'), Fault(cut=True), Fault(302, body=b"")),
    ]
    async with telegram_gateway(tmp_path, stand_in, level="debug") as gateway:
        logging.getLogger().addHandler(caplog.handler)
        logging.getLogger().setLevel(logging.INFO)
        await gateway.until_state("up")
        for number, fault in enumerate(faults):
            stand_in.fail("sendMessage", fault)
            stand_in.fail("answerCallbackQuery", replace(fault))
            stand_in.tell(gateway.people.press(AN + number, f"hs:{CODE}"))
            await stand_in.all_taken()
            await until(lambda: not stand_in.waiting_faults("sendMessage"))
            await gateway.until_state("up")
        logging.getLogger().removeHandler(caplog.handler)
    assert TOKEN.partition(":")[2] not in caplog.text
