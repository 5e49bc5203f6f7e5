"""Petitions that are about the same matter: attached when one person sends it twice, else only shown to an officer."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from bot.petitions.record import OPEN, Petition, Place
from bot.understanding.text import normal

SENT_AGAIN, AGAIN_WITHIN = 92.0, timedelta(hours=24)
"""How alike (0-100) and how close in time two texts of one person are taken for the same."""
PERHAPS_SAME, LATELY = 75.0, timedelta(days=14)
NEAR, NEAR_ON_ROADS = 100.0, 300.0
"""Metres."""
ALONG_ROADS = frozenset({"GT", "DN"})
"""Fields whose matters stretch: traffic, power and water."""
EARTH_RADIUS = 6_371_000.0
_EMPTY = "anh bi boi cac cai can cho chung con cua dang day de do duoc gi hay kia la lai len mot nay neu nhe nhung ra rat roi sau se tai that the theo thi toi van vao ve vi voi xin"
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Folded words that say nothing of the matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """A petition that may be about the same matter."""

    petition: Petition
    likeness: float
    """Of the texts, 0-100."""
    metres: float | None = None
    """Between the places; None when one of them is only a ward."""


def likeness(text: str, other: str) -> float:
    """How alike two texts are, 0-100, whatever their order, accents and empty words."""
    return float(fuzz.token_set_ratio(_bare(text), _bare(other)))


def sent_before(text: str, own: Iterable[Petition], now: datetime) -> Petition | None:
    """The open petition that the same person sent within a day and that says the same."""
    lately = (petition for petition in own if petition.state in OPEN and now - petition.sent_at < AGAIN_WITHIN)
    return next((petition for petition in lately if likeness(text, petition.text) >= SENT_AGAIN), None)


def perhaps_same(petition: Petition, candidates: Iterable[Petition], now: datetime) -> Sequence[Likely]:
    """Open petitions of the last two weeks in the same field and place that say much the same, the likest first."""
    found = [
        Likely(
            petition=other,
            likeness=likeness(petition.text, other.text),
            metres=distance(petition.place, other.place),
        )
        for other in candidates
        if other.code != petition.code
        and other.state in OPEN
        and other.category == petition.category
        and now - other.sent_at < LATELY
        and _same_place(petition, other)
    ]
    alike = [likely for likely in found if likely.likeness >= PERHAPS_SAME]
    return sorted(alike, key=lambda likely: (-likely.likeness, likely.petition.code))


def distance(place: Place, other: Place) -> float | None:
    """Metres between two places; None when one has no coordinates."""
    if place.latitude is None or place.longitude is None or other.latitude is None or other.longitude is None:
        return None
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    other_latitude, other_longitude = math.radians(other.latitude), math.radians(other.longitude)
    chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin((other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(chord))


def _same_place(petition: Petition, other: Petition) -> bool:
    metres = distance(petition.place, other.place)
    if metres is None:
        return bool(petition.place.ward) and petition.place.ward == other.place.ward
    return metres <= (NEAR_ON_ROADS if petition.category in ALONG_ROADS else NEAR)


def _bare(text: str) -> str:
    return " ".join(word for word in normal(text).split() if word not in EMPTY_WORDS)
