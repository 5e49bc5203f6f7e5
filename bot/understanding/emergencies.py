"""Texts that need the police, the fire brigade or an ambulance, not an office."""

import re

_DANGER = re.compile(
    r"\b(?:CHAY NHA|NHA CHAY|NHA TOI CHAY|CHAY LON|CHAY RUNG|BOC CHAY|DANG CHAY NO|HOA HOAN|DANH NHAU|CHEM NHAU|DAM CHEM|(?<!AN )CUOP|TAI NAN|DUOI NUOC|CHET DUOI"
    r"|CAP CUU|CUU TOI|RO RI (?:KHI )?GAS|DIEN GIAT|SAP NHA|NGO DOC|BAT COC|NHAY CAU"
    r"|SOMEONE IS DROWNING|HOUSE (?:IS )?ON FIRE|ON FIRE|AMBULANCE|EMERGENCY)\b|(?<!TRA )\bCUU VOI\b"
)
_PAPERS = re.compile(r"\b(?:LAO DONG|BAO HIEM|THU TUC|HO SO|HS|GIAY|CHE DO|TRO CAP|PCCC)\b")
"""Words of somebody who asks about papers, for instance after an accident at work."""


def is_emergency(normalised: str) -> bool:
    """Whether *normalised* reports danger."""
    return bool(_DANGER.search(normalised)) and not _PAPERS.search(normalised)
