"""The fixed names of intents and slots, as ``motcua understand`` and the counters print them."""

from typing import Any, assert_never

from bot.intent import (
    AskForHelp,
    ChooseIntent,
    ChooseMeaning,
    Greeting,
    Happened,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotUnderstood,
    ResumeNotices,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
)
from bot.wishes import (
    ChoosePushAccount,
    DataRequest,
    Despair,
    ExplainRating,
    HandlePetition,
    Insult,
    LinkOfficer,
    ListFollowed,
    NewPetition,
    OfficeQuestion,
    OutOfScope,
    PetitionKind,
    PetitionMeaning,
    PetitionStatus,
    ProcedureQuestion,
    QueueTicket,
    Rate,
    Subscribe,
    TalkToPerson,
    Unlink,
    Unsubscribe,
    Wish,
)

NAMES: dict[type[Intent], str] = {
    LookUpDossier: "lookup_status",
    LookUpLog: "lookup_status",
    MalformedCode: "lookup_status",
    MyDossiers: "my_dossiers",
    ListFollowed: "my_dossiers",
    Subscribe: "subscribe",
    Unsubscribe: "unsubscribe",
    NewPetition: "petition_new",
    PetitionMeaning: "petition_new",
    Despair: "petition_new",
    PetitionStatus: "petition_status",
    HandlePetition: "petition_status",
    Rate: "rating",
    ExplainRating: "rating",
    ProcedureQuestion: "procedure_question",
    OfficeQuestion: "office_info",
    QueueTicket: "queue_ticket",
    AskForHelp: "help",
    SuggestCommand: "help",
    ChooseMeaning: "help",
    Greeting: "greeting",
    Thanks: "thanks",
    StopNotices: "opt_out",
    ResumeNotices: "opt_out",
    SwitchLanguage: "language_switch",
    TalkToPerson: "human_agent",
    LinkOfficer: "officer_link",
    Unlink: "officer_link",
    ChoosePushAccount: "officer_link",
    DataRequest: "data_request",
    Insult: "abuse",
    OutOfScope: "out_of_scope",
    Happened: "out_of_scope",
    NotUnderstood: "out_of_scope",
}
"""Every shape but ``ChooseIntent``, which has the name of its likeliest option."""


def intent_name(intent: Intent) -> str:
    """One of the twenty names of the surface."""
    return intent_name(intent.options[0]) if isinstance(intent, ChooseIntent) else NAMES[type(intent)]


def slots(intent: Intent) -> dict[str, Any]:
    """The values that the intent carries, without those that are not given."""
    named = {"code": list(intent.codes), "petition_code": intent.petition_code} if isinstance(intent, Wish) else {}
    return {name: value for name, value in (named | _own_slots(intent)).items() if value not in (None, [], "")}


def _own_slots(intent: Intent) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one arm for each shape is the point
    match intent:
        case LookUpDossier(codes=codes, facet=facet):
            return {"code": list(codes), "facet": facet and facet.value}
        case LookUpLog(code=code):
            return {"code": [code] if code else []}
        case ChooseIntent(options=options):
            return slots(options[0])
        case StopNotices():
            return {"action": "stop"}
        case ResumeNotices():
            return {"action": "resume"}
        case SwitchLanguage(language=language):
            return {"lang": language.value}
        case NewPetition(kind=kind):
            return {} if kind is PetitionKind.ORDINARY else {"kind": kind.value}
        case Despair():
            return {"kind": PetitionKind.EMERGENCY.value}
        case ProcedureQuestion(facet=facet) | OfficeQuestion(facet=facet):
            return {"facet": facet.value}
        case PetitionStatus(action=action):
            return {"action": action and action.value}
        case QueueTicket(action=action) | DataRequest(action=action):
            return {"action": action.value}
        case Rate(score=score):
            return {"score": score}
        case LinkOfficer(token=token):
            return {"token": token}
        case TalkToPerson(phone=phone):
            return {"phone": phone}
        case MalformedCode() | MyDossiers() | ListFollowed() | AskForHelp() | SuggestCommand() | ChooseMeaning():
            return {}
        case Unlink() | ChoosePushAccount() | PetitionMeaning() | HandlePetition() | ExplainRating():
            return {}
        case Greeting() | Thanks() | Subscribe() | Unsubscribe() | Insult() | OutOfScope():
            return {}
        case Happened() | NotUnderstood():
            return {}
        case _:
            assert_never(intent)
