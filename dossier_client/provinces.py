"""Which province or ministry a head belongs to, for codes that lead to no system of ours."""

import csv
from functools import cache
from importlib import resources


@cache
def _names() -> dict[str, str]:
    table = resources.files("dossier_client").joinpath("data", "province_codes.csv").read_text(encoding="utf-8")
    return {
        row["code"]: row["successor_after_2025_07_01"] or row["name_2020"] for row in csv.DictReader(table.splitlines())
    }


def province_name(head: str) -> str:
    """The name in Vietnamese as of today's map, since provinces were merged on 2025-07-01; "" for a head that is not on the list."""
    return _names().get(head, "")
