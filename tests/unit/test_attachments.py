"""Files of petitions: known by content, drawn anew without what stood in them, sealed, never more than allowed."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.attachments.drawing import Drawer
from bot.attachments.folder import AttachmentFolder
from bot.attachments.keeping import Attachments
from bot.attachments.kinds import JPEG, MP4, PDF, PNG, media_type
from bot.intents.petition_world import KeptFiles
from bot.logs import get_log
from bot.model import ChannelName
from bot.petitions.record import StoredFile
from bot.photos.source import PhotoUnavailable, Unavailable
from bot.privacy import Keyring

KEY = Keyring(bytes(32))
VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00" + bytes(100)
DOCUMENT = b"%PDF-1.7\n%stuff"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, gps: bool = False) -> bytes:
    target = BytesIO()
    image = Image.new("RGB", size, "green")
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 11.0, 6.0), 3: "E", 4: (106.0, 4.0, 12.0)})
    image.save(target, kind, exif=exif)
    return target.getvalue()


def bomb() -> bytes:
    """A PNG of a few octets that says it has 900 million pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


class Source:
    """Files by their names."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    async def fetch(self, reference: str) -> bytes:
        if reference == "huge":
            raise PhotoUnavailable(Unavailable.TOO_BIG)
        if reference not in self._files:
            raise PhotoUnavailable(Unavailable.GONE)
        return self._files[reference]

    async def discard(self, reference: str) -> None:
        del reference


FILES = {
    "jpeg": picture(),
    "png": picture("PNG"),
    "placed": picture(gps=True),
    "wide": picture(size=(4000, 1000)),
    "video": VIDEO,
    "pdf": DOCUMENT,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "program": b"MZ\x90\x00" + bytes(60),
    "archive": b"PK\x03\x04" + bytes(60),
    "cut": picture()[:200],
    "bomb": bomb(),
    "quicktime": b"\x00\x00\x00\x14ftypqt  " + bytes(60),
}


def attachments(folder: Path) -> Attachments:
    sources = {ChannelName.ZALO: Source(FILES)}
    return Attachments(AttachmentFolder(folder, KEY), sources=sources, drawer=Drawer(), log=get_log())


def written(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def kept(folder: Path, *references: str, already: tuple[StoredFile, ...] = ()) -> KeptFiles:
    return await attachments(folder).keep(ChannelName.ZALO, references, already)


@pytest.mark.parametrize(
    ("reference", "kind"), [("jpeg", JPEG), ("png", PNG), ("video", MP4), ("pdf", PDF), ("placed", JPEG)]
)
async def test_what_is_kept(tmp_path: Path, reference: str, kind: str) -> None:
    found = await kept(tmp_path, reference)
    (file,) = found.files
    assert (file.media_type, file.octets, found.problem) == (kind, len(FILES[reference]), "")
    assert await attachments(tmp_path).original(file.name) == FILES[reference]
    stored = b"".join(path.read_bytes() for path in written(tmp_path))
    assert FILES[reference][:20] not in stored
    assert all(path.stat().st_mode & 0o077 == 0 for path in written(tmp_path))


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        *((name, "kind") for name in ("svg", "program", "archive", "cut", "bomb", "quicktime")),
        ("huge", "too_big"),
        ("nowhere", "lost"),
    ],
)
async def test_what_is_refused(tmp_path: Path, reference: str, problem: str) -> None:
    assert await kept(tmp_path, reference) == KeptFiles(problem=problem)
    assert not written(tmp_path)


async def test_a_picture_is_shown_without_what_stood_in_it(tmp_path: Path) -> None:
    found = await kept(tmp_path, "placed")
    shown = await attachments(tmp_path).shown(found.files[0].name)
    assert b"SECRETCAMERA" not in shown
    assert not Image.open(BytesIO(shown)).getexif()
    assert (found.latitude, found.longitude) == (21.185, 106.07)


async def test_a_picture_is_shown_no_wider_than_needed(tmp_path: Path) -> None:
    found = await kept(tmp_path, "wide")
    assert Image.open(BytesIO(await attachments(tmp_path).shown(found.files[0].name))).size == (1600, 400)


@pytest.mark.parametrize(
    ("before", "reference", "problem"),
    [((JPEG,) * 4, "jpeg", ""), ((JPEG,) * 5, "jpeg", "too_many"), ((JPEG,) * 5, "video", ""), ((MP4,), "video", "too_many"), ((MP4,), "pdf", "")],
)  # fmt: skip
async def test_five_files_and_a_video(tmp_path: Path, before: tuple[str, ...], reference: str, problem: str) -> None:
    already = tuple(StoredFile(name=str(place), media_type=kind, octets=1) for place, kind in enumerate(before))
    assert (await kept(tmp_path, reference, already=already)).problem == problem


async def test_one_refused_file_does_not_cost_the_others(tmp_path: Path) -> None:
    found = await kept(tmp_path, "svg", "jpeg")
    assert ([file.media_type for file in found.files], found.problem) == ([JPEG], "kind")


@pytest.mark.parametrize("name", ["../key", "x", "", "0" * 31, "0" * 32])
async def test_nothing_else_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        await attachments(tmp_path).original(name)


async def test_what_is_discarded_is_gone(tmp_path: Path) -> None:
    (file,) = (await kept(tmp_path, "jpeg")).files
    await attachments(tmp_path).discard(file.name)
    assert not written(tmp_path)


def test_a_name_says_nothing() -> None:
    assert media_type(b"GIF89a") == ""
    assert media_type(b"") == ""
