"""Slips of the finger in words that we know: the nearest known word, where there is one."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from bot.understanding.phrases import phrases
from bot.understanding.text import fold

SHORTEST = 4
"""Below this length nearly every word is one slip from another."""
OFTEN = 3
"""A word counts as known when the phrases hold it so often."""
REMEMBERED = 4096


def spelled(words: Sequence[str]) -> Iterator[str]:
    """Each of the folded *words*; unknown ones as the known word one slip away, rather of the same length, that is used most."""
    known = vocabulary()
    for word in words:
        yield word if len(word) < SHORTEST or word in known or not word.isalpha() else _nearest(word)


@cache
def vocabulary() -> Counter[str]:
    """Folded words of the phrases, with how often each stands there."""
    counts: Counter[str] = Counter()
    for sentences in phrases("intents").values():
        counts.update(re.findall(r"[a-z]+", fold("\n".join(sentences)).lower()))
    return Counter({word: count for word, count in counts.items() if count >= OFTEN})


@lru_cache(maxsize=REMEMBERED)
def _nearest(word: str) -> str:
    near = (known for known in vocabulary() if abs(len(known) - len(word)) <= 1 and len(known) >= SHORTEST - 1)
    alike = [known for known in near if OSA.distance(known, word, score_cutoff=1) <= 1]
    return max(alike, key=lambda known: (len(known) == len(word), vocabulary()[known]), default=word)
