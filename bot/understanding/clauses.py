"""Where a text may be cut in two: people greet, tell, ask, and then ask something else."""

import re
from collections.abc import Iterator
from itertools import islice

CUT = re.compile(
    r"[?!;\n]+\s*|\.+\s+|(?<!\d)\.+(?![\d\s])|,\s+"
    r"|\s+(?=(?:và|va|rồi|roi|với lại|voi lai|còn|con|mà|ma|tiện|tien|nhân tiện|nhan tien|xong|luôn tiện|luon tien|sẵn|san|đồng thời|dong thoi"
    r"|ngoài ra|ngoai ra|nhưng|nhung|and|then|also|but)\s)",
    re.IGNORECASE,
)
"""Signs and words that a second matter may stand behind; a dot between digits belongs to a code or an hour."""
LEAST_WORDS = 2
MOST = 6
"""What comes after so many places decides nothing any more."""


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """The text before and after each such place, from its head on; neither is a single word."""
    pairs = ((text[: cut.start()], text[cut.end() :]) for cut in CUT.finditer(text))
    return islice((pair for pair in pairs if min(len(part.split()) for part in pair) >= LEAST_WORDS), MOST)
