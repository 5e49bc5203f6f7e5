"""An edited message: in a draft it takes the place of what it was; of a petition that was sent it is added."""

from dataclasses import replace

from bot.events import Edited
from bot.intent import Outcome, Reply
from bot.intents.petition_drafts import noted
from bot.intents.petition_submit import citizen
from bot.intents.world import World
from bot.petitions.commands import AddInformation
from bot.petitions.deciding import decide
from bot.petitions.record import OPEN, Petition, PetitionChange
from bot.petitions.writes import ChangePetition, KeepDraft
from bot.understanding.keywords import keyword_at_head
from bot.understanding.text import normal

SHORTEST = 10
"""Characters: a shorter text may stand in a petition by chance."""


async def petition_edited(event: Edited, after: str, world: World) -> Outcome | None:
    """What an edit does to a petition; None when the text that was edited belongs to none."""
    original = await world.memory.original(event.message)
    if original is None:
        return None
    was, now = original.text.strip(), after.strip()
    draft = await world.petitions.draft()
    if draft is not None and was in draft.texts:
        kept = replace(draft, texts=tuple(now if text == was else text for text in draft.texts), changed_at=world.now)
        return Outcome(noted(kept, world), (KeepDraft(kept),))
    petition = next((item for item in await world.petitions.own() if _holds(item, was)), None)
    return None if petition is None else await _added(petition, now, world)


def _holds(petition: Petition, text: str) -> bool:
    """Whether the text was the petition, or a part of it, with or without the command before it."""
    bare = _bare(text)
    return petition.state in OPEN and len(bare) >= SHORTEST and bare in petition.text


def _bare(text: str) -> str:
    match = keyword_at_head(normal(text))
    count = len(match.rest.split()) if match else 0
    return " ".join(text.split()[-count:]) if count else text


async def _added(petition: Petition, text: str, world: World) -> Outcome:
    command = AddInformation(text=f"Người gửi sửa: {_bare(text)}", told_at=(world.reached_here,))
    decided = decide(petition, command, citizen(world), await world.petitions.around(world.now, petition))
    if not isinstance(decided, PetitionChange):
        return Outcome()
    return Outcome((Reply("pa.added", {"code": petition.code}),), (ChangePetition(decided),))
