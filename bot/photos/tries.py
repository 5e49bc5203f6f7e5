"""Reading bar codes in a photo: as it is, then sharpened, straightened, inverted, enlarged, turned."""

from collections.abc import Iterator
from functools import partial

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from bot.photos.linear import places, sharpened, strip

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


def found(picture: Image.Image) -> Iterator[list[zxingcpp.Barcode]]:
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


def _straightened(picture: Image.Image) -> Iterator[list[zxingcpp.Barcode]]:
    found_places = []
    for place in places(picture):
        found_places.append(place)
        yield _read(strip(picture, place, STRIP_HEIGHT), formats=LINEAR, try_rotate=False)
    for blur, noise in BLURS:
        for beside in BESIDE:
            for place in found_places:
                straight = strip(picture, place, MEAN_HEIGHT, beside)
                yield _read(sharpened(straight, blur, noise), formats=LINEAR, try_rotate=False)
