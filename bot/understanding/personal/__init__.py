"""Personal data in a text: where it stands, and the text without it."""

from bot.understanding.personal.addresses import addresses_in
from bot.understanding.personal.numbers import numbers_in
from bot.understanding.personal.people import people_in
from bot.understanding.personal.spans import PersonalKind, Span, without_overlaps

HIDDEN = {
    PersonalKind.EMAIL: "[đã ẩn thư điện tử]",
    PersonalKind.PLATE: "[đã ẩn biển số]",
    PersonalKind.PHONE: "[đã ẩn số điện thoại]",
    PersonalKind.ACCOUNT: "[đã ẩn số tài khoản]",
    PersonalKind.IDENTITY: "[đã ẩn số giấy tờ]",
    PersonalKind.TAX: "[đã ẩn mã số thuế]",
    PersonalKind.BIRTH_DATE: "[đã ẩn ngày sinh]",
    PersonalKind.HOME_ADDRESS: "[đã ẩn địa chỉ]",
    PersonalKind.NAME: "[đã ẩn tên]",
}
"""What stands in the public text instead."""


def personal_data(text: str) -> tuple[Span, ...]:
    """Everything in *text* (NFC) that would tell who somebody is, in text order, without overlaps."""
    people = tuple(people_in(text))
    return without_overlaps((*numbers_in(text), *people, *addresses_in(text, people)))


def redacted(text: str) -> str:
    """*text* as the public may read it. A suggestion: an officer releases it."""
    for span in reversed(personal_data(text)):
        text = text[: span.start] + HIDDEN[span.kind] + text[span.end :]
    return text
