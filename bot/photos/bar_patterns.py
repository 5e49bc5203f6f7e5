"""The bars of Code 128 (ISO/IEC 15417): what each sign looks like, and what a row of signs says."""

from collections.abc import Sequence

_WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
"""
"""Widths of bars and spaces in turn, in modules, by value."""
_STOP_WIDTHS = "2331112"
_START_A, _START_C = 103, 105
_TO_C, _TO_B, _TO_A = 99, 100, 101
_LETTERS, _FIRST_LETTER = 64, ord(" ")
"""Values that both sets of letters write alike, from the blank on."""
_CHECKED_BY = 103


def _drawn(widths: Sequence[int]) -> tuple[int, ...]:
    return tuple(1 - place % 2 for place, width in enumerate(widths) for _ in range(width))


WIDTH = 11
"""Modules of a sign. All modules are equally wide."""
PATTERNS = tuple(_drawn([int(width) for width in sign]) for sign in _WIDTHS.split())
"""Of each value: 1 for a black module."""
STARTS = PATTERNS[_START_A:]
STOP = _drawn([int(width) for width in _STOP_WIDTHS])
BLACKS = tuple(tuple(at for at, black in enumerate(pattern) if black) for pattern in PATTERNS)
"""Of each value: its black modules."""


def text_of(values: Sequence[int]) -> str | None:
    """What the values of all signs but the stop say; None when the check sign is wrong, or when that is no text."""
    start, *inner, check = values
    weighed = start + sum(place * value for place, value in enumerate(inner, start=1))
    if not _START_A <= start <= _START_C or weighed % _CHECKED_BY != check:
        return None
    pairs, text = start == _START_C, ""
    for value in inner:
        if value in (_TO_A, _TO_B, _TO_C) and (value != _TO_C or not pairs):
            pairs = value == _TO_C
        elif pairs and value <= _TO_C:
            text += f"{value:02}"
        elif not pairs and value < _LETTERS:
            text += chr(value + _FIRST_LETTER)
        else:
            return None
    return text
