"""Whatever is written: a reply names only dossiers that the text spells, or the sender's own."""

import asyncio
import random
import string

from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.understanding import typings
from benchmarks.understanding.codes import Person, shown
from benchmarks.understanding.spelling_of_codes import spells
from benchmarks.understanding.universe import some_code

OWN = ("H05.12-260610-0001", "000.00.15.H05-190626-0003", "G09.20-20260609-0000637")
OWNER, STRANGER = Person(OWN), Person()
SEEDS = st.integers(0, 2**32)
PIECES = st.sampled_from(
    [
        *(".", "-", " ", "/", "\n", "–", "\u200b", " chấm ", " gach ", "%2D", "*", "?", "x", " đến ", ", ", "..", ":"),
        *("0", "00", "000.", "000.00.", "H", "H05", "h05.12", "O", "l", "15", "1", "12", "0001", "0003", "G09.20"),
        *("260610", "190626", "10/06/2026", "20260610", "10062026", "HS ", "tc", "NK ", "TD ", "hồ sơ ", "0912345678"),
    ]
)


def typed(seed: int) -> str:
    """Some code with mistakes of several kinds and some edits."""
    chance = random.Random(seed)
    code = some_code(chance)
    text = chance.choice(list(typings.KINDS.values()))(code, chance) or str(code)
    for _ in range(chance.randrange(4)):
        text = typings.mutated(text, chance, string.digits + " .-HOl*") if len(set(text)) > 1 else text
    return text


TEXTS = (
    st.lists(PIECES, min_size=1, max_size=12).map("".join)
    | SEEDS.map(typed)
    | st.builds("{} {}".format, SEEDS.map(typed), st.lists(PIECES, max_size=4).map("".join))
    | st.text(max_size=200)
)


@example("0000001H05:200101:1 0:0")
@example("01H56:200101:1: :0")
@example("01H56:200101:1 Z")
@example("01H56:200101:0Z 0:0")
@example("01H56:200101:1 0A")
@given(TEXTS)
def test_a_stranger_is_shown_only_what_the_text_spells(text: str) -> None:
    strangers = shown(asyncio.run(STRANGER.says(text)))
    assert all(spells(text, code) for code in strangers)


@given(TEXTS)
def test_an_owner_is_shown_the_own_ones_beside(text: str) -> None:
    told = shown(asyncio.run(OWNER.says(text))) - OWNER.own
    assert all(spells(text, code) for code in told)
