"""The bot's HTTP: what surely did not leave, what may have, and nothing that tells the token."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError

from adapters.telegram.failures import is_not_plain, send_error
from adapters.telegram.request import AiohttpRequest, AnswerUnknown, NothingWritten, TooFast
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.stand_in import TOKEN, Fault, StandIn
from bot.errors import ChannelBusy, NotSent, OutcomeUnknown, RecipientRefused, SendError, Unreachable

CHAT = 84_001


def settings_of(address: str, **more: object) -> TelegramSettings:
    times = {"connect_timeout_s": 0.5, "read_timeout_s": 0.5}
    base = {"token": TOKEN, "base_url": f"{address}/bot", "base_file_url": f"{address}/file/bot"}
    return TelegramSettings(**{**times, **base, **more})  # type: ignore[arg-type]  # values of several types


@asynccontextmanager
async def bot_for(address: str, **more: object) -> AsyncIterator[Bot]:
    settings = settings_of(address, **more)
    request = AiohttpRequest(settings, connections=4)
    bot = Bot(
        settings.token,
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=request,
        get_updates_request=request,
    )
    try:
        yield bot
    finally:
        await request.shutdown()


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    api = StandIn()
    await api.start()
    yield api
    await api.close()


async def test_a_message_leaves(stand_in: StandIn) -> None:
    async with bot_for(stand_in.address) as bot:
        sent = await bot.send_message(CHAT, "Hồ sơ <b>& *_[")
    assert sent.message_id == 1
    assert [call.text for call in stand_in.sent(CHAT)] == ["Hồ sơ <b>& *_["]


@pytest.mark.parametrize(
    ("fault", "raised", "means"),
    [
        pytest.param(Fault(400, "Bad Request: chat not found"), BadRequest, Unreachable, id="no chat"),
        pytest.param(Fault(400, "Bad Request: message text is empty"), BadRequest, RecipientRefused, id="bad text"),
        pytest.param(Fault(403, "Forbidden: bot was blocked by the user"), Forbidden, Unreachable, id="blocked"),
        pytest.param(Fault(401, "Unauthorized"), InvalidToken, NotSent, id="token refused"),
        pytest.param(Fault(404, "Not Found"), InvalidToken, NotSent, id="token malformed"),
        pytest.param(Fault(429, "Too Many Requests", {"retry_after": 7}), TooFast, ChannelBusy, id="too fast"),
        pytest.param(Fault(429, body=b"<html>"), TooFast, ChannelBusy, id="too fast, in HTML"),
        pytest.param(Fault(502, body=b"<html>Bad Gateway</html>"), NetworkError, OutcomeUnknown, id="502"),
        pytest.param(Fault(500, "Internal Server Error"), NetworkError, OutcomeUnknown, id="500"),
        pytest.param(Fault(200, body=b"<html>hello</html>"), TelegramError, OutcomeUnknown, id="200 in HTML"),
        pytest.param(Fault(200, body=b"[]"), TelegramError, OutcomeUnknown, id="200 with a list"),
        pytest.param(Fault(302, body=b""), NetworkError, OutcomeUnknown, id="redirect"),
        pytest.param(Fault(cut=True), AnswerUnknown, OutcomeUnknown, id="cut after it was taken"),
    ],
)
async def test_refusals(stand_in: StandIn, fault: Fault, raised: type[Exception], means: type[SendError]) -> None:
    stand_in.fail("sendMessage", fault)
    async with bot_for(stand_in.address) as bot:
        with pytest.raises(raised) as caught:
            await bot.send_message(CHAT, "secret text")
    assert isinstance(caught.value, TelegramError)
    error = send_error(caught.value)
    assert type(error) is means
    assert "secret text" not in str(error)


async def test_the_pause_that_is_asked_for(stand_in: StandIn) -> None:
    stand_in.fail("sendMessage", Fault(429, "Too Many Requests: retry after 7", {"retry_after": 7}))
    async with bot_for(stand_in.address) as bot:
        with pytest.raises(TooFast) as caught:
            await bot.send_message(CHAT, "x")
    assert send_error(caught.value).retry_after == 7


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Bad Request: can't parse entities: unsupported start tag", True),
        ("Bad Request: BUTTON_DATA_INVALID", True),
        ("Bad Request: chat not found", False),
    ],
)
async def test_what_may_go_without_its_keyboard(stand_in: StandIn, description: str, *, expected: bool) -> None:
    stand_in.fail("sendMessage", Fault(400, description))
    async with bot_for(stand_in.address) as bot:
        with pytest.raises(BadRequest) as caught:
            await bot.send_message(CHAT, "x")
    assert is_not_plain(caught.value) is expected


async def nothing_listens() -> str:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"


async def test_nothing_listens() -> None:
    async with bot_for(await nothing_listens()) as bot:
        with pytest.raises(NothingWritten) as caught:
            await bot.send_message(CHAT, "x")
    assert isinstance(send_error(caught.value), NotSent)


async def test_no_such_host() -> None:
    async with bot_for("http://bot-api.invalid") as bot:
        with pytest.raises(NothingWritten):
            await bot.send_message(CHAT, "x")


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999999", "no address at all"])
async def test_an_address_that_is_none(address: str) -> None:
    async with bot_for(address) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(CHAT, "x")
    assert_tells_nothing(caught.value)


async def test_the_proxy_is_used(stand_in: StandIn) -> None:
    """A plain-text call goes to the proxy as it is; the stand-in serves as one."""
    async with bot_for("http://bot-api.invalid", proxy=stand_in.address) as bot:
        await bot.send_message(CHAT, "x")
    assert len(stand_in.sent()) == 1


async def test_a_proxy_that_is_away() -> None:
    async with bot_for("http://bot-api.invalid", proxy=await nothing_listens()) as bot:
        with pytest.raises(NothingWritten):
            await bot.send_message(CHAT, "x")


Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(handler: Raw) -> AsyncIterator[str]:
    served = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await handler(reader, writer)
        writer.close()
        served.set()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await served.wait()


async def test_a_proxy_that_lets_nobody_through_never_sees_the_token() -> None:
    seen: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        proxy = f"http://user:pw@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with bot_for("https://bot-api.invalid", proxy=proxy) as bot:
            with pytest.raises(NothingWritten) as caught:
                await bot.send_message(CHAT, "x")
    assert_tells_nothing(caught.value)
    assert seen[0].startswith(b"CONNECT bot-api.invalid:443 ")
    assert b"Proxy-Authorization: Basic " in seen[0]
    assert TOKEN.encode() not in seen[0]


async def hang_up(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    return


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def talk_nonsense(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SMTP ready\r\n\r\n")
    await writer.drain()


async def stop_halfway(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()


@pytest.mark.parametrize("handler", [hang_up, say_nothing, talk_nonsense, stop_halfway])
async def test_written_and_no_answer(handler: Raw, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with raw_server(handler) as address, bot_for(address) as bot:
            with pytest.raises(AnswerUnknown) as caught:
                await bot.send_message(CHAT, "x")
    assert isinstance(send_error(caught.value), OutcomeUnknown)
    assert_tells_nothing(caught.value)


def assert_tells_nothing(error: BaseException) -> None:
    """Neither the error nor anything that hangs on it holds the token."""
    told = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    chain: BaseException | None = error
    while chain is not None:
        told += repr(chain) + repr(chain.args)
        chain = chain.__cause__ or chain.__context__
    assert TOKEN not in told
    assert TOKEN.partition(":")[2] not in told


async def never_stop(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b" " * 1_000_000)
            await writer.drain()


async def test_a_body_that_does_not_end() -> None:
    async with raw_server(never_stop) as address, bot_for(address) as bot:
        with pytest.raises(AnswerUnknown):
            await bot.send_message(CHAT, "x")


def test_settings_tell_no_secret() -> None:
    settings = settings_of("http://127.0.0.1:1", secret_token="s3cret", proxy="http://u:pw@127.0.0.1:3")
    assert not any(secret in repr(settings) for secret in (TOKEN, "s3cret", "pw"))
    assert settings.bot_id == 123456
