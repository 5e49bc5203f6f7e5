"""From the name of an intent to its shape: what the model guesses, and what a person chooses by number, become typed intents."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.intent import (
    AskForHelp,
    Greeting,
    Intent,
    MyDossiers,
    ResumeNotices,
    StopNotices,
    SwitchLanguage,
    Thanks,
)
from bot.understanding import details
from bot.understanding.details import Said
from bot.understanding.look_up_commands import look_up
from bot.understanding.questions import office_facet, other_body, procedure_facet
from bot.wishes import (
    DataRequest,
    Insult,
    LinkOfficer,
    NewPetition,
    OfficeFacet,
    OfficeQuestion,
    OutOfScope,
    PetitionKind,
    PetitionStatus,
    ProcedureFacet,
    ProcedureQuestion,
    QueueTicket,
    Rate,
    Subscribe,
    TalkToPerson,
    Unsubscribe,
    Wish,
)


def shape(name: str, said: Said) -> Intent:
    """The intent *name*, with the slots that the words give."""
    intent = SHAPES[name](said)
    if isinstance(intent, Wish):
        return replace(intent, codes=said.code_texts, petition_code=said.petition_code)
    return intent


def _look_up(said: Said) -> Intent:
    return replace(look_up(said.codes), facet=details.look_up_facet(said), in_a_sentence=True)


def _new_petition(said: Said) -> Intent:
    kind = details.petition_kind(said)
    return NewPetition(kind, "" if kind is PetitionKind.COMPLAINT else said.text)


def _opt_out(said: Said) -> Intent:
    """Only asked: nothing is refused because a model thinks so."""
    return ResumeNotices(confirmed=False) if details.wants_notices_again(said) else StopNotices(confirmed=False)


SHAPES: Mapping[str, Callable[[Said], Intent]] = {
    "lookup_status": _look_up,
    "my_dossiers": lambda _: MyDossiers(),
    "subscribe": lambda _: Subscribe(),
    "unsubscribe": lambda _: Unsubscribe(),
    "petition_new": _new_petition,
    "petition_status": lambda said: PetitionStatus(details.petition_action(said)),
    "rating": lambda said: Rate(details.score(said)),
    "procedure_question": lambda said: ProcedureQuestion(said.rest, ProcedureFacet(procedure_facet(said.rest))),
    "office_info": lambda said: OfficeQuestion(OfficeFacet(office_facet(said.rest)), said.rest),
    "queue_ticket": lambda said: QueueTicket(details.queue_action(said), said.rest),
    "help": lambda _: AskForHelp(),
    "greeting": lambda _: Greeting(),
    "thanks": lambda _: Thanks(),
    "opt_out": _opt_out,
    "language_switch": lambda said: SwitchLanguage(details.language(said)),
    "human_agent": lambda said: TalkToPerson(details.phone(said)),
    "officer_link": lambda said: LinkOfficer(details.token(said)),
    "data_request": lambda said: DataRequest(details.data_action(said)),
    "abuse": lambda _: Insult(),
    "out_of_scope": lambda said: OutOfScope(other_body(said.rest)),
}
"""All twenty names of the surface."""
