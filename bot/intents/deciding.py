"""Which file answers which intent, and what every answer does to an open question."""

from bot.intent import (
    Ask,
    AskForHelp,
    ChooseIntent,
    ChooseMeaning,
    ForgetQuestion,
    Greeting,
    Happened,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotUnderstood,
    Outcome,
    Reply,
    ResumeNotices,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
)
from bot.intents import others, petitions, talk
from bot.intents.events import happened
from bot.intents.human import beside_officer
from bot.intents.lookup import look_up
from bot.intents.wishes import beside_status, grant
from bot.intents.world import World
from bot.understanding.keywords import LONG_TEXT
from bot.wishes import Insult, OutOfScope

SENTENCE = 4
"""Words: fewer tell of nothing."""
SAYS_NOTHING = (NotUnderstood, OutOfScope, Insult, Thanks, Happened)
"""Neither closes a question nor ends the silence after what was not understood."""


async def decide(intent: Intent, world: World) -> Outcome:
    """What we make of an intent. Writes nothing, sends nothing.

    Whatever is understood closes an open question, so that it never takes a later text for its answer.
    """
    outcome = await beside_officer(intent, world) or await _decide(intent, world)
    if isinstance(intent, SAYS_NOTHING):
        return outcome
    world.limits.understood(world.contact.home)
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
        case ResumeNotices(or_petition=True) if world.contact.opted_out_at is None:
            return await petitions.reopen_or_resume(intent, world)
        case ResumeNotices():
            return talk.resume(intent, world)
        case SwitchLanguage():
            return await beside_status(intent, talk.switch_language(intent), world)
        case Greeting():
            return Outcome((Reply("welcome", {}),))
        case Thanks():
            return talk.thanks(world)
        case SuggestCommand():
            return talk.suggest(intent, world)
        case ChooseMeaning():
            return talk.choose_meaning(world)
        case ChooseIntent():
            return talk.choose_intent(intent, world)
        case Happened():
            return await happened(intent, world)
        case NotUnderstood(text=text) if len(text) >= LONG_TEXT and len(text.split()) >= SENTENCE:
            return await petitions.offer(text, world)
        case NotUnderstood():
            return talk.not_understood(world)
        case _:
            return await grant(intent, world)
