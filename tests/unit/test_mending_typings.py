"""Ways of typing codes, as a table: one reading is a code, several are asked for, none is nobody's."""

import csv
from pathlib import Path

import pytest

from dossier_client.mending import find_codes
from tests.unit.typed import TODAY

TABLE = Path(__file__).parent.parent / "fixtures" / "code_typings.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}: {row['input']}")
def test_typings(row: dict[str, str]) -> None:
    expected = row["codes"].split("|") if row["codes"] else []
    found = find_codes(row["input"], TODAY)
    assert [typed.code.text for typed in found.codes] == (expected if len(expected) == 1 else [])
    readings = [reading for item in found.malformed for reading in item.readings]
    assert readings == (expected if len(expected) > 1 else [])
