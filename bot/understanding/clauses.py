"""Where a text may be cut in two: people greet, tell, ask, and then ask something else."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bot.understanding.keyboard import without_key_strokes

CUT = re.compile(
    r"[?!;\n]+\s*|\.+\s+|(?<!\d)\.+(?![\d\s])|,\s+"
    r"|\s+(?=(?:và|va|rồi|roi|với lại|voi lai|còn|con|mà|ma|tiện|tien|nhân tiện|nhan tien|xong|luôn tiện|luon tien|sẵn|san|đồng thời|dong thoi"
    r"|ngoài ra|ngoai ra|nhưng|nhung|nho|nhờ|cho (?:toi|em|minh|hoi|chau|bac|biet)|bao gio|the|gio|neu|and|then|also|but)\s)",
    re.IGNORECASE,
)
"""Signs and words that a second matter may stand behind; a dot between digits belongs to a code or an hour."""
LEAST_WORDS = 2
MOST = 6
MOST_CHARACTERS = 700
"""So much is read of all parts together: in a long text fewer places are tried."""


def readable(text: str) -> str:
    """*text* with the words of ``CUT`` as they are written: composed, and without raw key strokes."""
    return without_key_strokes(text.lower()) if text.isascii() else unicodedata.normalize("NFC", text)


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """The text before and after each such place, from its head on; neither is a single word."""
    pairs = ((text[: cut.start()], text[cut.end() :]) for cut in CUT.finditer(text))
    most = min(MOST, MOST_CHARACTERS // (len(text) or 1))
    return islice((pair for pair in pairs if min(len(part.split()) for part in pair) >= LEAST_WORDS), most)
