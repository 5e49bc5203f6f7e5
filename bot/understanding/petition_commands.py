"""Commands about petitions: write one, send it, add to it, see it, have it looked at again."""

import re

from bot.intent import Intent, ResumeNotices
from bot.understanding.command_words import ABOUT_ADDING, FILLERS, only
from bot.understanding.details import PETITION_CODE, Said
from bot.understanding.keywords import Match
from bot.understanding.look_up_commands import inner_look_up
from bot.understanding.text import normal
from bot.wishes import HandlePetition, NewPetition, PetitionAction, PetitionMeaning, PetitionStatus, PetitionStep

TWO_MEANINGS = frozenset({"KN"})
"""Short for both "kiến nghị" and "khiếu nại"."""
_CATEGORY = re.compile(r"(?<!\w)[A-Z]{2,3}(?!\w)", re.ASCII)
_WORD = re.compile(r"\S+")
_EDGES = " \t\r\n:;,.-–"


def petition_command(match: Match, said: Said) -> Intent | None:
    """A petition of any length; with the code of one it is about that."""
    if said.petition_code:
        return None
    text = text_after(match, said)
    if match.typed in TWO_MEANINGS:
        return PetitionMeaning(text)
    return NewPetition(text=text, commanded=True)


def hidden_name_command(match: Match, said: Said) -> Intent | None:
    """With a text a petition without the name; alone for the one that is being written, or the last one."""
    text = without_petition_code(text_after(match, said))
    if only(normal(text), FILLERS):
        return HandlePetition(PetitionStep.HIDE_NAME)
    return NewPetition(text=text, name_hidden=True, commanded=True)


def publish_command(match: Match, said: Said) -> Intent | None:
    """The text may be shown to everybody. With other words it is a sentence."""
    alone = only(normal(without_petition_code(text_after(match, said))), FILLERS)
    return HandlePetition(PetitionStep.PUBLISH) if alone else None


def submit_command(match: Match, said: Said) -> Intent | None:
    """``XONG`` says only while a petition is being written that it is finished; with the code of one that its answer is good."""
    alone = only(normal(without_petition_code(text_after(match, said))), FILLERS)
    if said.codes.codes or not alone:
        return None
    if said.petition_code:
        return HandlePetition(PetitionStep.SETTLED)
    return PetitionStatus(PetitionAction.SUBMIT) if match.typed != "XONG" else None


def add_command(match: Match, said: Said) -> Intent | None:
    """With or without the code of the petition, with or without what is to be added."""
    text = without_petition_code(text_after(match, said))
    return PetitionStatus(PetitionAction.ADD, text="" if only(normal(text), ABOUT_ADDING) else text)


def view_command(match: Match, said: Said) -> Intent | None:
    """The whole answer of one petition; alone all of mine, or what I am writing."""
    if said.petition_code:
        return HandlePetition(PetitionStep.ANSWER)
    return inner_look_up(match, said) or (
        HandlePetition(PetitionStep.LIST) if not said.codes.codes and only(match.rest, FILLERS) else None
    )


def reopen_command(match: Match, said: Said) -> Intent | None:
    """``MO LAI`` alone is the way back after a refusal, else a petition is meant. Its aliases begin sentences too."""
    text = without_petition_code(text_after(match, said))
    if said.petition_code:
        return PetitionStatus(PetitionAction.REOPEN, text=text)
    alone, is_word = only(match.rest, FILLERS), match.typed in {"MO LAI", "MOLAI"}
    if said.codes.codes or not (alone or is_word):
        return None
    return ResumeNotices(or_petition=True) if alone and is_word else PetitionStatus(PetitionAction.REOPEN, text=text)


def category_command(match: Match, said: Said) -> Intent | None:
    """``LV PA26005442 GT``: what a button under the receipt says."""
    found = _CATEGORY.search(PETITION_CODE.sub(" ", match.rest))
    if only(match.rest, FILLERS):
        return HandlePetition(PetitionStep.LIST)
    return HandlePetition(PetitionStep.CATEGORY, text=found[0]) if said.petition_code and found else None


def other_matter_command(match: Match, said: Said) -> Intent | None:
    """What was taken for the same is another matter."""
    alone = only(normal(without_petition_code(text_after(match, said))), FILLERS)
    return HandlePetition(PetitionStep.OTHER_MATTER) if alone else None


def text_after(match: Match, said: Said) -> str:
    """What follows the command, as it was written with its lines."""
    count = len(match.rest.split())
    words = list(_WORD.finditer(said.text))
    return said.text[words[-count].start() :].strip() if 0 < count <= len(words) else ""


def without_petition_code(text: str) -> str:
    """The text without the first code of a petition in it."""
    return PETITION_CODE.sub("", text, count=1).strip(_EDGES)
