"""Intent → Outcome, one file per thing a person can ask; no I/O of their own."""

from datetime import datetime
from typing import assert_never

from bot.intent import (
    AskForHelp,
    ChooseMeaning,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotUnderstood,
    Outcome,
    RecordLookUp,
    Reply,
    ResumeNotices,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
)
from bot.intents import others, talk
from bot.intents.lookup import look_up
from bot.intents.status import status_reply
from bot.intents.world import World
from dossier_client.models import Found, NotFound, OtherProvince, Unavailable

__all__ = ["decide", "late_answer"]


async def decide(intent: Intent, world: World) -> Outcome:  # noqa: C901, PLR0911, PLR0912 - one arm for each intent is the point
    """What we make of an intent. Writes nothing, sends nothing."""
    match intent:
        case LookUpDossier():
            return await look_up(intent, world)
        case LookUpLog():
            return await others.show_log(intent, world)
        case MalformedCode():
            return await others.malformed(intent, world)
        case MyDossiers():
            return await others.list_own(world)
        case AskForHelp():
            return talk.help_text(intent)
        case StopNotices():
            return talk.stop(intent, world)
        case ResumeNotices():
            return talk.resume()
        case SwitchLanguage():
            return talk.switch_language(intent)
        case Greeting():
            return Outcome((Reply("welcome", {}),))
        case Thanks():
            return talk.thanks(world)
        case SuggestCommand():
            return talk.suggest(intent, world)
        case ChooseMeaning():
            return talk.choose_meaning(world)
        case NotUnderstood():
            return talk.not_understood(world)
        case _:
            assert_never(intent)


async def late_answer(code: str, asked_at: datetime, world: World) -> Outcome | None:
    """The answer that was promised, decided anew for whoever asks now; no reply after an opt-out; None while still owed."""
    if world.contact.opted_out_at is not None and world.contact.opted_out_at > asked_at:
        return Outcome()
    match await world.dossiers.find(code):
        case Found(stale=False) as found:
            reply = status_reply(found, world, verified=world.knows(found.dossier))
            late = Reply(reply.template, reply.values, late_prefix_at=asked_at)
            return Outcome((late,), (RecordLookUp(found.dossier.code, found=True),))
        case NotFound():
            return Outcome((Reply("lk.notfound", {"code": code}),))
        case OtherProvince(name=name):
            return Outcome((Reply("lk.other_province", {"code": code, "province_name": name}),))
        case Found() | Unavailable():
            return None
