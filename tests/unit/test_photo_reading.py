"""Photographed receipts are read, and files that are none do no harm. Each in its own process, as in service."""

import io
import struct
import time
import zlib
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image

from bot.photos.decoder import Decoder, Look, Seen, _seen
from bot.photos.source import MOST_OCTETS
from tests.receipts import SYMBOLOGIES, code_image, photograph, shots

TODAY = date(2026, 7, 1)
CODE = "H05.12-260610-0001"
IDENTITY = "001099012345"
LINK = f"https://dichvucong.example.vn/tra-cuu?MHS={CODE}&SGT={IDENTITY}"
SMALL = (1280, 1700)


async def looked_at(photos: list[bytes]) -> list[Seen]:
    decoder = Decoder(seconds=30)  # of a busy machine; the process itself may use one
    return [await decoder.look(photo, TODAY) for photo in photos]


async def test_18_of_20_bad_photos_are_read() -> None:
    """Turned all around, tilted by 20°, blurred, compressed, dark; the code takes a quarter of the width."""
    taken = [*shots(LINK, "qr", 10, seed=1, size=SMALL), *shots(CODE, "datamatrix", 10, seed=2, size=SMALL)]
    seen = await looked_at([photograph(shot) for shot in taken])
    assert sum(found.codes == (CODE,) for found in seen) >= 18
    assert IDENTITY not in repr(seen)


async def test_thin_bars_are_read_at_a_quarter_of_the_width() -> None:
    """In a photo as the chats send them each is two pixels wide, blurred over three."""
    seen = await looked_at([photograph(shot) for shot in shots(CODE, "code128", 10, seed=20)])
    assert sum(found.codes == (CODE,) for found in seen) >= 9


@pytest.mark.parametrize("symbology", ["code128", "code39"])
async def test_linear_codes_are_read_askew(symbology: str) -> None:
    """Their bars are thin: at two fifths of the width each is some three pixels wide, blurred over as many."""
    taken = shots(CODE, symbology, 4, seed=3, share=0.4, size=(1920, 2000))
    seen = await looked_at([photograph(shot) for shot in taken])
    assert sum(found.codes == (CODE,) for found in seen) >= 3


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
async def test_a_code_that_was_drawn_is_read(symbology: str) -> None:
    drawn = code_image(CODE, symbology, 840)
    clear = Image.new("RGBA", drawn.size)
    clear.putalpha(drawn.point(lambda level: 255 - level))
    inverted = drawn.point(lambda level: 255 - level)
    for seen in await looked_at(
        [png(drawn), png(clear), png(inverted), png(drawn.convert("1")), png(drawn.convert("P"))]
    ):
        assert seen.codes == (CODE,)


def jpeg(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def frames(kind: str, count: int) -> bytes:
    file = io.BytesIO()
    pictures = [Image.new("L", (8, 8), place % 256) for place in range(count)]
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:])
    return file.getvalue()


def looped_tiff() -> bytes:
    """A directory whose next one is itself."""
    entries = struct.pack("<HHHII", 1, 256, 4, 1, 0xFFFFFFFF)
    return b"II*\x00" + struct.pack("<I", 8) + entries + struct.pack("<I", 8)


def noise() -> bytes:
    """As big as a photo may be, and hard to read."""
    return jpeg(Image.effect_noise((4200, 5600), 90), quality=60)


def comments() -> bytes:
    """Nothing but segments to skip."""
    return b"\xff\xd8" + (b"\xff\xfe\xff\xff" + bytes(65533)) * 150


HOSTILE: list[tuple[str, Callable[[], bytes]]] = [
    ("a bomb of 40,000,000 pixels", lambda: png_of(6400, 6250, bytes(6401 * 6250))),
    ("a bomb of 2,500,000,000 pixels", lambda: png_of(50_000, 50_000, bytes(10_000_000))),
    ("a header of huge sides", lambda: png_of(0x7FFFFFFF, 0x7FFFFFFF, b"")),
    ("a JPEG header of huge sides", lambda: b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00"),
    ("a JPEG cut off", lambda: jpeg(code_image(CODE, "qr", 800))[:2000]),
    ("a PNG cut off", lambda: png(Image.effect_noise((500, 500), 60))[:9000]),
    ("HTML that begins like a GIF", lambda: b"GIF89a/*<html><script>alert(1)</script>*/=1;"),
    ("HTML behind a JPEG mark", lambda: b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>"),
    ("SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ("a GIF of 10,000 frames", lambda: frames("GIF", 10_000)),
    ("a TIFF that loops", looped_tiff),
    ("a TIFF", lambda: frames("TIFF", 3)),
    ("an animated WebP", lambda: frames("WEBP", 50)),
    ("PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n"),
    ("PDF", lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"),
    ("noise", noise),
    ("comments without end", comments),
    ("zeros", lambda: bytes(MOST_OCTETS)),
    ("nothing", lambda: b""),
]


@pytest.mark.parametrize("make", [make for _, make in HOSTILE], ids=[name for name, _ in HOSTILE])
async def test_a_hostile_file_ends_within_its_limits(make: Callable[[], bytes]) -> None:
    octets = make()
    before = time.monotonic()
    (seen,) = await looked_at([octets])
    assert seen.symbols == ()
    assert seen.look in {Look.NO_PHOTO, Look.BROKE, Look.LOOKED}
    assert time.monotonic() - before < 25


@pytest.mark.parametrize("name", ["a bomb of 40,000,000 pixels", "a JPEG cut off", "noise"])
async def test_the_next_photo_is_read_all_the_same(name: str) -> None:
    seen = await looked_at([dict(HOSTILE)[name](), png(code_image(CODE, "qr", 400))])
    assert seen[1].codes == (CODE,)


async def test_whoever_takes_too_long_is_ended() -> None:
    seen = await Decoder(seconds=0).look(png(code_image(CODE, "qr", 400)), TODAY)
    assert seen == Seen(Look.BROKE)


@pytest.mark.parametrize(
    ("exit_code", "answer"),
    [
        pytest.param(-9, b"", id="killed"),
        pytest.param(-11, b"", id="fell"),
        pytest.param(1, b"", id="broke"),
        pytest.param(0, b"", id="says nothing"),
        pytest.param(0, b"{", id="no JSON"),
        pytest.param(0, b'[["QR Code"]]', id="too little"),
        pytest.param(0, b'[["QR Code", "x", []]]', id="no length"),
        pytest.param(0, b"[" + b"1," * 40_000 + b"1]", id="too much"),
    ],
)
def test_a_process_that_broke_says_nothing(exit_code: int, answer: bytes) -> None:
    assert _seen(exit_code, answer, TODAY) == Seen(Look.BROKE)


def test_only_codes_come_out_of_the_process() -> None:
    answer = f'[["QR Code", 60, ["{CODE}", "{IDENTITY}", "HUY", "H05.12-990610-0001"]]]'.encode()
    assert _seen(0, answer, TODAY).codes == (CODE,)
