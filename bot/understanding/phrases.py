"""The phrases that the models were learnt from, as they come with the program."""

import hashlib
from importlib.resources import files

TABLES = ("concepts", "petition_categories")


FIRST = "first"
"""The folder of the phrases that were written before, or while, the frozen test set was."""


def phrases(name: str) -> dict[str, list[str]]:
    """Label → example sentences of the model *name* (``intents``, ``fields``)."""
    first = _read(f"{name}/{FIRST}")
    return {label: first.get(label, []) + later for label, later in later_phrases(name).items()}


def later_phrases(name: str) -> dict[str, list[str]]:
    """Those that were written after the frozen test set was."""
    return _read(name)


def _read(folder: str) -> dict[str, list[str]]:
    found = files("bot").joinpath(f"data/{folder}").iterdir()
    return {
        item.name.removesuffix(".txt"): [line for line in item.read_text(encoding="utf-8").splitlines() if line.strip()]
        for item in sorted(found, key=lambda item: item.name)
        if item.name.endswith(".txt")
    }


def fingerprint(name: str) -> str:
    """What the weights are made from: changes with every phrase and concept."""
    words = b"".join(files("bot").joinpath(f"data/{table}.json").read_bytes() for table in TABLES)
    return hashlib.sha256(repr(phrases(name)).encode() + words).hexdigest()[:16]
