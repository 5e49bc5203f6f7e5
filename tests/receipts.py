"""Photographs of receipts, drawn: a printed page with a code, seen at an angle, turned, blurred, dark, compressed."""

import random
from dataclasses import dataclass
from io import BytesIO
from math import cos, radians, sin
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Point = tuple[float, float]
SYMBOLOGIES = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "code39": zxingcpp.BarcodeFormat.Code39,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
}
PAPER, INK, TABLE = 235, 35, (120, 95, 70)
LINES = (
    "UY BAN NHAN DAN TINH BAC NINH",
    "BO PHAN MOT CUA",
    "GIAY TIEP NHAN HO SO VA HEN TRA KET QUA",
    "Ho va ten: Nguyen Van A",
    "Dia chi: 12 duong so 3, phuong Kinh Bac",
    "Thu tuc: Cap giay phep xay dung nha o rieng le",
    "Thanh phan ho so nop gom: don de nghi, ban ve, giay to dat",
    "So luong ho so: 01 bo. Thoi gian giai quyet: 15 ngay",
    "Thoi gian nhan ho so: 08 gio 15 phut",
    "Thoi gian tra ket qua: 16 gio 30 phut",
    "Dang ky nhan ket qua tai: Trung tam phuc vu hanh chinh cong",
    "NGUOI NOP HO SO                    NGUOI TIEP NHAN HO SO",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a receipt is photographed."""

    content: str
    symbology: str = "qr"
    turned: float = 0
    """Degrees, counter-clockwise."""
    tilted: float = 20
    """Degrees between the paper and the plane of the picture."""
    towards: float = 0
    """The direction in which the paper leans away, in degrees."""
    share: float = 0.25
    """The width of the code, quiet zone included, of the width of the photo."""
    blur: float = 1.5
    brightness: float = 0.35
    quality: int = 40
    size: tuple[int, int] = (1920, 2560)
    seed: int = 0


def shots(content: str, symbology: str, count: int, *, seed: int = 0, **others: Any) -> list[Shot]:
    """That many photos, turned all around and tilted in every direction."""
    dice = random.Random(seed)
    return [
        Shot(
            content=content,
            symbology=symbology,
            turned=(360 * place / count + dice.uniform(0, 360 / count)) % 360,
            towards=dice.uniform(0, 360),
            seed=dice.randrange(10**6),
            **others,
        )
        for place in range(count)
    ]


def photograph(shot: Shot) -> bytes:
    """The photo, a JPEG."""
    dice = random.Random(shot.seed)
    width, height = shot.size
    receipt, middle = _receipt(shot, round(width * shot.share))
    seen_at = (width * dice.uniform(0.4, 0.6), height * dice.uniform(0.4, 0.6))
    picture = Image.new("RGB", shot.size, TABLE)
    picture.paste(_seen(receipt, shot, middle, seen_at))
    picture = picture.filter(ImageFilter.GaussianBlur(shot.blur)).point(lambda level: level * shot.brightness)
    noise = Image.effect_noise(shot.size, 6).convert("RGB")
    picture = Image.blend(picture, noise, 0.02)
    file = BytesIO()
    picture.save(file, "JPEG", quality=shot.quality)
    return file.getvalue()


def code_image(content: str, symbology: str, width: int) -> Image.Image:
    """The code with its quiet zone, *width* pixels wide."""
    code = zxingcpp.create_barcode(content, SYMBOLOGIES[symbology])
    modules = zxingcpp.write_barcode_to_image(code, scale=1).shape
    scale = max(1, -(-width // modules[1]))
    drawn: Any = zxingcpp.write_barcode_to_image(code, scale=scale)
    size = (drawn.shape[1], drawn.shape[0])
    image = Image.frombytes("L", size, bytes(memoryview(drawn)))
    return image.resize((width, round(width * size[1] / size[0])), Image.Resampling.LANCZOS)


def _receipt(shot: Shot, code_width: int) -> tuple[Image.Image, Point]:
    """An A5 page three times as wide as the code, and the middle of the code on it."""
    width = code_width * 3
    height = round(width * 2**0.5)
    page = Image.new("L", (width, height), PAPER)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=width / 38)
    code = code_image(shot.content, shot.symbology, code_width).point(lambda level: INK + level * (PAPER - INK) / 255)
    left, top = round(width * 0.08), round(height * 0.06)
    page.paste(code, (left, top))
    below = max(top + code.height, round(height * 0.3))
    for place, line in enumerate(LINES):
        pen.text((left, below + place * width / 20), line, fill=INK, font=font)
    return page, (left + code.width / 2, top + code.height / 2)


def _seen(page: Image.Image, shot: Shot, middle: Point, seen_at: Point) -> Image.Image:
    """The page as a camera sees it, its point *middle* at *seen_at*; what lies beside it is the table."""
    paper = page.convert("RGB")
    alpha = Image.new("L", page.size, 255)
    coefficients = _homography(shot, middle, seen_at)
    seen = paper.transform(shot.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    mask = alpha.transform(shot.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)
    return Image.composite(seen, Image.new("RGB", shot.size, TABLE), mask)


def _homography(shot: Shot, middle: Point, seen_at: Point) -> tuple[float, ...]:
    """From a point of the photo to one of the page, as Pillow wants it: the last of nine numbers is 1."""
    turn, lean, tilt = radians(shot.turned), radians(shot.towards), radians(shot.tilted)
    distance = 2.2 * shot.size[0]
    # Columns of the rotation: in the plane by *turn*, then out of the plane by *tilt* around an axis across *lean*.
    flat = ((cos(turn), sin(turn)), (-sin(turn), cos(turn)))
    out = [
        [1 - (1 - cos(tilt)) * cos(lean) ** 2, -(1 - cos(tilt)) * cos(lean) * sin(lean)],
        [-(1 - cos(tilt)) * cos(lean) * sin(lean), 1 - (1 - cos(tilt)) * sin(lean) ** 2],
        [sin(tilt) * cos(lean), sin(tilt) * sin(lean)],
    ]
    rows = [[sum(out[row][k] * flat[k][column] for k in (0, 1)) for column in (0, 1)] for row in (0, 1, 2)]
    depth = [rows[2][0] / distance, rows[2][1] / distance]
    forward = [
        [rows[0][0] + seen_at[0] * depth[0], rows[0][1] + seen_at[0] * depth[1], seen_at[0]],
        [rows[1][0] + seen_at[1] * depth[0], rows[1][1] + seen_at[1] * depth[1], seen_at[1]],
        [depth[0], depth[1], 1.0],
    ]
    back = _inverse(forward)
    # The page is moved so that *middle* is its origin.
    moved = [[back[row][column] + middle[row] * back[2][column] for column in range(3)] for row in (0, 1)]
    numbers = (*moved[0], *moved[1], *back[2])
    return tuple(number / numbers[8] for number in numbers[:8])


def _inverse(given: list[list[float]]) -> list[list[float]]:
    (a, b, c), (d, e, f), (g, h, i) = given
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return [
        [(e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole],
        [(f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole],
        [(d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole],
    ]
