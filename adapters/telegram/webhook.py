"""Telegram calls us: one update a call, with the secret that we gave it."""

import asyncio
import hmac
from collections import Counter

import orjson
from aiohttp import web

from adapters.telegram.arrivals import Arrivals
from adapters.telegram.updates import Unreadable
from bot.channels import Receive
from bot.errors import StoreError
from bot.logs import Log

PATH = "/hooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name
BODY_LIMIT = 256 * 1024
"""A full text that quotes another one, every letter escaped, is larger than the listener's usual 64 KiB; and what is
refused as too big comes again and again, before all others.
"""
BODY_SECONDS = 10.0


class Webhook:
    """One address. What it answers 200 to is stored, or is nothing that anybody waits for."""

    def __init__(self, secret: str, arrivals: Arrivals, receive: Receive, counts: Counter[str], log: Log) -> None:
        self._secret = secret.encode()
        self._arrivals = arrivals
        self._receive = receive
        self._counts = counts
        self._log = log

    async def handle(self, request: web.Request) -> web.Response:
        """The secret before the body, the commit before the answer."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not self._secret or not hmac.compare_digest(given, self._secret):
            return self._refuse("forged", 403, request.remote)
        try:
            update = orjson.loads(await _body(request))
            await self._arrivals.take(self._receive, update)
        except web.HTTPRequestEntityTooLarge:
            return self._refuse("too_big", 413)
        except TimeoutError:
            return self._refuse("slow", 408)
        except (orjson.JSONDecodeError, Unreadable, web.RequestPayloadError, ConnectionError):
            return self._refuse("unreadable", 400)
        except StoreError:
            return self._refuse("not_stored", 503)
        return web.Response()

    def _refuse(self, why: str, status: int, remote: str | None = None) -> web.Response:
        """The first of a kind is told, then every hundredth: a flood of forgeries must not become one of lines."""
        self._counts[why] += 1
        if self._counts[why] % 100 == 1:
            self._log.warning("telegram call refused", why=why, times=self._counts[why], address=remote)
        return web.Response(status=status)


async def _body(request: web.Request) -> bytes:
    async with asyncio.timeout(BODY_SECONDS):
        return await request.clone(client_max_size=BODY_LIMIT).read()
