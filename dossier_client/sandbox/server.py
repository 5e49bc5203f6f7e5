"""The one-stop system over HTTP: the contract's API, its faults, its token endpoint, and the switches to play with."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from typing import cast

from aiohttp import web

from dossier_client.sandbox.api import Api
from dossier_client.sandbox.controls import Controls
from dossier_client.sandbox.data import BadData, SandboxData, read_rows
from dossier_client.sandbox.events import EventSender
from dossier_client.sandbox.life import VIETNAM
from dossier_client.sandbox.options import Faults, SandboxOptions
from dossier_client.sandbox.queues import Queues
from dossier_client.sandbox.replies import encoded, reply
from dossier_client.sandbox.tokens import TOKEN_SECONDS, Tokens, bearer, client_of, same

log = logging.getLogger(__name__)

API = "/api/"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def vietnam_now() -> datetime:
    """The time on the wall, as the one-stop system writes it."""
    return datetime.now(VIETNAM)


class SandboxOneStop:
    """A one-stop system in this process; ``start`` and ``close`` once each."""

    def __init__(
        self,
        data: SandboxData,
        options: SandboxOptions,
        *,
        now: Callable[[], datetime] = vietnam_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.data = data
        self.queues = Queues(data.seed)
        self.faults = options.first_faults()
        self.events = EventSender(options.events_to, options.events_secret) if options.events_to else None
        self._options, self._now = options, now
        self._tokens = Tokens(monotonic)
        self._chance = Random(options.seed)  # noqa: S311 - which answers fail
        self._runner: web.AppRunner | None = None

    def application(self) -> web.Application:
        """The routes, for a server of one's own; events are only sent after ``start``."""
        app = web.Application(middlewares=[self._front])
        app.add_routes(Api(self.data, self.queues, lambda: self.faults, self._now).routes())
        app.add_routes(Controls(self, self._now).routes())
        app.add_routes([web.post("/token", self._token), web.get("/healthz", _health)])
        return app

    async def start(self, host: str, port: int) -> int:
        """Listen; 0 takes any free port. The port is returned. Raises OSError when it is taken."""
        self._runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        if self.events:
            self.events.start()
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening and sending."""
        if self.events:
            await self.events.close()
        if self._runner:
            await self._runner.cleanup()

    def tell(self, event: dict[str, object]) -> None:
        """Send an event to the gateway, when there is one."""
        if self.events:
            self.events.offer(event)

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        client, secret = client_of(request.headers, dict(form.items()))
        if form.get("grant_type") != "client_credentials":
            return reply({"error": "unsupported_grant_type"}, 400)
        if not self._options.lgsp or not client or not self._is_client(client, secret):
            return reply({"error": "invalid_client"}, 401)
        token = self._tokens.give()
        return reply({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": "default"})

    def _is_client(self, client: str, secret: str) -> bool:
        wanted = self._options
        return not wanted.client_id or (same(client, wanted.client_id) and same(secret, wanted.client_secret))

    def _may_ask(self, request: web.Request) -> bool:
        if self._options.lgsp:
            return self._tokens.holds(bearer(request.headers))
        return not self._options.token or same(bearer(request.headers), self._options.token)

    @web.middleware
    async def _front(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(API):
            return await handler(request)
        faults = self.faults
        if faults.delay_ms:
            await asyncio.sleep(faults.delay_ms / 1000)
        if faults.down:
            return _cut(request)
        if not self._may_ask(request):
            return reply({"error": "unauthorized"}, 401)
        if faults.error_rate and self._chance.random() < faults.error_rate:
            return reply({"error": "switched_on"}, faults.error_status)
        response = await handler(request)
        return await _tampered(request, cast("web.Response", response), faults) if faults.any_body else response


async def run(options: SandboxOptions) -> int:
    """Serve until cancelled, interrupted or terminated; prints ``ready http://HOST:PORT`` once. 1 when the data is bad."""
    try:
        data = _data(options, vietnam_now())
    except BadData as error:
        sys.stderr.write(f"motcua: {error}\n")
        return 1
    system = SandboxOneStop(data, options)
    port = await system.start(options.host, options.port)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    sys.stdout.write(f"ready http://{options.host}:{port}\n")
    sys.stdout.flush()
    try:
        await ended.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        await system.close()
    return 0


def _data(options: SandboxOptions, now: datetime) -> SandboxData:
    if options.data is None:
        return SandboxData.generated(options.count, seed=options.seed, today=now.date())
    return SandboxData.loaded(read_rows(options.data), seed=options.seed, today=now.date())


async def _health(_request: web.Request) -> web.Response:
    return reply({"ok": True})


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=503)


async def _tampered(request: web.Request, response: web.Response, faults: Faults) -> web.StreamResponse:
    body = bytes(response.body) if isinstance(response.body, bytes) else b""
    if faults.bad_json:
        body = body[: len(body) // 2]
    if not faults.drip:
        return encoded(body, response.status)
    dripping = web.StreamResponse(status=response.status, headers=response.headers)
    dripping.content_length = len(body)
    await dripping.prepare(request)
    for octet in body:
        await dripping.write(bytes((octet,)))
        await asyncio.sleep(faults.drip / 1000)
    return dripping
