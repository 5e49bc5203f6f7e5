"""Texts in the letters that an SMS holds at 160 to a segment."""

from bot.understanding.text import fold

TYPOGRAPHIC = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "•": "-",
        "·": ".",
    }
)
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 @$!\"#%&'()*+,-./:;<=>?_")


def plain(text: str) -> str:
    """Vietnamese without marks, typographic signs in ASCII, anything else a blank; one line, single blanks."""
    written = fold(text.translate(TYPOGRAPHIC))
    return " ".join("".join(character if character in ALLOWED else " " for character in written).split())
