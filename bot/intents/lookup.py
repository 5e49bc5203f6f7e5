"""Looking up dossiers: one reply for each code, and what follows when there is none."""

from datetime import timedelta
from typing import assert_never

from bot.intent import (
    Ask,
    ForgetQuestion,
    LookUpDossier,
    Outcome,
    PromiseAnswer,
    RecordLookUp,
    RecordVerification,
    Reply,
    Write,
)
from bot.intents.status import status_reply
from bot.intents.world import World
from bot.limits import Ruling, Verdict
from bot.model import Question
from dossier_client.mending import resembles
from dossier_client.models import Found, NotFound, OtherProvince, OwnDossiers, Unavailable, Verified

LAST_CODE_KEPT = timedelta(hours=24)
QUESTION_OPEN = timedelta(minutes=10)
MOST_SUGGESTIONS = 3


async def look_up(intent: LookUpDossier, world: World) -> Outcome:
    """The state of each code; without codes that of the last one this person asked for."""
    codes = intent.codes or last_code(world)
    if not codes:
        return Outcome((Reply("lk.need_code", {}),))
    outcomes = [await _one(code, intent.id_last4, world) for code in codes]
    replies = [reply for outcome in outcomes for reply in outcome.replies]
    if intent.more and replies:
        replies[-1] = Reply(replies[-1].template, replies[-1].values | {"more": True})
    return Outcome(tuple(replies), tuple(write for outcome in outcomes for write in outcome.writes))


def last_code(world: World) -> tuple[str, ...]:
    """The last code this person looked up, if that was within a day."""
    contact = world.contact
    if contact.last_code is None or contact.last_code_at is None or world.now - contact.last_code_at > LAST_CODE_KEPT:
        return ()
    return (contact.last_code,)


def limited(ruling: Ruling) -> Outcome | None:
    """What to say when the limit is reached: once, then nothing; None when all is well."""
    match ruling.verdict:
        case Verdict.ALLOWED:
            return None
        case Verdict.TELL:
            return Outcome((Reply("lk.rate", {"count": ruling.count, "at": ruling.until}),))
        case Verdict.SILENT:
            return Outcome()
        case _:
            assert_never(ruling.verdict)


async def _one(code: str, id_last4: str | None, world: World) -> Outcome:
    if stopped := limited(world.limits.look_up(world.contact.id, code, world.now)):
        return stopped
    match await world.dossiers.find(code):
        case Found() as found:
            return await _found(found, id_last4, world)
        case NotFound():
            world.limits.not_found(world.contact.id, code, world.now)
            return await not_found(code, world)
        case OtherProvince(name=name):
            return Outcome((Reply("lk.other_province", {"code": code, "province_name": name}),))
        case Unavailable(upstream=upstream):
            promise = PromiseAnswer(code, upstream, world.now)
            return Outcome((Reply("lk.down", {"code": code}),), (promise,))


async def _found(found: Found, id_last4: str | None, world: World) -> Outcome:
    dossier = found.dossier
    writes: list[Write] = [RecordLookUp(dossier.code, found=True), ForgetQuestion()]
    verified = world.knows(dossier)
    if id_last4 and not verified:
        tried = await _verify(dossier.code, id_last4, world)
        if tried is None:
            return Outcome((Reply("lk.rate", {"count": 5, "at": world.now + timedelta(days=1)}),))
        verified = tried
        writes.append(RecordVerification(dossier.code, tried))
    if found.stale:
        writes.append(PromiseAnswer(dossier.code, found.upstream, world.now))
    return Outcome((status_reply(found, world, verified=verified),), tuple(writes))


async def _verify(code: str, id_last4: str, world: World) -> bool | None:
    """Whether the digits are right; None when too many were tried. The digits go nowhere else."""
    on_dossier, by_person = await world.memory.verification_tries(code)
    if not world.limits.verification(on_dossier, by_person):
        return None
    match await world.dossiers.verify(code, id_last4):
        case Verified(passed=passed):
            return passed
        case NotFound() | Unavailable():
            return False


async def not_found(typed: str, world: World, fallback: Reply | None = None) -> Outcome:
    """No such dossier: offer the sender's own codes that are like it, never anybody else's."""
    own = await own_codes(world)
    alike = tuple(code for code in own if resembles(typed, code))[:MOST_SUGGESTIONS]
    if not alike:
        return Outcome((fallback or Reply("lk.notfound", {"code": typed}),), (RecordLookUp(typed, found=False),))
    question = Question(kind="choose_code", options=alike, asked_at=world.now, expires_at=world.now + QUESTION_OPEN)
    template = "lk.dym1" if len(alike) == 1 else "lk.dymn"
    return Outcome((Reply(template, {"typed": typed, "suggestions": alike}),), (Ask(question),))


async def own_codes(world: World) -> tuple[str, ...]:
    """Codes that are this person's: looked up before, or filed with the proven phone. Each once."""
    codes = list(await world.memory.own_codes())
    if world.verified_phone:
        match await world.dossiers.by_phone(world.verified_phone):
            case OwnDossiers(dossiers=dossiers):
                codes += [dossier.code for dossier in dossiers]
            case Unavailable():
                pass
    return tuple(dict.fromkeys(codes))
