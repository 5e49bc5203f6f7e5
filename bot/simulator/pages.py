"""The page of the simulator, its files, and the two addresses that it talks to."""

import contextlib
from collections.abc import Sequence
from importlib.resources import files

import orjson
from aiohttp import web

from bot.simulator.devices import Device, Devices

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
FILES = {"simulator.js": "text/javascript", "simulator.css": "text/css"}
LONGEST = 1000


class SimulatorPages:
    """``/simulator`` and what it needs. Only for a demonstration: whoever reaches it plays all three devices."""

    def __init__(self, devices: Devices, codes: Sequence[str]) -> None:
        """*codes* of dossiers are offered to be tried."""
        self._devices = devices
        self._codes = list(codes)
        folder = files("bot.simulator") / "static"
        self._page = (folder / "simulator.html").read_text("utf-8")
        self._files = {name: (folder / name).read_bytes() for name in FILES}

    def routes(self) -> list[web.RouteDef]:
        """All addresses."""
        return [
            web.get("/simulator", self.page),
            web.get("/simulator/lines", self.lines),
            web.post("/simulator/say", self.say),
            web.get("/simulator/codes", self.codes),
            web.get("/simulator/{name}", self.file),
        ]

    async def page(self, _request: web.Request) -> web.Response:
        """The page itself."""
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return web.Response(text=self._page, content_type="text/html", headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        """Its script and its style."""
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound
        return web.Response(body=self._files[name], content_type=FILES[name], charset="utf-8")

    async def codes(self, _request: web.Request) -> web.Response:
        """Some to try."""
        return web.Response(body=orjson.dumps(self._codes), content_type="application/json")

    async def lines(self, request: web.Request) -> web.StreamResponse:
        """All lines and then each change, as server-sent events."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # the page was closed
            async for line in self._devices.watch():
                await response.write(b"data: " + orjson.dumps(line) + b"\n\n")
        return response

    async def say(self, request: web.Request) -> web.Response:
        """The person does something on a device. 400 when it cannot be read; only pages of this address may ask."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise web.HTTPForbidden
        try:
            given = orjson.loads(await request.read())
            device, text = Device(given["device"]), str(given["text"])[:LONGEST].strip()
        except (KeyError, TypeError, ValueError) as error:
            raise web.HTTPBadRequest(text="device and text are needed") from error
        if not text:
            raise web.HTTPBadRequest(text="text is empty")
        await self._devices.say(
            device, text, pressed=bool(given.get("pressed")), label=str(given.get("label", ""))[:60]
        )
        return web.Response(status=204)
