"""Which province or ministry a head belongs to, for codes that lead to no system of ours."""

import csv
from functools import cache
from importlib import resources

_NAMED_BY_SUCCESSOR = frozenset({"province", "ministry"})
_UNNAMED = "other"
"""Rows that describe a head whose owner is not known."""


def province_name(head: str) -> str:
    """The name in Vietnamese as of today's map (provinces were merged on 2025-07-01); "" for a head nobody knows."""
    return _names().get(head, "")


@cache
def _names() -> dict[str, str]:
    table = resources.files("dossier_client").joinpath("data", "province_codes.csv").read_text(encoding="utf-8")
    return {row["code"]: _name(row) for row in csv.DictReader(table.splitlines()) if row["kind"] != _UNNAMED}


def _name(row: dict[str, str]) -> str:
    successor = row["successor_after_2025_07_01"] if row["kind"] in _NAMED_BY_SUCCESSOR else ""
    return successor or row["name_2020"]
