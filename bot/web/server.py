"""The HTTP listener."""

import logging
from collections.abc import Iterable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

BODY_LIMIT = 64 * 1024
KEEPALIVE_SECONDS = 30
SHUTDOWN_SECONDS = 0.5


class Listener:
    """An aiohttp application on one address."""

    def __init__(self, routes: Iterable[web.RouteDef]) -> None:
        self._application = web.Application(client_max_size=BODY_LIMIT)
        self._application.add_routes(routes)
        self._application.on_response_prepare.append(_quiet_headers)
        self._runner = web.AppRunner(
            self._application,
            access_log=None,
            logger=_faults(),
            keepalive_timeout=KEEPALIVE_SECONDS,
            shutdown_timeout=SHUTDOWN_SECONDS,
            handle_signals=False,
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken (0 asks for any). Raises ``OSError`` when the address is in use."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        return address[1]

    async def stop(self) -> None:
        """Close the listener and its connections."""
        await self._runner.cleanup()


class _NoEchoes(logging.Filter):
    """Requests that are no HTTP are told without their octets: a query may hold a password, or what a person wrote."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, some without their details."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            record.msg, record.args, record.exc_info = f"not HTTP: {type(error).__name__}", (), None
        return True


def _faults() -> logging.Logger:
    logger = logging.getLogger("motcua.http")
    if not logger.filters:
        logger.addFilter(_NoEchoes())
    return logger


async def _quiet_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "motcua"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
