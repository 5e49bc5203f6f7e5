"""What sendMessage is given: parts, and the keyboard under them."""

import pytest

from adapters.telegram.texts import LONGEST_PART, keyboard_of, parts_of
from bot.model import Button, ButtonKind

FOLLOW = Button("Theo dõi", "td:H05.12-260610-0001")
STEPS = Button("Quá trình xử lý", "nk:H05.12-260610-0001")
PORTAL = Button("Nộp phí", "https://dvc.example.gov.vn/p", ButtonKind.LINK)
PHONE = Button("Chia sẻ số điện thoại", kind=ButtonKind.SHARE_PHONE)
PLACE = Button("Gửi vị trí", kind=ButtonKind.SHARE_LOCATION)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        pytest.param("x", [1], id="short"),
        pytest.param("x" * LONGEST_PART, [LONGEST_PART], id="just fits"),
        pytest.param("x" * (LONGEST_PART + 1), [LONGEST_PART, 1], id="no place to cut"),
        pytest.param("a" * 4000 + " " + "b" * 400, [4000, 400], id="at a blank"),
        pytest.param("a" * 2000 + "\n" + "b b" * 900, [2000, 2700], id="at a line"),
        pytest.param("a" * 2000 + "\n\n" + ("b" * 500 + "\n") * 5, [2000, 2505], id="at an empty line"),
        pytest.param("😀" * 2049, [2048, 1], id="characters of two units are never halved"),
    ],
)
def test_parts(text: str, lengths: list[int]) -> None:
    parts = parts_of(text)
    assert [len(part) for part in parts] == lengths
    assert all(len(part.encode("utf-16-le")) <= 2 * LONGEST_PART for part in parts)


def test_buttons_stand_under_the_message() -> None:
    keyboard = keyboard_of([FOLLOW, STEPS, PORTAL])
    assert keyboard == {
        "inline_keyboard": [
            [
                {"text": "Theo dõi", "callback_data": "td:H05.12-260610-0001"},
                {"text": "Quá trình xử lý", "callback_data": "nk:H05.12-260610-0001"},
            ],
            [{"text": "Nộp phí", "url": "https://dvc.example.gov.vn/p"}],
        ]
    }


def test_a_number_is_shared_on_the_keyboard_below_and_commands_say_themselves() -> None:
    keyboard = keyboard_of([PHONE, PLACE, FOLLOW, PORTAL])
    assert keyboard == {
        "keyboard": [
            [{"text": "Chia sẻ số điện thoại", "request_contact": True}],
            [{"text": "Gửi vị trí", "request_location": True}],
            [{"text": "td H05.12-260610-0001"}],
        ],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


def test_no_button() -> None:
    assert keyboard_of([]) is None
