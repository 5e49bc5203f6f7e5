"""Code 128 with bars hardly wider than the blur: each sign is told by how it would look through the blur.

Sharpening brings no bar back that the blur has all but taken. But there are only 106 signs, so the one is taken whose blurred
bars differ least from what is seen, in least squares, from end to end. The check sign tells whether that went well; Code 39
has none, so a wrong sign would go unnoticed there: it is not read in this way.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import erf, sqrt
from operator import mul

from PIL import Image

from bot.photos.bar_patterns import BLACKS, PATTERNS, STARTS, STOP, WIDTH, text_of

BLUR = 1.6
"""Pixels: what a hand-held phone does to thin bars, and turning the picture straight."""
_WINDOW, _NEAR = 8, 30
_HALF = 0.5
_LEAST_STEEP = 1.0
_SHARE_STEEP = 0.25
_OUTSIDE = 12
_LEAST_SPAN, _LEAST_CONTRAST = 150, 10.0
_THINNEST, _WIDEST = 1.3, 4.0
"""Of a bar, in pixels: thinner ones are lost, wider ones read without this."""
_MOST_BEND = 0.01
"""A tilted code is longer at its near end: its middle lies so far from that of its ends at most, in parts of its length."""
_STEP, _FINE_STEPS = 1.0, (0.5, 0.25)
"""Pixels between the places where the middle is looked for, at first and then around the best one."""
_SIGNS = range(10, 31)
"""So many may a dossier code need."""
_LIKELIEST = 3
_GRACE = 4
"""So many signs more may be as bad as one can be before the rest is not looked at any more."""
_WORST_ENDS = 1.2
"""Squared distance of the first and the last sign together, in pixels of full contrast."""
_BEFORE = 2
"""Modules of the sign before that are still seen, blurred, in the next one."""
_WORST_SIGN = 0.6
"""Mean squared distance of a sign, in pixels of full contrast."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A code that was read."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where a code may lie along a line: 0 is white, 1 is black."""

    levels: Sequence[float]
    left: float
    right: float

    def backwards(self) -> "Span":
        """The same from its other end."""
        last = len(self.levels) - 1
        return Span(self.levels[::-1], last - self.right, last - self.left)


@dataclass(frozen=True, slots=True)
class Fit:
    """So many signs, in one direction; the stop comes besides."""

    signs: int
    span: Span

    @property
    def modules(self) -> int:
        """From the first bar to the last one."""
        return WIDTH * self.signs + len(STOP)


@dataclass(frozen=True, slots=True)
class Reading:
    """The values that fit best when the middle lies *bend* pixels off."""

    distance: float
    bend: float
    values: tuple[int, ...]


def matched(straight: Image.Image) -> list[Matched]:
    """The code in the middle of a strip, at most one."""
    span = _span(straight)
    if span is None:
        return []
    for fit in _likeliest(span):
        best = _read(fit)
        text = None if best is None else text_of(best.values)
        if text:
            return [Matched("Code128", text)]
    return []


def _read(fit: Fit) -> Reading | None:
    """The reading that fits best, its middle wherever it may be."""
    steps = int(_MOST_BEND * (fit.span.right - fit.span.left) / _STEP)
    tried = [0.0, *(side * step * _STEP for step in range(1, steps + 1) for side in (1, -1))]
    best = _best(fit, tried, None)
    for step in _FINE_STEPS:
        best = best and _best(fit, [best.bend - step, best.bend + step], best)
    return best


def _best(fit: Fit, bends: Sequence[float], best: Reading | None) -> Reading | None:
    for bend in bends:
        best = _reading(fit, bend, _WORST_SIGN * fit.signs if best is None else best.distance) or best
    return best


def _span(straight: Image.Image) -> Span | None:
    """The steep part around the middle, between the first and the last bar."""
    mean = array("f", straight.convert("F").resize((straight.width, 1), Image.Resampling.BOX).tobytes())
    steep = _steepness(mean)
    middle = len(mean) // 2
    best = max(range(max(0, middle - _NEAR), min(len(mean), middle + _NEAR)), key=steep.__getitem__)
    enough = max(_LEAST_STEEP, steep[best] * _SHARE_STEEP)
    left, right = _until(steep, best, -1, enough), _until(steep, best, 1, enough)
    if right - left < _LEAST_SPAN:
        return None
    ordered = sorted(mean[left:right])
    few = max(1, len(ordered) // 40)
    black, white = ordered[few], ordered[-few]
    if white - black < _LEAST_CONTRAST:
        return None
    levels = [(white - level) / (white - black) for level in mean]
    first = _first_bar(levels, max(0, left - _OUTSIDE), 1)
    last = _first_bar(levels, min(len(levels) - 1, right + _OUTSIDE), -1)
    return Span(levels, first, last) if last - first >= _LEAST_SPAN else None


def _steepness(mean: Sequence[float]) -> list[float]:
    steps = [abs(after - before) for before, after in zip(mean, mean[2:], strict=False)]
    until = [0.0, *accumulate([0.0, *steps, 0.0])]
    last = len(mean)
    return [(until[min(last, at + _WINDOW)] - until[max(0, at - _WINDOW)]) / (2 * _WINDOW) for at in range(last)]


def _until(steep: Sequence[float], start: int, step: int, enough: float) -> int:
    at = start
    while 0 < at < len(steep) - 1 and steep[at] > enough:
        at += step
    return at


def _first_bar(levels: Sequence[float], start: int, step: int) -> float:
    """Where it becomes half black, between two pixels."""
    at = start
    while 0 <= at + step < len(levels) and levels[at] < _HALF:
        at += step
    before = levels[at - step] if 0 <= at - step < len(levels) else 0.0
    rise = levels[at] - before
    return at - step + step * ((_HALF - before) / rise if rise else 0.0)


def _likeliest(span: Span) -> list[Fit]:
    """By how well the first and the last sign, which are known, fit."""
    length = span.right - span.left
    found: list[tuple[float, int, Fit]] = []
    for seen in (span, span.backwards()):
        for signs in _SIGNS:
            fit = Fit(signs, seen)
            if _THINNEST <= length / fit.modules <= _WIDEST:
                found.append(
                    (min(_ends(fit, bend * length) for bend in (0.0, -_MOST_BEND, _MOST_BEND)), len(found), fit)
                )
    return [fit for ends, _, fit in sorted(found)[:_LIKELIEST] if ends <= _WORST_ENDS]


def _ends(fit: Fit, bend: float) -> float:
    first = min(_distance(fit, bend, 0, pattern) for pattern in STARTS)
    return first + _distance(fit, bend, WIDTH * fit.signs, STOP)


def _edges(fit: Fit, bend: float, first: int, count: int) -> list[float]:
    """Where modules begin, from *first* on: a code that leans back is bent along the line."""
    whole, left = fit.modules, fit.span.left
    length = fit.span.right - left
    parts = [module / whole for module in range(first, first + count + 1)]
    return [left + length * part + 4 * bend * part * (1 - part) for part in parts]


def _distance(fit: Fit, bend: float, first: int, pattern: Sequence[int]) -> float:
    """Of what is seen from what *pattern* would look like."""
    edges = _edges(fit, bend, first, len(pattern))
    view = _View(fit.span.levels, edges)
    return sum((seen - shown) ** 2 for seen, shown in zip(view.seen, view.shown(pattern), strict=True))


class _View:
    """The pixels from one edge to another, and what each module between gives to them."""

    def __init__(self, levels: Sequence[float], edges: Sequence[float]) -> None:
        begin, end = max(0, round(edges[0])), min(len(levels), round(edges[-1]))
        self.seen = levels[begin:end]
        scale = 1 / (BLUR * sqrt(2))
        rises = [[erf((edge - at) * scale) for at in range(begin, end)] for edge in edges]
        self.modules = [
            [_HALF * (after - before) for before, after in zip(first, then, strict=True)]
            for first, then in pairwise(rises)
        ]

    def shown(self, pattern: Sequence[int]) -> list[float]:
        """Seen through the blur."""
        black = [module for module, is_black in zip(self.modules, pattern, strict=True) if is_black]
        return [sum(column) for column in zip(*black, strict=True)]


def _reading(fit: Fit, bend: float, most: float) -> Reading | None:
    """The likeliest value of each sign, from the left; None as soon as they are *most* away."""
    tail: tuple[int, ...] = (0,) * _BEFORE
    values: list[int] = []
    whole = 0.0
    for place in range(fit.signs):
        edges = _edges(fit, bend, place * WIDTH - _BEFORE, _BEFORE + WIDTH + 1)
        distance, value = _nearest(_View(fit.span.levels, edges), tail)
        whole += distance
        if whole >= min(most, _WORST_SIGN * (place + _GRACE)):
            return None
        values.append(value)
        tail = PATTERNS[value][-_BEFORE:]
    return Reading(whole, bend, tuple(values))


def _nearest(view: _View, tail: Sequence[int]) -> tuple[float, int]:
    """Of all signs: |seen - sum|² = |seen|² - 2 seen·sum + sum·sum, whose parts are the same for every sign.

    *tail* are the modules before; the one behind is the first bar of the next sign.
    """
    around = view.shown((*tail, *(0,) * WIDTH, 1))
    seen = [level - shown for level, shown in zip(view.seen, around, strict=True)]
    modules = view.modules[len(tail) : -1]
    with_seen = [_product(seen, module) for module in modules]
    products = [[_product(one, other) for other in modules] for one in modules]
    whole = _product(seen, seen)
    distances = [
        whole + sum(sum(products[at][other] for other in black) - 2 * with_seen[at] for at in black) for black in BLACKS
    ]
    best = min(range(len(distances)), key=distances.__getitem__)
    return distances[best], best


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(map(mul, one, other)))
