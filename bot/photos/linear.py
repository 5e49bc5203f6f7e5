"""Linear bar codes that lie askew or are blurred: where they are, and a straight, sharp picture of each.

A matrix code is found at any angle; the bars of a linear one are read along lines, so the picture is turned first.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import atan2, cos, exp, hypot, pi, sin
from operator import mul

from PIL import Image, ImageChops

CELL = 16
_STEPS = ((3, 0), (2, 2), (0, 3), (2, -2))
"""Differences at these distances show how steep the picture is in four directions, 45° apart."""
_AROUND = 2
_FLAT = 625
"""Keeps places with next to no contrast from counting."""
_MOST_PLACES = 6
_BESIDE, _ALONG = 3, 24
"""In cells: so much belongs to a place that was found."""
_LONGEST = 3200
_ROWS = 12
_STRETCH = 3
_REACH = 12
_FREQUENCIES = 128
_OUTLIERS = 50
"""One sample in so many is left out at either end when black and white are set."""


@dataclass(frozen=True, slots=True)
class Place:
    """The middle of what may be a linear code, and the direction across its bars in radians."""

    x: float
    y: float
    angle: float


def places(picture: Image.Image) -> Iterator[Place]:
    """Where lines run side by side in a grey picture, the clearest first."""
    wide = -(-picture.width // CELL)
    across, slant, score = _steepness(picture, wide)
    for _ in range(_MOST_PLACES):
        best = max(range(len(score)), key=score.__getitem__)
        if score[best] <= 0:
            return
        row, column = divmod(best, wide)
        place = Place((column + 0.5) * CELL, (row + 0.5) * CELL, atan2(slant[best], across[best]) / 2)
        yield place
        _leave_out(score, wide, place)


def strip(picture: Image.Image, place: Place, height: int, beside: float = 0) -> Image.Image:
    """A straight strip through *place*, or *beside* it, across the whole picture."""
    over, down = cos(place.angle), sin(place.angle)
    x, y = place.x - beside * down, place.y + beside * over
    length = min(round(hypot(*picture.size)), _LONGEST)
    left, top = length / 2, height / 2
    numbers = (over, -down, x - over * left + down * top, down, over, y - down * left - over * top)
    return picture.transform((length, height), Image.Transform.AFFINE, numbers, Image.Resampling.BICUBIC)


def sharpened(straight: Image.Image, blur: float, noise: float) -> Image.Image:
    """The bars of a strip without a blur of *blur* pixels: Wiener's filter over the mean of its rows. *noise* is its share of the signal."""
    mean = array("f", straight.convert("F").resize((straight.width, 1), Image.Resampling.BOX).tobytes())
    levels = _filtered(mean, _filter(blur, noise))
    ordered = sorted(levels)
    black, white = ordered[len(ordered) // _OUTLIERS], ordered[-len(ordered) // _OUTLIERS]
    scale = 255 / max(1.0, white - black)
    row = Image.frombytes("L", (len(levels), 1), bytes(min(255, max(0, int((x - black) * scale))) for x in levels))
    return row.resize((row.width * _STRETCH, 1), Image.Resampling.BICUBIC).resize((row.width * _STRETCH, _ROWS))


def _steepness(picture: Image.Image, wide: int) -> tuple[list[int], list[int], list[float]]:
    """For each cell with those around it: twice the angle of the steepest direction as a vector, and how sure it is."""
    directions = [
        ImageChops.difference(picture, ImageChops.offset(picture, *step)).reduce(CELL).tobytes() for step in _STEPS
    ]
    level, rising, upright, falling = ([steep * steep for steep in direction] for direction in directions)
    across = _summed([a - b for a, b in zip(level, upright, strict=True)], wide)
    slant = _summed([a - b for a, b in zip(rising, falling, strict=True)], wide)
    whole = _summed([a + b for a, b in zip(level, upright, strict=True)], wide)
    score = [(c * c + s * s) / (e + _FLAT) for c, s, e in zip(across, slant, whole, strict=True)]
    return across, slant, score


def _summed(cells: Sequence[int], wide: int) -> list[int]:
    """Each cell with its neighbours, ``_AROUND`` in every direction; those at the border count as 0 outside."""
    rows = [_windows(cells[start : start + wide]) for start in range(0, len(cells), wide)]
    columns = [_windows(column) for column in zip(*rows, strict=True)]
    return [cell for row in zip(*columns, strict=True) for cell in row]


def _windows(cells: Sequence[int]) -> list[int]:
    until = [0, *accumulate(cells)]
    last = len(cells)
    return [until[min(last, at + _AROUND + 1)] - until[max(0, at - _AROUND)] for at in range(last)]


def _leave_out(score: list[float], wide: int, place: Place) -> None:
    over, down = cos(place.angle), sin(place.angle)
    for at in range(len(score)):
        row, column = divmod(at, wide)
        right, below = column + 0.5 - place.x / CELL, row + 0.5 - place.y / CELL
        if abs(below * over - right * down) <= _BESIDE and abs(right * over + below * down) <= _ALONG:
            score[at] = 0


def _filtered(levels: Sequence[float], taps: Sequence[float]) -> list[float]:
    reach = len(taps) // 2
    padded = [levels[0]] * reach + list(levels) + [levels[-1]] * reach
    return [sum(map(mul, taps, padded[at : at + len(taps)])) for at in range(len(levels))]


@cache
def _filter(blur: float, noise: float) -> tuple[float, ...]:
    """Wiener's inverse of a Gaussian blur, cut to a few taps whose sum is 1."""
    frequencies = [place / (2 * _FREQUENCIES) for place in range(_FREQUENCIES + 1)]
    passed = [exp(-2 * (pi * blur * frequency) ** 2) for frequency in frequencies]
    gains = [one / (one * one + noise) for one in passed]
    taps = [
        sum(gain * cos(2 * pi * frequency * at) for gain, frequency in zip(gains, frequencies, strict=True))
        * (1 + cos(pi * at / (_REACH + 1)))
        for at in range(-_REACH, _REACH + 1)
    ]
    return tuple(tap / sum(taps) for tap in taps)
