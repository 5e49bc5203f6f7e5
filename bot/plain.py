"""Vietnamese without diacritics, in the characters that every phone shows: ASCII that is also in the GSM basic alphabet."""

import unicodedata

_TYPOGRAPHIC = str.maketrans(
    {"đ": "d", "Đ": "D", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "..."}
)
_NOT_BASIC = str.maketrans(dict.fromkeys([*map(chr, range(32)), *"^{}[]~\\|`", "\x7f"], " "))


def plain(text: str) -> str:
    """*text* without diacritics; whatever the basic alphabet or ASCII lacks becomes a space. Blanks are not collapsed."""
    if not text.isascii():
        bare = unicodedata.normalize("NFD", text.translate(_TYPOGRAPHIC))
        text = "".join(
            char if char.isascii() else " " for char in bare if char.isascii() or not unicodedata.combining(char)
        )
    return text.translate(_NOT_BASIC)
