"""Photos sent to us directly lie in a folder until they are read."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot.photos.folder import MOST_KEPT, PhotoFolder
from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable
from tests.contract.sessions import until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "photos"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_photo_is_kept_until_it_is_discarded(folder: Path) -> None:
    photos = PhotoFolder(folder)
    reference = await photos.keep(b"a photo")
    assert await photos.fetch(reference) == b"a photo"
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / reference)] == [0o700, 0o600]
    await photos.discard(reference)
    await photos.discard(reference)
    assert names(folder) == set()
    with pytest.raises(PhotoUnavailable) as caught:
        await photos.fetch(reference)
    assert caught.value.reason is Unavailable.GONE


@pytest.mark.parametrize("reference", ["", "../key", "/etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n"])
async def test_a_reference_leads_nowhere_else(folder: Path, reference: str) -> None:
    photos = PhotoFolder(folder)
    with pytest.raises(PhotoUnavailable) as caught:
        await photos.fetch(reference)
    assert caught.value.reason is Unavailable.NOT_ALLOWED
    await photos.discard(reference)


async def test_what_nobody_read_goes_after_an_hour(folder: Path) -> None:
    photos = PhotoFolder(folder)
    old, new = await photos.keep(b"old"), await photos.keep(b"new")
    (folder / "other").write_bytes(b"not ours")
    os.utime(folder / old, (time.time() - 3700,) * 2)
    assert photos.sweep() == 1
    assert names(folder) == {new, "other"}


async def test_too_big_is_not_kept(folder: Path) -> None:
    with pytest.raises(PhotoUnavailable) as caught:
        await PhotoFolder(folder).keep(bytes(MOST_OCTETS + 1))
    assert caught.value.reason is Unavailable.TOO_BIG


async def test_only_so_many_are_kept(folder: Path) -> None:
    photos = PhotoFolder(folder)
    await photos.keep(b"first")
    for place in range(MOST_KEPT - 1):
        (folder / f"{place:032x}").touch()
    with pytest.raises(PhotoUnavailable) as caught:
        await photos.keep(b"one too many")
    assert caught.value.reason is Unavailable.BUSY


async def test_no_room_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PhotoUnavailable) as caught:
        await PhotoFolder(tmp_path / "file" / "photos").keep(b"a photo")
    assert caught.value.reason is Unavailable.BUSY


async def test_what_nobody_read_goes_by_itself(folder: Path) -> None:
    photos = PhotoFolder(folder)
    os.utime(folder / await photos.keep(b"old"), (time.time() - 3700,) * 2)
    sweeping = asyncio.create_task(photos.run())
    await until(lambda: not names(folder))
    sweeping.cancel()
