"""The client against the sandbox one-stop: two implementations of one contract, neither written from the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.clock import VIETNAM, FixedClock
from dossier_client.client import OneStopClient
from dossier_client.models import Found, History, NotFound, OwnDossiers, Status, Unavailable, Verified
from dossier_client.sandbox import Faults, SandboxData, SandboxOneStop, SandboxOptions
from dossier_client.settings import Auth, BearerAuth, NoAuth, OAuth2Auth, UpstreamSettings
from tests.contract.upstreams import NOW, client_of

CODE, SECOND, UNKNOWN = "H05.12-261105-0001", "H05.12-261106-0002", "H05.12-261106-9999"
PHONE = "84912345678"
ROWS: list[dict[str, Any]] = [
    {
        "code": CODE,
        "phone": PHONE,
        "status": 4,
        "status_text": "Đang xử lý",
        "id_last4": "4321",
        "reference": "G22.1-261105-000001",
    },
    {"code": SECOND, "phone": PHONE, "status": 9, "received_at": "2026-11-06T08:00:00+07:00"},
]


@asynccontextmanager
async def sandbox(options: SandboxOptions, clock: FixedClock, auth: Auth | None = None) -> AsyncIterator[OneStopClient]:
    data = SandboxData.loaded(ROWS, seed=1, today=NOW.date())
    system = SandboxOneStop(data, options, now=lambda: NOW.astimezone(VIETNAM), monotonic=clock.monotonic)
    url = f"http://127.0.0.1:{await system.start('127.0.0.1', 0)}"
    signed = auth or (OAuth2Auth(f"{url}/token", "gateway", "secret") if options.lgsp else NoAuth())
    settings = UpstreamSettings(name="bacninh", base_url=url, heads=("H05", "G22"), auth=signed, timeout_s=0.6)
    try:
        async with client_of(settings, clock=clock) as client:
            yield client
    finally:
        await system.close()


async def test_all_reads() -> None:
    async with sandbox(SandboxOptions(), FixedClock(NOW)) as client:
        found, same = await client.find(CODE), await client.find("G22.1-261105-000001")
        assert isinstance(found, Found)
        assert isinstance(same, Found)
        assert same.dossier == found.dossier
        assert (found.dossier.status, found.dossier.status_text) == (Status.IN_PROCESS, "Đang xử lý")
        assert PHONE in found.dossier.contact_phones
        assert None not in {found.dossier.received_at, found.dossier.due_at, found.dossier.step}
        history = await client.history(CODE)
        assert isinstance(history, History)
        assert all(step.at and step.name and step.status for step in history.steps)
        own = await client.by_phone(PHONE)
        assert isinstance(own, OwnDossiers)
        assert {dossier.code for dossier in own.dossiers} == {CODE, SECOND}
        assert "unknown_status" not in client.health()["bacninh"].counts


async def test_an_unknown_code() -> None:
    async with sandbox(SandboxOptions(), FixedClock(NOW)) as client:
        assert await client.find(UNKNOWN) == NotFound()
        assert await client.history(UNKNOWN) == NotFound()
        assert await client.verify(UNKNOWN, "1234") == NotFound()


async def test_the_last_four_digits() -> None:
    async with sandbox(SandboxOptions(), FixedClock(NOW)) as client:
        assert await client.verify(CODE, "4321") == Verified(passed=True)
        assert await client.verify(CODE, "1234") == Verified(passed=False)


@pytest.mark.parametrize("token", ["right", "wrong"])
async def test_bearer(token: str) -> None:
    async with sandbox(SandboxOptions(token="right"), FixedClock(NOW), BearerAuth(token)) as client:
        assert isinstance(await client.find(CODE), Found if token == "right" else Unavailable)


async def test_tokens_of_the_exchange_axis_end_and_are_renewed() -> None:
    clock = FixedClock(NOW)
    options = SandboxOptions(lgsp=True, client_id="gateway", client_secret="secret")
    async with sandbox(options, clock) as client:
        for _ in range(3):
            assert isinstance(await client.find(CODE), Found)
            clock.advance(61)


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        pytest.param(Faults(error_rate=1.0), "status", id="503"),
        pytest.param(Faults(bad_json=True), "not_json", id="half a body"),
        pytest.param(Faults(wrong_dossier=True), "other_dossier", id="another dossier"),
        pytest.param(Faults(down=True), "reset", id="down"),
        pytest.param(Faults(drip=100), "timeout", id="drip"),
    ],
)
async def test_its_faults(faults: Faults, reason: str) -> None:
    async with sandbox(SandboxOptions(faults=faults), FixedClock(NOW)) as client:
        assert await client.find(CODE) == Unavailable("bacninh")
        assert client.health()["bacninh"].counts[reason] == 1
