"""Photos, videos, documents and places that belong to a petition: to the one being written, to the one asked about, or to the last one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.events import Event, FileSent, LocationShared, Photo
from bot.intent import Ask, Intent, Outcome, Reply, Write
from bot.intents.petition_drafts import new_draft, place_said, written_on
from bot.intents.petition_submit import citizen
from bot.intents.petition_world import KeptFiles
from bot.intents.world import World
from bot.model import Question
from bot.petitions.commands import AddInformation
from bot.petitions.deciding import decide
from bot.petitions.record import OPEN, Draft, Petition, PetitionChange, PetitionState, Place
from bot.petitions.writes import ChangePetition, KeepDraft
from bot.understanding.petition_answers import ADD, PHOTO
from bot.wishes import NewPetition, PetitionKind

LATELY = timedelta(hours=24)
"""So long after it was sent a place that is shared belongs to a petition without one."""
QUESTION_OPEN = timedelta(hours=1)
MOST_REFERENCES = 5
MOST_OF_PETITION = 20
"""Files that one petition gathers: with what was added and what officers asked for."""


async def photographed(event: Photo | FileSent, caption: str, world: World) -> Outcome | None:
    """What becomes of files; None when nothing says that they belong to a petition."""
    draft = await world.petitions.draft()
    if draft is not None and not draft.is_offer:
        return await _into_draft(draft, event.references, caption, world)
    petition = await _asked_about(world)
    if petition is not None:
        return await _to_petition(petition, event.references, caption, world)
    return None


async def with_files(event: Event | None, intent: Intent, world: World) -> World:
    """The world with the files that came with the words of a new petition."""
    is_petition = isinstance(intent, NewPetition) and intent.kind is not PetitionKind.COMPLAINT
    if not isinstance(event, Photo | FileSent) or not is_petition:
        return world
    return replace(world, attached=await world.petitions.keep_files(event.references, ()))


async def lost(world: World) -> Outcome | None:
    """A photo that could not be had, of somebody who is writing a petition."""
    draft = await world.petitions.draft()
    is_written = draft is not None and not draft.is_offer
    return Outcome((Reply("pa.file.refused", {"problem": "lost"}),)) if is_written else None


async def which_photo(event: Photo, world: World) -> Outcome | None:
    """A photo without a code, of somebody who is not writing a petition: it is kept nowhere before the person says what it is."""
    if world.contact.address.is_passing:
        return None
    own = await world.petitions.own()
    code = own[0].code if own and own[0].state in OPEN else ""
    asked = _ask(PHOTO, world, code, *event.references[:MOST_REFERENCES])
    return Outcome((Reply("photo.petition", {"code": code}),), (asked,))


async def attach(code: str | None, references: Sequence[str], world: World) -> Outcome:
    """Photos sent before belong to a petition: to the one named, else to a new draft."""
    if code is None:
        return await _into_draft(new_draft(world), references, "", world)
    petition = await world.petitions.find(code)
    if petition is None:
        return Outcome((Reply("pa.notfound", {"typed": code}),))
    return await _to_petition(petition, references, "", world)


async def located(event: LocationShared, world: World) -> Outcome | None:
    """Where it is: for the draft, for the question that is open, for what was sent lately; None when it is for nothing of these."""
    place = Place(latitude=event.latitude, longitude=event.longitude, ward=await world.petitions.ward_at(event))
    draft = await world.petitions.draft()
    if draft is not None and not draft.is_offer:
        after = replace(draft, place=replace(place, text=draft.place.text), changed_at=world.now)
        return Outcome(_always_noted(after), (KeepDraft(after),))
    petition = await _asked_about(world) or await _without_place(world)
    if petition is None:
        return None
    ward = f" ({place.ward})" if place.ward else ""
    return await _added(petition, f"Vị trí: {event.latitude:.5f}, {event.longitude:.5f}{ward}", KeptFiles(), world)


async def _into_draft(draft: Draft, references: Sequence[str], caption: str, world: World) -> Outcome:
    kept = await world.petitions.keep_files(references, draft.files)
    after = written_on(draft, caption, world) if caption else replace(draft, changed_at=world.now, reminded_at=None)
    place = after.place
    if place.latitude is None and kept.latitude is not None:
        place = replace(place, latitude=kept.latitude, longitude=kept.longitude)
    after = replace(after, files=(*draft.files, *kept.files), place=place)
    return Outcome((*_refusals(kept), *(_always_noted(after) if kept.files or caption else ())), (KeepDraft(after),))


def _always_noted(draft: Draft) -> tuple[Reply, ...]:
    values = {"count": len(draft.texts) or None, "files": len(draft.files) or None}
    return (Reply("pa.append", values | {"ward": place_said(draft)}),)


async def _to_petition(petition: Petition, references: Sequence[str], caption: str, world: World) -> Outcome:
    is_full = petition.files >= MOST_OF_PETITION
    kept = KeptFiles(problem="too_many") if is_full else await world.petitions.keep_files(references, ())
    if not kept.files and not caption:
        told = _refusals(kept) or (Reply("pa.file.refused", {"problem": "lost"}),)
        return Outcome(told, (_ask(ADD, world, petition.code),))
    text = caption
    if kept.latitude is not None and kept.longitude is not None:
        text = f"{caption}\nVị trí trong ảnh: {kept.latitude:.5f}, {kept.longitude:.5f}".strip()
    return await _added(petition, text, kept, world)


async def _added(petition: Petition, text: str, kept: KeptFiles, world: World) -> Outcome:
    command = AddInformation(text=text, files=kept.files, told_at=(world.reached_here,))
    decided = decide(petition, command, citizen(world), await world.petitions.around(world.now, petition))
    if not isinstance(decided, PetitionChange):
        return Outcome((Reply("pa.cannot", {"code": petition.code}),))
    writes: tuple[Write, ...] = (ChangePetition(decided),)
    return Outcome((*_refusals(kept), Reply("pa.added", {"code": petition.code})), writes)


def _refusals(kept: KeptFiles) -> tuple[Reply, ...]:
    return (Reply("pa.file.refused", {"problem": kept.problem}),) if kept.problem else ()


async def _asked_about(world: World) -> Petition | None:
    """The petition that we asked to add to, or the only one that an officer asked about."""
    question = world.contact.question
    if question is not None and question.kind == ADD and world.now < question.expires_at:
        return await world.petitions.find(question.options[0])
    waiting = [petition for petition in await world.petitions.own() if petition.state is PetitionState.NEED_INFO]
    return waiting[0] if len(waiting) == 1 else None


async def _without_place(world: World) -> Petition | None:
    own = await world.petitions.own()
    lately = [petition for petition in own if petition.state in OPEN and world.now - petition.sent_at < LATELY]
    return next((petition for petition in lately if petition.place == Place()), None)


def _ask(kind: str, world: World, *options: str) -> Ask:
    return Ask(Question(kind=kind, options=options, asked_at=world.now, expires_at=world.now + QUESTION_OPEN))
