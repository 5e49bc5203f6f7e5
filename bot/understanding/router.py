"""Text → Intent, layer by layer: questions we asked, danger, commands, codes, slips of commands, and what a model makes of the rest. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.clock import VIETNAM
from bot.intent import (
    AskForHelp,
    Greeting,
    Intent,
    LookUpDossier,
    MalformedCode,
    NotUnderstood,
    StopNotices,
    SuggestCommand,
    Thanks,
)
from bot.model import Contact, Office, Question
from bot.understanding import free_text
from bot.understanding.commands import EXACT, LOOSE, LOOSE_WITH_CODE, ONLY_QUESTIONS, of_command
from bot.understanding.details import Said, look_up_facet
from bot.understanding.emergencies import is_despair, is_emergency
from bot.understanding.keywords import (
    LONG_TEXT,
    NOT_AFTER_LEAD_IN,
    Command,
    Match,
    keyword_at_head,
    likeliest,
    without_lead_in,
)
from bot.understanding.look_up_commands import look_up
from bot.understanding.names import intent_name
from bot.understanding.pending import answer_to
from bot.understanding.text import is_in_old_font, normal, without_keyboard_slips
from bot.wishes import Despair, NewPetition, PetitionKind
from dossier_client.mending import RANGE, CodesInText, find_codes

TRAILING4 = re.compile(r"(?s)(.*\d.*?)\s+(\d{4})\W*", re.ASCII)
ABOUT_CODES = frozenset({"procedure", "agency"})
QUESTIONS = free_text.QUESTIONS | {"data_request", "my_dossiers"}
FREE_WORDS = 2
"""So many words more than a loose command needs, and a text is read as a sentence."""
SLIP_WORDS = 2
"""A mistyped command is hardly ever longer."""


class Rule(StrEnum):
    """Which layer decided."""

    EMPTY = "nothing written"
    ANSWER = "answer to our question"
    DESPAIR = "despair"
    DANGER = "danger"
    COMMAND = "command"
    POLITE_COMMAND = "command after polite words"
    SENTENCE = "sentence that begins like a command"
    CODE = "code"
    CODE_IN_SENTENCE = "code in a sentence"
    PETITION_CODE = "petition code"
    MALFORMED = "something like a code"
    SIGNS = "signs only"
    SLIP = "slip of a command"
    MODEL = "model"
    TWO_GUESSES = "model, not sure"
    NOTHING = "nothing known"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means, which layer said so, and what the layers saw."""

    intent: Intent
    rule: Rule
    said: Said
    normalised: str = ""
    """The text as commands are matched, without the service prefix."""


def understand(text: str, contact: Contact, now: datetime, office: Office) -> Intent:
    """What *text* means, said by *contact* at *now*. Reads nothing but its arguments."""
    return read(text, contact, now, office).intent


def read(text: str, contact: Contact, now: datetime, office: Office) -> Reading:
    """As ``understand``, with the reasons."""
    today = now.astimezone(VIETNAM).date()
    normalised = _without_prefix(normal(text), office.prefix)
    question = contact.question if contact.question and now < contact.question.expires_at else None
    if found := _before_codes(normalised, question, office, lambda old: _codes_in(old, today)):
        return Reading(*found, Said(text, CodesInText()), normalised)
    said = Said(text, _codes_in(text, today))
    for layer in LAYERS:
        if found := layer(said, normalised):
            return Reading(*found, said, normalised)
    return Reading(AskForHelp() if is_in_old_font(text) else NotUnderstood(text), Rule.NOTHING, said, normalised)


Found = tuple[Intent, Rule]


def _before_codes(
    normalised: str, question: Question | None, office: Office, codes_in: Callable[[str], CodesInText]
) -> Found | None:
    if not normalised:
        return AskForHelp(), Rule.EMPTY
    if normalised in {f"TC {office.short_code}", f"TC {office.prefix.upper()}"}:
        return StopNotices(), Rule.COMMAND
    answer = answer_to(question, normalised, codes_in) if question else None
    return (answer, Rule.ANSWER) if answer else None


def _despair(said: Said, normalised: str) -> Found | None:
    """Before everything else, whatever stands beside it."""
    return (Despair(), Rule.DESPAIR) if is_despair(said.text, normalised) else None


def _danger(said: Said, normalised: str) -> Found | None:
    """Words of danger, unless the model is quite sure that somebody asks for something else; beside a code it has to see the danger too."""
    if not is_emergency(normalised) or free_text.surely_calm(said):
        return None
    if said.codes.codes and not free_text.seems_wrong(said):
        return None
    return NewPetition(PetitionKind.EMERGENCY, said.text, petition_code=said.petition_code), Rule.DANGER


def _command(said: Said, normalised: str) -> Found | None:
    match = keyword_at_head(normalised) or keyword_at_head(without_keyboard_slips(normalised))
    meant = of_command(match, normalised, said) if match else None
    return _unless_sentence(meant, match, said, Rule.COMMAND) if match and meant else None


def _command_after_polite_words(said: Said, normalised: str) -> Found | None:
    """``cho toi hoi ...``: the command that follows; with nothing behind it somebody begins to talk."""
    match = keyword_at_head(normalised)
    greeted = match is not None and match.keyword.command is Command.GREETING
    wish = without_lead_in(match.rest if match and greeted else normalised)
    if wish == normalised:
        return None
    if not wish:
        return Greeting(), Rule.POLITE_COMMAND
    match = keyword_at_head(wish)
    if match is None or match.typed in NOT_AFTER_LEAD_IN:
        return None
    meant = of_command(match, wish, said)
    return _unless_sentence(meant, match, said, Rule.POLITE_COMMAND) if meant else None


def _unless_sentence(meant: Intent, match: Match, said: Said, rule: Rule) -> Found:
    """A loose command with more words behind it, unless a sure model says that the sentence asks for something else."""
    beside = normal(said.codes.rest) if said.codes.codes else match.rest
    loose = LOOSE_WITH_CODE if said.codes.codes else LOOSE
    exact = match.typed in EXACT or match.keyword.command not in loose
    if exact or len(beside.split()) < FREE_WORDS:
        return meant, rule
    other = free_text.beside_codes(said) if said.codes.codes else free_text.instead_of_command(said)
    if other is None or intent_name(other) == intent_name(meant):
        return meant, rule
    if match.keyword.command in ONLY_QUESTIONS and (said.petition_code or intent_name(other) not in QUESTIONS):
        return meant, rule
    return other, Rule.SENTENCE


def _codes(said: Said, normalised: str) -> Found | None:
    del normalised
    if not said.codes.codes:
        return None
    found = look_up(said.codes)
    if found.id_last4 or found.more or len(normal(said.codes.rest).split()) < FREE_WORDS:
        return found, Rule.CODE
    other = free_text.beside_codes(said)
    return (other, Rule.CODE_IN_SENTENCE) if other else (replace(found, facet=look_up_facet(said)), Rule.CODE)


def _petition_code(said: Said, normalised: str) -> Found | None:
    del normalised
    return (free_text.about_petition(said), Rule.PETITION_CODE) if said.petition_code else None


def _malformed(said: Said, normalised: str) -> Found | None:
    """Something meant as a code; a house number or a plate in a long sentence of another kind is none."""
    if not said.codes.malformed or said.codes.malformed[0].problem in ABOUT_CODES:
        return None
    other = free_text.sure(said) if len(normalised) >= LONG_TEXT else None
    if other is not None and not isinstance(other, LookUpDossier):
        return other, Rule.MODEL
    return MalformedCode(said.codes.malformed[0].typed, said.codes.malformed[0].problem), Rule.MALFORMED


def _slip(said: Said, normalised: str) -> Found | None:
    """A mistyped command, or courtesy when the text holds signs only (an emoji)."""
    if not any(character.isalnum() for character in normalised):
        return Thanks(), Rule.SIGNS
    short = len(normalised) < LONG_TEXT and len(normalised.split()) <= SLIP_WORDS
    if not short or keyword_at_head(normalised) is not None or free_text.instead_of_slip(said):
        return None
    match likeliest(normalised):
        case (slip,):
            return SuggestCommand(slip.word), Rule.SLIP
        case ():
            return None
        case _:
            return AskForHelp(), Rule.SLIP


def _model(said: Said, normalised: str) -> Found | None:
    del normalised
    if is_in_old_font(said.text):
        return None
    if meant := free_text.sure(said):
        return meant, Rule.MODEL
    choice = free_text.unsure(said)
    return (choice, Rule.TWO_GUESSES) if choice else None


LAYERS = (
    _despair,
    _danger,
    _command,
    _command_after_polite_words,
    _codes,
    _petition_code,
    _malformed,
    _slip,
    _model,
)
"""In order; the first that finds something wins."""


def _codes_in(text: str, today: date) -> CodesInText:
    """The codes of a text. A code typed with blanks swallows the last four digits after it, so these are then taken off first."""
    codes = find_codes(text, today)
    ranged = any(item.problem == RANGE for item in codes.malformed)
    if codes.codes or not codes.malformed or ranged or not (split := TRAILING4.fullmatch(text)):
        return codes
    shorter = find_codes(split[1], today)
    return replace(shorter, rest=f"{shorter.rest} {split[2]}") if len(shorter.codes) == 1 else codes


def _without_prefix(normalised: str, prefix: str) -> str:
    plain = " ".join(normalised.replace(":", " ").split()) if ":" in normalised else normalised
    head, _, rest = plain.partition(" ")
    return rest if prefix and head == prefix.upper() else plain
