"""Makes the weights of the models from the phrases: ``python -m benchmarks.understanding.train``. Takes a minute."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bot.understanding.classifier import Stored
from bot.understanding.features import blocks
from bot.understanding.linear import SCALE, Block, packed, weighed
from bot.understanding.phrases import fingerprint, phrases

DATA = Path(__file__).parent.parent.parent / "bot" / "data"
STRENGTH = 8.0
"""Inverse of the regularisation; chosen by learning from some writers' phrases and guessing another's."""
ROUNDS = 300
LEAST_USES = 2
"""A feature of a single phrase tells nothing about other people's."""
RARE_COUNTS = 1.25
"""Power of the rarity of a feature; chosen like the strength."""


def learn(name: str, sentences: Mapping[str, Sequence[str]]) -> Stored:
    """The model *name* of *sentences* (label → examples). The same input gives the same model."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - it takes two seconds to import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    pairs = [(blocks(sentence), label) for label, examples in sentences.items() for sentence in examples]
    rarity = _rarity([found for found, _ in pairs])
    names = DictVectorizer()
    table = names.fit_transform([weighed(found, rarity) for found, _ in pairs])
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS)
    model.fit(table, [label for _, label in pairs])
    return Stored(
        fingerprint=fingerprint(name),
        labels=model.classes_.tolist(),
        bias=(model.intercept_ * SCALE).round().astype(int).tolist(),
        features=names.feature_names_,
        rarity=[round(rarity[feature] * SCALE) for feature in names.feature_names_],
        weights=packed((model.coef_.T * SCALE).round().astype(int).ravel().tolist()),
    )


def _rarity(texts: Sequence[Sequence[Block]]) -> dict[str, float]:
    """Feature → how much it tells: the fewer texts hold it, the more."""
    uses = Counter(name for found in texts for block in found for name in block.names)
    return {
        name: math.log(1 + len(texts) / (1 + count)) ** RARE_COUNTS
        for name, count in uses.items()
        if count >= LEAST_USES
    }


def write(name: str, folder: Path) -> None:
    """Learn the model *name* from the phrases of the program and keep it in *folder*."""
    kept = json.dumps(asdict(learn(name, phrases(name))), separators=(",", ":"))
    (folder / f"{name}.json").write_text(kept + "\n", encoding="utf-8")


if __name__ == "__main__":
    for model_name in ("intents", "fields"):
        write(model_name, DATA)
        click.echo(f"{model_name}: {sum(map(len, phrases(model_name).values()))} phrases")
