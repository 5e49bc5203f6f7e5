"""Words that belong to a petition although no command says so: the draft goes on, or a question of ours or of an officer is answered."""

from bot.intent import ChooseIntent, Intent
from bot.intents.world import World
from bot.model import Question
from bot.petitions.record import Petition, PetitionState
from bot.understanding.exact import is_exact
from bot.understanding.keywords import Command, keyword_at_head
from bot.understanding.petition_answers import FREE_ANSWER
from bot.understanding.petition_commands import text_after
from bot.understanding.router import Reading, Rule
from bot.wishes import HandlePetition, NewPetition, PetitionAction, PetitionKind, PetitionStatus, PetitionStep

NEVER_TAKEN = frozenset({Rule.EMPTY, Rule.ANSWER, Rule.DESPAIR})
GUESSED = frozenset({Rule.MODEL, Rule.TWO_GUESSES, Rule.NOTHING, Rule.MALFORMED, Rule.SLIP, Rule.SENTENCE})
"""Layers that made something of a free sentence."""
SURELY_SOMETHING_ELSE = 0.9
NOT_AN_ANSWER = frozenset(
    {
        *("procedure_question", "office_info", "queue_ticket", "human_agent", "language_switch", "opt_out"),
        *("officer_link", "data_request", "help", "greeting", "thanks", "my_dossiers", "lookup_status"),
    }
)
"""What somebody may ask although an officer waits for an answer."""
FINISHED = frozenset({"XONG", "XONG ROI", "HET", "DONE"})
"""What says only while a petition is being written that it is finished."""
GOES_ON = frozenset({Command.PETITION, Command.HIDDEN_NAME, Command.ADD})
"""Commands that only say again that what follows belongs to the petition."""


async def taken_by_petition(reading: Reading, world: World) -> Intent | None:
    """The intent that the words of *reading* are because of what the person is doing; None: they mean what they say."""
    if reading.normalised in FINISHED and await _is_writing(world):
        return PetitionStatus(PetitionAction.SUBMIT)
    if reading.rule in NEVER_TAKEN or is_exact(reading.said, reading.normalised) or _is_complaint(reading):
        return None
    if intent := _answer(world.contact.question, reading, world):
        return intent
    if not _is_for_another(reading) and await _is_writing(world):
        return HandlePetition(PetitionStep.WRITE, text=_words(reading))
    if not _is_guess(reading):
        return None
    waiting = [petition for petition in await world.petitions.own() if petition.state is PetitionState.NEED_INFO]
    return _add(waiting[0], reading) if len(waiting) == 1 else None


async def _is_writing(world: World) -> bool:
    draft = await world.petitions.draft()
    return draft is not None and not draft.is_offer


def _is_complaint(reading: Reading) -> bool:
    """Its words are kept nowhere."""
    return isinstance(reading.intent, NewPetition) and reading.intent.kind is PetitionKind.COMPLAINT


def _is_for_another(reading: Reading) -> bool:
    """``THEM PA26005442 …`` names its petition."""
    return isinstance(reading.intent, PetitionStatus) and reading.said.petition_code is not None


def _answer(question: Question | None, reading: Reading, world: World) -> Intent | None:
    if question is None or question.kind not in FREE_ANSWER or world.now >= question.expires_at:
        return None
    action = FREE_ANSWER[question.kind]
    return PetitionStatus(action, text=reading.said.text.strip(), petition_code=question.options[0])


def _words(reading: Reading) -> str:
    """As written, without a command that only says again that they belong to the petition."""
    match = keyword_at_head(reading.normalised)
    if match is not None and match.keyword.command in GOES_ON and match.typed not in {"KN", "BS"}:
        return text_after(match, reading.said)
    return reading.said.text.strip()


def _is_guess(reading: Reading) -> bool:
    """Nothing but a guess, and none that is surely something else."""
    if reading.rule not in GUESSED or reading.said.codes.codes or reading.said.petition_code:
        return False
    best = reading.said.guesses[0]
    is_other = best.label in NOT_AN_ANSWER and best.probability >= SURELY_SOMETHING_ELSE
    return isinstance(reading.intent, ChooseIntent) or not is_other


def _add(petition: Petition, reading: Reading) -> Intent:
    return PetitionStatus(PetitionAction.ADD, text=reading.said.text.strip(), petition_code=petition.code)
