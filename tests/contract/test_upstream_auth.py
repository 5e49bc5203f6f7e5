"""Signing in: the header of each kind, one renewal for all, nothing told of a secret."""

import asyncio
import base64
import logging

import pytest

from bot.clock import FixedClock
from dossier_client.models import Found, Unavailable
from dossier_client.settings import Auth, BasicAuth, BearerAuth, LgspAuth, NoAuth, OAuth2Auth, UpstreamSettings
from tests.contract.upstreams import CODE, DOSSIER, NOW, RawUpstream, as_json, asked, client_of, hangs, http

SECRET = "s3cret-of-a-test"
BASIC = "Basic " + base64.b64encode(f"user:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        (BearerAuth(SECRET), f"Authorization: Bearer {SECRET}"),
        (BasicAuth("user", SECRET), f"Authorization: {BASIC}"),
        (LgspAuth(SECRET), f"lgspaccesstoken: {SECRET}"),
        (NoAuth(), "Accept: application/json"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_header(auth: Auth, header: str) -> None:
    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(as_json(DOSSIER))

    async with asked(reply, auth=auth) as (upstream, client):
        assert isinstance(await client.find(CODE), Found)
        assert header in upstream.requests[0]
        assert SECRET not in repr(auth)


class Lgsp:
    """A token endpoint and a one-stop system in one: a token holds until the next is given or ``forget`` is called."""

    def __init__(self, life: object = 60) -> None:
        self.renewals = 0
        self.valid = ""
        self.life = life

    async def __call__(self, head: str, writer: asyncio.StreamWriter) -> None:
        if head.startswith("POST /token"):
            await asyncio.sleep(0)
            assert BASIC in head
            assert head.endswith("grant_type=client_credentials")
            self.renewals += 1
            self.valid = f"token{self.renewals}"
            writer.write(as_json({"access_token": self.valid, "expires_in": self.life, "token_type": "Bearer"}))
        elif f"Authorization: Bearer {self.valid}\r\n" in head:
            writer.write(as_json(DOSSIER | {"code": head.split(" ")[1].rsplit("/", 1)[1]}))
        else:
            writer.write(as_json({"fault": {"code": 900901}}, 401))


def code(number: int) -> str:
    return f"H05.1-261120-{number:04d}"


def settings_of(upstream: RawUpstream) -> UpstreamSettings:
    return UpstreamSettings(
        name="one",
        base_url=upstream.url,
        heads=("H05",),
        auth=OAuth2Auth(f"{upstream.url}/token", "user", SECRET),
        max_concurrent=64,
    )


async def test_one_renewal_for_each_expiry_whoever_asks() -> None:
    clock, lgsp = FixedClock(NOW), Lgsp()
    async with RawUpstream(lgsp) as upstream, client_of(settings_of(upstream), clock=clock) as client:
        for renewals in (1, 2, 3):
            answers = await asyncio.gather(*(client.find(code(number)) for number in range(50)))
            assert all(isinstance(answer, Found) for answer in answers)
            assert lgsp.renewals == renewals
            clock.advance(61)


async def test_it_is_renewed_before_its_end() -> None:
    clock, lgsp = FixedClock(NOW), Lgsp(life="100")
    async with RawUpstream(lgsp) as upstream, client_of(settings_of(upstream), clock=clock) as client:
        for seconds, renewals in ((0, 1), (69, 1), (2, 2)):
            clock.advance(seconds)
            await client.find(code(seconds))
            assert lgsp.renewals == renewals


async def test_a_token_that_is_refused_is_renewed_once_for_fifty() -> None:
    lgsp = Lgsp(life=3600)
    async with RawUpstream(lgsp) as upstream, client_of(settings_of(upstream)) as client:
        await client.find(code(0))
        lgsp.valid = "taken back"
        answers = await asyncio.gather(*(client.find(code(number)) for number in range(1, 51)))
        assert all(isinstance(answer, Found) for answer in answers)
        assert lgsp.renewals == 2


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(as_json({"error": "invalid_client"}, 401), id="refused"),
        pytest.param(as_json({"error": "invalid_client"}), id="200 without a token"),
        pytest.param(as_json({"access_token": "two words"}), id="no token"),
        pytest.param(http(200, b"<html>", kind="text/html"), id="a page"),
    ],
)
async def test_no_token_to_be_had(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    async with RawUpstream(reply) as upstream, client_of(settings_of(upstream)) as client:
        answers = await asyncio.gather(*(client.find(code(number)) for number in range(5)))
        assert answers == [Unavailable("one")] * 5
        assert len(upstream.requests) == 1
    assert SECRET not in caplog.text
    assert BASIC not in caplog.text


async def test_a_system_that_refuses_every_token_is_asked_twice() -> None:
    lgsp = Lgsp()

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        await lgsp(head.replace("Bearer", "Nobody"), writer)

    async with RawUpstream(reply) as upstream, client_of(settings_of(upstream)) as client:
        assert await client.find(CODE) == Unavailable("one")
        assert client.health()["one"].counts["unauthorised"] == 1
        assert lgsp.renewals == 2


async def test_closing_ends_a_renewal() -> None:
    asked_for_a_token = asyncio.Event()

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        asked_for_a_token.set()
        await hangs(head, writer)

    async with RawUpstream(reply) as upstream, client_of(settings_of(upstream)) as client:
        asking = asyncio.create_task(client.find(CODE))
        await asked_for_a_token.wait()
        await client.close()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
