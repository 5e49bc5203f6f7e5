"""Makes the weights of the models from the phrases: ``python -m benchmarks.understanding.train``. Takes a minute."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from bot.understanding.classifier import Stored
from bot.understanding.features import features
from bot.understanding.linear import SCALE, packed
from bot.understanding.phrases import fingerprint, phrases

DATA = Path(__file__).parent.parent.parent / "bot" / "data"
STRENGTH = 8.0
"""Inverse of the regularisation; chosen by learning from some writers' phrases and guessing another's."""
ROUNDS = 300
LEAST = 20
"""Features whose weights are all smaller (in hundredths) are left out: they change nothing and cost memory."""


def learn(name: str, sentences: Mapping[str, Sequence[str]]) -> Stored:
    """The model *name* of *sentences* (label → examples). The same input gives the same model."""
    pairs = [(features(sentence), label) for label, examples in sentences.items() for sentence in examples]
    names = DictVectorizer()
    table = names.fit_transform([row for row, _ in pairs])
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS)
    model.fit(table, [label for _, label in pairs])
    weights = (model.coef_.T * SCALE).round().astype(int).tolist()
    kept = [
        (feature, row)
        for feature, row in zip(names.feature_names_, weights, strict=True)
        if max(map(abs, row)) >= LEAST
    ]
    return Stored(
        fingerprint=fingerprint(name),
        labels=model.classes_.tolist(),
        bias=(model.intercept_ * SCALE).round().astype(int).tolist(),
        features=[feature for feature, _ in kept],
        weights=packed([weight for _, row in kept for weight in row]),
    )


def write(name: str, folder: Path) -> None:
    """Learn the model *name* from the phrases of the program and keep it in *folder*."""
    kept = json.dumps(asdict(learn(name, phrases(name))), separators=(",", ":"))
    (folder / f"{name}.json").write_text(kept + "\n", encoding="utf-8")


if __name__ == "__main__":
    for model_name in ("intents", "fields"):
        write(model_name, DATA)
        click.echo(f"{model_name}: {sum(map(len, phrases(model_name).values()))} phrases")
