"""Short answers to what we asked about a petition."""

from bot.intent import AskForHelp, Intent
from bot.model import Question
from bot.wishes import HandlePetition, NewPetition, PetitionAction, PetitionKind, PetitionStatus, PetitionStep

ADD, REOPEN, MEANING, WITHDRAW, WHICH, SPLIT, PHOTO = (
    "petition_add",
    "petition_reopen",
    "petition_meaning",
    "petition_withdraw",
    "petition_which",
    "petition_split",
    "petition_photo",
)
KINDS = frozenset({ADD, REOPEN, MEANING, WITHDRAW, WHICH, SPLIT, PHOTO})
FREE_ANSWER = {ADD: PetitionAction.ADD, REOPEN: PetitionAction.REOPEN}
"""What any words answer; commands and codes still work meanwhile."""
NEVER_MIND = frozenset({"BO QUA", "BOQUA", "HUY", "THOI", "SKIP", "CANCEL"})


def petition_answer(question: Question, normalised: str, *, yes: bool, no: bool) -> Intent | None:
    """The intent that *normalised* stands for; None when it is something else, or words that are taken as they are."""
    first, *_ = (*question.options, "")
    match question.kind:
        case "petition_add" | "petition_reopen" | "petition_withdraw" if no or normalised in NEVER_MIND:
            return HandlePetition(PetitionStep.SKIP, petition_code=first)
        case "petition_withdraw" if yes:
            return HandlePetition(PetitionStep.WITHDRAW, petition_code=first, confirmed=True)
        case "petition_meaning" if normalised == "1":
            return NewPetition(text=first, commanded=True)
        case "petition_meaning" if normalised == "2":
            return NewPetition(PetitionKind.COMPLAINT)
        case "petition_split" if normalised in {"1", "2"}:
            return HandlePetition(PetitionStep.SPLIT if normalised == "1" else PetitionStep.TOGETHER)
        case "petition_which":
            return _which(question, normalised)
        case "petition_photo":
            return _photo(question, normalised)
        case _:
            return None


def _which(question: Question, normalised: str) -> Intent | None:
    """The options are codes, then what to do, then the words that go with it."""
    *codes, wish, text = question.options
    if not normalised.isdigit() or not 1 <= int(normalised) <= len(codes):
        return None
    code = codes[int(normalised) - 1]
    if wish in set(PetitionAction):
        return PetitionStatus(PetitionAction(wish), text=text, petition_code=code)
    return HandlePetition(PetitionStep(wish), text=text, petition_code=code)


def _photo(question: Question, normalised: str) -> Intent | None:
    """The options are the code of the last petition, or "", and the references of the photos."""
    code, *references = question.options
    choices: list[Intent] = [
        HandlePetition(PetitionStep.ATTACH, text="\n".join(references)),
        AskForHelp(missing_code=True),
    ]
    if code:
        choices.insert(0, HandlePetition(PetitionStep.ATTACH, text="\n".join(references), petition_code=code))
    chosen = int(normalised) if normalised.isdigit() else 0
    return choices[chosen - 1] if 1 <= chosen <= len(choices) else None
