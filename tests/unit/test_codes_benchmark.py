"""The benchmark of codes, small: all targets hold, and nobody learns of another's dossier."""

import pytest

from benchmarks.understanding.codes import Results, results, table
from benchmarks.understanding.spelling_of_codes import spells
from benchmarks.understanding.universe import exists


@pytest.fixture(scope="module")
def found() -> Results:
    return results(share=0.04)


def test_all_targets_hold(found: Results) -> None:
    failures = [tally.failures for tally in (found.mended, found.own, found.refused)]
    assert found.is_good, failures
    assert found.mutations == 4000


def test_nothing_is_disclosed(found: Results) -> None:
    assert found.disclosures == []


def test_the_table_has_every_kind(found: Results) -> None:
    lines = "\n".join(table(found))
    assert all(f"| {kind} |" in lines for tally in (found.mended, found.own, found.refused) for kind in tally.of)


@pytest.mark.parametrize(
    ("text", "code", "is_spelled"),
    [
        ("H05 chấm 12 gạch 10/6/2026 gạch 1", "H05.12-260610-0001", True),
        ("15.HO5-l90626-3", "000.00.15.H05-190626-0003", True),
        ("0.0.5.H05-190626-3", "000.00.05.H05-190626-0003", True),
        ("h05%2E12-260610-0001", "H05.12-260610-0001", True),
        ("G09.20-9/6/2026-92637", "G09.20-20260609-0092637", True),
        ("H05.12-260610-12", "H05.12-260610-0001", False),
        ("H05.12-260610-0002", "H05.12-260610-0001", False),
        ("05.12-260610-0001", "H05.12-260610-0001", False),
        ("5.H05-190626-0003", "000.17.05.H05-190626-0003", False),
    ],
)
def test_what_spells_a_code(text: str, code: str, *, is_spelled: bool) -> None:
    assert spells(text, code) is is_spelled


@pytest.mark.parametrize(
    ("code", "is_there"),
    [
        ("H05.12-260610-0001", True),
        ("H05.12-260610-0999", True),
        ("H05.12-260610-1000", False),
        ("H05.12-260610-001", False),
        ("G09.20-20260609-0000637", True),
        ("G09.20-260609-0000637", False),
        ("H05.999-260610-0001", False),
    ],
)
def test_the_universe(code: str, *, is_there: bool) -> None:
    assert exists(code) is is_there
