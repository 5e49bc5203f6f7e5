"""A town for journeys of petitions: the whole gateway, an operator over TCP, Zalo, and officers at a desk in Chromium."""

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from PIL import Image
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from adapters.zalo.stand_in import ZaloStandIn
from adapters.zalo.stand_in_events import Event, Events
from bot.access.accounts import COMMAND_LINE, NewAccount
from bot.clock import VIETNAM, SystemClock
from bot.officers import OfficerRole
from bot.store.master_kinds import shipped_agencies
from tests.chromium import chromium
from tests.contract.channels.zalo import PATH, SETTINGS, configuration
from tests.contract.sessions import until
from tests.desk import PASSWORD
from tests.gateways import Gateway, gateway_of, one_stop
from tests.journeys.phones import UDHI, as_parts

PHONE, ZALO_PERSON = "84912345678", "5510185758261900001"
RECEPTION, WARD = "H05.22", "UBND phường Võ Cường"
WARD_CODE = next(agency.code for agency in shipped_agencies() if agency.name == WARD)
PETITION_CODE = re.compile(r"\bPA\d{8}\b")
EXTRA = '[desk]\ntotp = "optional"\n[photos]\nallow_loopback = true\n'
WIDE: ViewportSize = {"width": 1280, "height": 800}


class Monday(SystemClock):
    """The machine's clock, moved to a working morning: at night and on days off some things wait."""

    def __init__(self) -> None:
        self._moved = datetime(2026, 3, 9, 9, 0, tzinfo=VIETNAM) - datetime.now(VIETNAM)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved


@dataclass
class Citizen:
    """Somebody with a phone and Zalo on it."""

    line: Gateway
    zalo: ZaloStandIn
    clock: Monday
    _events: Events = field(default_factory=lambda: Events(SETTINGS))
    _reference: int = 0
    _seen_sms: int = 0
    _seen_zalo: int = 0

    async def texts(self, text: str) -> None:
        """One SMS; a long one as parts with an 8-bit reference, the last part first."""
        self._reference += 1
        for part in reversed(as_parts(text, self._reference)):
            options = {"data_coding": part.data_coding, "esm_class": part.esm_class & UDHI}
            assert await self.line.operator.deliver(PHONE, part.octets, **options) == 0

    async def sms(self) -> str:
        """The next SMS on the phone."""
        self._seen_sms += 1
        return (await self.line.operator.answers(PHONE, self._seen_sms, 30))[self._seen_sms - 1]

    def more_sms(self) -> list[str]:
        """What else has come by now."""
        return self.line.operator.texts_to(PHONE)[self._seen_sms :]

    async def asks(self, text: str) -> str:
        """An SMS and its answer."""
        await self.texts(text)
        return await self.sms()

    async def message(self) -> str:
        """The next message on Zalo."""
        self._seen_zalo += 1
        await until(lambda: len(self.zalo.sent) >= self._seen_zalo)
        sent = self.zalo.sent[self._seen_zalo - 1]
        assert sent.to == ZALO_PERSON
        return sent.text

    async def writes(self, text: str) -> str:
        """A message on Zalo and its answer."""
        return await self._does(self._events.text(ZALO_PERSON, text, at=self._at()))

    async def shows(self, url: str) -> str:
        """A photo on Zalo and its answer."""
        return await self._does(self._events.photo(ZALO_PERSON, url) | {"timestamp": str(self._at())})

    def _at(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    async def _does(self, event: Event) -> str:
        assert await self.zalo.deliver(self.line.address + PATH, event) == 200
        return await self.message()


@dataclass
class Desk:
    """An officer at a browser."""

    page: Page
    address: str

    async def open(self, path: str) -> None:
        answered = await self.page.goto(f"{self.address}/desk/{path}")
        assert answered is not None
        assert answered.status == 200

    async def step(self, name: str) -> Locator:
        """The form of a step, opened as a person does."""
        form = self.page.locator("details.step").filter(
            has=self.page.locator("summary", has_text=re.compile(f"^{name}$"))
        )
        if await form.get_attribute("open") is None:
            await form.locator("summary").click()
        return form

    async def send(self, form: Locator, name: str, told: str) -> None:
        await form.get_by_role("button", name=name, exact=True).click()
        await self.told(told)

    async def told(self, text: str) -> None:
        await expect(self.page.get_by_role("status").filter(has_text=text)).to_be_visible()

    async def shows(self, *texts: str) -> None:
        for text in texts:
            await expect(self.page.get_by_text(text).first).to_be_visible()


@dataclass
class Town:
    """Everything of a journey."""

    line: Gateway
    citizen: Citizen
    browser: Browser
    photo: str
    """Where Zalo keeps the photo that the citizen sends."""

    async def officer(self, user: str, role: OfficerRole, agency: str) -> Desk:
        """A new officer, signed in at the desk."""
        desk = self.line.app.desk
        assert desk is not None
        new = NewAccount(user_name=user, name=f"Trần {user.title()}", role=role, agency=agency, password=PASSWORD)
        await (await desk.parts()).accounts.add(new, COMMAND_LINE)
        context = await self.browser.new_context(viewport=WIDE, locale="vi-VN")
        page = await context.new_page()
        await page.goto(f"{self.line.address}/desk/login")
        await page.get_by_label("Tên đăng nhập").fill(user)
        await page.get_by_label("Mật khẩu").fill(PASSWORD)
        await page.get_by_role("button", name="Đăng nhập", exact=True).click()
        await expect(page.get_by_role("navigation", name="Các trang")).to_be_visible()
        return Desk(page, self.line.address)


@contextlib.asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Started, with the operator's line bound."""
    clock, zalo = Monday(), ZaloStandIn(SETTINGS)
    async with chromium() as browser, one_stop([]) as upstream, photo_server() as photo:
        extra = EXTRA + configuration(await zalo.start())
        try:
            async with gateway_of(folder, upstream, extra=extra, clock=clock) as line:
                yield Town(line, Citizen(line, zalo, clock), browser, photo)
                await asyncio.gather(*(context.close() for context in browser.contexts))
        finally:
            await zalo.stop()


@contextlib.asynccontextmanager
async def photo_server() -> AsyncIterator[str]:
    """The address of a photo, as Zalo keeps them on its servers."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(file, "JPEG")

    async def photo(_request: web.Request) -> web.Response:
        return web.Response(body=file.getvalue(), content_type="image/jpeg")

    application = web.Application()
    application.add_routes([web.get("/photo.jpg", photo)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/photo.jpg"
    finally:
        await runner.cleanup()
