"""What is wished beside the state of a dossier. Much is not served here yet: then the reply says so, and what to do instead."""

from dataclasses import replace
from typing import assert_never

from bot.intent import LookUpDossier, Outcome, Reply
from bot.intents import human, linking, personal_data, petition_drafts, petitions, ratings
from bot.intents.lookup import look_up
from bot.intents.office import answer_office
from bot.intents.procedures import answer_question
from bot.intents.queue import answer_queue
from bot.intents.world import World
from bot.wishes import (
    ChoosePushAccount,
    DataRequest,
    Despair,
    ExplainRating,
    HandlePetition,
    Insult,
    LinkOfficer,
    ListFollowed,
    NewPetition,
    OfficeQuestion,
    OutOfScope,
    PetitionMeaning,
    PetitionStatus,
    ProcedureQuestion,
    QueueTicket,
    Rate,
    ServedWish,
    Subscribe,
    TalkToPerson,
    Unlink,
    Unsubscribe,
    Wish,
)

NOT_HERE = "cmd.not_offered"
MOST_REPLIES = 3


async def grant(wish: ServedWish, world: World) -> Outcome:
    """The state of the dossiers named, and what is said to the wish itself; to despair and to scores nothing is said of dossiers."""
    answer = await _answer(wish, world)
    return answer if isinstance(wish, Despair | Rate) else await beside_status(wish, answer, world)


async def beside_status(wish: Wish, answer: Outcome, world: World) -> Outcome:
    """*answer*, after the state of the dossiers named. A mere "not here" becomes a note below the state: one message, not two."""
    if not wish.codes:
        return answer
    status = await look_up(LookUpDossier(wish.codes), world)
    match answer.replies, status.replies:
        case (Reply(template="cmd.not_offered", values=values),), (*before, last):
            note = Reply(last.template, last.values | {"not_here": values["topic"]}, last.late_prefix_at)
            return replace(status, replies=(*before, note))
        case _:
            replies = (*status.replies, *answer.replies)[:MOST_REPLIES]
            return Outcome(replies, (*status.writes, *answer.writes))


async def _answer(wish: ServedWish, world: World) -> Outcome:  # noqa: C901, PLR0911, PLR0912 - one arm for each wish is the point
    match wish:
        case ProcedureQuestion():
            return answer_question(wish, world)
        case Unsubscribe() if not wish.codes:
            return await petition_drafts.drop(world) or _said(Reply("sub.none", {}))
        case ListFollowed() if not wish.codes:
            return _said(Reply("sub.none", {}))
        case Subscribe() | Unsubscribe() | ListFollowed():
            return _not_here("follow")
        case NewPetition():
            return await petitions.start(wish, world)
        case PetitionMeaning():
            return petitions.ask_meaning(wish, world)
        case PetitionStatus():
            return await petitions.status(wish, world)
        case HandlePetition():
            return await petitions.handle(wish, world)
        case Rate():
            return await ratings.rate(wish, world)
        case ExplainRating():
            return await ratings.explain(wish, world)
        case LinkOfficer(token=token):
            return await linking.link(token, world)
        case Unlink():
            return await linking.unlink(wish, world)
        case ChoosePushAccount():
            return await linking.push_here(world)
        case DataRequest():
            return await personal_data.answer_request(wish, world)
        case QueueTicket():
            return await answer_queue(wish, world)
        case OfficeQuestion():
            return answer_office(wish, world)
        case TalkToPerson():
            return await human.ask_for_officer(wish, world)
        case Despair():
            return _said(Reply("despair", {}))
        case Insult():
            return _seldom(Reply("abuse", {}), world)
        case OutOfScope(body=None):
            return _seldom(Reply("out_of_scope", {}), world)
        case OutOfScope(body=body):
            return _seldom(Reply("proc.other_body", {"body": body}), world)
        case _:
            assert_never(wish)


def _said(reply: Reply) -> Outcome:
    return Outcome((reply,))


def _not_here(topic: str) -> Outcome:
    return _said(Reply(NOT_HERE, {"topic": topic}))


def _seldom(reply: Reply, world: World) -> Outcome:
    """As often as "not understood", then silence: nobody has to pay for a quarrel."""
    return _said(reply) if world.limits.may_say_unknown(world.contact.home, world.now) else Outcome()
