"""Which file answers which intent, and what every answer does to an open question."""

from typing import assert_never

from bot.intent import (
    Ask,
    AskForHelp,
    ChooseMeaning,
    Emergency,
    ForgetQuestion,
    FormalComplaint,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotOffered,
    NotUnderstood,
    Outcome,
    Reply,
    ResumeNotices,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
)
from bot.intents import others, talk
from bot.intents.lookup import look_up
from bot.intents.world import World


async def decide(intent: Intent, world: World) -> Outcome:
    """What we make of an intent. Writes nothing, sends nothing.

    Whatever is understood closes an open question, so that it never takes a later text for its answer.
    """
    outcome = await _decide(intent, world)
    if isinstance(intent, NotUnderstood | Thanks):
        return outcome
    world.limits.understood(world.contact.id)
    if world.contact.question is None or any(isinstance(write, Ask) for write in outcome.writes):
        return outcome
    return Outcome(outcome.replies, (*outcome.writes, ForgetQuestion()))


async def _decide(intent: Intent, world: World) -> Outcome:  # noqa: C901, PLR0911, PLR0912 - one arm for each intent is the point
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
            return talk.resume(world)
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
        case NotOffered():
            return talk.not_offered(intent)
        case Emergency():
            return Outcome((Reply("pa.emergency", {}),))
        case FormalComplaint():
            return Outcome((Reply("pa.complaint", {}),))
        case NotUnderstood():
            return talk.not_understood(world)
        case _:
            assert_never(intent)
