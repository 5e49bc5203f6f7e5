"""Commands about dossiers: their state, their steps, the sender's own."""

from collections.abc import Callable
from dataclasses import replace

from bot.intent import Intent, LookUpDossier, LookUpFacet, LookUpLog, MalformedCode, MyDossiers
from bot.understanding import details
from bot.understanding.command_words import ABOUT_RESULT, FILLERS, LAST4, LONG_NUMBER, PLAIN_WORDS, only
from bot.understanding.details import MOST_CODES, Said
from bot.understanding.keywords import Command, Match, keyword_at_head
from bot.understanding.text import normal
from dossier_client.mending import CodesInText

Handler = Callable[[Match, Said], Intent | None]
"""None: the keyword does not fit what follows it."""


def look_up(codes: CodesInText) -> LookUpDossier:
    """The first codes of a text, and the last four digits that follow a single one."""
    found = tuple(typed.code.text for typed in codes.codes)
    last4 = _last4(codes.rest) if len(found) == 1 and codes.rest else None
    return LookUpDossier(found[:MOST_CODES], last4, more=len(found) > MOST_CODES)


def _last4(rest: str) -> str | None:
    """The last four digits of an identity number, when beside the command there is nothing else."""
    text = normal(rest)
    match = keyword_at_head(text)
    proof = LAST4.fullmatch(match.rest if match else text)
    return proof[1] if proof else None


def look_up_command(match: Match, said: Said) -> Intent | None:
    """The state of the codes; of what is meant as a code and is none, what is wrong with it; else of the last dossier."""
    codes = said.codes
    if codes.codes:
        return replace(look_up(codes), facet=details.look_up_facet(said))
    if codes.malformed:
        return MalformedCode(codes.malformed[0].typed, codes.malformed[0].problem)
    if not PLAIN_WORDS.fullmatch(match.rest):
        return MalformedCode(_shown(match.rest), "not_a_code")
    return LookUpDossier(facet=details.look_up_facet(said), in_a_sentence=bool(match.rest))


def _shown(typed: str) -> str:
    """What is echoed of something that is no code: a phone or identity number only by its end."""
    return LONG_NUMBER.sub(lambda number: f"...{number[0][-3:]}", typed)[:25]


def question_command(facet: LookUpFacet) -> Handler:
    """``BAO GIO XONG``, ``GIAY TO``: the state of the dossier tells the day and what is missing."""

    def handle(match: Match, said: Said) -> Intent | None:
        asked = look_up_command(match, said) if said.codes.codes or only(match.rest, ABOUT_RESULT) else None
        return replace(asked, facet=facet) if isinstance(asked, LookUpDossier) else asked

    return handle


def inner_look_up(match: Match, said: Said) -> Intent | None:
    """``TC HS``, ``RUT HO SO``: a look-up behind a word that alone means something else."""
    inner = keyword_at_head(match.rest) if match.rest else None
    if inner is None or inner.keyword.command not in {Command.LOOKUP, Command.MY_DOSSIERS}:
        return None
    handler = look_up_command if inner.keyword.command is Command.LOOKUP else my_dossiers_command
    return handler(inner, said)


def log_command(match: Match, said: Said) -> Intent | None:
    """The steps of the first code, or of the last dossier."""
    if said.codes.codes:
        return LookUpLog(said.code_texts[0])
    return LookUpLog() if only(match.rest, ABOUT_RESULT) else look_up_command(match, said)


def my_dossiers_command(match: Match, said: Said) -> Intent | None:
    """``CUA TOI`` alone may be anything of mine, so it counts only when nothing follows."""
    if said.codes.codes or (match.typed in {"CUA TOI", "CUATOI"} and not only(match.rest, FILLERS)):
        return None
    return MyDossiers()
