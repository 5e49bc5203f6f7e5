"""Whoever has the code of somebody else's petition learns and changes nothing: it is as if there were none."""

import pytest

from bot.petitions.codes import petition_code
from tests.integration.lines import Line
from tests.integration.test_petition_vectors import FIRST, LAMP

OWNER, STRANGER = "84912345678", "84987654321"
COMMANDS = [
    "{code}",
    "XEM {code}",
    "PA {code}",
    "THEM {code} da sua xong roi, khong can xu ly nua",
    "MOLAI {code} chua xu ly gi ca, de nghi xem lai ngay",
    "HUY {code}",
    "RUT {code}",
    "GIAU TEN {code}",
    "CONG KHAI {code}",
    "DG {code} 1",
    "DG {code} 1 qua cham",
    "TRALOI {code}",
    "DA XONG {code}",
]


@pytest.mark.parametrize("command", COMMANDS)
async def test_the_code_of_somebody_else_says_and_does_nothing(line: Line, command: str) -> None:
    await line.answers(OWNER, f"PA {LAMP}")
    before = await line.book.petition(FIRST)
    unknown = petition_code(99, line.clock.now())
    told = [await line.answers(STRANGER, command.format(code=code)) for code in (FIRST, unknown)]
    assert [answer.replace(FIRST, "…") for answer in told[0]] == [answer.replace(unknown, "…") for answer in told[1]]
    assert LAMP[:20] not in " ".join(told[0])
    await line.answers(STRANGER, "1")
    await line.answers(STRANGER, "CO")
    assert await line.book.petition(FIRST) == before


async def test_a_wrong_check_digit_opens_nothing_of_anybody(line: Line) -> None:
    await line.answers(OWNER, f"PA {LAMP}")
    wrong = f"{FIRST[:-1]}{(int(FIRST[-1]) + 1) % 10}"
    (answer,) = await line.answers(OWNER, wrong)
    assert FIRST not in answer
