"""A desk behind a real listener, with officers in a real store, and a browser without a screen."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pyotp
from argon2 import PasswordHasher
from yarl import URL

from bot.access.accounts import COMMAND_LINE, NewAccount
from bot.access.passwords import Passwords
from bot.desk_parts import DeskParts
from bot.logs import get_log
from bot.officers import OfficerRole
from bot.settings import HttpSection, Settings
from bot.settings_desk import DeskSection
from bot.web.server import Listener
from tests.contract.store_engines import KEYRING, Engine

PASSWORD = "ba con trâu đen"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DP"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')


@dataclass
class Answered:
    """What came back."""

    status: int
    text: str
    headers: Any

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))


@dataclass
class Visitor:
    """A browser: keeps cookies, fills in what forms hide."""

    address: str
    session: aiohttp.ClientSession
    csrf: str = ""
    once: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **more: Any) -> Answered:
        return await self._ask("GET", path, **more)

    async def post(self, path: str, **fields: Any) -> Answered:
        """With the hidden fields of the last page; a field that is None is left out."""
        hidden = {"csrf_token": self.csrf, **({"once": self.once} if self.once else {})}
        sent = {name: value for name, value in (hidden | fields).items() if value is not None}
        return await self._ask("POST", path, data=sent)

    async def sign_in(self, user: str = "an", password: str = PASSWORD, code: str = "", **more: str) -> Answered:
        await self.get("/desk/login")
        return await self.post("/desk/login", username=user, password=password, totp=code, **more)

    def cookie(self) -> str:
        cookies = self.session.cookie_jar.filter_cookies(URL(self.address) / "desk")
        return cookies["desk"].value if "desk" in cookies else ""

    async def _ask(self, method: str, path: str, **more: Any) -> Answered:
        more["headers"] = {**self.headers, **more.get("headers", {})}
        async with self.session.request(method, self.address + path, allow_redirects=False, **more) as response:
            text = await response.text()
            if found := TOKEN.search(text):
                self.csrf = found[1]
            once = ONCE.search(text)
            self.once = once[1] if once else ""
            return Answered(response.status, text, response.headers)


@dataclass
class DeskPlace:
    """A running desk."""

    address: str
    parts: DeskParts
    engine: Engine
    _sessions: list[aiohttp.ClientSession] = field(default_factory=list)

    def visitor(self, **headers: str) -> Visitor:
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._sessions.append(session)
        return Visitor(self.address, session, headers=headers)

    async def officer(
        self, user: str = "an", role: OfficerRole = OfficerRole.ADMINISTRATOR, agency: str = "H05.22", **more: Any
    ) -> int:
        facts: dict[str, Any] = {"name": f"Trần {user.title()}", "password": PASSWORD, "phone": "84912345678"} | more
        new = NewAccount(user_name=user, role=role, agency=agency, **facts)
        return await self.parts.accounts.add(new, COMMAND_LINE)

    async def signed_in(self, user: str = "an", **more: Any) -> Visitor:
        """An officer who is there already, or a new one, in a browser."""
        if await self.parts.book.account_named(user) is None:
            await self.officer(user, **more)
        visitor = self.visitor()
        answered = await visitor.sign_in(user)
        assert answered.status == 303, answered.text
        return visitor

    def code(self) -> str:
        return pyotp.TOTP(SECRET).at(int(self.engine.clock.now().timestamp()))

    async def close(self) -> None:
        for session in self._sessions:
            await session.close()


def quick_passwords() -> Passwords:
    """Hashes as weak as they may be."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@asynccontextmanager
async def desk_place(
    engine: Engine,
    *,
    desk: DeskSection | None = None,
    public_url: str = "",
    build: Callable[..., DeskParts] = DeskParts,
) -> AsyncIterator[DeskPlace]:
    """One-time codes are optional unless *desk* says otherwise."""
    store = await engine.open()
    settings = Settings(
        data_dir=Path("/nowhere"), desk=desk or DeskSection(totp="optional"), http=HttpSection(public_url=public_url)
    )
    parts = build(settings, store, KEYRING, engine.clock, get_log(), passwords=quick_passwords())
    listener = Listener(parts.routes())
    port = await listener.start("127.0.0.1", 0)
    place = DeskPlace(f"http://127.0.0.1:{port}", parts, engine)
    try:
        yield place
    finally:
        await place.close()
        await listener.stop()
