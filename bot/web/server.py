"""The HTTP listener."""

from collections.abc import Iterable

from aiohttp import web

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


async def _quiet_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "motcua"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
