"""The address that a provider calls: what it may say, who may say it, and the answer it gets."""

import asyncio
import json
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.model import InboundMessage
from sms.http.credentials import basic
from sms.http.reply_key import ReplyKey
from sms.http.stand_in import Brought, request_of
from tests.contract.sms_http import PHONE, Line, account, line, outbound

RECORDED = sorted((Path(__file__).parent.parent / "fixtures" / "sms_http").glob("*.json"))
TEXT = "HS H05.12-260610-0001"
TC = Brought(text=TEXT, message_id="r1")
ELSEWHERE = (ip_network("203.0.113.0/24"),)
DIALECTS = ("cp-soap", "fibo", "onepay")


def replying(running: Line, text: str, tasks: list[asyncio.Task[list[str]]]) -> None:
    """From now on every text is answered, as by a worker."""

    async def answer(message: InboundMessage) -> None:
        sent = outbound(text, reply_key=message.reply_key)
        tasks.append(asyncio.get_running_loop().create_task(running.send(sent)))

    running.desk.answer = answer


@pytest.mark.parametrize(
    "shape", [pytest.param(json.loads(path.read_text(encoding="utf-8")), id=path.stem) for path in RECORDED]
)
async def test_a_recorded_request_is_stored_and_answered(shape: dict[str, Any]) -> None:
    keys = {key: value for key, value in shape["account"].items() if key in {"user", "password", "secret"}}
    wait = {} if shape.get("reply") else {"reply_wait_s": 0.01}
    async with line(shape["account"]["dialect"], **keys, **wait) as running, aiohttp.ClientSession() as http:
        tasks: list[asyncio.Task[list[str]]] = []
        if shape.get("reply"):
            replying(running, shape["reply"], tasks)
        request = shape["request"]
        async with http.request(
            request["method"],
            f"{running.gateway}/hooks/sms/p" + (f"?{request['query']}" if "query" in request else ""),
            headers=request["headers"],
            data=request.get("body", "").encode() or None,
        ) as response:
            assert response.status == shape["answer"]["status"]
            assert shape["answer"]["holds"] in await response.text()
        (message,) = running.desk.messages
        expected = shape["becomes"]
        assert (message.sender.id, message.text) == (expected["sender"], expected["text"])
        assert (message.recipient, message.route) == ("8283", "http:p")
        assert message.external_id == f"p:{expected['message_id']}"
        assert message.ignored is None
        key = ReplyKey.read(message.reply_key)
        assert key is not None
        assert (key.request_id, key.keyword, key.operator) == (
            expected["message_id"],
            expected["keyword"],
            expected["operator"],
        )
        for task in tasks:
            assert await task == ["42"]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_provider_in_its_own_words_is_understood(dialect: str) -> None:
    async with line(dialect, reply_wait_s=0.01) as running:
        status, _ = await running.provider.bring(running.gateway, TC)
        assert status == 200
        assert [message.text for message in running.desk.messages] == [TEXT]


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_store_refuses_so_the_provider_comes_again(dialect: str) -> None:
    async with line(dialect) as running:
        running.desk.refuses = True
        status, _ = await running.provider.bring(running.gateway, TC)
        assert status == 503
        running.desk.refuses = False
        await running.channel.drain()
        assert (await running.provider.bring(running.gateway, TC))[0] == 503, "a process that ends takes nothing"
        assert running.desk.messages == []


@pytest.mark.parametrize(
    ("dialect", "changes"),
    [
        pytest.param("cp-soap", {"password": "other"}, id="another password"),
        pytest.param("cp-soap", {"path_secret": "other"}, id="a path secret that nobody has"),
        pytest.param("onepay", {"secret": "other"}, id="another signature"),
        pytest.param("onepay", {"user": "other"}, id="another access key"),
    ],
)
async def test_who_does_not_prove_to_be_the_provider_is_refused(dialect: str, changes: dict[str, Any]) -> None:
    async with line(dialect) as running, aiohttp.ClientSession() as http:
        method, path, arguments = request_of(account(dialect, **changes), TC)
        async with http.request(method, running.gateway + path, **arguments) as response:
            assert response.status == 401
        assert running.desk.messages == []
        assert running.channel.counts["forged"] == 1


async def test_an_address_that_is_not_allowed_is_refused_before_its_body_is_read() -> None:
    async with line("fibo", ip_allow=ELSEWHERE) as running:
        status, _ = await running.provider.bring(running.gateway, TC)
        assert (status, running.desk.messages) == (401, [])


async def test_behind_a_proxy_the_callers_address_counts() -> None:
    async with line("fibo", ip_allow=ELSEWHERE, proxies=1) as running, aiohttp.ClientSession() as http:
        method, path, _ = request_of(account("fibo"), TC)
        for forwarded, status in (("203.0.113.9", 200), ("198.51.100.1", 401), ("203.0.113.9, 198.51.100.1", 401)):
            running.desk.answer = None
            async with http.request(method, running.gateway + path, headers={"X-Forwarded-For": forwarded}) as response:
                assert response.status == status, forwarded


async def test_the_secret_of_the_path_is_asked_for() -> None:
    async with line("fibo", path_secret="s3cret", reply_wait_s=0.01) as running, aiohttp.ClientSession() as http:
        _, path, _ = request_of(account("fibo"), TC)
        async with http.get(running.gateway + path) as response:
            assert response.status == 401
        async with http.get(running.gateway + path.replace("/p?", "/p/s3cret?")) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("message=TC&port=8283", 400, id="no sender"),
        pytest.param("message=TC&phone=84912345678&phone=84912345679", 400, id="the same parameter twice"),
        pytest.param("message=TC&phone=84912345678&" + "&".join(f"a{n}=1" for n in range(500)), 400, id="many fields"),
        pytest.param("message=T%C3C%&phone=84912345678&guid=1", 200, id="broken percent-encoding"),
        pytest.param("message=T%E1C&phone=84912345678&guid=2", 200, id="Latin-1"),
    ],
)
async def test_bad_queries(query: str, status: int) -> None:
    async with line("fibo", reply_wait_s=0.01) as running, aiohttp.ClientSession() as http:
        async with http.get(URL(f"{running.gateway}/hooks/sms/p?{query}", encoded=True)) as response:
            assert response.status == status
        assert len(running.desk.messages) == (status == 200)


async def test_raw_octets_in_the_address_are_refused() -> None:
    async with line("fibo", reply_wait_s=0.01) as running:
        head = (
            b"GET /hooks/sms/p?message=\xe1o&phone=84912345678&guid=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        answer = await _raw(running.gateway, head)
        assert answer.split()[1] == b"400", "HTTP has no such octets in an address; percent-encoded ones are read"
        assert running.desk.messages == []


async def test_a_broken_request_leaves_nothing_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with line("fibo") as running:
        await _raw(
            running.gateway, b"GET /hooks/sms/p?message=xin\xe1&password=hush&phone=1 HTTP/1.1\r\nHost: x\r\n\r\n"
        )
    assert "not HTTP: InvalidURLError" in caplog.text
    assert "hush" not in caplog.text


async def test_a_body_that_has_two_lengths_is_refused() -> None:
    async with line("cp-soap") as running:
        head = (
            b"POST /hooks/sms/p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n0\r\n\r\n"
        )
        answer = await _raw(running.gateway, head)
        assert answer.split()[1] == b"400"
        assert running.desk.messages == []


async def test_a_body_that_is_too_big_is_refused() -> None:
    async with line("cp-soap") as running, aiohttp.ClientSession() as http:
        signed = {"Authorization": basic(account("cp-soap"))}
        async with http.post(f"{running.gateway}/hooks/sms/p", data=b" " * 1024 * 1024, headers=signed) as response:
            assert response.status == 413


async def test_a_wrong_method_is_refused() -> None:
    async with (
        line("onepay") as running,
        aiohttp.ClientSession() as http,
        http.post(f"{running.gateway}/hooks/sms/p", data=b"x=1") as response,
    ):
        assert (response.status, response.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("sender", "ignored"),
    [("191", "not_a_person"), ("VIETTEL", "not_a_person"), ("8283", "own_number"), ("842222345678", "not_a_person")],
)
async def test_machines_get_no_answer(sender: str, ignored: str) -> None:
    async with line("fibo") as running:
        status, body = await running.provider.bring(running.gateway, Brought(sender=sender, text="TC", message_id="1"))
        assert (status, "<Message>" in body) == (200, False)
        assert [message.ignored for message in running.desk.messages] == [ignored]


async def test_a_text_without_an_id_is_known_by_its_words() -> None:
    async with line("fibo", reply_wait_s=0.01) as running:
        for _ in range(2):
            await running.provider.bring(running.gateway, Brought(text=TEXT))
        first, second = running.desk.messages
        assert first.external_id is None
        assert first.content_hash == second.content_hash != b""
        assert first.session != second.session
    async with line("cp-soap") as running:
        await running.provider.bring(running.gateway, Brought(text=TEXT))
        assert running.channel.open_sessions() == {running.desk.messages[0].session}, "its response went out"


async def test_a_reply_in_time_goes_into_the_response() -> None:
    async with line("fibo") as running:
        tasks: list[asyncio.Task[list[str]]] = []
        replying(running, "Hồ sơ A & B", tasks)
        _, body = await running.provider.bring(running.gateway, TC)
        assert f"<PhoneNumber>{PHONE}</PhoneNumber><Message>Ho so A &amp; B</Message><SMSID>42</SMSID>" in body
        assert await tasks[0] == ["42"]
        assert running.provider.taken == []


async def test_a_provider_that_asks_again_gets_the_same_reply() -> None:
    async with line("onepay", reply_wait_s=5) as running:
        tasks: list[asyncio.Task[list[str]]] = []
        replying(running, "Ho so", tasks)
        first = await running.provider.bring(running.gateway, TC)
        await tasks[0]
        running.desk.answer = None
        assert await running.provider.bring(running.gateway, TC) == first


async def test_a_reply_that_comes_too_late_goes_by_call() -> None:
    async with line("fibo", reply_wait_s=0.01) as running:
        status, body = await running.provider.bring(running.gateway, TC)
        assert (status, "<Message>" in body) == (200, False)
        assert running.channel.counts["no_reply_in_time"] == 1
        await running.send(outbound(reply_key=running.desk.messages[0].reply_key))
        (taken,) = running.provider.taken
        assert taken.fields["smsmessage"] == "Ho so dang xu ly"


async def test_a_provider_without_calls_hears_that_it_takes_longer() -> None:
    async with line("onepay", reply_wait_s=0.01) as running:
        _, body = await running.provider.bring(running.gateway, TC)
        assert json.loads(body)["sms"].startswith("He thong dang ban")


async def _raw(gateway: str, octets: bytes) -> bytes:
    host, _, port = gateway.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(octets)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
