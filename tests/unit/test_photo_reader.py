"""Photos of messages become text; how many are looked at is bounded; nothing of them is kept or told."""

import asyncio
import io
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from bot.clock import FixedClock
from bot.events import Event, Photo, PhotoLost
from bot.logs import get_log, set_up
from bot.metrics import Metrics
from bot.model import Address, ChannelName, InboundMessage
from bot.photos.contents import Symbol
from bot.photos.decoder import Decoder, Look, Seen
from bot.photos.reader import MOST_PHOTOS, MOST_WAITING, PhotoReader
from bot.photos.source import PhotoUnavailable, Unavailable

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
A, B = "H05.12-260610-0001", "H05.22-260611-0042"
TOKEN = "https://photo.talk.zdn.vn/a.jpg?token=c2VjcmV0&phone=84912345678"


@dataclass
class Album:
    """A source: what each reference leads to."""

    photos: dict[str, bytes | Unavailable]
    discarded: list[str] = field(default_factory=list)
    waits_for: asyncio.Event | None = None

    async def fetch(self, reference: str) -> bytes:
        if self.waits_for:
            await self.waits_for.wait()
        found = self.photos[reference]
        if isinstance(found, Unavailable):
            raise PhotoUnavailable(found)
        return found

    async def discard(self, reference: str) -> None:
        self.discarded.append(reference)


class WrittenOnIt(Decoder):
    """Sees the codes that the octets spell."""

    async def look(self, octets: bytes, today: date) -> Seen:
        del today
        if octets == b"no photo":
            return Seen(Look.NO_PHOTO)
        return Seen(Look.LOOKED, (Symbol("QR Code", 20, tuple(octets.decode().split())),))


def reader(album: Album, metrics: Metrics | None = None) -> PhotoReader:
    return PhotoReader(
        sources={ChannelName.ZALO: album},
        decoder=WrittenOnIt(),
        clock=FixedClock(NOW),
        metrics=metrics or Metrics(),
        log=get_log(),
    )


def message(*references: str, text: str = "", event: Event | None = None) -> InboundMessage:
    return InboundMessage(
        sender=Address(ChannelName.ZALO, "5512345"),
        recipient="77",
        text=text,
        received_at=NOW,
        route="zalo:77",
        event=event or Photo(references),
    )


@pytest.mark.parametrize(
    ("photos", "text", "becomes"),
    [
        pytest.param([A.encode()], "", (A, None), id="a code"),
        pytest.param([A.encode()], "theo dõi", (f"theo dõi {A}", None), id="a code and a caption"),
        pytest.param([A.encode(), B.encode()], "", (f"{A} {B}", None), id="two photos"),
        pytest.param([A.encode(), A.encode()], "", (A, None), id="the same code twice"),
        pytest.param([Unavailable.GONE, B.encode()], "", (B, None), id="one of two"),
        pytest.param([b""], "chào", ("chào", Photo(("0",))), id="no code"),
        pytest.param([b"no photo"], "", ("", Photo(("0",))), id="no photo"),
        pytest.param([b"", Unavailable.GONE], "", ("", Photo(("0", "1"))), id="one lost, no code on the other"),
        pytest.param([Unavailable.NOT_ALLOWED], "", ("", PhotoLost()), id="refused"),
        pytest.param([Unavailable.SLOW, Unavailable.GONE], "x", ("x", PhotoLost()), id="all lost"),
        pytest.param([], "", ("", PhotoLost()), id="no reference"),
    ],
)
async def test_what_becomes_of_a_message(
    photos: list[bytes | Unavailable], text: str, becomes: tuple[str, Event | None]
) -> None:
    album = Album({str(place): photo for place, photo in enumerate(photos)})
    sent = message(*album.photos, text=text)
    read = await reader(album).read(sent)
    assert (read.text, read.event) == becomes
    assert replace(read, text=sent.text, event=sent.event) == sent


async def test_a_message_without_photos_stays_as_it_is() -> None:
    sent = message(text="chao", event=PhotoLost())
    assert await reader(Album({})).read(sent) is sent
    await reader(Album({})).discard(sent)


async def test_a_channel_without_photos() -> None:
    sent = replace(message("0"), sender=Address(ChannelName.SMS, "84912345678"))
    assert (await reader(Album({"0": A.encode()})).read(sent)).event == PhotoLost()


async def test_only_the_first_photos_are_looked_at_and_all_are_discarded() -> None:
    album = Album({str(place): b"" for place in range(MOST_PHOTOS)} | {"last": A.encode()})
    sent = message(*album.photos)
    assert (await reader(album).read(sent)).event == sent.event
    await reader(album).discard(sent)
    assert album.discarded == list(album.photos)


async def test_when_too_many_wait_it_is_said_at_once() -> None:
    album = Album({"0": A.encode()}, waits_for=asyncio.Event())
    one = reader(album)
    waiting = [asyncio.create_task(one.read(message("0"))) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    assert (await one.read(message("0"))).event == PhotoLost()
    assert album.waits_for
    album.waits_for.set()
    assert [read.text for read in await asyncio.gather(*waiting)] == [A] * MOST_WAITING
    assert (await one.read(message("0"))).text == A


async def test_it_is_counted_and_logged_without_its_link() -> None:
    lines, metrics = io.StringIO(), Metrics()
    set_up("debug", lines)
    await reader(Album({TOKEN: A.encode()}), metrics).read(message(TOKEN))
    await reader(Album({TOKEN: Unavailable.NOT_ALLOWED}), metrics).read(message(TOKEN))
    told = lines.getvalue()
    assert told.count("photo read") == 2
    assert not any(word in told for word in ("zdn.vn", "token", "c2VjcmV0", "84912345678", "5512345", A))
    count = metrics.registry.get_sample_value
    assert [
        count("motcua_photos_total", {"channel": "zalo", "result": result}) for result in ("code", "not_allowed")
    ] == [1, 1]
