"""The fixed names of intents and slots, as ``motcua understand`` and the counters print them."""

from typing import Any, assert_never

from bot.intent import (
    AskForHelp,
    ChooseMeaning,
    Emergency,
    FormalComplaint,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotOffered,
    NotUnderstood,
    ResumeNotices,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
    Topic,
)

TOPICS = {
    Topic.FOLLOW: "subscribe",
    Topic.FOLLOWED: "unsubscribe",
    Topic.PETITION: "petition_new",
    Topic.RATING: "rating",
    Topic.LINK: "out_of_scope",
    Topic.DATA: "data_request",
    Topic.OFFICER: "human_agent",
}


def intent_name(intent: Intent) -> str:  # noqa: C901, PLR0911 - one arm for each name is the point
    """One of the twenty names of the surface."""
    match intent:
        case LookUpDossier() | LookUpLog() | MalformedCode():
            return "lookup_status"
        case MyDossiers():
            return "my_dossiers"
        case AskForHelp() | SuggestCommand() | ChooseMeaning():
            return "help"
        case StopNotices() | ResumeNotices():
            return "opt_out"
        case SwitchLanguage():
            return "language_switch"
        case Greeting():
            return "greeting"
        case Thanks():
            return "thanks"
        case NotOffered(topic=topic):
            return TOPICS[topic]
        case Emergency() | FormalComplaint():
            return "petition_new"
        case NotUnderstood():
            return "out_of_scope"
        case _:
            assert_never(intent)


def slots(intent: Intent) -> dict[str, Any]:
    """The values that the intent carries."""
    match intent:
        case LookUpDossier(codes=codes):
            return {"code": list(codes)} if codes else {}
        case LookUpLog(code=code):
            return {"code": [code]} if code else {}
        case StopNotices():
            return {"action": "stop"}
        case ResumeNotices():
            return {"action": "resume"}
        case SwitchLanguage(language=language):
            return {"lang": language.value}
        case Emergency():
            return {"kind": "emergency"}
        case FormalComplaint():
            return {"kind": "complaint"}
        case _:
            return {}
