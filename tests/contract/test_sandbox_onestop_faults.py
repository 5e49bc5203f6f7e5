"""The sandbox one-stop misbehaves as it is told, asks for tokens, signs its events, and runs as a program."""

import asyncio
import contextlib
import hashlib
import hmac
import io
import json
import os
import signal
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from dossier_client.sandbox import SandboxData, SandboxOneStop, SandboxOptions, run
from dossier_client.sandbox.events import EventSender, sign

TODAY = date(2026, 6, 10)
CODE, OTHER = "H05.12-260605-0001", "H05.12-260605-0002"
LOOK_UP = f"/api/v1/dossiers/{CODE}"
ROWS = [{"code": CODE, "status": 4}, {"code": OTHER, "status": 9}]


class Time:
    """Monotonic seconds that move when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextlib.asynccontextmanager
async def serving(
    options: SandboxOptions, monotonic: Time | None = None
) -> AsyncIterator[tuple[aiohttp.ClientSession, SandboxOneStop]]:
    system = SandboxOneStop(SandboxData.loaded(ROWS, seed=1, today=TODAY), options, monotonic=monotonic or Time())
    port = await system.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        yield http, system
    await system.close()


async def look_up(http: aiohttp.ClientSession, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    async with http.get(LOOK_UP, headers=headers) as answer:
        return answer.status, await answer.read()


async def switch(http: aiohttp.ClientSession, **changes: Any) -> None:
    async with http.post("/sandbox/faults", json=changes) as answer:
        assert answer.status == 200


async def test_switches_are_shown_merged_and_cleared() -> None:
    async with serving(SandboxOptions(delay_ms=1)) as (http, _):
        await switch(http, bad_json=True)
        async with http.get("/sandbox/faults") as answer:
            shown = await answer.json()
        assert (shown["delay_ms"], shown["bad_json"], shown["down"]) == (1, True, False)
        async with http.delete("/sandbox/faults") as answer:
            cleared = await answer.json()
        assert (cleared["delay_ms"], cleared["bad_json"]) == (0, False)


async def test_delay() -> None:
    async with serving(SandboxOptions(delay_ms=60)) as (http, _):
        loop = asyncio.get_running_loop()
        started = loop.time()
        assert (await look_up(http))[0] == 200
        assert loop.time() - started >= 0.055


@pytest.mark.parametrize(("rate", "low", "high"), [(1.0, 50, 50), (0.5, 10, 40), (0.0, 0, 0)])
async def test_errors(rate: float, low: int, high: int) -> None:
    async with serving(SandboxOptions()) as (http, _):
        await switch(http, error_status=502, error_rate=rate)
        statuses = [(await look_up(http))[0] for _ in range(50)]
        assert low <= statuses.count(502) <= high
        assert set(statuses) <= {200, 502}


async def test_drip() -> None:
    async with serving(SandboxOptions()) as (http, _):
        whole = await look_up(http)
        await switch(http, drip=1)
        pieces = 0
        async with http.get(LOOK_UP) as answer:
            body = b""
            async for piece in answer.content.iter_any():
                pieces, body = pieces + 1, body + piece
        assert (200, body) == whole
        assert pieces > 10


async def test_wrong_dossier() -> None:
    async with serving(SandboxOptions()) as (http, _):
        await switch(http, wrong_dossier=True)
        assert json.loads((await look_up(http))[1])["code"] == OTHER


async def test_bad_json() -> None:
    async with serving(SandboxOptions()) as (http, _):
        await switch(http, bad_json=True)
        status, body = await look_up(http)
        assert status == 200
        with pytest.raises(json.JSONDecodeError):
            json.loads(body)


async def test_down_and_up_again() -> None:
    async with serving(SandboxOptions()) as (http, _):
        await switch(http, down=True)
        with pytest.raises(aiohttp.ClientError):
            await look_up(http)
        await switch(http, down=False)
        assert (await look_up(http))[0] == 200


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer t0ken", 200), ("bearer t0ken", 200), ("Bearer wrong", 401), ("Basic t0ken", 401), ("", 401)],
)
async def test_fixed_token(authorization: str, status: int) -> None:
    async with serving(SandboxOptions(token="t0ken")) as (http, _):
        assert (await look_up(http, {"Authorization": authorization}))[0] == status


async def token_from(http: aiohttp.ClientSession, **how: Any) -> tuple[int, dict[str, Any]]:
    async with http.post("/token", **how) as answer:
        return answer.status, await answer.json()


async def test_tokens_end_after_a_minute() -> None:
    clock = Time()
    async with serving(SandboxOptions(lgsp=True), clock) as (http, _):
        assert (await look_up(http))[0] == 401
        basic = {"Authorization": "Basic Z3c6cw=="}
        status, given = await token_from(http, data={"grant_type": "client_credentials"}, headers=basic)
        assert (status, given["token_type"], given["expires_in"]) == (200, "Bearer", 60)
        headers = {"Authorization": f"Bearer {given['access_token']}"}
        clock.seconds = 59
        assert (await look_up(http, headers))[0] == 200
        clock.seconds = 61
        assert (await look_up(http, headers))[0] == 401


CREDENTIALS = {"grant_type": "client_credentials", "client_id": "gw", "client_secret": "right"}


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (CREDENTIALS, 200),
        (CREDENTIALS | {"client_secret": "wrong"}, 401),
        ({"grant_type": "client_credentials"}, 401),
        (CREDENTIALS | {"grant_type": "password"}, 400),
    ],
)
async def test_who_gets_a_token(form: dict[str, str], status: int) -> None:
    async with serving(SandboxOptions(lgsp=True, client_id="gw", client_secret="right")) as (http, _):
        assert (await token_from(http, data=form))[0] == status


async def test_a_broken_basic_header_is_nobody() -> None:
    async with serving(SandboxOptions(lgsp=True)) as (http, _):
        form = {"grant_type": "client_credentials"}
        assert (await token_from(http, data=form, headers={"Authorization": "Basic !"}))[0] == 401


class Gateway:
    """Takes events; answers the given statuses first, then 202."""

    def __init__(self, *first: int) -> None:
        self._first = list(first)
        self.seen: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        self.seen.put_nowait((request.headers["X-Motcua-Signature"], await request.read()))
        return web.Response(status=self._first.pop(0) if self._first else 202)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/hooks/one-stop/bacninh", self.take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/one-stop/bacninh"
        await runner.cleanup()


async def test_events_are_signed_and_in_order() -> None:
    gateway = Gateway()
    async with (
        gateway.serving() as url,
        serving(SandboxOptions(events_to=url, events_secret="s3cret")) as (http, _),
    ):
        for change in ({"status": 5}, {"extended_due_at": "2026-06-20T17:00:00+07:00"}, {"apology": {"reason": "x"}}):
            async with http.post(f"/sandbox/dossiers/{CODE}/move", json=change) as answer:
                assert answer.status == 200
        async with http.post("/sandbox/dossiers", json={"code": "H05.12-260610-0003"}) as answer:
            assert answer.status == 201
        seen = [await gateway.seen.get() for _ in range(4)]
    events = [json.loads(body) for _, body in seen]
    kinds = ["dossier.status_changed", "dossier.due_changed", "dossier.apology_issued", "dossier.status_changed"]
    assert [event["type"] for event in events] == kinds
    assert events[0]["dossier"]["status"] == 5
    assert "id_last4" not in events[0]["dossier"]
    for header, body in seen:
        stamp, signature = (part.split("=")[1] for part in header.split(","))
        wanted = hmac.new(b"s3cret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        assert signature == wanted


async def test_events_are_repeated_until_taken() -> None:
    gateway = Gateway(503, 401)
    async with gateway.serving() as url:
        sender = EventSender(url, "s", pause=0.001, clock=lambda: 1_780_000_000.0)
        sender.start()
        sender.offer({"event_id": "e1"})
        sender.offer({"event_id": "e2"})
        seen = [await gateway.seen.get() for _ in range(4)]
        await sender.close()
    assert [json.loads(body)["event_id"] for _, body in seen] == ["e1", "e1", "e1", "e2"]
    assert seen[0][0] == sign(seen[0][1], "s", 1_780_000_000)


async def test_events_are_given_up_in_the_end(unused_tcp_port: int) -> None:
    sender = EventSender(f"http://127.0.0.1:{unused_tcp_port}/", "s", pause=0.0001)
    sender.start()
    sender.offer({"event_id": "e1"})
    await sender.settled()
    await sender.close()
    assert sender.given_up == 1


class Screen(io.StringIO):
    """Tells when something is printed."""

    def __init__(self) -> None:
        super().__init__()
        self.printed: asyncio.Queue[str] = asyncio.Queue()

    def write(self, text: str) -> int:
        self.printed.put_nowait(text)
        return len(text)


async def started(options: SandboxOptions) -> tuple[asyncio.Task[int], str]:
    screen = Screen()
    with contextlib.redirect_stdout(screen):
        program = asyncio.create_task(run(options))
        word, address = (await screen.printed.get()).split()
    assert word == "ready"
    return program, address


async def test_the_program_serves_until_terminated(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.json"
    path.write_text(json.dumps({"dossiers": ROWS}))
    program, address = await started(SandboxOptions(data=path))
    async with aiohttp.ClientSession(address) as http:
        assert (await look_up(http))[0] == 200
    os.kill(os.getpid(), signal.SIGTERM)
    assert await program == 0


async def test_the_program_tells_what_is_wrong_with_its_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dossiers.json"
    path.write_text("{")
    assert await run(SandboxOptions(data=path)) == 1
    assert "not JSON" in capsys.readouterr().err


async def test_without_data_dossiers_are_made_up() -> None:
    program, address = await started(SandboxOptions(count=50, seed=3))
    async with (
        aiohttp.ClientSession(address) as http,
        http.get("/sandbox/dossiers", params={"limit": 100}) as answer,
    ):
        assert len((await answer.json())["items"]) == 50
    program.cancel()
    with pytest.raises(asyncio.CancelledError):
        await program
