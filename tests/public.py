"""The public pages behind a real listener, over a real store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.attachments.drawing import Drawer
from bot.attachments.folder import AttachmentFolder
from bot.attachments.keeping import Attachments
from bot.logs import get_log
from bot.petition_parts import PetitionParts
from bot.petitions.record import Confidentiality, Petition, Place
from bot.settings import HttpSection, Settings
from bot.store.base import PlanStore
from bot.web.public.parts import public_routes
from bot.web.server import Listener
from tests.contract.store_engines import KEYRING, NOON, SqliteEngine
from tests.contract.store_petitions import submitted

SENT = NOON - timedelta(days=2)
RELEASED: dict[str, Any] = {
    "sent_at": SENT,
    "public_text": "Đèn đường hỏng đã 3 ngày",
    "released_at": NOON - timedelta(days=1),
    "confidentiality": Confidentiality.PUBLIC,
    "place": Place(ward="Võ Cường", text="12 Lý Thái Tổ", latitude=21.178_649, longitude=106.071_951),
}


@dataclass
class Answered:
    """What came back."""

    status: int
    body: bytes
    headers: Any


@dataclass
class PublicPlace:
    """Running public pages."""

    store: PlanStore
    petitions: PetitionParts
    files: AttachmentFolder
    engine: SqliteEngine
    session: aiohttp.ClientSession
    address: str

    async def get(self, path: str, **headers: str) -> Answered:
        async with self.session.get(f"{self.address}{path}", headers=headers) as response:
            return Answered(response.status, await response.read(), response.headers)

    async def petition(self, **facts: Any) -> Petition:
        """One that is released, but for what *facts* say."""
        return await submitted(self.store, **(RELEASED | facts))


@asynccontextmanager
async def public_place(engine: SqliteEngine, *, public_url: str = "") -> AsyncIterator[PublicPlace]:
    store, files = await engine.open(), engine.folder / "attachments"
    settings = Settings(data_dir=Path("/nowhere"), http=HttpSection(public_url=public_url))
    petitions = PetitionParts(store, KEYRING, engine.clock, get_log())
    folder = AttachmentFolder(files, KEYRING)
    keeper = Attachments(folder, sources={}, drawer=Drawer(), log=get_log())
    listener = Listener(public_routes(settings, store, petitions, keeper, lambda: {"sms": True, "zalo": False}))
    port = await listener.start("127.0.0.1", 0)
    async with aiohttp.ClientSession() as session:
        yield PublicPlace(store, petitions, folder, engine, session, f"http://127.0.0.1:{port}")
    await listener.stop()
