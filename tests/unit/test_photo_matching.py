"""Code 128 through a blur: read as it was drawn, or not at all."""

import random

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from bot.photos.bar_patterns import text_of
from bot.photos.matched import Matched, matched
from tests.receipts import code_image

CODES = ["H05.12-260610-0001", "000.00.12.H05-260610-0001", "G01.899.909-260916-890028", "H05.12-260610-9900"]
WIDE, HIGH = 1600, 20


def blurred(content: str, module: float, *, backwards: bool = False, bend: float = 0.0) -> Image.Image:
    """A strip with the code in its middle."""
    modules = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.Code128)).shape[1]
    drawn = code_image(content, "code128", round(modules * 8)).crop((0, 20, modules * 8, 60))
    width = round(modules * module)
    strip = Image.new("L", (WIDE, HIGH), 235)
    strip.paste(drawn.resize((width, HIGH), Image.Resampling.LANCZOS), ((WIDE - width) // 2, 0))
    strip = strip.filter(ImageFilter.GaussianBlur(1.5)).point(lambda level: level * 0.35)
    if bend:
        mesh = [((0, 0, WIDE, HIGH), (0, 0, 0, HIGH, WIDE + bend, HIGH, WIDE + bend, 0))]
        strip = strip.transform(strip.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    return strip.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if backwards else strip


@pytest.mark.parametrize("content", CODES)
@pytest.mark.parametrize("module", [1.8, 2.0, 2.6, 3.4])
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_a_blurred_code_is_read(content: str, module: float, *, backwards: bool) -> None:
    assert matched(blurred(content, module, backwards=backwards)) == [Matched("Code128", content)]


@pytest.mark.parametrize("module", [0.9, 1.1, 1.3, 1.5])
@pytest.mark.parametrize("content", CODES)
def test_what_the_blur_has_taken_is_not_made_up(content: str, module: float) -> None:
    assert matched(blurred(content, module)) in ([], [Matched("Code128", content)])


@pytest.mark.parametrize("seed", range(10))
def test_other_stripes_are_no_code(seed: int) -> None:
    dice = random.Random(seed)
    strip = Image.new("L", (WIDE, HIGH), 200)
    for left in range(500, 1100, 5):
        strip.paste(dice.randrange(10, 90), (left, 0, left + dice.randrange(1, 5), HIGH))
    assert matched(strip.filter(ImageFilter.GaussianBlur(1))) == []


@pytest.mark.parametrize(
    ("values", "text"),
    [
        pytest.param((104, 40, 16, 21, 22), None, id="wrong check sign"),
        pytest.param((105, 26, 6, 10, 2), None, id="wrong check sign of pairs"),
        pytest.param((104, 40, 16, 21, (104 + 40 + 32 + 63) % 103), "H05", id="letters"),
        pytest.param((105, 99, 6, (105 + 99 + 12) % 103), "9906", id="pairs"),
        pytest.param((104, 40, 99, 5, (104 + 40 + 198 + 15) % 103), "H05", id="pairs after letters"),
        pytest.param((105, 5, 100, 40, (105 + 5 + 200 + 120) % 103), "05H", id="letters after pairs"),
        pytest.param((104, 98, (104 + 98) % 103), None, id="a shift"),
        pytest.param((5, 40, 45), None, id="no start"),
    ],
)
def test_what_signs_say(values: tuple[int, ...], text: str | None) -> None:
    assert text_of(values) == text
