"""The notes of the command grammar, and inputs that once were read wrongly."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

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
    Thanks,
    Topic,
)
from bot.model import Address, ChannelName, Contact, Office, Question
from bot.understanding.keywords import TABLE
from bot.understanding.router import understand

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
        ("DUNG NHAN TIN", StopNotices(confirmed=False)),
        (f"STOP {A}", LookUpDossier((A,))),
        ("TC 12", MalformedCode("12", "not_a_code")),
        ("TC gi do", ChooseMeaning()),
        ("TC tra cuu", LookUpDossier()),
        ("TC HS cua toi", MyDossiers()),
        ("tu choi ho so vi ly do gi", NotUnderstood()),
        ("RUT HO SO", LookUpDossier()),
        (f"RUT {A}", LookUpDossier((A,))),
        ("RUT", NotUnderstood()),
        (f"HUY {A}", LookUpDossier((A,))),
        ("HUY", NotOffered(Topic.FOLLOWED)),
        ("MO LAI", ResumeNotices()),
        ("mo lai ho so", NotUnderstood()),
        ("stop sending me messages please", StopNotices()),
        ("khong nhan duoc tin", NotUnderstood()),
        ("MO TAI KHOAN", NotUnderstood()),
        ("VI SAO CHAM THE", NotUnderstood()),
    ],
)
def test_refusing_is_never_guessed_nor_missed(text: str, intent: Intent) -> None:
    assert meaning(text) == intent


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
        ("cua toi bi mat", NotUnderstood()),
        ("ket qua the nao roi", LookUpDossier()),
        ("TRA CUU '; DROP TABLE", MalformedCode("'; DROP TABLE", "not_a_code")),
        ("HS {{ 6*6 }}", MalformedCode("{{ 6*6 }}", "not_a_code")),
        ("HS 027090001234", MalformedCode("...234", "not_a_code")),
        ("HS 0912345678", MalformedCode("...678", "not_a_code")),
        (f"NK:{A}", LookUpLog(A)),
        (f"/tracuu {A}", LookUpDossier((A,))),
        ("/start", Greeting()),
        ("/start abc", AskForHelp()),
        ("xin chao toi muon hoi ho so", Greeting()),
        ("👍", Thanks()),
        ("OK A1234", Thanks()),
        ("vang a cam on em", Thanks()),
        ("da xong chua", LookUpDossier()),
        ("HUONG DAN thu tuc dang ky khai sinh can giay to gi", NotUnderstood()),
        ("Duong truoc cong truong tieu hoc ngap nuoc moi khi troi mua", NotUnderstood()),
        ("tre em", NotUnderstood()),
        ("cho toi hoi", Greeting()),
        ("em ơi", Greeting()),
        ("Cho tôi hỏi hồ sơ của tôi đến đâu rồi", MyDossiers()),
        ("toi muon tra cuu ho so", LookUpDossier()),
        ("dạ cho em hỏi khi nào có kết quả ạ", LookUpDossier()),
        (f"cho chau xin nhat ky {A}", LookUpLog(A)),
        ("toi quen ma ho so roi", MyDossiers()),
        ("mat giay hen thi lam the nao", MyDossiers()),
        ("toi muon khieu nai", FormalComplaint()),
        ("cho toi gap nguoi", NotOffered(Topic.OFFICER)),
        ("goi lai cho toi", NotOffered(Topic.OFFICER)),
        ("toi muon tu choi nhan tin", StopNotices()),
        ("em da dung", NotUnderstood()),
        ("toi da nop ho so hom qua", NotUnderstood()),
        ("huy tin nhan", StopNotices(confirmed=False)),
        ("huy dich vu", StopNotices(confirmed=False)),
        ("huy ho so", NotOffered(Topic.FOLLOWED)),
        ("unsubscribe", NotOffered(Topic.FOLLOWED)),
        ("dang ky theo doi ho so", NotOffered(Topic.FOLLOW)),
        ("gia tin nhan bao nhieu", AskForHelp()),
        ("ok e", Thanks()),
        ("con may ngay nua", LookUpDossier()),
        ("bao gio toi lay duoc so do", LookUpDossier()),
        ("e cam on", Thanks()),
        ("tks", Thanks()),
        ("co can bo sung gi khong", LookUpDossier()),
        ("thieu giay to gi", LookUpDossier()),
        ("ai dang giu ho so cua toi", LookUpDossier()),
        ("THEODI", NotUnderstood()),
        ("bao gio xong a", LookUpDossier()),
        ("khi nao co ket qua", LookUpDossier()),
        ("xong chua?", LookUpDossier()),
        (f"bao gio xong ho so {A}", LookUpDossier((A,))),
        ("giay to lam khai sinh", NotUnderstood()),
        (f"GT {A}", LookUpDossier((A,))),
        ("xem ho so", LookUpDossier()),
        ("XEM", AskForHelp()),
        ("XEM PA26005442", NotOffered(Topic.PETITION)),
        ("PA26005442", NotOffered(Topic.PETITION)),
        ("PA den duong truoc nha so 12 hong da 3 ngay", NotOffered(Topic.PETITION)),
        ("gop y", NotOffered(Topic.PETITION)),
        ("TD", NotOffered(Topic.FOLLOW)),
        ("dang ky khai sinh", NotUnderstood()),
        ("DS", NotOffered(Topic.FOLLOWED)),
        ("DG 5", NotOffered(Topic.RATING)),
        ("DG nam", NotOffered(Topic.RATING)),
        ("LK 123456", NotOffered(Topic.LINK)),
        ("XOADL", NotOffered(Topic.DATA)),
        ("gap can bo", NotOffered(Topic.OFFICER)),
        ("KHIEU NAI quyet dinh thu hoi dat", FormalComplaint()),
        ("Cuu voi co chay nha o duong Tran Phu", Emergency()),
        ("giup toi voi nha chay roi", Emergency()),
        ("tai nan lao dong can giay to gi", NotUnderstood()),
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


@pytest.mark.parametrize("phrase", [phrase for row in TABLE if not row.built for phrase in (row.word, *row.aliases)])
def test_a_command_that_is_not_built_looks_up_the_code_beside_it(phrase: str) -> None:
    assert meaning(f"{phrase} {A}") == LookUpDossier((A,))


@pytest.mark.parametrize("phrase", [phrase for row in TABLE if row.built for phrase in (row.word, *row.aliases)])
def test_every_alias_of_a_built_command_is_understood_without_blanks_too(phrase: str) -> None:
    assert meaning(phrase.lower()) == meaning(phrase.replace(" ", "")) != NotUnderstood()


def test_a_bare_code_is_understood_at_once() -> None:
    def once() -> float:
        began = perf_counter()
        meaning(A)
        return perf_counter() - began

    assert min(once() for _ in range(50)) < 0.001
