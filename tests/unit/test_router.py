"""What people type and what it means: rows of the product's command grammar."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.intent import (
    AskForHelp,
    ChooseIntent,
    ChooseMeaning,
    Greeting,
    Intent,
    LookUpDossier,
    LookUpFacet,
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
from bot.model import Address, ChannelName, Contact, Language, Office, Question
from bot.understanding.keywords import PHRASES, TABLE
from bot.understanding.names import intent_name, slots
from bot.understanding.router import understand
from bot.understanding.text import fold, normal, without_keyboard_slips
from bot.wishes import (
    DataAction,
    DataRequest,
    Despair,
    Insult,
    LinkOfficer,
    ListFollowed,
    NewPetition,
    OfficeFacet,
    OfficeQuestion,
    OutOfScope,
    PetitionAction,
    PetitionKind,
    PetitionStatus,
    ProcedureFacet,
    ProcedureQuestion,
    QueueAction,
    QueueTicket,
    Rate,
    Subscribe,
    TalkToPerson,
    Unsubscribe,
)

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
OFFICE = Office()
CONTACT = Contact(id=b"x" * 16, address=Address(ChannelName.SMS, "84987654321"))
P = "PA26005442"
A, B, C, D = (f"H05.12-260610-000{number}" for number in range(1, 5))


def asked(kind: str, *options: str) -> Contact:
    question = Question(kind=kind, options=options, asked_at=NOW, expires_at=NOW + timedelta(minutes=10))
    return Contact(id=b"x" * 16, address=CONTACT.address, question=question)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (A, LookUpDossier((A,))),
        (f"hs {A.lower()}", LookUpDossier((A,))),
        (f"Tra cứu  {A}.", LookUpDossier((A,))),
        (f"traf cuwus {A}", LookUpDossier((A,))),
        (f"TC {A}", LookUpDossier((A,))),
        (f"TC:{A}", LookUpDossier((A,))),
        (f"TD <{A}>", Subscribe(codes=(A,))),
        (f"HS {A} 1234", LookUpDossier((A,), "1234")),
        (f"{A} 1234", LookUpDossier((A,), "1234")),
        (f"{A} {B}", LookUpDossier((A, B))),
        (f"{A} {B} {C} {D}", LookUpDossier((A, B, C), None, more=True)),
        (f"cho hoi ho so {A} xong chua", LookUpDossier((A,))),
        ("TRA CUU", LookUpDossier()),
        ("HS", LookUpDossier()),
        ("TC HS", LookUpDossier()),
        (f"NK {A}", LookUpLog(A)),
        (f"nhật ký {A}", LookUpLog(A)),
        (f"LICH SU {A}", LookUpLog(A)),
        ("cac buoc", LookUpLog()),
        ("HS cua toi", MyDossiers()),
        ("hồ sơ của tôi", MyDossiers()),
        ("H05.12-261310-0001", MalformedCode("H05.12-261310-0001", "date")),
        ("TC H05.12-26061-0001", MalformedCode("H05.12-26061-0001", "too_few_digits")),
        ("HS 123456", MalformedCode("123456", "not_a_code")),
        ("'; DROP TABLE", NotUnderstood()),
        ("{{ 6*6 }}", NotUnderstood()),
        ("abc", NotUnderstood()),
        ("TC", StopNotices()),
        ("tu choi", StopNotices()),
        ("Từ chối", StopNotices()),
        ("STOP", StopNotices()),
        ("TC QC", StopNotices()),
        ("DUNG", StopNotices(False)),
        ("TC gi vay", ChooseMeaning()),
        ("MO", ResumeNotices()),
        ("EN", SwitchLanguage(Language.ENGLISH)),
        ("tiếng Việt", SwitchLanguage(Language.VIETNAMESE)),
        ("TG", AskForHelp()),
        ("trợ giúp", AskForHelp()),
        ("?", AskForHelp()),
        ("", AskForHelp()),
        ("\u200b \u200b", AskForHelp()),
        ("xin chao", Greeting()),
        ("cam on", Thanks()),
        ("ok", Thanks()),
        ("tro giupp", SuggestCommand("TG")),
        ("TRACU", SuggestCommand("HS")),
        ("0912345678", NotUnderstood()),
    ],
)
def test_meaning(text: str, intent: Intent) -> None:
    assert understand(text, CONTACT, NOW, OFFICE) == intent


@pytest.mark.parametrize(
    ("contact", "text", "intent"),
    [
        (asked("choose_code", A), "1", LookUpDossier((A,))),
        (asked("choose_code", A), "phải", LookUpDossier((A,))),
        (asked("choose_code", A, B), "2", LookUpDossier((B,))),
        (asked("choose_code", A), "2", NotUnderstood()),
        (asked("confirm_stop"), "DUNG", StopNotices()),
        (asked("confirm_stop"), "khong", AskForHelp()),
        (asked("confirm_command", "TG"), "1", AskForHelp()),
        (asked("confirm_command", "HS"), "co", LookUpDossier()),
        (asked("choose_meaning"), "1", StopNotices()),
        (asked("choose_meaning"), "2", AskForHelp(missing_code=True)),
        (asked("choose_code", A), B, LookUpDossier((B,))),
        (asked("something else"), "1", NotUnderstood()),
    ],
)
def test_answers_to_our_questions(contact: Contact, text: str, intent: Intent) -> None:
    assert understand(text, contact, NOW, OFFICE) == intent


def test_a_question_does_not_wait_for_ever() -> None:
    assert understand("1", asked("choose_code", A), NOW + timedelta(minutes=11), OFFICE) == NotUnderstood()


def test_the_service_word_of_a_shared_number_is_dropped() -> None:
    assert understand("DVC TG", CONTACT, NOW, Office(prefix="DVC")) == AskForHelp()


def test_no_phrase_belongs_to_two_commands() -> None:
    owners: dict[str, set[str]] = {}
    for row in TABLE:
        for phrase in (row.word, *row.aliases):
            for form in (phrase, phrase.replace(" ", "")):
                owners.setdefault(form, set()).add(row.word)
    assert {form: words for form, words in owners.items() if len(words) > 1} == {}
    assert set(owners) == set(PHRASES)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("đang xử lý", "dang xu ly"), ("Ngã Đường", "Nga Duong"), ("o\u031b\u0301", "o"), ("plain", "plain")],
)
def test_marks_are_taken_off(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("typed", "meant"), [("TRA CU71U", "TRA CUU"), ("TRAF CUWUS", "TRA CUU"), ("HOOF SOW", "HO SO")]
)
def test_keyboard_slips(typed: str, meant: str) -> None:
    assert without_keyboard_slips(typed) == meant


def test_normal_form() -> None:
    assert normal("  “Tra  cứu”. ") == "TRA CUU"


@pytest.mark.parametrize(
    ("intent", "name", "values"),
    [
        (LookUpDossier((A,)), "lookup_status", {"code": [A]}),
        (LookUpLog(A), "lookup_status", {"code": [A]}),
        (LookUpLog(), "lookup_status", {}),
        (MalformedCode("x", "date"), "lookup_status", {}),
        (MyDossiers(), "my_dossiers", {}),
        (AskForHelp(), "help", {}),
        (SuggestCommand("HS"), "help", {}),
        (StopNotices(), "opt_out", {"action": "stop"}),
        (ResumeNotices(), "opt_out", {"action": "resume"}),
        (SwitchLanguage(Language.ENGLISH), "language_switch", {"lang": "en"}),
        (Greeting(), "greeting", {}),
        (Thanks(), "thanks", {}),
        (LookUpDossier(facet=LookUpFacet.PREDICT), "lookup_status", {"facet": "predict"}),
        (ListFollowed(), "my_dossiers", {}),
        (ChooseIntent((Subscribe(codes=(A,)), MyDossiers()), "x"), "subscribe", {"code": [A]}),
        (SwitchLanguage(Language.ENGLISH, codes=(A,)), "language_switch", {"code": [A], "lang": "en"}),
        (Unsubscribe(codes=(A, B)), "unsubscribe", {"code": [A, B]}),
        (NewPetition(text="x"), "petition_new", {}),
        (NewPetition(PetitionKind.COMPLAINT), "petition_new", {"kind": "complaint"}),
        (NewPetition(PetitionKind.EMERGENCY), "petition_new", {"kind": "emergency"}),
        (PetitionStatus(petition_code=P), "petition_status", {"petition_code": P}),
        (PetitionStatus(PetitionAction.ADD), "petition_status", {"action": "add"}),
        (Rate(5, codes=(A,)), "rating", {"code": [A], "score": 5}),
        (Rate(), "rating", {}),
        (ProcedureQuestion("x", ProcedureFacet.FEE), "procedure_question", {"facet": "fee"}),
        (OfficeQuestion(OfficeFacet.HOTLINE), "office_info", {"facet": "hotline"}),
        (QueueTicket(QueueAction.TAKE), "queue_ticket", {"action": "take"}),
        (TalkToPerson("84912345678"), "human_agent", {"phone": "84912345678"}),
        (TalkToPerson(), "human_agent", {}),
        (LinkOfficer("123456"), "officer_link", {"token": "123456"}),
        (DataRequest(DataAction.CORRECT), "data_request", {"action": "correct"}),
        (Despair(), "petition_new", {"kind": "emergency"}),
        (Insult(), "abuse", {}),
        (OutOfScope(), "out_of_scope", {}),
        (NotUnderstood(), "out_of_scope", {}),
    ],
)
def test_names_of_the_surface(intent: Intent, name: str, values: dict[str, object]) -> None:
    assert (intent_name(intent), slots(intent)) == (name, values)
