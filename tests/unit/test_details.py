"""Slots read from words, table by table."""

import pytest

from bot.intent import LookUpFacet
from bot.model import Language
from bot.understanding import details
from bot.understanding.details import Said
from bot.wishes import DataAction, PetitionAction, QueueAction
from dossier_client.mending import CodesInText


def said(text: str) -> Said:
    return Said(text, CodesInText())


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("DG 5", 5),
        ("4 sao", 4),
        ("cho 3 điểm", 3),
        ("năm sao", 5),
        ("hai điểm thôi", 2),
        ("⭐⭐⭐⭐", 4),
        ("2/5", 2),
        ("rất hài lòng", 5),
        ("hài lòng", 4),
        ("bình thường thôi", 3),
        ("không hài lòng", 2),
        ("rất không hài lòng", 1),
        ("very satisfied", 5),
        ("DG 7", None),
        ("DG 12", None),
        ("đánh giá", None),
    ],
)
def test_score(text: str, score: int | None) -> None:
    assert details.score(said(text)) == score


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("lấy số ở phường Võ Cường", QueueAction.TAKE),
        ("đặt lịch hẹn sáng mai", QueueAction.TAKE),
        ("còn mấy người nữa", QueueAction.STATUS),
        ("tới lượt tôi chưa", QueueAction.STATUS),
        ("hủy số giúp tôi", QueueAction.CANCEL),
        ("đổi lịch sang thứ năm", QueueAction.CHANGE),
        ("số 45", QueueAction.STATUS),
    ],
)
def test_queue_action(text: str, action: QueueAction) -> None:
    assert details.queue_action(said(text)) is action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("xóa dữ liệu của tôi", DataAction.DELETE),
        ("rút lại sự đồng ý", DataAction.WITHDRAW),
        ("sửa số điện thoại của tôi", DataAction.CORRECT),
        ("xem dữ liệu của tôi", DataAction.ACCESS),
        ("", DataAction.ACCESS),
    ],
)
def test_data_action(text: str, action: DataAction) -> None:
    assert details.data_action(said(text)) is action


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("gửi đi", PetitionAction.SUBMIT),
        ("bổ sung thêm: đèn vẫn chưa sáng", PetitionAction.ADD),
        ("tôi không đồng ý với trả lời", PetitionAction.REOPEN),
        ("mở lại phản ánh", PetitionAction.REOPEN),
        ("đến đâu rồi", None),
    ],
)
def test_petition_action(text: str, action: PetitionAction | None) -> None:
    assert details.petition_action(said(text)) is action


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("english please", Language.ENGLISH),
        ("chuyển sang tiếng anh", Language.ENGLISH),
        ("switch from english to vietnamese", Language.VIETNAMESE),
        ("i cannot read vietnamese, english please", Language.ENGLISH),
        ("không hiểu tiếng anh, nói tiếng việt đi", Language.VIETNAMESE),
        ("trả lời bằng tiếng Việt", Language.VIETNAMESE),
        ("another language", Language.ENGLISH),
    ],
)
def test_language(text: str, language: Language) -> None:
    assert details.language(said(text)) is language


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("bao giờ xong", LookUpFacet.PREDICT),
        ("còn thiếu giấy tờ gì", LookUpFacet.PAPERS),
        ("when will it be ready", LookUpFacet.PREDICT),
        ("đến đâu rồi", None),
    ],
)
def test_look_up_facet(text: str, facet: LookUpFacet | None) -> None:
    assert details.look_up_facet(said(text)) is facet


@pytest.mark.parametrize(
    ("text", "token", "phone", "petition_code"),
    [
        ("LK 482913", "482913", None, None),
        ("/start lk_Zm9vYmFyYmF6cXV4MTI", "Zm9vYmFyYmF6cXV4MTI", None, None),
        ("goi lai 0912 345 678 nhe", None, "84912345678", None),
        ("pa 26005442 den dau", None, None, "PA26005442"),
        ("PA26-005442", None, None, "PA26005442"),
        ("so nha 12, 4829134", None, None, None),
    ],
)
def test_numbers(text: str, token: str | None, phone: str | None, petition_code: str | None) -> None:
    one = said(text)
    assert (details.token(one), details.phone(one), one.petition_code) == (token, phone, petition_code)
