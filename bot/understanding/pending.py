"""Short answers to what we asked: a number, yes or no."""

from collections.abc import Callable

from bot.intent import AskForHelp, Intent, LookUpDossier, LookUpLog, ResumeNotices, StopNotices
from bot.model import Question
from bot.understanding import petition_answers, rating_words
from bot.understanding.commands import of_command
from bot.understanding.details import Said
from bot.understanding.keywords import keyword_at_head
from bot.understanding.shapes import SHAPES, shape
from bot.understanding.text import normal
from bot.wishes import OfficeFacet, OfficeQuestion, ProcedureFacet, ProcedureQuestion, QueueAction, QueueTicket, Unlink
from dossier_client.mending import CodesInText

CodesReader = Callable[[str], CodesInText]

CHOICES = ("1", "2", "3", "4", "5")
YES = frozenset({"1", "CO", "PHAI", "DUNG", "DUNG ROI", "PHAI ROI", "DY", "DONG Y", "OK", "Y", "YES"})
NO = frozenset({"0", "KHONG", "KHONG PHAI", "K", "N", "NO"})


def answer_to(question: Question, normalised: str, codes_in: CodesReader) -> Intent | None:  # noqa: C901, PLR0911, PLR0912 - one arm for each question is the point
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
        case "stop_everywhere" if yes:
            return StopNotices(everywhere=True)
        case "confirm_unlink" if yes:
            return Unlink(confirmed=True)
        case "confirm_resume" if yes:
            return ResumeNotices()
        case "confirm_command" if yes:
            return _chosen_command(question.options[0], codes_in)
        case "choose_meaning" if normalised == "1":
            return StopNotices()
        case "choose_meaning" if normalised == "2":
            return AskForHelp(missing_code=True)
        case "choose_intent" if not no:
            return _chosen_intent(normalised, question, codes_in)
        case "choose_procedure" if not no:
            return _chosen_procedure(normalised, question)
        case "choose_office" if not no:
            return _chosen_office(normalised, question)
        case kind if kind in petition_answers.KINDS:
            return petition_answers.petition_answer(question, normalised, yes=yes, no=no)
        case rating_words.REASON:
            return rating_words.reason_answer(normalised)
        case "choose_button":
            chosen = _chosen_number(normalised, question.options)
            return _chosen_command(chosen, codes_in) if chosen else None
        case _:
            return AskForHelp() if no and question.kind in ANSWERED_BY_NO else None


ANSWERED_BY_NO = frozenset(
    {
        *("confirm_stop", "confirm_resume", "confirm_command"),
        *("choose_meaning", "choose_intent", "choose_procedure", "choose_office"),
        *("stop_everywhere", "confirm_unlink"),
    }
)


def _chosen(normalised: str, options: tuple[str, ...]) -> str | None:
    """The option that is meant: by its number, or by "yes" when there is only one."""
    if numbered := _chosen_number(normalised, options):
        return numbered
    return options[0] if len(options) == 1 and normalised in YES else None


def _chosen_number(normalised: str, options: tuple[str, ...]) -> str | None:
    return options[CHOICES.index(normalised)] if normalised in CHOICES[: len(options)] else None


def _chosen_command(command: str, codes_in: CodesReader) -> Intent | None:
    typed = normal(command)
    chosen = keyword_at_head(typed)
    return of_command(chosen, typed, Said(command, codes_in(command))) if chosen else None


def _chosen_intent(normalised: str, question: Question, codes_in: CodesReader) -> Intent | None:
    """The options are names of intents, then the text that they were guessed from."""
    *names, text = question.options
    chosen = _chosen(normalised, tuple(names))
    if chosen is None or chosen not in SHAPES:
        return None
    intent = shape(chosen, Said(text, codes_in(text)))
    return type(intent)() if isinstance(intent, StopNotices | ResumeNotices) else intent


def _chosen_procedure(normalised: str, question: Question) -> Intent | None:
    """The options are codes of procedures, then the facet and the question."""
    *procedures, facet, text = question.options
    chosen = _chosen(normalised, tuple(procedures))
    return ProcedureQuestion(text, ProcedureFacet(facet), chosen) if chosen else None


def _chosen_office(normalised: str, question: Question) -> Intent | None:
    """The options are codes of agencies, then what is asked of them (``office:hours``, ``queue:take``) and the text."""
    *agencies, wish, text = question.options
    chosen = _chosen(normalised, tuple(agencies))
    if chosen is None:
        return None
    what, _, detail = wish.partition(":")
    if what == "queue":
        return QueueTicket(QueueAction(detail), text, agency=chosen)
    return OfficeQuestion(OfficeFacet(detail), text, agency=chosen)
