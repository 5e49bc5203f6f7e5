"""Small drawn pictures for petitions of the sample: a street with what is wrong there."""

import io
from collections.abc import Iterator
from itertools import cycle
from random import Random

from PIL import Image, ImageDraw

from bot.attachments.folder import AttachmentFolder
from bot.petitions.record import StoredFile

SIZE = (640, 480)
COUNT = 6
"""Of released petitions, and as many of others."""
SKY, GROUND, ROAD, LINE = "#bcd7ee", "#8fae7d", "#6b6f75", "#e8e4d2"
THINGS = {"GT": "#3d3f43", "MT": "#7a5c33", "DN": "#f0c75a", "DT": "#b5482f"}
"""The colour of what is wrong, by field."""


def kept(folder: AttachmentFolder, categories: Iterator[str], random: Random) -> Iterator[StoredFile]:
    """A picture for each of *categories*, kept like those that people send. Blocks."""
    for category in categories:
        octets = _drawn(category, random)
        yield StoredFile(name=folder.keep(octets, octets), media_type="image/jpeg", octets=len(octets))


def _drawn(category: str, random: Random) -> bytes:
    width, height = SIZE
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    horizon = random.randint(150, 220)
    draw.rectangle((0, horizon, width, height), fill=GROUND)
    middle = random.randint(240, 400)
    draw.polygon([(middle - 20, horizon), (middle + 20, horizon), (width - 40, height), (40, height)], fill=ROAD)
    for place, size in zip(range(horizon + 20, height, 60), cycle((6, 10, 14)), strict=False):
        draw.rectangle((middle - size / 3, place, middle + size / 3, place + 25), fill=LINE)
    for _ in range(random.randint(2, 5)):
        x, y, size = random.randint(140, 470), random.randint(horizon + 60, 420), random.randint(25, 70)
        draw.ellipse((x, y, x + size * 2, y + size), fill=THINGS[category], outline="#222222", width=3)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=70)
    return written.getvalue()
