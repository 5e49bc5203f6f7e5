"""Codes as people type them: what several tests of the mending share."""

from datetime import date

from dossier_client.mending import find_codes

TODAY = date(2026, 11, 25)
A = "H05.12-260610-0001"
B = "H05.13-260610-0002"
N = "000.00.15.H05-190626-0003"


def codes_of(text: str) -> list[str]:
    """The canonical codes in a text, in order."""
    return [typed.code.text for typed in find_codes(text, TODAY).codes]
