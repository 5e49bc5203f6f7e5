"""The phrases that the models were learnt from, as they come with the program."""

import hashlib
from importlib.resources import files

TABLES = ("concepts", "petition_categories")


def phrases(name: str) -> dict[str, list[str]]:
    """Label → example sentences of the model *name* (``intents``, ``fields``)."""
    folder = files("bot").joinpath(f"data/{name}")
    return {
        item.name.removesuffix(".txt"): [line for line in item.read_text(encoding="utf-8").splitlines() if line.strip()]
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
    }


def fingerprint(name: str) -> str:
    """What the weights are made from: changes with every phrase and concept."""
    words = b"".join(files("bot").joinpath(f"data/{table}.json").read_bytes() for table in TABLES)
    return hashlib.sha256(repr(phrases(name)).encode() + words).hexdigest()[:16]
