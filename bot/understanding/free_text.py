"""What a model makes of a free sentence: an intent when it is sure, two to choose from when it is not, else nothing.

The figures were chosen by cross-validation on the training phrases (four folds that keep phrases of the same rare words together) and by
the development set, weighing a wrong answer that does something as four, a vain question or a harmless wrong answer as two, and a question
that holds the right choice as one.
"""

from collections.abc import Iterator

from bot.intent import ChooseIntent, Intent
from bot.understanding.details import Said, petition_action
from bot.understanding.linear import Guess
from bot.understanding.shapes import shape
from bot.wishes import PetitionStatus

SURE = 0.7
"""From here on a guess is acted on: of a new writer's guesses at 0.7–0.8 some 72 % are right, of those above 0.9 some 96 %."""
POSSIBLE = 0.25
"""A less likely intent is not worth a question."""
SURE_OF_TALK = 0.4
"""Greeting, courtesy, help and the polite word to who is rude do no harm when they are guessed."""
SURE_OF_QUESTION = 0.5
QUESTIONS = frozenset({"procedure_question", "office_info"})
"""Nothing is done when they are answered, and what is answered says itself what was understood."""
SURE_BESIDE_CODE = 0.35
"""What is wished beside a code costs nothing when it is wrong: the state is told anyway."""
SURE_OF_ONE_WORD = 0.5
SURE_OF_NOT_OURS = 0.4
"""Its answer says what can be asked here, as "not understood" does: a question is worth less than that."""
NEVER = 2.0
NOT_OURS = "out_of_scope"
TALK = frozenset({"greeting", "thanks", "help", "abuse", "out_of_scope"})
LIKE_COMMANDS = frozenset({"help", "lookup_status", "my_dossiers"})
NEVER_OFFERED = TALK
"""Nobody is asked whether this is meant."""
QUITE_SURE = 0.9
NO_CALM = frozenset({"petition_new", "human_agent", "abuse", "out_of_scope"})
"""What the model may take a cry for help for."""
BESIDE_CODE = frozenset(
    {
        *("subscribe", "unsubscribe", "rating", "petition_new", "petition_status", "human_agent", "language_switch"),
        *("office_info", "queue_ticket", "data_request", "officer_link"),
    }
)
"""What may be asked about a dossier named by its code; everything else said beside a code is a look-up."""
ABOUT_PETITION = frozenset({"petition_status", "rating", "data_request", "human_agent"})


def sure(said: Said) -> Intent | None:
    """The intent that the model is sure of."""
    best = said.guesses[0]
    return shape(best.label, said) if best.probability >= _needed(said, best) else None


def surely_calm(said: Said) -> bool:
    """Whether a text with a word of danger surely asks for something else: "tai nạn lao động cần giấy tờ gì"."""
    best = said.guesses[0]
    return best.label not in NO_CALM and best.probability >= QUITE_SURE


def seems_wrong(said: Said) -> bool:
    """Whether a text most likely tells of something that is wrong."""
    return said.guesses[0].label == "petition_new"


def instead_of_command(said: Said) -> Intent | None:
    """What a sentence that begins like a command asks for, when the model is sure; of chatter it has to be surer."""
    best = said.guesses[0]
    needed = QUITE_SURE if best.label in {"abuse", "out_of_scope"} else NEVER if best.label in TALK else SURE
    return shape(best.label, said) if best.probability >= needed else None


def instead_of_slip(said: Said) -> Intent | None:
    """What a short text says that looks like a mistyped command, when it is nothing that a command would do."""
    best = said.guesses[0]
    doubtful = best.label == NOT_OURS and best.probability < SURE
    return None if doubtful or best.label in LIKE_COMMANDS else sure(said)


def unsure(said: Said) -> ChooseIntent | None:
    """The two likeliest intents, or the one, when a question is worth it."""
    if _words(said) < 2:  # noqa: PLR2004 - one word alone is too little to guess from
        return None
    options = tuple(shape(guess.label, said) for guess in _possible(said))
    return ChooseIntent(options, said.text) if options else None


def beside_codes(said: Said) -> Intent | None:
    """What is wanted with the codes of the text, when it is something else than their state. That is told anyway."""
    best = said.guesses[0]
    return shape(best.label, said) if best.label in BESIDE_CODE and best.probability >= SURE_BESIDE_CODE else None


def about_petition(said: Said) -> Intent:
    """What is wanted with the petition of the text: mostly its state."""
    best = said.guesses[0]
    if best.label in ABOUT_PETITION and best.probability >= SURE:
        return shape(best.label, said)
    return PetitionStatus(petition_action(said), codes=said.code_texts, petition_code=said.petition_code)


def _possible(said: Said) -> Iterator[Guess]:
    return (guess for guess in said.guesses[:2] if guess.probability >= POSSIBLE and guess.label not in NEVER_OFFERED)


def _needed(said: Said, guess: Guess) -> float:
    words = _words(said)
    if not words:
        return NEVER
    if words == 1:
        return NEVER if guess.label == NOT_OURS else SURE_OF_ONE_WORD
    if guess.label == NOT_OURS:
        return SURE_OF_NOT_OURS
    if guess.label in TALK:
        return SURE_OF_TALK
    return SURE_OF_QUESTION if guess.label in QUESTIONS else SURE


def _words(said: Said) -> int:
    """Words of letters only: a text of numbers says nothing."""
    return sum(word.isalpha() for word in said.plain.split())
