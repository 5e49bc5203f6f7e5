"""Opening a photo: JPEG and PNG by their content, whatever they are called, and not too many pixels."""

from io import BytesIO

from PIL import Image

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_000
_KINDS = ("JPEG", "PNG")
_ENOUGH = (2600, 2600)
"""A JPEG may be opened at a half or a quarter of its size where at least this much is left."""
_HALVED_FROM = 16_000_000
"""Pixels."""


class NoPhoto(Exception):
    """Not a picture that we read: another kind, broken, cut, or too many pixels."""


def grey(octets: bytes) -> Image.Image:
    """The picture in shades of grey, transparent parts white. Raises ``NoPhoto``."""
    try:
        with Image.open(BytesIO(octets), formats=_KINDS) as picture:
            check(picture)
            picture.draft("L", _ENOUGH)
            shades = on_white(picture, "L")
    except Exception as error:  # noqa: BLE001 - decoders raise OSError, ValueError, SyntaxError, struct.error, MemoryError …
        raise NoPhoto(type(error).__name__) from None
    return shades.reduce(2) if shades.width * shades.height >= _HALVED_FROM else shades


def check(picture: Image.Image) -> None:
    """Before anything is decoded: a small file may hold more pixels than there is memory. Raises ``NoPhoto``."""
    wide, high = picture.size
    if wide * high > MOST_PIXELS or max(wide, high) > LONGEST_SIDE:
        raise NoPhoto("too many pixels")


def on_white(picture: Image.Image, mode: str) -> Image.Image:
    """In the colours of *mode*. Most programs that draw bar codes leave the paper out."""
    drawn = picture.convert(mode)
    if not picture.has_transparency_data:
        return drawn
    layers = picture if "A" in picture.getbands() else picture.convert("RGBA")
    return Image.composite(drawn, Image.new(mode, drawn.size, "white"), layers.getchannel("A"))
