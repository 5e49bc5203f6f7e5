"""Texts that need the police, the fire brigade or an ambulance, not an office."""

import re

_DANGER = re.compile(
    r"\b(?:CHAY NHA|NHA CHAY|CHAY LON|CHAY RUNG|DANG CHAY NO|DANH NHAU|CUOP|TAI NAN|DUOI NUOC|CAP CUU|CUU VOI)\b"
)
_PAPERS = re.compile(r"\b(?:LAO DONG|BAO HIEM|THU TUC|HO SO|HS|GIAY|CHE DO|TRO CAP|PCCC)\b")
"""Words of somebody who asks about papers, for instance after an accident at work."""


def is_emergency(normalised: str) -> bool:
    """Whether *normalised* reports danger."""
    return bool(_DANGER.search(normalised)) and not _PAPERS.search(normalised)
