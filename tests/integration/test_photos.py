"""A photographed receipt from the inbox to the answer, with a real process that reads it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from bot.events import Event, Photo
from bot.logs import set_up
from bot.model import Address, ChannelName, InboundMessage
from bot.photos.download import Download, DownloadRules
from bot.photos.folder import PhotoFolder
from bot.photos.linked import LinkedPhotos
from bot.photos.source import PhotoSource
from tests.integration.lines import NOW, A, Line, running
from tests.receipts import code_image

IDENTITY = "001099012345"
LINK = f"https://dichvucong.example.vn/tra-cuu?MHS={A}&SGT={IDENTITY}"
CARD = f"{IDENTITY}|123456789|Nguyen Van A|02031999|Nam|Bac Ninh|10062021"


def photo_of(content: str) -> bytes:
    file = io.BytesIO()
    code_image(content, "qr", 400).save(file, "JPEG")
    return file.getvalue()


def blank() -> bytes:
    file = io.BytesIO()
    Image.new("L", (300, 400), 200).save(file, "JPEG")
    return file.getvalue()


async def answer(line: Line, event: Event, channel: ChannelName, text: str = "") -> str:
    """What is said to whoever sends this."""
    message = InboundMessage(
        sender=Address(channel, "551"),
        recipient="77",
        text=text,
        received_at=NOW,
        route=line.route.name,
        external_id="1",
        event=event,
    )
    await line.intake.message(message)
    (said,) = await line.route.replies("551", 30)
    return said


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@dataclass
class Places:
    folder: PhotoFolder
    sources: Mapping[ChannelName, PhotoSource] = field(init=False)

    def __post_init__(self) -> None:
        links = LinkedPhotos(Download(DownloadRules(hosts=("zdn.vn",))))
        self.sources = {ChannelName.WEBCHAT: self.folder, ChannelName.ZALO: links}


@pytest.mark.parametrize(
    ("photo", "caption", "said"),
    [
        pytest.param(photo_of(LINK), "", A, id="a link with an identity number"),
        pytest.param(photo_of(A), "giúp tôi xem hồ sơ này", A, id="a code, with a caption"),
        pytest.param(photo_of(CARD), "", "Không đọc được mã trong ảnh", id="an identity card"),
        pytest.param(blank(), "", "Không đọc được mã trong ảnh", id="no code"),
        pytest.param(
            blank(), "hồ sơ của tôi đến đâu rồi", "Không đọc được mã trong ảnh", id="no code, and a caption without one"
        ),
        pytest.param(blank(), f"HS {A}", A, id="no code, and a caption with one"),
        pytest.param(b"<html>", "", "Không đọc được mã trong ảnh", id="no photo"),
    ],
)
async def test_a_photo_is_answered_and_deleted(tmp_path: Path, photo: bytes, caption: str, said: str) -> None:
    lines = io.StringIO()
    set_up("debug", lines)
    places = Places(PhotoFolder(tmp_path / "photos"))
    async with running(tmp_path, photos=places.sources) as line:
        reference = await places.folder.keep(photo)
        told = await answer(line, Photo((reference,)), ChannelName.WEBCHAT, caption)
    assert said in told
    assert places.folder.sweep() == 0
    assert not any(IDENTITY in text for text in (told, lines.getvalue()))
    assert IDENTITY.encode() not in everything_in(tmp_path)
    assert reference not in lines.getvalue()


@pytest.mark.parametrize(
    "link",
    [
        "http://10.0.0.8/a.jpg",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/a.jpg",
        "https://example.com/a.jpg",
        "file:///etc/passwd",
    ],
)
async def test_a_photo_behind_a_private_address_is_not_fetched(tmp_path: Path, link: str) -> None:
    places = Places(PhotoFolder(tmp_path / "photos"))
    async with running(tmp_path, photos=places.sources) as line:
        told = await answer(line, Photo((link,)), ChannelName.ZALO)
    assert "không nhận được tệp" in told
