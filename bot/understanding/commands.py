"""Keyword with the rest of the text → Intent. A handler returns None when the keyword does not fit what follows it."""

from dataclasses import replace

from bot.intent import (
    AskForHelp,
    ChooseMeaning,
    Greeting,
    Intent,
    LookUpFacet,
    ResumeNotices,
    StopNotices,
    SwitchLanguage,
    Thanks,
)
from bot.model import Language
from bot.understanding import details
from bot.understanding.command_words import (
    ABOUT_FOLLOWING,
    ABOUT_MESSAGES,
    ABOUT_QUEUE,
    ABOUT_SERVICE,
    COURTESY,
    FILLERS,
    OFFICER_ALERT,
    only,
)
from bot.understanding.details import Said
from bot.understanding.keywords import EVERYDAY, LEAD_IN, LONG_TEXT, Command, Match, keyword_at_head
from bot.understanding.look_up_commands import (
    Handler,
    inner_look_up,
    log_command,
    look_up_command,
    my_dossiers_command,
    question_command,
)
from bot.understanding.petition_commands import (
    add_command,
    category_command,
    hidden_name_command,
    other_matter_command,
    petition_command,
    publish_command,
    reopen_command,
    submit_command,
    view_command,
)
from bot.understanding.rating_words import rate_command
from bot.understanding.text import normal
from bot.wishes import (
    ChoosePushAccount,
    DataAction,
    DataRequest,
    HandlePetition,
    LinkOfficer,
    ListFollowed,
    NewPetition,
    PetitionKind,
    PetitionStep,
    QueueTicket,
    Subscribe,
    TalkToPerson,
    Unlink,
    Unsubscribe,
    Wish,
)


def of_command(match: Match, normalised: str, said: Said) -> Intent | None:
    """What the keyword at the head of *normalised* asks for."""
    if match.typed in EVERYDAY and not said.codes.codes and len(normalised) >= LONG_TEXT:
        return None
    intent = HANDLERS[match.keyword.command](match, said)
    if isinstance(intent, Wish):
        return replace(intent, codes=said.code_texts, petition_code=said.petition_code)
    return intent


def _stop_command(match: Match, said: Said) -> Intent | None:
    """``TC`` alone refuses; with a code or something like one it is the habit of other services: a look-up."""
    if said.codes.codes or said.codes.malformed or any(character.isdigit() for character in match.rest):
        return look_up_command(match, said)
    if only(match.rest, ABOUT_MESSAGES):
        return StopNotices(confirmed=match.typed != "DUNG")
    if match.typed != "TC":
        return None
    return inner_look_up(match, said) or ChooseMeaning()


def _said_alone(match: Match, said: Said) -> bool:
    return not said.codes.codes and only(match.rest, FILLERS)


def _alone(intent: Intent) -> Handler:
    """A command that counts only when nothing else is said."""
    return lambda match, said: intent if _said_alone(match, said) else None


def _about_following(intent: Intent) -> Handler:
    """A command about following: alone or with nothing but codes."""
    return lambda match, said: intent if only(_beside_codes(match, said), ABOUT_FOLLOWING) else None


def _beside_codes(match: Match, said: Said) -> str:
    """The words after the keyword, without the codes among them."""
    if not said.codes.codes:
        return match.rest
    rest = normal(said.codes.rest)
    again = keyword_at_head(rest)
    return again.rest if again else rest


def _unfollow_command(match: Match, said: Said) -> Intent | None:
    """``HUY`` alone is about followed dossiers; ``HUY TIN NHAN`` may mean all notices, so it is asked."""
    if said.petition_code:
        return HandlePetition(PetitionStep.WITHDRAW)
    followed = _about_following(Unsubscribe())(match, said)
    asked_first = only(match.rest, ABOUT_SERVICE) and not said.codes.codes
    return followed or (StopNotices(confirmed=False) if asked_first else None)


def _with_short_text(intent: Intent) -> Handler:
    """A command that a long text is not meant as."""
    return lambda match, said: None if said.codes.codes or len(match.rest) >= LONG_TEXT else intent


def _complaint_command(match: Match, said: Said) -> Intent | None:
    """The text is not kept, so it is not handed on."""
    del match, said
    return NewPetition(PetitionKind.COMPLAINT)


def _link_command(match: Match, said: Said) -> Intent | None:
    return LinkOfficer(details.token(said)) if len(match.rest) < LONG_TEXT else None


def _erase_command(match: Match, said: Said) -> Intent | None:
    if said.codes.codes or len(match.rest) >= LONG_TEXT:
        return None
    return DataRequest(DataAction.DELETE, details.token(said))


def _officer_command(match: Match, said: Said) -> Intent | None:
    return TalkToPerson(details.phone(said)) if len(match.rest) < LONG_TEXT and not said.codes.codes else None


def _greeting_command(match: Match, said: Said) -> Intent | None:
    """A greeting and nothing else; ``/start`` with a payload asks for help."""
    if said.codes.codes:
        return None
    if match.typed == "/START" and match.rest:
        return AskForHelp()
    return Greeting() if only(match.rest, FILLERS | LEAD_IN) else None


def _courtesy_command(match: Match, said: Said) -> Intent | None:
    """Courtesy and nothing else; what officers send to acknowledge an alert is courtesy from anybody else."""
    if said.codes.codes or not (only(match.rest, COURTESY) or OFFICER_ALERT.fullmatch(match.rest)):
        return None
    return Thanks()


def _withdraw_command(match: Match, said: Said) -> Intent | None:
    """``RUT`` alone is about consent; a petition is withdrawn by its code, a dossier at the agency."""
    if said.petition_code:
        return HandlePetition(PetitionStep.WITHDRAW)
    return DataRequest(DataAction.WITHDRAW) if _said_alone(match, said) else inner_look_up(match, said)


def _queue_command(match: Match, said: Said) -> Intent | None:
    """A number for the queue: nothing more, the number drawn, or where. ``LAY SO DO`` may be "lấy sổ đỏ", so other words are read as a sentence."""
    if said.codes.codes or not (only(match.rest, FILLERS) or ABOUT_QUEUE.match(match.rest)):
        return None
    return QueueTicket(details.queue_action(said), said.rest)


HANDLERS: dict[Command, Handler] = {
    Command.LOOKUP: look_up_command,
    Command.LOG: log_command,
    Command.MY_DOSSIERS: my_dossiers_command,
    Command.STOP: _stop_command,
    Command.RESUME: _alone(ResumeNotices()),
    Command.ENGLISH: _alone(SwitchLanguage(Language.ENGLISH)),
    Command.VIETNAMESE: _alone(SwitchLanguage(Language.VIETNAMESE)),
    Command.HELP: _with_short_text(AskForHelp()),
    Command.GREETING: _greeting_command,
    Command.COURTESY: _courtesy_command,
    Command.AGREE: _alone(Thanks()),
    Command.COMPLAINT: _complaint_command,
    Command.PREDICT: question_command(LookUpFacet.PREDICT),
    Command.PAPERS: question_command(LookUpFacet.PAPERS),
    Command.FOLLOW: _about_following(Subscribe()),
    Command.UNFOLLOW: _unfollow_command,
    Command.LIST: _alone(ListFollowed()),
    Command.PETITION: petition_command,
    Command.HIDDEN_NAME: hidden_name_command,
    Command.PUBLISH: publish_command,
    Command.SUBMIT: submit_command,
    Command.ADD: add_command,
    Command.PETITION_STATUS: view_command,
    Command.REOPEN: reopen_command,
    Command.CATEGORY: category_command,
    Command.OTHER_MATTER: other_matter_command,
    Command.RATE: rate_command,
    Command.LINK: _link_command,
    Command.UNLINK: _alone(Unlink()),
    Command.PUSH_HERE: _alone(ChoosePushAccount()),
    Command.WITHDRAW_CONSENT: _withdraw_command,
    Command.MY_DATA: _alone(DataRequest(DataAction.ACCESS)),
    Command.ERASE: _erase_command,
    Command.OFFICER: _officer_command,
    Command.QUEUE: _queue_command,
}
"""Every command of the grammar. A handler whose words do not fit answers None: then the text is read as a sentence."""
LOOSE = frozenset(
    {
        Command.LOOKUP,
        Command.LOG,
        Command.HELP,
        Command.OFFICER,
        Command.LINK,
        Command.ERASE,
        Command.RATE,
        Command.PETITION,
        Command.ADD,
        Command.REOPEN,
    }
)
"""Commands that ordinary sentences begin with: when more follows, a sure model knows better."""
ONLY_QUESTIONS = frozenset({Command.ADD, Command.REOPEN})
"""Loose commands that are taught with any words behind them: only a question is surely something else."""
EXACT = frozenset({"PA", "PAKN", "DG"})
"""Words that nobody begins an ordinary sentence with."""
LOOSE_WITH_CODE = LOOSE | {Command.STOP, Command.PREDICT, Command.PAPERS}
