"""Makes the weights of the classifiers from the phrases: softmax regression by AdaGrad. Takes a minute; never at run time."""

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import click

from bot.understanding.classifier import SCALE, Stored
from bot.understanding.features import features
from bot.understanding.linear import Model, probabilities

ROUNDS = 12
RATE = 0.35
DECAY = 2e-4
"""How strongly weights are held small."""
SEED = 20260101

Example = tuple[dict[str, float], int]


def phrases(name: str) -> dict[str, list[str]]:
    """Label → example sentences of one model, as they come with the program."""
    folder = files("bot").joinpath(f"data/{name}")
    return {
        item.name.removesuffix(".txt"): [line for line in item.read_text(encoding="utf-8").splitlines() if line.strip()]
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
    }


def fingerprint(name: str) -> str:
    """What the weights are made from: changes with every phrase and concept."""
    words = b"".join(
        files("bot").joinpath(f"data/{table}.json").read_bytes() for table in ("concepts", "petition_categories")
    )
    return hashlib.sha256(repr(phrases(name)).encode() + words).hexdigest()[:16]


def train(sentences: Mapping[str, Sequence[str]], rounds: int = ROUNDS) -> Model:
    """The model of *sentences* (label → examples). The same input gives the same model."""
    labels = tuple(sentences)
    examples: list[Example] = [
        (features(sentence), index) for index, label in enumerate(labels) for sentence in sentences[label]
    ]
    often = Counter(name for row, _ in examples for name in row)
    examples = [({name: value for name, value in row.items() if often[name] > 1}, index) for row, index in examples]
    balance = [len(examples) / (len(labels) * len(sentences[label])) for label in labels]
    weights: dict[str, list[float]] = {name: [0.0] * len(labels) for name, count in often.items() if count > 1}
    squares: dict[str, list[float]] = {name: [1e-3] * len(labels) for name in weights}
    bias = [0.0] * len(labels)
    order = random.Random(SEED)  # noqa: S311 - a shuffle that must be the same each time, not a secret
    for _ in range(rounds):
        order.shuffle(examples)
        for row, right in examples:
            _learn(row, right, balance[right], (bias, weights, squares))
    return Model(labels, bias, weights)


def _learn(
    row: Mapping[str, float],
    right: int,
    importance: float,
    state: tuple[list[float], dict[str, list[float]], dict[str, list[float]]],
) -> None:
    bias, weights, squares = state
    scores = list(bias)
    for name, value in row.items():
        scores = [score + value * weight for score, weight in zip(scores, weights[name], strict=True)]
    errors = [importance * (share - (index == right)) for index, share in enumerate(probabilities(scores))]
    for name, value in row.items():
        held, seen = weights[name], squares[name]
        for index, error in enumerate(errors):
            slope = error * value + DECAY * held[index]
            seen[index] += slope * slope
            held[index] -= RATE * slope / math.sqrt(seen[index])
    for index, error in enumerate(errors):
        bias[index] -= 0.02 * error


def write(name: str, folder: Path) -> None:
    """Learn the model *name* and keep it in *folder*."""
    learnt = train(phrases(name))
    kept = Stored(
        fingerprint=fingerprint(name),
        labels=list(learnt.labels),
        bias=[round(weight * SCALE) for weight in learnt.bias],
        weights={feature: [round(weight * SCALE) for weight in row] for feature, row in sorted(learnt.weights.items())},
    )
    (folder / f"{name}.json").write_text(json.dumps(asdict(kept), separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    """Make both models anew."""
    folder = Path(__file__).parent.parent / "data"
    for name in ("intents", "fields"):
        write(name, folder)
        click.echo(f"{name}: {sum(map(len, phrases(name).values()))} phrases")


if __name__ == "__main__":
    main()
