"""The development set: in the proportions of the frozen set, and nothing of it is learnt."""

from collections import Counter

from benchmarks.understanding.development import load_development
from benchmarks.understanding.frozen import leaks
from bot.understanding.phrases import phrases
from bot.understanding.shapes import SHAPES

EXAMPLES = load_development()


def test_there_is_enough_of_everything() -> None:
    per_intent = Counter(example.intent for example in EXAMPLES)
    assert per_intent.keys() == SHAPES.keys()
    assert min(per_intent.values()) >= 15
    hard = [example for example in EXAMPLES if example.intent == "out_of_scope" or example.also]
    assert len(hard) / len(EXAMPLES) >= 0.25
    assert all(SHAPES.keys() >= {*example.also} for example in EXAMPLES)
    assert len({example.text for example in EXAMPLES}) == len(EXAMPLES) >= 380


def test_nothing_of_it_is_learnt() -> None:
    learnt = [phrase for examples in phrases("intents").values() for phrase in examples]
    assert leaks([example.text for example in EXAMPLES], learnt) == []
