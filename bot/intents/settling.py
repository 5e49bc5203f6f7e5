"""Codes that can be read in several ways are settled before a text is understood: only one of the readings exists, or none counts."""

import re
from collections.abc import Sequence

from bot.intent import MalformedCode
from bot.intents.lookup import likest, own_codes
from bot.intents.world import World
from bot.plain import plain
from dossier_client.likeness import part_alone
from dossier_client.mending import SEVERAL_READINGS, Malformed, find_codes
from dossier_client.models import Found, NotFound, OtherProvince, Unavailable

MOST_SETTLED = 3
GOES_ON = re.compile(r"[^0-9A-Z]{1,6}(?:[0-9]|[OQDIL|ZSB]+(?![0-9A-Z]))")
"""A digit next, or letters that are typed for digits and stand alone."""


async def with_codes_settled(text: str, world: World) -> str:
    """The text with the one reading that exists in place of something that has several; else the text as it is.

    All readings of one thing count as one look-up; something of which no reading exists counts as a code not found.
    """
    found = find_codes(text, world.today).malformed
    doubtful = [item for item in found if item.readings and not _may_go_on(item, text)]
    for item in reversed(doubtful[:MOST_SETTLED]):
        if not world.limits.may_look_up(world.contact.home, world.now):
            return text
        if code := await _settled(item, world):
            text = f"{text[: item.start]} {code} {text[item.end :]}"
    return text


def _may_go_on(item: Malformed, text: str) -> bool:
    """What is behind a blank may belong to a number without its zeros: ``...-1 00`` is 1 with something behind it, or 100."""
    return GOES_ON.match(plain(text[item.end :]).upper()) is not None


async def _settled(item: Malformed, world: World) -> str | None:
    existing, elsewhere = [], []
    for reading in item.readings:
        match await world.dossiers.find(reading):
            case Found():
                existing.append(reading)
            case OtherProvince():
                elsewhere.append(reading)
            case Unavailable():
                return None
            case NotFound():
                pass
    if len(existing) == 1:
        return existing[0]
    if not existing and len(elsewhere) == len(item.readings):
        return elsewhere[0]
    _count(existing, item, world)
    return None


def _count(existing: Sequence[str], item: Malformed, world: World) -> None:
    world.limits.look_up(world.contact.home, world.now)
    if not existing:
        world.limits.not_found(world.contact.home, item.readings[0], world.now)


async def part_of_own(text: str, world: World) -> MalformedCode | None:
    """A number alone, while we asked nothing: the end of one of the sender's own codes, or nothing that we know."""
    is_asked = world.contact.question is not None and world.now < world.contact.question.expires_at
    part = None if is_asked else part_alone(text)
    if part is None or not likest(part, await own_codes(world)):
        return None
    return MalformedCode(part, SEVERAL_READINGS)
