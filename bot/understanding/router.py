"""Text → Intent, in the order of product rule 2.2: questions we asked, keywords, codes, slips of keywords. Pure."""

import re
from collections.abc import Callable
from datetime import datetime

from bot.clock import VIETNAM
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
    ResumeNotices,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
)
from bot.model import Contact, Language, Office, Question
from bot.understanding.keywords import EVERYDAY, Command, Match, keyword_at_head, likeliest
from bot.understanding.text import normal, without_keyboard_slips
from dossier_client.mending import CodesInText, find_codes

MOST_CODES = 3
LONG_TEXT = 30
YES = frozenset({"1", "CO", "PHAI", "DUNG", "DY", "OK", "Y", "YES"})
NO = frozenset({"0", "KHONG", "K", "N", "NO"})
LAST4 = re.compile(r"\b\d{4}\b", re.ASCII)
ABOUT_CODES = frozenset({"procedure", "agency"})


def understand(text: str, contact: Contact, now: datetime, office: Office) -> Intent:
    """What *text* means, said by *contact* at *now*. Reads nothing but its arguments."""
    normalised = _without_prefix(normal(text), office.prefix)
    if not normalised:
        return AskForHelp()
    if (
        contact.question is not None
        and now < contact.question.expires_at
        and (answer := _answer(normalised, contact.question))
    ):
        return answer
    codes = find_codes(text, now.astimezone(VIETNAM).date())
    match = keyword_at_head(normalised) or keyword_at_head(without_keyboard_slips(normalised))
    if match is not None and _counts(match, normalised, codes) and (meant := _command(match, codes)):
        return meant
    if codes.codes:
        return _look_up(codes)
    if codes.malformed and codes.malformed[0].problem not in ABOUT_CODES:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    if slip := likeliest(normalised):
        return SuggestCommand(slip.word)
    return NotUnderstood()


def _without_prefix(normalised: str, prefix: str) -> str:
    head, _, rest = normalised.partition(" ")
    return rest if prefix and head == prefix.upper() else normalised


def _answer(normalised: str, question: Question) -> Intent | None:
    """The intent that a short answer to our question stands for; None when it is something else."""
    match question.kind:
        case "choose_code":
            if normalised.isdigit() and 1 <= int(normalised[:2]) <= len(question.options):
                return LookUpDossier((question.options[int(normalised) - 1],))
            return LookUpDossier((question.options[0],)) if len(question.options) == 1 and normalised in YES else None
        case "confirm_stop":
            return StopNotices() if normalised in YES else AskForHelp() if normalised in NO else None
        case "confirm_command":
            return (
                _chosen_command(question.options[0])
                if normalised in YES
                else AskForHelp()
                if normalised in NO
                else None
            )
        case "choose_meaning":
            return StopNotices() if normalised == "1" else AskForHelp(missing_code=True) if normalised == "2" else None
        case _:
            return None


def _chosen_command(word: str) -> Intent | None:
    chosen = keyword_at_head(word)
    return _command(chosen, CodesInText()) if chosen else None


def _counts(match: Match, normalised: str, codes: CodesInText) -> bool:
    """Everyday words at the head of a long sentence are no command."""
    return match.typed not in EVERYDAY or bool(codes.codes) or len(normalised) < LONG_TEXT


def _command(match: Match, codes: CodesInText) -> Intent | None:
    """What a keyword with the rest of the text asks for; None when the keyword does not fit it."""
    if not match.keyword.built:
        return None
    return COMMANDS[match.keyword.command](match, codes)


def _look_up_command(match: Match, codes: CodesInText) -> Intent | None:
    if codes.codes:
        return _look_up(codes)
    if codes.malformed:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    if any(character.isdigit() for character in match.rest):
        return MalformedCode(match.rest[:25], "not_a_code")
    return LookUpDossier() if not match.rest else None


def _log_command(match: Match, codes: CodesInText) -> Intent | None:
    if codes.codes:
        return LookUpLog(codes.codes[0].code.text)
    return LookUpLog() if not match.rest else _look_up_command(match, codes)


def _stop_command(match: Match, codes: CodesInText) -> Intent | None:
    """``TC`` alone refuses; with a code or something like one it is the habit of other services: a look-up."""
    if codes.codes or codes.malformed or any(character.isdigit() for character in match.rest):
        return _look_up_command(match, codes)
    if not match.rest:
        return StopNotices(confirmed=match.typed != "DUNG")
    if match.typed != "TC":
        return None
    return LookUpDossier() if match.rest in {"HS", "HO SO"} else ChooseMeaning()


def _alone(intent: Intent) -> Callable[[Match, CodesInText], Intent | None]:
    """A command that counts only when nothing else is said."""
    return lambda match, codes: intent if not match.rest and not codes.codes else None


def _help_command(match: Match, codes: CodesInText) -> Intent | None:
    return None if codes.codes or len(match.rest) >= LONG_TEXT else AskForHelp()


def _first_words(intent: Intent) -> Callable[[Match, CodesInText], Intent | None]:
    """Courtesy: it counts when little else is said."""
    return lambda match, codes: intent if not codes.codes and len(match.rest) < LONG_TEXT // 2 else None


COMMANDS: dict[Command, Callable[[Match, CodesInText], Intent | None]] = {
    Command.LOOKUP: _look_up_command,
    Command.LOG: _log_command,
    Command.MY_DOSSIERS: _alone(MyDossiers()),
    Command.STOP: _stop_command,
    Command.RESUME: _alone(ResumeNotices()),
    Command.ENGLISH: _alone(SwitchLanguage(Language.ENGLISH)),
    Command.VIETNAMESE: _alone(SwitchLanguage(Language.VIETNAMESE)),
    Command.HELP: _help_command,
    Command.GREETING: _first_words(Greeting()),
    Command.COURTESY: _first_words(Thanks()),
}


def _look_up(codes: CodesInText) -> LookUpDossier:
    found = tuple(typed.code.text for typed in codes.codes)
    last4 = LAST4.findall(codes.rest) if len(found) == 1 else []
    return LookUpDossier(found[:MOST_CODES], last4[0] if len(last4) == 1 else None, more=len(found) > MOST_CODES)
