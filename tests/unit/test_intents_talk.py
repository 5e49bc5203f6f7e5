"""What is said beside look-ups, and what every answer does to an open question."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.intent import (
    Ask,
    AskForHelp,
    ChooseIntent,
    ChooseMeaning,
    ForgetQuestion,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpLog,
    MalformedCode,
    MyDossiers,
    NotUnderstood,
    Outcome,
    Reply,
    ResumeNotices,
    SetLanguage,
    SetOptOut,
    StopNotices,
    SuggestCommand,
    SwitchLanguage,
    Thanks,
    Write,
)
from bot.intents import decide
from bot.limits import Limits
from bot.model import ChannelName, Contact, Language, Question
from bot.wishes import Insult, NewPetition, OutOfScope, PetitionKind, Subscribe
from tests.unit.worlds import ABSENT, NOW, A, contact, world

LATER = NOW + timedelta(minutes=10)


def asking(kind: str, *options: str) -> Ask:
    return Ask(Question(kind=kind, options=options, asked_at=NOW, expires_at=LATER))


@dataclass(frozen=True)
class Case:
    label: str
    intent: Intent
    replies: tuple[Reply, ...]
    writes: tuple[Write, ...] = ()
    person: Contact = field(default_factory=contact)


REFUSED = contact(opted_out_at=NOW - timedelta(days=1))
CHATTING = contact("1", ChannelName.WEBCHAT)
CASES = [
    Case("help", AskForHelp(), (Reply("help", {}),)),
    Case("a command without its code", AskForHelp(missing_code=True), (Reply("lk.need_code", {}),)),
    Case("stop", StopNotices(), (Reply("optout", {"at": NOW}),), (SetOptOut(NOW),)),
    Case("stop, asked first", StopNotices(confirmed=False), (Reply("optout.confirm", {}),), (asking("confirm_stop"),)),
    Case("resume", ResumeNotices(), (Reply("optin", {"count": 0}),), (SetOptOut(None),), REFUSED),
    Case("resume what was never refused", ResumeNotices(), (Reply("optin.already", {}),)),
    Case("language", SwitchLanguage(Language.ENGLISH), (Reply("lang", {}),), (SetLanguage(Language.ENGLISH),)),
    Case("greeting", Greeting(), (Reply("welcome", {}),)),
    Case("thanks by SMS", Thanks(), ()),
    Case("thanks in chat", Thanks(), (Reply("courtesy", {}),), (), CHATTING),
    Case("a slip", SuggestCommand("NK"), (Reply("cmd.dym", {"command": "NK"}),), (asking("confirm_command", "NK"),)),
    Case("two meanings", ChooseMeaning(), (Reply("cmd.tc_meaning", {}),), (asking("choose_meaning"),)),
    Case(
        "resume, asked first",
        ResumeNotices(confirmed=False),
        (Reply("optin.confirm", {}),),
        (asking("confirm_resume"),),
        REFUSED,
    ),
    Case(
        "not sure",
        ChooseIntent((Subscribe(), MyDossiers()), "abc"),
        (Reply("unsure", {"choices": ("subscribe", "my_dossiers")}),),
        (asking("choose_intent", "subscribe", "my_dossiers", "abc"),),
    ),
    Case("not understood", NotUnderstood(), (Reply("unknown", {}),)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_talk(case: Case) -> None:
    assert await decide(case.intent, world(case.person)) == Outcome(case.replies, case.writes)


@pytest.mark.parametrize(
    ("between", "fourth"),
    [
        pytest.param(None, (), id="silent"),
        pytest.param(Thanks(), (), id="courtesy changes nothing"),
        pytest.param(AskForHelp(), (Reply("unknown", {}),), id="after something understood"),
        pytest.param(LookUpDossier((A,)), (Reply("unknown", {}),), id="after a look-up"),
    ],
)
async def test_three_times_not_understood(between: Intent | None, fourth: tuple[Reply, ...]) -> None:
    limits = Limits()
    for _ in range(3):
        assert (await decide(NotUnderstood(), world(limits=limits))).replies == (Reply("unknown", {}),)
    if between:
        await decide(between, world(limits=limits))
    assert (await decide(NotUnderstood(), world(limits=limits))).replies == fourth


ASKED = contact(question=Question(kind="confirm_stop", asked_at=NOW, expires_at=LATER))
CLOSING: list[Intent] = [
    LookUpDossier((A,)),
    LookUpDossier((ABSENT,)),
    LookUpLog(A),
    MalformedCode("x", "date"),
    MyDossiers(),
    AskForHelp(),
    StopNotices(),
    ResumeNotices(),
    SwitchLanguage(Language.VIETNAMESE),
    Greeting(),
    NewPetition(),
    NewPetition(PetitionKind.EMERGENCY),
    Subscribe(),
]


@pytest.mark.parametrize("intent", CLOSING, ids=lambda intent: type(intent).__name__)
async def test_whatever_is_understood_closes_an_open_question(intent: Intent) -> None:
    outcome = await decide(intent, world(ASKED))
    assert outcome.writes[-1:] == (ForgetQuestion(),)
    assert ForgetQuestion() not in (await decide(intent, world(replace(ASKED, question=None)))).writes


@pytest.mark.parametrize("intent", [NotUnderstood(), Thanks(), OutOfScope(), Insult()])
async def test_a_question_stays_open_after_what_says_nothing(intent: Intent) -> None:
    assert (await decide(intent, world(ASKED))).writes == ()


@pytest.mark.parametrize("intent", [SuggestCommand("HS"), ChooseMeaning(), StopNotices(confirmed=False)])
async def test_a_new_question_takes_the_place_of_the_old_one(intent: Intent) -> None:
    (write,) = (await decide(intent, world(ASKED))).writes
    assert isinstance(write, Ask)
