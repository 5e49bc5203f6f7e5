"""The figures of models that learn only from phrases written after the frozen test set was, so that no sentence of it can have followed
a phrase: ``python -m benchmarks.understanding.later`` prints them as JSON. The program is copied, and the copy learns anew.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.understanding import measures
from benchmarks.understanding.train import write
from bot.understanding.phrases import FIRST, later_phrases

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bot", "benchmarks", "dossier_client", "sms")
STYLES = ("accents", "telex", "vni")
MODELS = ("intents", "fields")


def figures() -> Sequence[Sequence[str]]:
    """What was measured, and how it came out, row by row."""
    if not any((ROOT / "bot" / "data" / "intents" / FIRST).iterdir()):
        return list(_learnt_anew())
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for package in PACKAGES:
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        for name in MODELS:
            for file in (copy / "bot" / "data" / name / FIRST).iterdir():
                file.unlink()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.understanding.later"], cwd=copy, stdout=subprocess.PIPE, check=True
        )
    rows: list[list[str]] = json.loads(done.stdout)
    return rows


def _learnt_anew() -> Iterator[Sequence[str]]:
    for model in MODELS:
        write(model, ROOT / "bot" / "data")
    for style in STYLES:
        share, f1 = measures.intents(style)
        yield f"intents, {style}", f"{share}, macro-F1 {f1:.3f}"
    yield "field of a petition", str(measures.fields())
    yield "agency of a petition", str(measures.agencies())
    yield "procedure, first", str(measures.procedures("accents"))
    yield "procedure, first three", str(measures.procedures_of_three("accents"))
    yield "procedure, abstained", str(measures.abstentions("accents"))
    learnt = (sum(map(len, later_phrases(name).values())) for name in MODELS)
    yield "learnt from", "{:,} phrases, {:,} petitions".format(*learnt)


if __name__ == "__main__":
    click.echo(json.dumps(list(figures()), ensure_ascii=False))
