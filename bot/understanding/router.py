"""Text → Intent, in the order of product rule 2.2: questions we asked, keywords, codes, slips of keywords. Pure."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

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
CHOICES = ("1", "2", "3")
YES = frozenset({"1", "CO", "PHAI", "DUNG", "DUNG ROI", "PHAI ROI", "DY", "DONG Y", "OK", "Y", "YES"})
NO = frozenset({"0", "KHONG", "K", "N", "NO"})
FILLERS = frozenset({"A", "AH", "AD", "NHE", "DI", "VOI", "EM", "ANH", "CHI", "BAN", "SHOP", "ROI", "NHIEU", "PLEASE"})
"""Words that change nothing after a command."""
ABOUT_MESSAGES = FILLERS | {"TIN", "NHAN", "NUA", "QC", "QUANG", "CAO", "ALL", "HET", "TAT", "CA"}
COURTESY = FILLERS | {
    "CAM",
    "ON",
    "XIN",
    "OK",
    "OKE",
    "VANG",
    "DA",
    "UH",
    "U",
    "DUOC",
    "TOT",
    "QUA",
    "THANKS",
    "THANK",
    "YOU",
}
OFFICER_ALERT = re.compile(r"[A-Z]\d{4}", re.ASCII)
LAST4 = re.compile(r"(?:(?:4|SO|CUOI|DUOI|CCCD|CMND|CC|GIAY|TO)[ :]*)*(\d{4})", re.ASCII)
"""Four digits with nothing but words for an identity paper before them: a year in a sentence is none."""
TRAILING4 = re.compile(r"(?s)(.*\d.*?)\s+(\d{4})\W*", re.ASCII)
PLAIN_WORDS = re.compile(r"[A-Z .,?!]*", re.ASCII)
LONG_NUMBER = re.compile(r"\d{9,}", re.ASCII)
ABOUT_CODES = frozenset({"procedure", "agency"})


def understand(text: str, contact: Contact, now: datetime, office: Office) -> Intent:
    """What *text* means, said by *contact* at *now*. Reads nothing but its arguments."""
    normalised = _without_prefix(normal(text), office.prefix)
    if not normalised:
        return AskForHelp()
    if normalised in {f"TC {office.short_code}", f"TC {office.prefix.upper()}"}:
        return StopNotices()
    if (
        contact.question is not None
        and now < contact.question.expires_at
        and (answer := _answer(normalised, contact.question))
    ):
        return answer
    codes = _codes_in(text, now.astimezone(VIETNAM).date())
    match = keyword_at_head(normalised) or keyword_at_head(without_keyboard_slips(normalised))
    if match is not None and _counts(match, normalised, codes) and (meant := _command(match, codes)):
        return meant
    if codes.codes:
        return _look_up(codes)
    if codes.malformed and codes.malformed[0].problem not in ABOUT_CODES:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    return _slip_or_nothing(normalised, match)


def _slip_or_nothing(normalised: str, match: Match | None) -> Intent:
    """A mistyped command when the text is short, courtesy when it holds signs only (an emoji), else nothing we know."""
    if not any(character.isalnum() for character in normalised):
        return Thanks()
    if match is None and len(normalised) < LONG_TEXT and (slip := likeliest(normalised)):
        return SuggestCommand(slip.word)
    return NotUnderstood()


def _codes_in(text: str, today: date) -> CodesInText:
    """The codes of a text. A code typed with blanks swallows the last four digits after it, so these are then taken off first."""
    codes = find_codes(text, today)
    if codes.codes or not codes.malformed or not (split := TRAILING4.fullmatch(text)):
        return codes
    shorter = find_codes(split[1], today)
    return replace(shorter, rest=f"{shorter.rest} {split[2]}") if len(shorter.codes) == 1 else codes


def _without_prefix(normalised: str, prefix: str) -> str:
    plain = " ".join(normalised.replace(":", " ").split()) if ":" in normalised else normalised
    head, _, rest = plain.partition(" ")
    return rest if prefix and head == prefix.upper() else plain


def _answer(normalised: str, question: Question) -> Intent | None:
    """The intent that a short answer to our question stands for; None when it is something else."""
    match question.kind:
        case "choose_code":
            return _chosen_code(normalised, question.options)
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


def _chosen_code(normalised: str, options: tuple[str, ...]) -> Intent | None:
    if normalised in CHOICES[: len(options)]:
        return LookUpDossier((options[CHOICES.index(normalised)],))
    if normalised in NO:
        return AskForHelp(missing_code=True)
    return LookUpDossier(options) if len(options) == 1 and normalised in YES else None


def _chosen_command(word: str) -> Intent | None:
    chosen = keyword_at_head(word)
    return _command(chosen, CodesInText()) if chosen else None


def _counts(match: Match, normalised: str, codes: CodesInText) -> bool:
    """Everyday words at the head of a long sentence are no command."""
    return match.typed not in EVERYDAY or bool(codes.codes) or len(normalised) < LONG_TEXT


def _command(match: Match, codes: CodesInText) -> Intent | None:
    """What a keyword with the rest of the text asks for; None when the keyword does not fit it."""
    if match.keyword.command is Command.WITHDRAW_CONSENT:
        return _inner_look_up(match, codes)
    if not match.keyword.built:
        return None
    return COMMANDS[match.keyword.command](match, codes)


def _look_up_command(match: Match, codes: CodesInText) -> Intent | None:
    if codes.codes:
        return _look_up(codes)
    if codes.malformed:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    if not PLAIN_WORDS.fullmatch(match.rest):
        return MalformedCode(_shown(match.rest), "not_a_code")
    return LookUpDossier()


def _inner_look_up(match: Match, codes: CodesInText) -> Intent | None:
    """``TC HS``, ``RUT HO SO``: a look-up behind a word that alone means something else."""
    inner = keyword_at_head(match.rest) if match.rest else None
    if inner is None or inner.keyword.command not in {Command.LOOKUP, Command.MY_DOSSIERS}:
        return None
    return _command(inner, codes)


def _shown(typed: str) -> str:
    """What is echoed of something that is no code: a phone or identity number only by its end."""
    return LONG_NUMBER.sub(lambda number: f"...{number[0][-3:]}", typed)[:25]


def _log_command(match: Match, codes: CodesInText) -> Intent | None:
    if codes.codes:
        return LookUpLog(codes.codes[0].code.text)
    return LookUpLog() if not match.rest else _look_up_command(match, codes)


def _stop_command(match: Match, codes: CodesInText) -> Intent | None:
    """``TC`` alone refuses; with a code or something like one it is the habit of other services: a look-up."""
    if codes.codes or codes.malformed or any(character.isdigit() for character in match.rest):
        return _look_up_command(match, codes)
    if _only(match.rest, ABOUT_MESSAGES):
        return StopNotices(confirmed=match.typed != "DUNG")
    if match.typed != "TC":
        return None
    return _inner_look_up(match, codes) or ChooseMeaning()


def _only(rest: str, words: frozenset[str]) -> bool:
    return words.issuperset(rest.split())


def _my_dossiers_command(match: Match, codes: CodesInText) -> Intent | None:
    """``CUA TOI`` alone may be anything of mine, so it counts only when nothing follows."""
    if codes.codes or (match.typed in {"CUA TOI", "CUATOI"} and not _only(match.rest, FILLERS)):
        return None
    return MyDossiers()


def _alone(intent: Intent) -> Callable[[Match, CodesInText], Intent | None]:
    """A command that counts only when nothing else is said."""
    return lambda match, codes: intent if _only(match.rest, FILLERS) and not codes.codes else None


def _help_command(match: Match, codes: CodesInText) -> Intent | None:
    return None if codes.codes or len(match.rest) >= LONG_TEXT else AskForHelp()


def _greeting_command(match: Match, codes: CodesInText) -> Intent | None:
    """A greeting before a short question is still best answered with what to type; ``/start`` with a payload asks for help."""
    if codes.codes or len(match.rest) >= LONG_TEXT:
        return None
    return AskForHelp() if match.typed == "/START" and match.rest else Greeting()


def _courtesy_command(match: Match, codes: CodesInText) -> Intent | None:
    """Courtesy and nothing else; what officers send to acknowledge an alert is courtesy from anybody else."""
    if codes.codes or not (_only(match.rest, COURTESY) or OFFICER_ALERT.fullmatch(match.rest)):
        return None
    return Thanks()


COMMANDS: dict[Command, Callable[[Match, CodesInText], Intent | None]] = {
    Command.LOOKUP: _look_up_command,
    Command.LOG: _log_command,
    Command.MY_DOSSIERS: _my_dossiers_command,
    Command.STOP: _stop_command,
    Command.RESUME: _alone(ResumeNotices()),
    Command.ENGLISH: _alone(SwitchLanguage(Language.ENGLISH)),
    Command.VIETNAMESE: _alone(SwitchLanguage(Language.VIETNAMESE)),
    Command.HELP: _help_command,
    Command.GREETING: _greeting_command,
    Command.COURTESY: _courtesy_command,
}


def _look_up(codes: CodesInText) -> LookUpDossier:
    found = tuple(typed.code.text for typed in codes.codes)
    last4 = _last4(codes.rest) if len(found) == 1 and codes.rest else None
    return LookUpDossier(found[:MOST_CODES], last4, more=len(found) > MOST_CODES)


def _last4(rest: str) -> str | None:
    """The last four digits of an identity number, when beside the command there is nothing else."""
    said = normal(rest)
    match = keyword_at_head(said)
    proof = LAST4.fullmatch(match.rest if match else said)
    return proof[1] if proof else None
