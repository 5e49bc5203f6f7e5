"""How satisfied people are: with the answer to a petition, with how a dossier was handled, at a counter."""

from dataclasses import replace
from datetime import timedelta

from bot.events import Scored
from bot.intent import Ask, KeepRating, Outcome, RatingSubject, Reply, Write
from bot.intents import talk
from bot.intents.office import about
from bot.intents.petition_submit import citizen
from bot.intents.rating_subjects import (
    Rateable,
    dossier_to_rate,
    earlier,
    newest_unanswered,
    of_counter,
    of_petition,
    rated_lately,
)
from bot.intents.world import World, day_of
from bot.model import ChannelName, Question
from bot.petitions.codes import is_petition_code
from bot.petitions.commands import Rated
from bot.petitions.deciding import decide
from bot.petitions.record import PetitionChange, Severity, TaskAlert
from bot.petitions.redaction import gist
from bot.petitions.writes import ChangePetition
from bot.ratings import LOW, REPLACED_WITHIN
from bot.understanding.agencies import Agency, agency
from bot.understanding.rating_words import LONGEST_COMMENT, REASON, is_unsettled
from bot.wishes import ExplainRating, Rate

REASON_OPEN = timedelta(hours=24)
SCORES = range(1, 6)
ASKED = {
    RatingSubject.PETITION: "rate.ask.pa",
    RatingSubject.DOSSIER: "rate.ask.hs",
    RatingSubject.COUNTER: "rate.ask.counter",
}


async def rate(wish: Rate, world: World) -> Outcome:
    """Of what is named, else of what was asked for last; without a score it is asked for."""
    if wish.is_wrong:
        return Outcome((Reply("rate.bad", {}),))
    thing = await _named(wish, world)
    if isinstance(thing, Outcome):
        return thing
    if wish.score is None:
        asked = () if thing.subject is RatingSubject.PETITION else (thing.request,)
        return Outcome((Reply(ASKED[thing.subject], dict(thing.values)),), asked)
    return await keep(thing, wish.score, wish.comment, world)


async def _named(wish: Rate, world: World) -> Rateable | Outcome:
    nothing = Outcome((Reply("rate.none", {}),))
    if wish.counter:
        return of_counter(wish.counter, world) or Outcome((Reply("choice.gone", {}),))
    if wish.petition_code:
        return await _petition(wish.petition_code, world)
    if wish.codes:
        return await dossier_to_rate(wish.codes[0], world)
    waiting = await newest_unanswered(world)
    if waiting is None and wish.score is not None:
        waiting = await rated_lately(world)
    return waiting or nothing


async def _petition(code: str, world: World) -> Rateable | Outcome:
    found = await world.petitions.find(code) if is_petition_code(code) else None
    return await of_petition(found, world) if found else Outcome((Reply("pa.notfound", {"typed": code}),))


async def keep(thing: Rateable, score: int, comment: str, world: World) -> Outcome:
    """Store the score, or say why not. It replaces one of the last 24 hours; after that there is one for each thing and person."""
    before = earlier(thing, await world.ratings.given())
    is_over = before is not None and world.now - before.rated_at >= REPLACED_WITHIN
    if before is not None and is_over and thing.subject is RatingSubject.COUNTER:
        before = None
    elif before is not None and is_over:
        values = {"code": thing.reference, "score": before.score, "on": day_of(before.rated_at)}
        return Outcome((Reply("rate.already", values),))
    said = {"score": score, "changed": before is not None and before.score != score}
    template = "rate.sorry" if score <= LOW else "rate.thanks"
    writes: list[Write] = [_kept(thing, score, comment)]
    reply = Reply(template, {**thing.values, **said})
    if thing.petition is not None:
        step = _step(thing, score, comment, world)
        if isinstance(step, Outcome):
            return step
        reply = Reply(step.told[0].template, dict(step.told[0].values)) if step.told else reply
        reply = Reply(reply.template, {**reply.values, **said})
        writes.append(ChangePetition(step))
    if reply.template == "rate.sorry" and not comment:
        writes.append(_ask_why(thing, score, world))
    elif reply.template == "rate.sorry":
        reply = Reply("rate.noted", reply.values)
    return Outcome((reply,), tuple(writes))


def _step(thing: Rateable, score: int, comment: str, world: World) -> PetitionChange | Outcome:
    """What the score does to the petition: closed, or reopened when the matter is not done."""
    assert thing.petition is not None  # noqa: S101 - asked by who calls
    assert thing.around is not None  # noqa: S101 - comes with the petition
    settled = False if score <= LOW and is_unsettled(comment) else None
    decided = decide(thing.petition, Rated(score=score, settled=settled), citizen(world), thing.around)
    if isinstance(decided, PetitionChange):
        return decided
    template = "rate.over" if decided.reason == "rating_over" else "rate.not_yet"
    return Outcome((Reply(template, {"code": thing.reference}),))


def _kept(thing: Rateable, score: int, comment: str) -> KeepRating:
    """With the alert to the lead when somebody tells why he is not satisfied."""
    kept = KeepRating(
        subject=thing.subject,
        reference=thing.reference,
        agency=thing.agency,
        score=score,
        note=comment[:LONGEST_COMMENT],
        handled_by=thing.handled_by,
    )
    return replace(kept, alerts=(_alert(kept),)) if comment and score <= LOW else kept


def _alert(kept: KeepRating) -> TaskAlert:
    is_counter = kept.subject is RatingSubject.COUNTER
    named = f"{kept.agency}-{kept.reference}" if is_counter else kept.reference
    return TaskAlert(
        severity=Severity.S3,
        source="rating",
        subject=named,
        condition="low",
        agency=kept.agency,
        officer=None,
        to_lead=True,
        values={
            "code": named,
            "subject": kept.subject.value,
            "score": str(kept.score),
            "text": gist(kept.note),
        },
    )


def _ask_why(thing: Rateable, score: int, world: World) -> Ask:
    options = (thing.subject.value, thing.reference, thing.agency, thing.handled_by, str(score))
    return Ask(Question(kind=REASON, options=options, asked_at=world.now, expires_at=world.now + REASON_OPEN))


async def explain(wish: ExplainRating, world: World) -> Outcome:
    """Keep why somebody is not satisfied; who says that the matter of a petition is not done has it reopened."""
    question = world.contact.question
    if question is None or question.kind != REASON or not wish.text:
        return talk.thanks(world)
    subject, reference, agency_code, handled_by, score = question.options
    thing = Rateable(subject=RatingSubject(subject), reference=reference, agency=agency_code, handled_by=handled_by)
    at = agency(agency_code) or Agency(agency_code, agency_code, agency_code)
    noted = Reply("rate.noted", {**about(at, world), "score": int(score)})
    writes: list[Write] = [_kept(thing, int(score), wish.text)]
    if thing.subject is RatingSubject.PETITION and (petition := await world.petitions.find(reference)):
        thing = await of_petition(petition, world)
        noted = Reply("rate.noted", {**thing.values, "score": int(score)})
        step = _step(thing, int(score), wish.text, world) if is_unsettled(wish.text) else None
        if isinstance(step, PetitionChange) and step.told:
            writes.append(ChangePetition(step))
            noted = Reply(step.told[0].template, dict(step.told[0].values))
    return Outcome((noted,), tuple(writes))


def asked_after_answer(outcome: Outcome, values: dict[str, object], world: World) -> Outcome:
    """*outcome* closed a petition because its sender said that it is settled: where it costs nothing a score is asked for."""
    is_closed = any(isinstance(write, ChangePetition) for write in outcome.writes)
    if not is_closed or world.contact.address.channel is ChannelName.SMS:
        return outcome
    return replace(outcome, replies=(*outcome.replies, Reply("rate.ask.pa", values)))


def rated(event: Scored, world: World) -> Outcome:
    """Keep the score of what was rated at a kiosk. A reference that names nothing of ours changes nothing, and says so."""
    subject, _, rest = event.reference.partition(":")
    code, _, reference = rest.partition(":")
    if subject != RatingSubject.COUNTER or not reference or event.score not in SCORES:
        return Outcome((Reply("choice.gone", {}),))
    at = agency(code) or Agency(code, code, code)
    thing = Rateable(subject=RatingSubject.COUNTER, reference=reference, agency=code, values=about(at, world))
    values = {**thing.values, "score": event.score}
    template = "rate.thanks" if event.score > LOW else "rate.noted"
    return Outcome((Reply(template, values),), (_kept(thing, event.score, event.note),))


def counter_reference(agency_code: str, counter: str) -> str:
    """What a kiosk sends with the score: the counter that it stands at."""
    return f"{RatingSubject.COUNTER}:{agency_code}:{counter}"
