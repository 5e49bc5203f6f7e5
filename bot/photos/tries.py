"""Reading bar codes in a photo: as it is, then sharpened, straightened, matched with the bars of each sign, inverted, enlarged, turned."""

from collections.abc import Iterator, Sequence
from functools import partial

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.photos.linear import Place, places, sharpened, strip
from bot.photos.matched import Matched, matched

LINEAR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39])
MATRIX = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix])
BOTH = zxingcpp.BarcodeFormats([*LINEAR, *MATRIX])
BLURS = ((1.5, 0.005), (1.7, 0.001), (1.0, 0.01))
"""In pixels, each with the share of noise that is taken to be in the picture: the less, the sharper."""
STRIP_HEIGHT, MEAN_HEIGHT = 32, 20
BESIDE = (0, 24, -24)
MOST_ENLARGED = 3_000_000
"""Pixels before."""

_read = partial(zxingcpp.read_barcodes, text_mode=zxingcpp.TextMode.Plain, try_invert=False)


def found(picture: Image.Image) -> Iterator[Sequence[zxingcpp.Barcode | Matched]]:
    """What each try finds in a grey picture, the cheapest and likeliest first; who calls stops when it is enough."""
    yield _read(picture, formats=BOTH)
    clear = ImageOps.autocontrast(picture, cutoff=0.5)
    yield _read(clear.filter(ImageFilter.UnsharpMask(2, 300, 0)), formats=BOTH)
    yield from _straightened(picture)
    yield _read(clear.filter(ImageFilter.UnsharpMask(4, 400, 0)), formats=MATRIX)
    yield _read(ImageOps.invert(clear), formats=BOTH)
    if picture.width * picture.height <= MOST_ENLARGED:
        enlarged = clear.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
        yield _read(enlarged.filter(ImageFilter.UnsharpMask(3, 300, 0)), formats=MATRIX)
    yield _read(clear.rotate(45, Image.Resampling.BICUBIC, expand=True), formats=MATRIX)


def _straightened(picture: Image.Image) -> Iterator[Sequence[zxingcpp.Barcode | Matched]]:
    found_places = []
    for place in places(picture):
        found_places.append(place)
        yield _read(strip(picture, place, STRIP_HEIGHT), formats=LINEAR, try_rotate=False)
    yield from _sharpened(picture, found_places, BLURS[0], 0)
    for place in found_places:
        yield matched(strip(picture, place, MEAN_HEIGHT))
    for blur in BLURS:
        for beside in BESIDE:
            yield from _sharpened(picture, found_places, blur, beside)


def _sharpened(
    picture: Image.Image, found_places: Sequence[Place], blur: tuple[float, float], beside: float
) -> Iterator[list[zxingcpp.Barcode]]:
    for place in found_places:
        straight = strip(picture, place, MEAN_HEIGHT, beside)
        yield _read(sharpened(straight, *blur), formats=LINEAR, try_rotate=False)
