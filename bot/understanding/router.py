"""Text → Intent, in the order of product rule 2.2: questions we asked, keywords, codes, slips of keywords. Pure."""

import re
from dataclasses import replace
from datetime import date, datetime

from bot.clock import VIETNAM
from bot.intent import (
    AskForHelp,
    Emergency,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    NotOffered,
    NotUnderstood,
    StopNotices,
    SuggestCommand,
    Thanks,
    Topic,
)
from bot.model import Contact, Office, Question
from bot.understanding.commands import PETITION_CODE, look_up, of_command
from bot.understanding.emergencies import is_emergency
from bot.understanding.keywords import (
    LONG_TEXT,
    NOT_AFTER_LEAD_IN,
    Match,
    keyword_at_head,
    likeliest,
    without_lead_in,
)
from bot.understanding.text import is_in_old_font, normal, without_keyboard_slips
from dossier_client.mending import CodesInText, find_codes

CHOICES = ("1", "2", "3")
YES = frozenset({"1", "CO", "PHAI", "DUNG", "DUNG ROI", "PHAI ROI", "DY", "DONG Y", "OK", "Y", "YES"})
NO = frozenset({"0", "KHONG", "KHONG PHAI", "K", "N", "NO"})
TRAILING4 = re.compile(r"(?s)(.*\d.*?)\s+(\d{4})\W*", re.ASCII)
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
    if not codes.codes and is_emergency(normalised):
        return Emergency()
    match = keyword_at_head(normalised) or keyword_at_head(without_keyboard_slips(normalised))
    if match is not None and (meant := of_command(match, normalised, codes)):
        return meant
    wish = without_lead_in(normalised)
    if wish != normalised and (meant := _after_lead_in(wish, codes)):
        return meant
    if codes.codes:
        return look_up(codes)
    if codes.malformed and codes.malformed[0].problem not in ABOUT_CODES:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    return _slip_or_nothing(text, normalised, match)


def _after_lead_in(wish: str, codes: CodesInText) -> Intent | None:
    """``cho toi hoi ...``: the command that follows; with nothing behind it somebody begins to talk."""
    if not wish:
        return Greeting()
    match = keyword_at_head(wish)
    return None if match is None or match.typed in NOT_AFTER_LEAD_IN else of_command(match, wish, codes)


def _slip_or_nothing(text: str, normalised: str, match: Match | None) -> Intent:
    """A mistyped command when the text is short, courtesy when it holds signs only (an emoji), else nothing we know."""
    if not any(character.isalnum() for character in normalised):
        return Thanks()
    if PETITION_CODE.fullmatch(normalised):
        return NotOffered(Topic.PETITION)
    slips = likeliest(normalised) if match is None and len(normalised) < LONG_TEXT else ()
    match slips:
        case (slip,):
            return SuggestCommand(slip.word)
        case ():
            return AskForHelp() if is_in_old_font(text) else NotUnderstood()
        case _:
            return AskForHelp()


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
    yes, no = normalised in YES, normalised in NO
    match question.kind:
        case "choose_code" | "choose_log" if no:
            return AskForHelp(missing_code=True)
        case "choose_code":
            chosen = _chosen(normalised, question.options)
            return LookUpDossier((chosen,)) if chosen else None
        case "choose_log":
            chosen = _chosen(normalised, question.options)
            return LookUpLog(chosen) if chosen else None
        case "confirm_stop" if yes:
            return StopNotices()
        case "confirm_command" if yes:
            return _chosen_command(question.options[0])
        case "choose_meaning" if normalised == "1":
            return StopNotices()
        case "choose_meaning" if normalised == "2":
            return AskForHelp(missing_code=True)
        case "confirm_stop" | "confirm_command" | "choose_meaning" if no:
            return AskForHelp()
        case _:
            return None


def _chosen(normalised: str, options: tuple[str, ...]) -> str | None:
    """The option that is meant: by its number, or by "yes" when there is only one."""
    if normalised in CHOICES[: len(options)]:
        return options[CHOICES.index(normalised)]
    return options[0] if len(options) == 1 and normalised in YES else None


def _chosen_command(word: str) -> Intent | None:
    chosen = keyword_at_head(word)
    return of_command(chosen, word, CodesInText()) if chosen else None
