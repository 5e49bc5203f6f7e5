"""The second frozen test set is what was frozen, and its two halves share no text."""

from benchmarks.understanding.frozen import SECOND, SECOND_READABLE, check_frozen, load_intents
from bot.understanding.text import fold


def test_the_pinned_half_is_what_was_frozen() -> None:
    assert check_frozen(SECOND) == []


def test_the_halves_share_no_message() -> None:
    pinned, readable = ({fold(row.text).lower() for row in load_intents(half)} for half in (SECOND, SECOND_READABLE))
    assert not pinned & readable
