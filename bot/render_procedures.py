"""How procedures look in a text: names that fit, choices that differ, as many papers as there is room for."""

import re
from collections.abc import Iterable

from bot.render_style import Style, shortened

NAME_BUDGET, CHOICES_BUDGET, LIST_BUDGET, LONGEST_NAME = 48, 100, 60, 200
"""Characters in an SMS: of a name, of all names to choose from, of the papers of a procedure together, and of any name."""
NAME_START = re.compile(
    r"^(?:thủ tục|liên thông các thủ tục hành chính về|liên thông thủ tục hành chính về) +", re.IGNORECASE
)


def choices(values: Iterable[str], style: Style) -> list[str]:
    """Names to choose from; where two would be cut to the same words, beginning and end are shown."""
    given = tuple(values)
    budget = CHOICES_BUDGET // max(2, len(given))
    names = [titled(value, style, budget) for value in given]
    if style.sms and len(set(names)) < len(names):
        return [_ends(titled(value, style, LONGEST_NAME), budget) for value in given]
    return names


def titled(name: str, style: Style, budget: int = NAME_BUDGET) -> str:
    """Without the words that every name begins with, and not shouted."""
    bare = " ".join(name.split())
    bare = bare.capitalize() if bare.isupper() else bare
    bare = NAME_START.sub("", bare)
    return style.text(bare[:1].upper() + bare[1:], budget)


def _ends(name: str, budget: int) -> str:
    """Beginning and end of a long name."""
    if len(name) <= budget:
        return name
    tail = name[-(budget * 2 // 3) :].partition(" ")[2]
    return shortened(name, budget - len(tail)) + tail


def listed(values: Iterable[str], style: Style) -> list[str]:
    """In an SMS only as many as there is room for."""
    texts = [style.text(value, LONGEST_NAME) for value in values]
    if not style.sms:
        return texts
    kept = [shortened(texts[0], LIST_BUDGET)] if texts else []
    for text in texts[1:]:
        if len(", ".join((*kept, text))) > LIST_BUDGET:
            break
        kept.append(text)
    return kept
