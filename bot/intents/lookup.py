"""Looking up dossiers: one reply for each code, and what follows when there is none."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from bot.intent import Ask, LookUpDossier, Outcome, PromiseAnswer, RecordLookUp, Reply, Write
from bot.intents.own import own_dossiers
from bot.intents.promises import only_promises_with_room
from bot.intents.rating_invitation import invitation
from bot.intents.status import status_reply
from bot.intents.verification import Proof, prove
from bot.intents.world import World
from bot.limits import Ruling, Verdict
from bot.model import Question
from dossier_client.likeness import Likeness, likeness
from dossier_client.models import Found, NotFound, OtherProvince, OwnDossiers, Unavailable

LAST_CODE_KEPT = timedelta(hours=24)
QUESTION_OPEN = timedelta(minutes=10)
MOST_SUGGESTIONS = 3
HANDED_OVER = "st.10"
"""The state that invites to rate."""
SHOWN = 25
"""Characters shown of something that is no code: as many as an SMS has room for."""


async def look_up(intent: LookUpDossier, world: World) -> Outcome:
    """The state of each code; without codes that of the last one this person asked for."""
    codes = intent.codes or last_code(world)
    if not codes:
        return Outcome((Reply("lk.need_code" if intent.in_a_sentence or intent.facet else "help", {}),))
    if len(codes) == 1:
        outcomes = [await _one(codes[0], intent.id_last4, world, alone=True)]
    else:
        outcomes = await asyncio.gather(*(_one(code, intent.id_last4, world, alone=False) for code in codes))
    if any(isinstance(write, PromiseAnswer) for outcome in outcomes for write in outcome.writes):
        owed = await world.memory.owed_codes()
        outcomes = only_promises_with_room(outcomes, owed, can_be_told=not world.contact.address.is_passing)
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


async def _one(code: str, id_last4: str | None, world: World, *, alone: bool) -> Outcome:
    """What to say about one code; *alone*: no other code stands beside it, so a question about it would be clear."""
    if stopped := limited(world.limits.look_up(world.contact.home, world.now)):
        return stopped
    match await world.dossiers.find(code):
        case Found() as found:
            return await _found(found, id_last4, world, alone=alone)
        case NotFound():
            count_missing(code, world)
            return await not_found(code, world) if alone else _plainly_not_found(code)
        case OtherProvince(name=name):
            other = Reply("lk.other_province", {"code": code, "province_name": name})
            return await like_own(code, world) or Outcome((other,)) if alone else Outcome((other,))
        case Unavailable(upstream=upstream):
            world.limits.not_theirs(world.contact.home, code, world.now)
            return Outcome((Reply("lk.down", {"code": code}),), (PromiseAnswer(code, upstream, world.now),))


async def _found(found: Found, id_last4: str | None, world: World, *, alone: bool) -> Outcome:
    dossier = found.dossier
    proof = Proof(verified=world.knows(dossier))
    if id_last4 and not proof.verified and not found.stale:
        proof = await prove(dossier.code, id_last4, world)
    writes: list[Write] = [RecordLookUp(dossier.code, found=True), *proof.writes]
    if proof.stopped:
        return Outcome((proof.stopped,), tuple(writes))
    if not proof.verified:
        world.limits.not_theirs(world.contact.home, dossier.code, world.now)
    if found.stale:
        writes.append(PromiseAnswer(dossier.code, found.upstream, world.now))
    reply = status_reply(found, world, verified=proof.verified)
    asked = await invitation(dossier, world) if alone and reply.template == HANDED_OVER else None
    writes += [asked] if asked else []
    more = {"tries_left": proof.tries_left, "may_rate": asked is not None}
    return Outcome((Reply(reply.template, reply.values | more),), tuple(writes))


def count_missing(code: str, world: World) -> None:
    """A code that does not exist counts against walking through numbers."""
    world.limits.not_found(world.contact.home, code, world.now)
    world.limits.not_theirs(world.contact.home, code, world.now)


def _plainly_not_found(code: str, fallback: Reply | None = None) -> Outcome:
    return Outcome((fallback or Reply("lk.notfound", {"code": code}),), (RecordLookUp(code, found=False),))


async def not_found(
    typed: str, world: World, fallback: Reply | None = None, question_kind: str = "choose_code"
) -> Outcome:
    """No such dossier: offer the sender's own codes that are like it, never anybody else's."""
    return await like_own(typed, world, question_kind) or _plainly_not_found(typed, fallback)


async def like_own(typed: str, world: World, question_kind: str = "choose_code") -> Outcome | None:
    """The sender's own codes that are like what was typed, to choose from."""
    alike = likest(typed, await own_codes(world))
    if not alike:
        return None
    question = Question(kind=question_kind, options=alike, asked_at=world.now, expires_at=world.now + QUESTION_OPEN)
    template = "lk.dym1" if len(alike) == 1 else "lk.dymn"
    return Outcome((Reply(template, {"typed": typed[:SHOWN], "suggestions": alike}),), (Ask(question),))


def likest(typed: str, own: Sequence[str]) -> tuple[str, ...]:
    """Those of a person's own codes that are like what was typed, and no other is more like it; at most three."""
    degrees = {code: likeness(typed, code) for code in own}
    highest = max(degrees.values(), default=Likeness.NONE)
    return tuple(code for code, degree in degrees.items() if degree and degree is highest)[:MOST_SUGGESTIONS]


async def own_codes(world: World) -> tuple[str, ...]:
    """Codes that are this person's: looked up before, or filed with the proven phone. Each once."""
    codes = list(await world.memory.own_codes())
    if world.phones:
        match await own_dossiers(world):
            case OwnDossiers(dossiers=dossiers):
                codes += [dossier.code for dossier in dossiers]
            case Unavailable():
                pass
    return tuple(dict.fromkeys(codes))
