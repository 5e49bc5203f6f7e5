"""Messages to set thresholds by: never learnt from, and never counted in ``docs/understanding.md``.

They were written before anything was set by them, in about the proportions of the frozen test set. One a line: the intent that has to be served first,
what else the text asks for after ``+``, then ``|`` and the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).parent / "development" / "intents.txt"


@dataclass(frozen=True, slots=True)
class DevelopmentExample:
    """One message and what it asks for; ``also`` is what it asks for after that."""

    text: str
    intent: str
    also: tuple[str, ...]


def load_development() -> tuple[DevelopmentExample, ...]:
    """Every message, in the order of the file."""
    return tuple(_examples())


def _examples() -> Iterator[DevelopmentExample]:
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        labels, _, text = line.partition(" | ")
        intent, *also = labels.split(" + ")
        yield DevelopmentExample(text, intent, tuple(also))
