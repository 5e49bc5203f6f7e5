"""Whether the process can serve, as a load balancer asks it, and what it counts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.errors import StoreRefused
from bot.metrics import Metrics
from bot.web.health import Health


class FakeStore:
    """Takes writes, or refuses them."""

    def __init__(self) -> None:
        self.refuses = False

    async def ping(self) -> None:
        if self.refuses:
            raise StoreRefused("disk full")


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
async def client(store: Any) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    health = Health(
        store=store,
        roles=["sms", "web"],
        lines=lambda: {"telco": "bound", "other": "connecting"},
        upstreams=lambda: {"bacninh": "closed", "sonla": "open"},
        metrics=Metrics(),
    )
    app = web.Application()
    app.add_routes(health.routes())
    async with TestClient(TestServer(app)) as asking:
        yield asking


async def test_ready_tells_lines_and_upstreams_which_do_not_decide(client: TestClient[Any, Any]) -> None:
    answer = await client.get("/readyz")
    assert (answer.status, await answer.json()) == (
        200,
        {
            "ready": True,
            "roles": ["sms", "web"],
            "smpp": {"telco": "bound", "other": "connecting"},
            "channels": {},
            "upstreams": {"bacninh": "closed", "sonla": "open"},
        },
    )


async def test_without_a_store_it_lives_but_is_not_ready(client: TestClient[Any, Any], store: FakeStore) -> None:
    store.refuses = True
    answer = await client.get("/readyz")
    assert (answer.status, await answer.json()) == (
        503,
        {"ready": False, "roles": ["sms", "web"], "store": "disk full"},
    )
    assert (await client.get("/healthz")).status == 200


async def test_what_works_is_in_the_figures(client: TestClient[Any, Any]) -> None:
    told = await (await client.get("/metrics")).text()
    assert [line for line in told.splitlines() if line.startswith("motcua_up{")] == [
        'motcua_up{kind="smpp",name="telco"} 1.0',
        'motcua_up{kind="smpp",name="other"} 0.0',
        'motcua_up{kind="upstream",name="bacninh"} 1.0',
        'motcua_up{kind="upstream",name="sonla"} 0.0',
    ]
