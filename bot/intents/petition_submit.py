"""A draft becomes a petition: what forbids it, whether it was sent before, and what is said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import VIETNAM
from bot.intent import Ask, Outcome, Reply, Write
from bot.intents.petition_drafts import new_draft, place_of, with_account
from bot.intents.world import World, day_of
from bot.model import ChannelName, Question
from bot.petitions.commands import AddInformation, Submit
from bot.petitions.deciding import decide
from bot.petitions.duplicates import sent_before
from bot.petitions.record import CITIZEN, Actor, Confidentiality, Draft, Petition, PetitionChange
from bot.petitions.writes import ChangePetition, DropDraft, KeepDraft
from bot.understanding.petition.hints import PetitionHints, petition_hints
from bot.wishes import NewPetition

SHORTEST = 20
A_DAY, IN_THIRTY_DAYS, THIRTY_DAYS = 5, 20, timedelta(days=30)
QUESTION_OPEN = timedelta(hours=1)
MOST_AT_ONCE = 3
"""Petitions that one text becomes."""


def citizen(world: World) -> Actor:
    """Who writes, by the channel of the message."""
    return replace(CITIZEN, channel=world.contact.address.channel)


async def new_petition(wish: NewPetition, world: World) -> Outcome:
    """``PA <text>``: submitted at once when it says enough."""
    confidentiality = Confidentiality.NAME_HIDDEN if wish.name_hidden else Confidentiality.NOT_PUBLIC
    return await submit(new_draft(world, wish.text, confidentiality=confidentiality), world)


async def emergency(wish: NewPetition, world: World) -> Outcome:
    """The numbers to call, whatever else; what is too short to act on is kept to be written on."""
    draft = new_draft(world, wish.text, is_emergency=True)
    if await forbidden(world) is not None:
        return Outcome((Reply("pa.emergency", {}),))
    if len(draft.text) < SHORTEST:
        return Outcome((Reply("pa.emergency", {"kept": True}),), (KeepDraft(draft),))
    return await submit(draft, world)


async def submit(draft: Draft, world: World, *, asked: bool = False, other_matter: bool = False) -> Outcome:
    """The receipt, or what stands against it. *asked*: whether its matters belong together; *other_matter*: that it is none sent before."""
    if stopped := await _shut_out(world):
        return stopped
    if len(draft.text.strip()) < SHORTEST:
        return Outcome((Reply("pa.short", {}),), (KeepDraft(draft),) if draft.files else ())
    own = await world.petitions.own()
    before = None if other_matter else sent_before(draft.text, own, world.now)
    if before is not None:
        return await _same_as(before, draft, world)
    if stopped := await forbidden(world):
        return stopped
    hints = petition_hints(draft.text)
    if not asked and _has_two_matters(hints, draft, world):
        return Outcome(
            (Reply("pa.split", {}),), (KeepDraft(replace(draft, is_offer=True)), _ask("petition_split", world))
        )
    return await _taken((draft,), world)


async def submit_each(draft: Draft, world: World) -> Outcome:
    """Each matter of the draft as a petition of its own; files go with the first, the place with all."""
    if stopped := await forbidden(world):
        return stopped
    parts = petition_hints(draft.text).parts[:MOST_AT_ONCE] or (draft.text,)
    draft = replace(draft, place=place_of(draft))
    drafts = tuple(
        replace(draft, texts=(part,), files=draft.files if place == 0 else ()) for place, part in enumerate(parts)
    )
    return await _taken(drafts, world)


async def _taken(drafts: Sequence[Draft], world: World) -> Outcome:
    replies: list[Reply] = []
    writes: list[Write] = [DropDraft()]
    for draft in drafts:
        change = await _submitted(draft, world)
        if change is None:
            return Outcome((Reply("pa.short", {}),))
        replies.append(_receipt(change, draft, world))
        writes.append(ChangePetition(change))
    return Outcome(tuple(replies), tuple(writes))


async def _submitted(draft: Draft, world: World) -> PetitionChange | None:
    hints = petition_hints(draft.text)
    place = place_of(draft)
    category = hints.categories[0].code
    command = Submit(
        person=world.contact.home,
        draft=replace(draft, place=place, told_at=with_account(draft, world.reached_here), is_offer=False),
        code=await world.petitions.new_code(world.now),
        category=category,
        agency=await world.petitions.agency_for(category, place.ward),
        is_abusive=hints.abusive,
    )
    decided = decide(None, command, citizen(world), await world.petitions.around(world.now))
    return decided if isinstance(decided, PetitionChange) else None


def _receipt(change: PetitionChange, draft: Draft, world: World) -> Reply:
    """As the step says it; in a chat the person is asked for the place if none is known, and offered other fields."""
    values: dict[str, Any] = dict(change.told[0].values) if change.told else {"code": change.after.code}
    if draft.is_emergency:
        return Reply("pa.emergency", values)
    if world.contact.address.channel is not ChannelName.SMS:
        place = change.after.place
        values["wants_place"] = not place.ward and place.latitude is None
        values["categories"] = tuple(item.code for item in petition_hints(draft.text).categories)
    return Reply("pa.receipt", values)


async def _same_as(before: Petition, draft: Draft, world: World) -> Outcome:
    """Added to the one that is there; kept as an offer too, should it be another matter."""
    told_at = with_account(draft, world.reached_here)
    command = AddInformation(text=draft.text, files=draft.files, told_at=told_at)
    decided = decide(before, command, citizen(world), await world.petitions.around(world.now, before))
    if not isinstance(decided, PetitionChange):
        return await submit(draft, world, other_matter=True)
    template = "pa.emergency" if draft.is_emergency else "pa.dup"
    told = Reply(template, {"code": before.code, "received_on": day_of(before.sent_at)})
    offered = replace(draft, is_offer=True, files=())
    return Outcome((told,), (ChangePetition(decided), KeepDraft(offered)))


async def forbidden(world: World) -> Outcome | None:
    """Who may not send one now, and what he is told."""
    if stopped := await _shut_out(world):
        return stopped
    sent = [petition.sent_at for petition in await world.petitions.own()]
    return _too_many(sent, world.now)


async def _shut_out(world: World) -> Outcome | None:
    """From whom nothing is taken, however little he sent."""
    if world.contact.address.is_passing:
        return Outcome((Reply("cmd.not_offered", {"topic": "petition"}),))
    if until := await world.petitions.muted_until(world.now):
        return Outcome((Reply("pa.muted", {"on": day_of(until)}),))
    return None


def _too_many(sent: Sequence[datetime], now: datetime) -> Outcome | None:
    today = [at for at in sent if day_of(at) == day_of(now)]
    if len(today) >= A_DAY:
        return Outcome((Reply("pa.limit", {"count": len(today)}),))
    month = sorted(at for at in sent if now - at < THIRTY_DAYS)
    if len(month) >= IN_THIRTY_DAYS:
        again = (month[-IN_THIRTY_DAYS] + THIRTY_DAYS).astimezone(VIETNAM).date()
        return Outcome((Reply("pa.limit", {"count": len(month), "days": THIRTY_DAYS.days, "on": again}),))
    return None


def _has_two_matters(hints: PetitionHints, draft: Draft, world: World) -> bool:
    """Asked in a chat alone: by SMS each question costs, and the reception office can tell them apart."""
    by_sms = world.contact.address.channel is ChannelName.SMS
    return not by_sms and not draft.is_emergency and len([part for part in hints.parts if len(part) >= SHORTEST]) > 1


def _ask(kind: str, world: World, *options: str) -> Ask:
    return Ask(Question(kind=kind, options=options, asked_at=world.now, expires_at=world.now + QUESTION_OPEN))
