"""One text as the clauses it is made of: people greet, tell, ask, and then ask something else."""

import re

BREAKS = re.compile(
    r"[?!;\n]+\s*|\.+\s+|(?<!\d)\.+(?![\d\s])"
    r"|,?\s+(?:với lại|voi lai|tiện thể|tien the|nhân tiện|nhan tien|ngoài ra|ngoai ra|à mà|a ma|à quên|còn nữa|con nua|thêm nữa|them nua|đồng thời|dong thoi"
    r"|sẵn tiện|san tien|luôn tiện|mà này|và cho|va cho|và cũng|va cung|và nhờ|va nho|rồi cho|roi cho|xong cho|với cả|voi ca|với cho|voi cho"
    r"|and also|also|by the way|and then|and can|and please)\s+"
    r"|,\s+(?=(?:cho|nhờ|nho|tiện|tien|còn|con|mà|giờ|gio|nếu|neu|and|but|can|please)\b)",
    re.IGNORECASE,
)
LEAST_WORDS = 2
MOST = 6
"""What comes after so many clauses decides nothing any more."""


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of *text* in order; single words are none. One clause or none: the text is not worth cutting."""
    return tuple(piece for piece in BREAKS.split(text) if piece and len(piece.split()) >= LEAST_WORDS)[:MOST]
