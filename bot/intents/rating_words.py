"""Words that belong to a rating although no command says so: a score that we wait for, the reason that we asked for."""

from bot.intent import Intent
from bot.intents.petition_words import NEVER_TAKEN
from bot.intents.rating_subjects import newest_unanswered
from bot.intents.world import World
from bot.ratings import DIGIT_OPEN_FOR
from bot.understanding.exact import is_exact
from bot.understanding.keywords import Command, keyword_at_head
from bot.understanding.rating_words import is_reason_open, score_said
from bot.understanding.router import Reading, Rule
from bot.wishes import ExplainRating, NewPetition, PetitionKind, Rate

OF_ITS_OWN = frozenset(
    {Command.PETITION, Command.HIDDEN_NAME, Command.ADD, Command.RATE, Command.STOP, Command.ERASE, Command.LINK}
)
"""Commands that say what follows them is something else."""


async def taken_by_rating(reading: Reading, world: World) -> Intent | None:
    """The intent that the words of *reading* are because of what we asked; None: they mean what they say."""
    if reading.rule in NEVER_TAKEN or reading.rule is Rule.DANGER or reading.said.codes.codes:
        return None
    question = world.contact.question
    asked_why = is_reason_open(question) and question is not None and world.now < question.expires_at
    said = score_said(reading.normalised)
    if said is not None and (asked_why or await _waits(world)) and not await _is_writing(world):
        return Rate(said[0], comment=said[1].lower())
    return ExplainRating(reading.said.text.strip()) if asked_why and await _is_reason(reading, world) else None


async def _waits(world: World) -> bool:
    """A digit alone counts for three days."""
    waiting = await newest_unanswered(world)
    return waiting is not None and waiting.asked_at is not None and world.now - waiting.asked_at <= DIGIT_OPEN_FOR


async def _is_reason(reading: Reading, world: World) -> bool:
    """Not a command or code alone, nor a text that its command makes something else."""
    if reading.said.petition_code or is_exact(reading.said, reading.normalised):
        return False
    match = keyword_at_head(reading.normalised)
    if match is not None and match.keyword.command in OF_ITS_OWN:
        return False
    complains = isinstance(reading.intent, NewPetition) and reading.intent.kind is PetitionKind.COMPLAINT
    return not complains and not await _is_writing(world)


async def _is_writing(world: World) -> bool:
    draft = await world.petitions.draft()
    return draft is not None and not draft.is_offer
