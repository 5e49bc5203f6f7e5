"""The log, own dossiers, malformed codes."""

import asyncio

from bot.intent import LookUpLog, MalformedCode, Outcome, RecordLookUp, Reply
from bot.intents.lookup import SHOWN, count_missing, last_code, limited, not_found
from bot.intents.own import own_dossiers
from bot.intents.world import World, day_of
from dossier_client.models import Found, History, NotFound, OtherProvince, OwnDossiers, Step, Unavailable

MOST_LISTED = 20


async def show_log(intent: LookUpLog, world: World) -> Outcome:
    """The steps of a dossier: dates, steps and units for anyone, notes for the person of the dossier, officers' names never."""
    codes = (intent.code,) if intent.code else last_code(world)
    if not codes:
        return Outcome((Reply("lk.need_code", {}),))
    code = codes[0]
    if stopped := limited(world.limits.look_up(world.contact.home, world.now)):
        return stopped
    looked, history = await asyncio.gather(world.dossiers.find(code), world.dossiers.history(code))
    verified = isinstance(looked, Found) and world.knows(looked.dossier)
    if not verified and not isinstance(history, OtherProvince):
        world.limits.not_theirs(world.contact.home, code, world.now)
    match history:
        case History(steps=steps):
            return _steps(code, steps, verified=verified)
        case NotFound():
            count_missing(code, world)
            return await not_found(code, world, question_kind="choose_log")
        case OtherProvince(name=name):
            return Outcome((Reply("lk.other_province", {"code": code, "province_name": name}),))
        case Unavailable():
            return Outcome((Reply("log.down", {"code": code}),))


def _steps(code: str, steps: tuple[Step, ...], *, verified: bool) -> Outcome:
    writes = (RecordLookUp(code, found=True),)
    if not steps:
        return Outcome((Reply("log.none", {"code": code}),), writes)
    lines = tuple(
        (day_of(step.at), step.name, step.unit.short_name or step.unit.name, step.note if verified else None)
        for step in steps
    )
    return Outcome((Reply("log.steps", {"code": code, "steps": lines}),), writes)


async def list_own(world: World) -> Outcome:
    """The dossiers filed with the sender's phone."""
    if not world.phones:
        return Outcome((await _unproved(world),))
    if stopped := limited(world.limits.look_up(world.contact.home, world.now)):
        return stopped
    match await own_dossiers(world):
        case OwnDossiers(dossiers=(), complete=complete):
            return Outcome((Reply("my.none" if complete else "my.down", {}),))
        case OwnDossiers(dossiers=dossiers):
            listed = tuple((dossier.code, dossier.status, dossier.status_text) for dossier in dossiers[:MOST_LISTED])
            return Outcome((Reply("my.list", {"dossiers": listed, "count": len(dossiers)}),))
        case Unavailable():
            return Outcome((Reply("my.down", {}),))


async def _unproved(world: World) -> Reply:
    """How to prove a number, or to prove again one that may belong to somebody else by now."""
    members = await world.memory.members() if world.contact.linked_to else ()
    is_doubtful = any(member.needs_new_proof(world.now) for member in members)
    return Reply("my.reprove" if is_doubtful else "my.unverified", {})


async def malformed(intent: MalformedCode, world: World) -> Outcome:
    """No code: the sender's own that is like it, or a concrete hint."""
    hint = Reply("lk.malformed", {"typed": intent.typed[:SHOWN], "problem": intent.problem})
    outcome = await not_found(intent.typed, world, fallback=hint)
    return outcome if outcome.replies[0] is not hint else Outcome((hint,))
