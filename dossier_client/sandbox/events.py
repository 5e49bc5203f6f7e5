"""Tells the gateway what changed: signed events, one after another, repeated until 2xx."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import orjson

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
MOST_TRIES = 12
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
ANSWER_SECONDS = 10
SUCCESS = 2
"""The hundreds of 2xx."""


def sign(body: bytes, secret: str, at: int) -> str:
    """``t=<unix>,v1=<hex HMAC-SHA256 of "t.body">``."""
    digest = hmac.new(secret.encode(), b"%d.%b" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class EventSender:
    """Events on their way to one address, in order; the oldest is dropped when 10,000 wait."""

    def __init__(
        self, url: str, secret: str, *, pause: float = FIRST_PAUSE, clock: Callable[[], float] = time.time
    ) -> None:
        self._url, self._secret, self._pause, self._clock = url, secret, pause, clock
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        self._task: asyncio.Task[None] | None = None
        self.given_up = 0
        """Events that never got a 2xx."""

    def start(self) -> None:
        """Send from now on; a running loop is needed."""
        self._task = asyncio.create_task(self._run())

    def offer(self, event: dict[str, Any]) -> None:
        """Send this too."""
        if self._waiting.full():
            self._waiting.get_nowait()
            self._waiting.task_done()
        self._waiting.put_nowait(event)

    async def settled(self) -> None:
        """Wait until every event is taken or given up."""
        await self._waiting.join()

    async def close(self) -> None:
        """End; what waits is lost."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            while True:
                await self._deliver(http, orjson.dumps(await self._waiting.get()))
                self._waiting.task_done()

    async def _deliver(self, http: aiohttp.ClientSession, body: bytes) -> None:
        for attempt in range(MOST_TRIES):
            if attempt:
                await asyncio.sleep(min(self._pause * 2 ** (attempt - 1), LONGEST_PAUSE))
            if await self._accepted(http, body):
                return
        self.given_up += 1
        log.warning("an event was given up after %d tries", MOST_TRIES)

    async def _accepted(self, http: aiohttp.ClientSession, body: bytes) -> bool:
        headers = {
            "Content-Type": "application/json",
            "X-Motcua-Signature": sign(body, self._secret, int(self._clock())),
        }
        try:
            async with http.post(self._url, data=body, headers=headers) as answer:
                return answer.status // 100 == SUCCESS
        except (aiohttp.ClientError, TimeoutError):
            return False
