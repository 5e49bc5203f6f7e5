"""Whether the process lives, whether it can serve, and what it counts."""

from collections.abc import Callable, Mapping, Sequence

import orjson
from aiohttp import web
from prometheus_client import generate_latest

from bot.errors import StoreError
from bot.metrics import Metrics
from bot.store.port import Store

OPEN_ROADS = frozenset({"zalo", "telegram", "webchat", "email"})
"""Channels that go by their own name; the others carry SMS."""
LINE_STATES = Callable[[], Mapping[str, str]]


class Health:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(
        self,
        *,
        store: Store,
        roles: Sequence[str],
        lines: Callable[[], Mapping[str, str]],
        channels: Callable[[], Mapping[str, str]] = dict,
        upstreams: Callable[[], Mapping[str, str]],
        metrics: Metrics,
    ) -> None:
        """*lines* tells the state of each SMPP account, *channels* that of the other roads, *upstreams* that of each breaker."""
        self._store = store
        self._roles = list(roles)
        self._lines = lines
        self._channels = channels
        self._upstreams = upstreams
        self._metrics = metrics

    def routes(self) -> list[web.RouteDef]:
        """The three addresses."""
        return [web.get("/healthz", self.alive), web.get("/readyz", self.ready), web.get("/metrics", self.metrics)]

    async def alive(self, _request: web.Request) -> web.Response:
        """200 while the process answers at all."""
        return web.Response(text="ok")

    async def ready(self, _request: web.Request) -> web.Response:
        """200 when the store takes writes and the listeners work; neither an operator's line nor an upstream decides."""
        try:
            await self._store.ping()
        except StoreError as error:
            return _json({"ready": False, "roles": self._roles, "store": str(error)}, 503)
        return _json(
            {
                "ready": True,
                "roles": self._roles,
                "smpp": dict(self._lines()),
                "channels": dict(self._channels()),
                "upstreams": dict(self._upstreams()),
            },
            200,
        )

    def services(self) -> Mapping[str, bool]:
        """Whether the roads and the one-stop system work, in words that everybody may read."""
        lines, channels, upstreams = self._lines(), self._channels(), self._upstreams()
        found = {"sms": "bound" in lines.values()} if lines else {}
        for name, state in channels.items():
            road = name if name in OPEN_ROADS else "sms"
            found[road] = found.get(road, False) or state == "up"
        return found | ({"one_stop": all(state == "closed" for state in upstreams.values())} if upstreams else {})

    async def metrics(self, _request: web.Request) -> web.Response:
        """The counters, in Prometheus' text form."""
        for name, state in self._lines().items():
            self._metrics.up.labels("smpp", name).set(state == "bound")
        for name, state in self._channels().items():
            self._metrics.up.labels("channel", name).set(state == "up")
        for name, state in self._upstreams().items():
            self._metrics.up.labels("upstream", name).set(state == "closed")
        return web.Response(body=generate_latest(self._metrics.registry), content_type="text/plain", charset="utf-8")


def _json(value: object, status: int) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")
