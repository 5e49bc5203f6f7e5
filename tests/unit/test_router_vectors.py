"""The notes of the command grammar, and inputs that once were read wrongly."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from bot.intent import (
    AskForHelp,
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
    Thanks,
)
from bot.model import Address, ChannelName, Contact, Office, Question
from bot.understanding.keywords import TABLE
from bot.understanding.names import slots
from bot.understanding.router import understand
from bot.wishes import (
    DataAction,
    DataRequest,
    HandlePetition,
    LinkOfficer,
    ListFollowed,
    NewPetition,
    PetitionKind,
    PetitionStatus,
    PetitionStep,
    ProcedureFacet,
    ProcedureQuestion,
    Rate,
    Subscribe,
    TalkToPerson,
    Unsubscribe,
)

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
OFFICE = Office()
CONTACT = Contact(id=b"x" * 16, address=Address(ChannelName.SMS, "84987654321"))
A = "H05.12-260610-0001"


def meaning(text: str, office: Office = OFFICE) -> Intent:
    return understand(text, CONTACT, NOW, office)


def after(kind: str, *options: str) -> Contact:
    question = Question(kind=kind, options=options, asked_at=NOW, expires_at=NOW + timedelta(minutes=10))
    return Contact(id=b"x" * 16, address=CONTACT.address, question=question)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("TC 8283", StopNotices()),
        ("TC HET", StopNotices()),
        ("KHONG NHAN TIN NUA", StopNotices()),
        ("huy tat ca", StopNotices()),
        ("DUNG NHAN TIN", StopNotices(False)),
        (f"STOP {A}", LookUpDossier((A,))),
        ("TC 12", MalformedCode("12", "not_a_code")),
        ("TC gi do", ChooseMeaning()),
        ("TC tra cuu", LookUpDossier()),
        ("TC HS cua toi", MyDossiers()),
        ("RUT HO SO", LookUpDossier()),
        (f"RUT {A}", LookUpDossier((A,))),
        ("RUT", DataRequest(DataAction.WITHDRAW)),
        (f"HUY {A}", Unsubscribe(codes=(A,))),
        ("HUY", Unsubscribe()),
        ("MO LAI", ResumeNotices(or_petition=True)),
        ("stop sending me messages please", StopNotices()),
    ],
)
def test_refusing_is_never_guessed_nor_missed(text: str, intent: Intent) -> None:
    assert meaning(text) == intent


@pytest.mark.parametrize(
    "text",
    [
        *(
            "mo lai ho so",
            "MO TAI KHOAN",
            "cua toi bi mat",
            "khong nhan duoc tin",
            "tu choi ho so vi ly do gi",
            "VI SAO CHAM THE",
        ),
        *(
            "dung gui tin cho toi nua nhe",
            "toi khong muon nhan thong bao nua",
            "cho toi nhan thong bao tro lai",
            "tre em",
        ),
        *("em da dung", "toi muon dung dich vu", "xoa het thong tin cua toi di", "toi da nop ho so hom qua"),
    ],
)
def test_a_guess_changes_nothing(text: str) -> None:
    assert meaning(text) not in (StopNotices(), ResumeNotices())


@pytest.mark.parametrize(
    ("text", "last4"),
    [
        (f"HS {A} 1234", "1234"),
        (f"{A} CCCD 1234", "1234"),
        (f"{A} 4 so cuoi 1234", "1234"),
        ("h05 12 260610 0001 1234", "1234"),
        (f"ho so {A} nop nam 2026 xong chua", None),
        (f"{A} 12345", None),
        (f"HS {A} ngay 1006 2026", None),
    ],
)
def test_last_four_digits_are_not_taken_from_a_sentence(text: str, last4: str | None) -> None:
    assert meaning(text) == LookUpDossier((A,), last4)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("HO SO cua toi dau", MyDossiers()),
        ("HS cua toi a", MyDossiers()),
        ("ket qua the nao roi", LookUpDossier(in_a_sentence=True)),
        ("TRA CUU '; DROP TABLE", MalformedCode("'; DROP TABLE", "not_a_code")),
        ("HS {{ 6*6 }}", MalformedCode("{{ 6*6 }}", "not_a_code")),
        ("HS 027090001234", MalformedCode("...234", "not_a_code")),
        ("HS 0912345678", MalformedCode("...678", "not_a_code")),
        (f"NK:{A}", LookUpLog(A)),
        (f"/tracuu {A}", LookUpDossier((A,))),
        ("/start", Greeting()),
        ("/start abc", AskForHelp()),
        ("xin chao toi muon hoi ho so", LookUpDossier()),
        ("👍", Thanks()),
        ("OK A1234", Thanks()),
        ("vang a cam on em", Thanks()),
        ("da xong chua", LookUpDossier(facet=LookUpFacet.PREDICT)),
        (
            "HUONG DAN thu tuc dang ky khai sinh can giay to gi",
            ProcedureQuestion("HUONG DAN thu tuc dang ky khai sinh can giay to gi", ProcedureFacet.DOCUMENTS),
        ),
        (
            "Duong truoc cong truong tieu hoc ngap nuoc moi khi troi mua",
            NewPetition(text="Duong truoc cong truong tieu hoc ngap nuoc moi khi troi mua"),
        ),
        ("cho toi hoi", Greeting()),
        ("em ơi", Greeting()),
        ("Cho tôi hỏi hồ sơ của tôi đến đâu rồi", MyDossiers()),
        ("toi muon tra cuu ho so", LookUpDossier(in_a_sentence=True)),
        ("dạ cho em hỏi khi nào có kết quả ạ", LookUpDossier(facet=LookUpFacet.PREDICT, in_a_sentence=True)),
        (f"cho chau xin nhat ky {A}", LookUpLog(A)),
        ("toi quen ma ho so roi", MyDossiers()),
        ("mat giay hen thi lam the nao", MyDossiers()),
        ("toi muon khieu nai", NewPetition(PetitionKind.COMPLAINT)),
        ("cho toi gap nguoi", TalkToPerson()),
        ("goi lai cho toi", TalkToPerson()),
        ("toi muon tu choi nhan tin", StopNotices()),
        ("em da dung", NotUnderstood()),
        ("huy tin nhan", StopNotices(False)),
        ("huy dich vu", StopNotices(False)),
        ("huy ho so", Unsubscribe()),
        ("unsubscribe", Unsubscribe()),
        ("dang ky theo doi ho so", Subscribe()),
        ("gia tin nhan bao nhieu", AskForHelp()),
        ("ok e", Thanks()),
        ("con may ngay nua", LookUpDossier(facet=LookUpFacet.PREDICT, in_a_sentence=True)),
        ("bao gio toi lay duoc so do", LookUpDossier(facet=LookUpFacet.PREDICT, in_a_sentence=True)),
        ("e cam on", Thanks()),
        ("tks", Thanks()),
        ("co can bo sung gi khong", LookUpDossier(facet=LookUpFacet.PAPERS, in_a_sentence=True)),
        ("thieu giay to gi", LookUpDossier(facet=LookUpFacet.PAPERS, in_a_sentence=True)),
        ("ai dang giu ho so cua toi", LookUpDossier(in_a_sentence=True)),
        ("THEODI", NotUnderstood()),
        ("bao gio xong a", LookUpDossier(facet=LookUpFacet.PREDICT, in_a_sentence=True)),
        ("khi nao co ket qua", LookUpDossier(facet=LookUpFacet.PREDICT, in_a_sentence=True)),
        ("xong chua?", LookUpDossier(facet=LookUpFacet.PREDICT)),
        (f"bao gio xong ho so {A}", LookUpDossier((A,), facet=LookUpFacet.PREDICT)),
        ("giay to lam khai sinh", ProcedureQuestion("giay to lam khai sinh")),
        (f"GT {A}", LookUpDossier((A,), facet=LookUpFacet.PAPERS)),
        ("xem ho so", LookUpDossier()),
        ("XEM", HandlePetition(PetitionStep.LIST)),
        ("XEM PA26005442", HandlePetition(PetitionStep.ANSWER, petition_code="PA26005442")),
        ("PA26005442", PetitionStatus(petition_code="PA26005442")),
        (
            "PA den duong truoc nha so 12 hong da 3 ngay",
            NewPetition(text="den duong truoc nha so 12 hong da 3 ngay", commanded=True),
        ),
        ("gop y", NewPetition(commanded=True)),
        ("TD", Subscribe()),
        ("dang ky khai sinh", ProcedureQuestion("dang ky khai sinh")),
        ("DS", ListFollowed()),
        ("DG 5", Rate(5)),
        ("DG nam", Rate(5)),
        ("LK 123456", LinkOfficer("123456")),
        ("XOADL", DataRequest(DataAction.DELETE)),
        ("gap can bo", TalkToPerson()),
        ("KHIEU NAI quyet dinh thu hoi dat", NewPetition(PetitionKind.COMPLAINT)),
        (
            "Cuu voi co chay nha o duong Tran Phu",
            NewPetition(PetitionKind.EMERGENCY, "Cuu voi co chay nha o duong Tran Phu"),
        ),
        ("giup toi voi nha chay roi", NewPetition(PetitionKind.EMERGENCY, "giup toi voi nha chay roi")),
        (
            "tai nan lao dong can giay to gi",
            ProcedureQuestion("tai nan lao dong can giay to gi", ProcedureFacet.DOCUMENTS),
        ),
        ("hå s¬ cña t«i ®Õn ®©u", AskForHelp()),
        ("nhatt ky", SuggestCommand("NK")),
        ("TROGIUPP", SuggestCommand("TG")),
    ],
)
def test_sentences_and_slips(text: str, intent: Intent) -> None:
    assert meaning(text) == intent


@pytest.mark.parametrize("text", ["0", "4", "10", "011", "፩", "1 2", "khong phai"])
def test_an_answer_outside_the_choices_raises_nothing(text: str) -> None:
    options = (A, A.replace("0001", "0002"))
    assert not isinstance(understand(text, after("choose_code", *options), NOW, OFFICE), LookUpDossier)


@pytest.mark.parametrize(
    ("contact", "text", "intent"),
    [
        (after("choose_code", A), "khong", AskForHelp(missing_code=True)),
        (after("choose_code", A), "dung roi", LookUpDossier((A,))),
        (after("confirm_stop"), "dung roi", StopNotices()),
        (after("confirm_command", "HS"), "0", AskForHelp()),
        (after("confirm_command", "HS"), "TG", AskForHelp()),
        (after("choose_log", A), "1", LookUpLog(A)),
        (after("choose_log", A), "khong", AskForHelp(missing_code=True)),
        (after("choose_meaning"), "khong", AskForHelp()),
        (after("choose_code", A), "TC", StopNotices()),
        (after("choose_code", A, A.replace("0001", "0002")), "co", NotUnderstood()),
    ],
)
def test_yes_and_no(contact: Contact, text: str, intent: Intent) -> None:
    assert understand(text, contact, NOW, OFFICE) == intent


@pytest.mark.parametrize("prefix", ["DVC", "bn"])
def test_a_shared_short_number(prefix: str) -> None:
    office = Office(prefix=prefix)
    assert meaning(f"{prefix} {A}", office) == LookUpDossier((A,))
    assert meaning(f"TC {prefix}", office) == StopNotices()
    assert meaning(f"{prefix} TC", office) == StopNotices()


@pytest.mark.parametrize("phrase", [phrase for row in TABLE for phrase in (row.word, *row.aliases)])
def test_a_code_beside_any_command_is_never_lost(phrase: str) -> None:
    intent = meaning(f"{phrase} {A}")
    assert slots(intent)["code"] == [A]


@pytest.mark.parametrize("phrase", [phrase for row in TABLE if row.built for phrase in (row.word, *row.aliases)])
def test_every_alias_of_a_built_command_is_understood_without_blanks_too(phrase: str) -> None:
    assert meaning(phrase.lower()) == meaning(phrase.replace(" ", "")) != NotUnderstood()


def test_a_bare_code_is_understood_at_once() -> None:
    def once() -> float:
        began = perf_counter()
        meaning(A)
        return perf_counter() - began

    assert min(once() for _ in range(50)) < 0.001
