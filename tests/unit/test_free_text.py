"""Which layer reads a text, and what it makes of free sentences: one table for each layer."""

import sys
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from bot.intent import (
    AskForHelp,
    ChooseIntent,
    Intent,
    LookUpDossier,
    ResumeNotices,
    StopNotices,
    SwitchLanguage,
)
from bot.model import Address, ChannelName, Contact, Office, Question
from bot.understanding.commands import HANDLERS
from bot.understanding.keywords import TABLE, Command
from bot.understanding.names import NAMES, intent_name, slots
from bot.understanding.router import Reading, Rule, read
from bot.understanding.shapes import SHAPES
from bot.wishes import NewPetition, PetitionKind, ProcedureFacet, ProcedureQuestion, Subscribe

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
CONTACT = Contact(id=b"x" * 16, address=Address(ChannelName.SMS, "84987654321"))
A, B = "H05.12-260610-0001", "H05.12-260610-0002"
P = "PA26005442"


def reading(text: str, contact: Contact = CONTACT) -> Reading:
    return read(text, contact, NOW, Office())


def asked(kind: str, *options: str) -> Contact:
    question = Question(kind=kind, options=options, asked_at=NOW, expires_at=NOW + timedelta(minutes=10))
    return Contact(id=CONTACT.id, address=CONTACT.address, question=question)


@pytest.mark.parametrize(
    ("text", "rule", "name"),
    [
        ("  ", Rule.EMPTY, "help"),
        ("TC", Rule.COMMAND, "opt_out"),
        ("cho em hỏi nhật ký", Rule.POLITE_COMMAND, "lookup_status"),
        (A, Rule.CODE, "lookup_status"),
        (f"{A} bao giờ xong vậy em", Rule.CODE, "lookup_status"),
        (f"có tin gì về {A} thì báo cho tôi biết nhé", Rule.CODE_IN_SENTENCE, "subscribe"),
        (f"đừng báo tin về {A} cho tôi nữa", Rule.SENTENCE, "unsubscribe"),
        (f"{A} lâu quá, cho tôi gặp cán bộ", Rule.CODE_IN_SENTENCE, "human_agent"),
        (P, Rule.PETITION_CODE, "petition_status"),
        (f"phản ánh {P} xử lý đến đâu rồi", Rule.PETITION_CODE, "petition_status"),
        ("H05.12-261399-0001", Rule.MALFORMED, "lookup_status"),
        ("👍", Rule.SIGNS, "thanks"),
        ("nhatt ky", Rule.SLIP, "help"),
        ("làm giấy khai sinh cần giấy tờ gì", Rule.MODEL, "procedure_question"),
        ("đèn đường trước cổng trường hỏng cả tuần nay", Rule.MODEL, "petition_new"),
        ("phường Võ Cường thứ bảy có làm việc không", Rule.MODEL, "office_info"),
        ("còn mấy người nữa thì đến số của tôi", Rule.MODEL, "queue_ticket"),
        ("cho tôi xin gặp nhân viên tư vấn với", Rule.POLITE_COMMAND, "human_agent"),
        ("hôm nay giá vàng bao nhiêu", Rule.MODEL, "out_of_scope"),
        ("tra cứu thủ tục làm khai sinh cần giấy tờ gì", Rule.SENTENCE, "procedure_question"),
        ("có cháy nhà ở ngõ 12", Rule.DANGER, "petition_new"),
        (f"cháy nhà ở ngõ 12 rồi, cho xe cứu hỏa đến ngay. À mã {A} của tôi", Rule.DANGER, "petition_new"),
        (f"hồ sơ trợ cấp tai nạn của bố tôi {A} xong chưa", Rule.COMMAND, "lookup_status"),
        ("hướng dẫn tôi cách tra cứu với", Rule.MODEL, "help"),
        ("phản ánh của tôi hôm trước xử lý đến đâu rồi", Rule.MODEL, "petition_status"),
        ("phản ánh đèn đường ngõ 12 hỏng", Rule.COMMAND, "petition_new"),
        ("helo ad", Rule.MODEL, "greeting"),
        (f"subscribe {A}", Rule.COMMAND, "subscribe"),
        ("zzxx qqww", Rule.MODEL, "out_of_scope"),
        ("0912345678", Rule.NOTHING, "out_of_scope"),
    ],
)
def test_the_layer_that_wins(text: str, rule: Rule, name: str) -> None:
    found = reading(text)
    assert (found.rule, intent_name(found.intent)) == (rule, name)


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        (f"chấm 5 sao cho hồ sơ {A}", "rating", {"code": [A], "score": 5}),
        (f"xin bổ sung thêm ảnh cho phản ánh {P}", "petition_status", {"petition_code": P, "action": "add"}),
        ("hủy giúp em số thứ tự chiều nay", "queue_ticket", {"action": "cancel"}),
        ("cho mình lấy số thứ tự sáng mai", "queue_ticket", {"action": "take"}),
        ("xóa hết dữ liệu của tôi trong hệ thống", "data_request", {"action": "delete"}),
        ("tôi muốn xem hệ thống lưu thông tin gì về tôi", "data_request", {"action": "access"}),
        ("chuyển sang tiếng anh giúp tôi", "language_switch", {"lang": "en"}),
        ("switch to vietnamese please", "language_switch", {"lang": "vi"}),
        ("mã liên kết cán bộ của em là 482913", "officer_link", {"token": "482913"}),
        ("số điện thoại của UBND phường Kinh Bắc là gì", "office_info", {"facet": "hotline"}),
        (f"{A} còn thiếu giấy tờ gì không ạ", "lookup_status", {"code": [A], "facet": "papers"}),
        ("tôi muốn tố cáo cán bộ nhận hối lộ", "petition_new", {"kind": "complaint"}),
    ],
)
def test_slots_of_free_sentences(text: str, name: str, values: dict[str, object]) -> None:
    intent = reading(text).intent
    assert (intent_name(intent), slots(intent)) == (name, values)


@pytest.mark.parametrize(
    "text",
    [
        *("tôi không muốn nhận tin nhắn nữa", "đừng gửi tin cho tôi nữa nhé", "cho tôi nhận thông báo trở lại"),
        *("please do not text me any more", "bật thông báo lại cho tôi với"),
    ],
)
def test_notices_are_never_stopped_or_resumed_from_a_guess(text: str) -> None:
    intent = reading(text).intent
    asks_first = isinstance(intent, ChooseIntent) or not getattr(intent, "confirmed", True)
    assert (intent_name(intent) == "opt_out" and asks_first) or intent_name(intent) == "subscribe"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("nhà tôi cháy rồi", PetitionKind.EMERGENCY),
        ("có người đuối nước ở sông Cầu", PetitionKind.EMERGENCY),
        ("cứu với", PetitionKind.EMERGENCY),
        ("cháy xưởng gỗ cạnh chợ rồi, khói đen bốc cao lắm", PetitionKind.EMERGENCY),
        ("ngoài chợ có thằng cầm dao đuổi người", PetitionKind.EMERGENCY),
        ("có người bị xe tông nằm bất động ở ngã tư", PetitionKind.EMERGENCY),
        ("gas xì nồng nặc cả cầu thang chung cư", PetitionKind.EMERGENCY),
        ("sập giàn giáo, hai thợ còn kẹt bên trong", PetitionKind.EMERGENCY),
        ("trẻ con rơi xuống giếng ở xóm Chùa", PetitionKind.EMERGENCY),
        ("dây điện đứt rơi giữa đường", PetitionKind.EMERGENCY),
        ("tôi muốn khiếu nại quyết định thu hồi đất", PetitionKind.COMPLAINT),
        ("đường trước cổng trường ngập nước mỗi khi mưa", PetitionKind.ORDINARY),
    ],
)
def test_kinds_of_petitions(text: str, kind: PetitionKind) -> None:
    intent = reading(text).intent
    assert isinstance(intent, NewPetition)
    assert intent.kind is kind
    assert (intent.text == "") is (kind is PetitionKind.COMPLAINT)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "tôi không muốn sống nữa",
            "em muốn chết quá, chẳng ai nghe em",
            "chan song roi",
            "tôi sẽ tự tử nếu mất nhà",
            "con định uống thuốc sâu",
        ),
        *("I want to kill myself", f"{A} không giải quyết thì tôi tự vẫn trước trụ sở", "toi chi muon chet cho xong"),
    ],
)
def test_despair_is_answered_before_everything_else(text: str) -> None:
    found = reading(text)
    assert found.rule is Rule.DESPAIR
    assert (intent_name(found.intent), slots(found.intent)) == ("petition_new", {"kind": "emergency"})


@pytest.mark.parametrize(
    "text",
    [
        *("xử lý từ từ cũng được", "toi muon tu van", "nóng muốn chết, bao giờ có điện", "chờ lâu muốn chết luôn"),
        *(
            "khai tử cho người tự tử cần giấy tờ gì",
            "cá chết đầy hồ",
            "nước sông chết đen",
            "muon song o Bac Ninh thi dang ky tam tru o dau",
        ),
    ],
)
def test_what_only_sounds_like_despair(text: str) -> None:
    assert reading(text).rule is not Rule.DESPAIR


@pytest.mark.parametrize(
    "text",
    [
        "tai nạn lao động cần giấy tờ gì",
        "tra cứu với",
        "xử lý từ từ cũng được ạ",
        "nhà sắp xây xong",
        "đừng bắt tôi chạy lên chạy xuống nữa",
        "đơn của tôi chìm xuồng rồi à",
        "lúa cháy khô, xin mở cống",
    ],
)
def test_what_only_sounds_like_danger(text: str) -> None:
    assert reading(text).rule is not Rule.DANGER


UNSURE = asked("choose_intent", "subscribe", "lookup_status", f"xem giup {A}")
PROCEDURE = asked("choose_procedure", "1.001193", "1.004884", "fee", "khai sinh bao nhieu tien")


@pytest.mark.parametrize(
    ("contact", "text", "intent"),
    [
        (UNSURE, "1", Subscribe(codes=(A,))),
        (UNSURE, "2", LookUpDossier((A,), in_a_sentence=True)),
        (UNSURE, "0", AskForHelp()),
        (UNSURE, B, LookUpDossier((B,))),
        (asked("choose_intent", "opt_out", "thoi dung gui nua"), "1", StopNotices()),
        (asked("choose_intent", "opt_out", "gui lai di"), "co", ResumeNotices()),
        (asked("choose_intent", "language_switch", "tieng anh nhe"), "phai", None),
        (asked("confirm_resume"), "1", ResumeNotices()),
        (asked("confirm_resume"), "khong", AskForHelp()),
        (PROCEDURE, "2", ProcedureQuestion("khai sinh bao nhieu tien", ProcedureFacet.FEE, "1.004884")),
        (PROCEDURE, "khong phai", AskForHelp()),
    ],
)
def test_a_choice_is_acted_on_from_what_the_question_holds(contact: Contact, text: str, intent: Intent | None) -> None:
    found = reading(text, contact)
    assert found.intent == intent if intent else isinstance(found.intent, SwitchLanguage)


def test_a_name_of_a_later_version_does_no_harm() -> None:
    assert reading("1", asked("choose_intent", "of_the_future", "abc")).rule is Rule.NOTHING


def test_every_name_can_be_shaped_and_every_command_has_its_handler() -> None:
    assert set(SHAPES) == set(NAMES.values())
    assert {intent_name(reading(word).intent) for row in TABLE for word in (row.word,)} <= set(SHAPES)
    assert set(HANDLERS) == set(Command) == {row.command for row in TABLE}


WHILE_TRACED = 3
"""How much slower code may run while coverage counts its lines; without that the bounds hold as they stand."""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("TRA CUU", 0.001, id="a command"),
        pytest.param(f"hs {A} giup em", 0.001, id="a code"),
        pytest.param("chị ơi cho em hỏi làm lại giấy khai sinh bị mất cần những giấy tờ gì ạ", 0.005, id="a sentence"),
        pytest.param("rác chất đống đầu ngõ " * 90, 0.005, id="a very long text"),
        pytest.param("cống tắc, nước ngập và rác trôi, còn đèn thì hỏng. " * 20, 0.005, id="many matters"),
    ],
)
def test_reading_is_quick(text: str, seconds: float) -> None:
    def once() -> float:
        began = process_time()
        reading(text)
        return process_time() - began

    assert min(once() for _ in range(30)) < seconds * (WHILE_TRACED if sys.gettrace() else 1)
