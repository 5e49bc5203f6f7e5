"""Keyword with the rest of the text → Intent. A handler returns None when the keyword does not fit what follows it."""

import re
from collections.abc import Callable

from bot.intent import (
    AskForHelp,
    ChooseMeaning,
    FormalComplaint,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotOffered,
    ResumeNotices,
    StopNotices,
    SwitchLanguage,
    Thanks,
    Topic,
)
from bot.model import Language
from bot.understanding.keywords import EVERYDAY, LONG_TEXT, Command, Match, keyword_at_head
from bot.understanding.text import normal
from dossier_client.mending import CodesInText


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_CODES = 3
FILLERS = _words("A AH AD NHE NHA DI VOI E EM ANH CHI BAN BAC CHU OI SHOP ROI NHIEU PLEASE")
"""Words that change nothing after a command."""
ABOUT_MESSAGES = FILLERS | _words(
    "TIN NHAN NUA QC QUANG CAO ALL HET TAT CA GUI CHO TOI SMS THONG BAO SENDING ME MESSAGES TEXTS THE"
)
ABOUT_SERVICE = ABOUT_MESSAGES | _words("DICH VU DANG KY")
ABOUT_FOLLOWING = FILLERS | _words("THEO DOI HO SO HS")
COURTESY = FILLERS | _words("CAM ON XIN OK OKE VANG DA UH U DUOC TOT QUA THANKS THANK YOU")
ABOUT_RESULT = FILLERS | _words("XONG CO KET QUA KQ NHAN DUOC LAY TRA THI HO SO HS CHUA CUA TOI GI THIEU KHONG NUA DO")
"""What is said after "when": still a question about the dossier asked for last."""
OFFICER_ALERT = re.compile(r"[A-Z]\d{4}", re.ASCII)
PETITION_CODE = re.compile(r"PA ?\d{8}", re.ASCII)
LAST4 = re.compile(r"(?:(?:4|SO|CUOI|DUOI|CCCD|CMND|CC|GIAY|TO)[ :]*)*(\d{4})", re.ASCII)
"""Four digits with nothing but words for an identity paper before them: a year in a sentence is none."""
PLAIN_WORDS = re.compile(r"[A-Z .,?!]*", re.ASCII)
LONG_NUMBER = re.compile(r"\d{9,}", re.ASCII)

Handler = Callable[[Match, CodesInText], Intent | None]


def of_command(match: Match, normalised: str, codes: CodesInText) -> Intent | None:
    """What the keyword at the head of *normalised* asks for."""
    if match.typed in EVERYDAY and not codes.codes and len(normalised) >= LONG_TEXT:
        return None
    handler = HANDLERS.get(match.keyword.command)
    return handler(match, codes) if handler else None


def look_up(codes: CodesInText) -> LookUpDossier:
    """The first codes of a text, and the last four digits that follow a single one."""
    found = tuple(typed.code.text for typed in codes.codes)
    last4 = _last4(codes.rest) if len(found) == 1 and codes.rest else None
    return LookUpDossier(found[:MOST_CODES], last4, more=len(found) > MOST_CODES)


def _last4(rest: str) -> str | None:
    """The last four digits of an identity number, when beside the command there is nothing else."""
    said = normal(rest)
    match = keyword_at_head(said)
    proof = LAST4.fullmatch(match.rest if match else said)
    return proof[1] if proof else None


def _look_up_command(match: Match, codes: CodesInText) -> Intent | None:
    if codes.codes:
        return look_up(codes)
    if codes.malformed:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    if not PLAIN_WORDS.fullmatch(match.rest):
        return MalformedCode(_shown(match.rest), "not_a_code")
    return LookUpDossier()


def _shown(typed: str) -> str:
    """What is echoed of something that is no code: a phone or identity number only by its end."""
    return LONG_NUMBER.sub(lambda number: f"...{number[0][-3:]}", typed)[:25]


def _question_command(match: Match, codes: CodesInText) -> Intent | None:
    """``BAO GIO XONG``, ``GIAY TO``: the state of the dossier tells the day and what is missing."""
    return _look_up_command(match, codes) if codes.codes or _only(match.rest, ABOUT_RESULT) else None


def _inner_look_up(match: Match, codes: CodesInText) -> Intent | None:
    """``TC HS``, ``RUT HO SO``: a look-up behind a word that alone means something else."""
    inner = keyword_at_head(match.rest) if match.rest else None
    if inner is None or inner.keyword.command not in {Command.LOOKUP, Command.MY_DOSSIERS}:
        return None
    return HANDLERS[inner.keyword.command](inner, codes)


def _log_command(match: Match, codes: CodesInText) -> Intent | None:
    if codes.codes:
        return LookUpLog(codes.codes[0].code.text)
    return LookUpLog() if _only(match.rest, ABOUT_RESULT) else _look_up_command(match, codes)


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
    return words.issuperset(rest.replace(",", " ").replace("?", " ").split())


def _my_dossiers_command(match: Match, codes: CodesInText) -> Intent | None:
    """``CUA TOI`` alone may be anything of mine, so it counts only when nothing follows."""
    if codes.codes or (match.typed in {"CUA TOI", "CUATOI"} and not _only(match.rest, FILLERS)):
        return None
    return MyDossiers()


def _alone(intent: Intent) -> Handler:
    """A command that counts only when nothing else is said."""
    return lambda match, codes: intent if _only(match.rest, FILLERS) and not codes.codes else None


def _about_following(intent: Intent) -> Handler:
    return lambda match, codes: intent if _only(match.rest, ABOUT_FOLLOWING) and not codes.codes else None


def _unfollow_command(match: Match, codes: CodesInText) -> Intent | None:
    """``HUY`` alone is about followed dossiers; ``HUY TIN NHAN`` may mean all notices, so it is asked."""
    followed = _about_following(NotOffered(Topic.FOLLOWED))(match, codes)
    return followed or (StopNotices(confirmed=False) if _only(match.rest, ABOUT_SERVICE) and not codes.codes else None)


def _with_short_text(intent: Intent) -> Handler:
    """A command that a long text is not meant as."""
    return lambda match, codes: None if codes.codes or len(match.rest) >= LONG_TEXT else intent


def _with_text(intent: Intent) -> Handler:
    """A command that takes a text of any length."""
    return lambda _, codes: None if codes.codes else intent


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


def _reopen_command(match: Match, codes: CodesInText) -> Intent | None:
    """``MO LAI`` alone is the way back after a refusal: nothing else can be opened again here."""
    return _alone(ResumeNotices())(match, codes) if match.typed in {"MO LAI", "MOLAI"} else None


def _view_command(match: Match, codes: CodesInText) -> Intent | None:
    if PETITION_CODE.fullmatch(match.rest):
        return NotOffered(Topic.PETITION)
    return _inner_look_up(match, codes) or (AskForHelp() if not match.rest else None)


HANDLERS: dict[Command, Handler] = {
    Command.LOOKUP: _look_up_command,
    Command.LOG: _log_command,
    Command.MY_DOSSIERS: _my_dossiers_command,
    Command.STOP: _stop_command,
    Command.RESUME: _alone(ResumeNotices()),
    Command.ENGLISH: _alone(SwitchLanguage(Language.ENGLISH)),
    Command.VIETNAMESE: _alone(SwitchLanguage(Language.VIETNAMESE)),
    Command.HELP: _with_short_text(AskForHelp()),
    Command.GREETING: _greeting_command,
    Command.COURTESY: _courtesy_command,
    Command.COMPLAINT: _with_text(FormalComplaint()),
    Command.PREDICT: _question_command,
    Command.PAPERS: _question_command,
    Command.WITHDRAW_CONSENT: _inner_look_up,
    Command.REOPEN: _reopen_command,
    Command.PETITION_STATUS: _view_command,
    Command.FOLLOW: _about_following(NotOffered(Topic.FOLLOW)),
    Command.UNFOLLOW: _unfollow_command,
    Command.LIST: _alone(NotOffered(Topic.FOLLOWED)),
    Command.PETITION: _with_text(NotOffered(Topic.PETITION)),
    Command.HIDDEN_NAME: _with_text(NotOffered(Topic.PETITION)),
    Command.RATE: _with_short_text(NotOffered(Topic.RATING)),
    Command.LINK: _with_short_text(NotOffered(Topic.LINK)),
    Command.UNLINK: _alone(NotOffered(Topic.LINK)),
    Command.MY_DATA: _alone(NotOffered(Topic.DATA)),
    Command.ERASE: _with_short_text(NotOffered(Topic.DATA)),
    Command.OFFICER: _with_short_text(NotOffered(Topic.OFFICER)),
}
"""Commands that are not built yet but are answered honestly stand here too; of the rest only a code beside them counts."""
