"""A picture made safe to show: drawn anew at most 1,600 pixels wide and high, without anything that stood in it besides."""

from io import BytesIO

from PIL import Image, ImageOps

from bot.photos.picture import NoPhoto, check, on_white

LONGEST_SIDE = 1600
QUALITY = 85
_KINDS = ("JPEG", "PNG")
_GPS = 0x8825
_LATITUDE, _LONGITUDE = (1, 2, "S"), (3, 4, "W")
"""Tags of the hemisphere and of the degrees, and the hemisphere that counts downwards (Exif 2.32, table 15)."""
_SIXTY = 60
Position = tuple[float, float]


def shown(octets: bytes) -> tuple[bytes, Position | None]:
    """A JPEG to show, and where the camera says that it was taken. Raises ``NoPhoto``."""
    try:
        with Image.open(BytesIO(octets), formats=_KINDS) as picture:
            check(picture)
            position = _position(picture)
            picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            drawn = on_white(upright, "RGB")
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            target = BytesIO()
            Image.frombytes("RGB", drawn.size, drawn.tobytes()).save(target, "JPEG", quality=QUALITY)
    except Exception as error:  # noqa: BLE001 - decoders raise OSError, ValueError, SyntaxError, struct.error, MemoryError …
        raise NoPhoto(type(error).__name__) from None
    return target.getvalue(), position


def _position(picture: Image.Image) -> Position | None:
    """None also for what is no place: broken tags must not cost the picture."""
    try:
        tags = picture.getexif().get_ifd(_GPS)
        latitude, longitude = _degrees(tags, *_LATITUDE), _degrees(tags, *_LONGITUDE)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    is_place = -90 <= latitude <= 90 and -180 <= longitude <= 180 and (latitude, longitude) != (0, 0)  # noqa: PLR2004 - the globe
    return (round(latitude, 6), round(longitude, 6)) if is_place else None


def _degrees(tags: dict[int, object], side: int, place: int, downwards: str) -> float:
    degrees, minutes, seconds = (float(part) for part in tags[place])  # type: ignore[attr-defined]  # what a tag holds is not known
    value = degrees + minutes / _SIXTY + seconds / (_SIXTY * _SIXTY)
    return -value if tags.get(side) == downwards else value
