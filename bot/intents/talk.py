"""Help, courtesy, language, stop and resume, and what was not understood."""

from datetime import timedelta

from bot.intent import (
    Ask,
    AskForHelp,
    ChooseIntent,
    Outcome,
    Reply,
    ResumeNotices,
    SetLanguage,
    SetOptOut,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
)
from bot.intents.world import World
from bot.linking import StopEverywhere
from bot.model import ChannelName, Question
from bot.understanding.names import intent_name

QUESTION_OPEN = timedelta(minutes=10)


def help_text(intent: AskForHelp) -> Outcome:
    """What can be asked here."""
    return Outcome((Reply("lk.need_code" if intent.missing_code else "help", {}),))


def stop(intent: StopNotices, world: World) -> Outcome:
    """No proactive messages any more; asked first when the word also means "yes" or "use"."""
    if not intent.confirmed:
        return Outcome((Reply("optout.confirm", {}),), (Ask(_question("confirm_stop", world)),))
    told = Reply("optout", {"at": world.now})
    if intent.everywhere:
        return Outcome((told,), (SetOptOut(world.now), StopEverywhere(world.now)))
    if world.contact.linked_to is None or world.contact.address.channel is ChannelName.SMS:
        return Outcome((told,), (SetOptOut(world.now),))
    question = Ask(_question("stop_everywhere", world))
    return Outcome((told, Reply("optout.everywhere", {})), (SetOptOut(world.now), question))


def resume(intent: ResumeNotices, world: World) -> Outcome:
    """Proactive messages again; who never refused them is told so. Asked first when it was only guessed."""
    if world.contact.opted_out_at is None:
        return Outcome((Reply("optin.already", {}),))
    if not intent.confirmed:
        return Outcome((Reply("optin.confirm", {}),), (Ask(_question("confirm_resume", world)),))
    return Outcome((Reply("optin", {"count": 0}),), (SetOptOut(None),))


def switch_language(intent: SwitchLanguage) -> Outcome:
    """Confirmed in the new language."""
    return Outcome((Reply("lang", {}),), (SetLanguage(intent.language),))


def thanks(world: World) -> Outcome:
    """Courtesy costs money by SMS, so it is not answered there."""
    return Outcome() if world.contact.address.channel is ChannelName.SMS else Outcome((Reply("courtesy", {}),))


def suggest(intent: SuggestCommand, world: World) -> Outcome:
    """A slip of a command: ask before doing it."""
    return Outcome(
        (Reply("cmd.dym", {"command": intent.keyword}),), (Ask(_question("confirm_command", world, intent.keyword)),)
    )


def choose_meaning(world: World) -> Outcome:
    """``TC`` with other words: refuse messages, or look something up?"""
    return Outcome((Reply("cmd.tc_meaning", {}),), (Ask(_question("choose_meaning", world)),))


def choose_intent(intent: ChooseIntent, world: World) -> Outcome:
    """Not sure: the likeliest meanings by number. The text goes along, so that the chosen one can be acted on."""
    names = tuple(intent_name(option) for option in intent.options)
    question = Ask(_question("choose_intent", world, *names, intent.text))
    return Outcome((Reply("unsure", {"choices": names}),), (question,))


def not_understood(world: World) -> Outcome:
    """Three times an hour; then silence until something is understood."""
    return (
        Outcome((Reply("unknown", {}),)) if world.limits.may_say_unknown(world.contact.home, world.now) else Outcome()
    )


def _question(kind: str, world: World, *options: str) -> Question:
    return Question(kind=kind, options=options, asked_at=world.now, expires_at=world.now + QUESTION_OPEN)
