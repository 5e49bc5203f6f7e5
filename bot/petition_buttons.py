"""The buttons under messages about petitions. Each says its command: pressing equals typing."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.model import Button, ButtonKind, Language
from bot.petitions.categories import shipped_categories

NEEDED = "PA"
"""Without this command none of them is offered."""
MOST_CATEGORIES = 2

_SUBMIT, _REVIEW, _DROP = ("Gửi", "Submit", "gui"), ("Xem lại", "Review", "xem"), ("Hủy", "Cancel", "huy")
_HIDE = ("Giấu tên", "Hide my name", "pagt")
_NEW, _AGAIN = ("Gửi phản ánh", "Send feedback", "pa"), ("Gửi lại", "Send again", "pa")
_HELP, _MINE = ("Trợ giúp", "Help", "tg"), ("Phản ánh của tôi", "My feedback", "xem")
_ADD = ("Bổ sung thông tin", "Add information", "them:{code}")
_STATUS = ("Xem tình trạng", "Check status", "xem:{code}")
_WITHDRAW = ("Rút phản ánh", "Withdraw", "huy:{code}")
_AFTER_ANSWER = (
    ("Đã giải quyết", "Yes, settled", "xong:{code}"),
    ("Một phần", "Partly", "them:{code}"),
    ("Chưa giải quyết", "Not settled", "molai:{code}"),
    ("Đánh giá", "Rate", "dg:{code}"),
)
_UNDER: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "pa.open": (_SUBMIT, _HIDE, _DROP),
    "pa.append": (_SUBMIT, _REVIEW, _DROP),
    "pa.full": (_SUBMIT, _REVIEW, _DROP),
    "pa.review": (_SUBMIT, _HIDE, _DROP),
    "pa.remind": (_SUBMIT, ("Soạn tiếp", "Go on", "xem"), _DROP),
    "pa.dropped": (("Soạn lại", "Start again", "pa"), _HELP),
    "pa.no_draft": (_NEW, _MINE),
    "pa.none": (_NEW,),
    "pa.short": (_NEW,),
    "pa.complaint": (_NEW, _HELP),
    "pa.receipt": (_ADD, _STATUS, _WITHDRAW),
    "pa.emergency": (_ADD,),
    "pa.dup": (("Xem phản ánh", "View it", "xem:{code}"), ("Đây là việc khác", "A different matter", "vieckhac")),
    "pa.st.received": (_ADD, _WITHDRAW),
    "pa.st.assigned": (_ADD, _WITHDRAW),
    "pa.st.progress": (_ADD, _WITHDRAW),
    "pa.st.needinfo": (("Trả lời", "Answer", "them:{code}"),),
    "pa.st.needinfo_remind": (("Trả lời", "Answer", "them:{code}"),),
    "pa.st.answered": _AFTER_ANSWER,
    "pa.answer": _AFTER_ANSWER,
    "pa.st.rejected": (_AGAIN, ("Tôi không đồng ý", "I disagree", "molai:{code}")),
    "pa.st.closed": (("Đề nghị xem xét lại", "Ask for a review", "molai:{code}"),),
    "pa.added": (_STATUS,),
    "pa.notfound": (_MINE, ("Liên kết số điện thoại", "Link a phone number", "lk")),
    "unknown.long": (("Gửi làm phản ánh", "Submit", "gui"), ("Không, tra cứu hồ sơ", "No, look up", "hs")),
}
_SHARES_PLACE = frozenset({"pa.open", "pa.append"})
_SHARE_PLACE = ("Chia sẻ vị trí", "Share my location")


def petition_buttons(template: str, values: Mapping[str, Any], language: Language) -> Iterator[Button]:
    """Those under a message; none under one that is not about petitions."""
    place = 0 if language is Language.VIETNAMESE else 1
    code = str(values.get("code") or "")
    if template == "pa.list":
        yield from (Button(listed, f"xem:{listed}") for listed, _ in values["petitions"])
    for *labels, action in _rows(template, values):
        if code or "{code}" not in action:
            yield Button(labels[place], action.format(code=code))
    yield from (
        Button(_label(category, place), f"lv:{code}:{category}")
        for category in tuple(values.get("categories") or ())[1 : 1 + MOST_CATEGORIES]
    )
    if template in _SHARES_PLACE or values.get("wants_place"):
        yield Button(_SHARE_PLACE[place], kind=ButtonKind.SHARE_LOCATION)


def _rows(template: str, values: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    if template == "pa.reopen_no":
        return (("Gửi phản ánh mới", "New feedback", "gui" if values.get("kept") else "pa"),)
    return _UNDER.get(template, ())


def _label(category: str, place: int) -> str:
    known = shipped_categories()[category]
    return known.label if place == 0 else known.name_en.partition(",")[0].capitalize()
