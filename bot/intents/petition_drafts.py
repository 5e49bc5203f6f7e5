"""A petition in the making: opened, written on, looked at, given up. Nothing of it is a petition before it is submitted."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.intent import Outcome, Reply
from bot.intents.world import World
from bot.model import ChannelName, Destination
from bot.petitions.record import Confidentiality, Draft, Place
from bot.petitions.writes import DropDraft, KeepDraft
from bot.understanding.emergencies import is_emergency
from bot.understanding.places import ward_in
from bot.understanding.text import normal

LONGEST = 2000
"""Characters of a petition."""
TOLD_EACH = 3
"""By SMS every third text of a draft is confirmed: each answer costs."""


def new_draft(world: World, *texts: str, **more: Any) -> Draft:
    """One that begins now, from this account."""
    kept, _ = cut(texts)
    fields: dict[str, Any] = {
        "texts": kept,
        "files": world.attached.files,
        "place": Place(latitude=world.attached.latitude, longitude=world.attached.longitude),
        "told_at": (world.reached_here,),
        "opened_at": world.now,
        "changed_at": world.now,
    }
    return Draft(**(fields | more))


def cut(texts: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """The texts that are not empty, up to the longest petition, and whether something had no room."""
    kept: list[str] = []
    room, whole = LONGEST, True
    for text in filter(None, (text.strip() for text in texts)):
        whole = whole and len(text) <= room
        if room > 0:
            kept.append(text[:room])
        room -= len(text) + 1
    return tuple(kept), not whole


def with_account(draft: Draft, here: Destination) -> tuple[Destination, ...]:
    """Every account that took part in it, in that order."""
    others = (account for account in draft.told_at if account.address != here.address)
    return (*others, here)


async def open_draft(world: World, *, name_hidden: bool = False) -> Outcome:
    """``PA`` alone: what was offered before is taken over, what is open is shown."""
    draft = await world.petitions.draft()
    if draft is not None and not draft.is_offer:
        return review(draft)
    confidentiality = Confidentiality.NAME_HIDDEN if name_hidden else Confidentiality.NOT_PUBLIC
    return Outcome((Reply("pa.open", {}),), (KeepDraft(new_draft(world, confidentiality=confidentiality)),))


def written_on(draft: Draft, text: str, world: World) -> Draft:
    """The draft with one more text."""
    texts, _ = cut((*draft.texts, text))
    return replace(
        draft,
        texts=texts,
        told_at=with_account(draft, world.reached_here),
        is_emergency=draft.is_emergency or is_emergency(normal(text)),
        changed_at=world.now,
        reminded_at=None,
    )


async def write(text: str, world: World) -> Outcome:
    """Words that belong to the draft."""
    draft = await world.petitions.draft()
    if draft is None or draft.is_offer:
        return Outcome((Reply("pa.no_draft", {}),))
    after = written_on(draft, text, world)
    keep = (KeepDraft(after),)
    if cut((*draft.texts, text))[1]:
        return Outcome((Reply("pa.full", {}),), keep)
    if after.is_emergency and not draft.is_emergency:
        return Outcome((Reply("pa.emergency", {"kept": True}),), keep)
    return Outcome(noted(after, world), keep)


def noted(draft: Draft, world: World) -> tuple[Reply, ...]:
    """That the draft has grown: each time in a chat, now and then by SMS."""
    by_sms = world.contact.address.channel is ChannelName.SMS
    if by_sms and len(draft.texts) % TOLD_EACH:
        return ()
    values = {"count": len(draft.texts), "files": len(draft.files) or None, "ward": place_said(draft)}
    return (Reply("pa.append", values),)


def review(draft: Draft) -> Outcome:
    """What is written so far."""
    values = {"count": len(draft.texts) or None, "files": len(draft.files) or None, "ward": place_said(draft)}
    if not draft.texts:
        return Outcome((Reply("pa.open", {}),))
    return Outcome((Reply("pa.review", values | {"text": draft.text}),))


async def drop(world: World) -> Outcome | None:
    """Give it up; None when there is none."""
    draft = await world.petitions.draft()
    return None if draft is None else Outcome((Reply("pa.dropped", {}),), (DropDraft(),))


def offer(text: str, world: World, **more: Any) -> Outcome:
    """A text that may be meant as a petition is kept until the person says so."""
    return Outcome((Reply("unknown.long", {}),), (KeepDraft(new_draft(world, text, is_offer=True, **more)),))


def place_said(draft: Draft) -> str:
    """Where it is, as the person is told: also what only a photo says, so that it can be put right."""
    place = draft.place
    spot = "" if place.latitude is None else f"{place.latitude:.5f}, {place.longitude:.5f}"
    return place.ward or place.text or spot


def place_of(draft: Draft) -> Place:
    """The place that was shared, with the ward that the words name."""
    if draft.place.ward:
        return draft.place
    named = ward_in(draft.text)
    return replace(draft.place, ward=named.name) if named else draft.place
