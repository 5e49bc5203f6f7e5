"""Texts in several parts through the whole gateway: whatever the order, the bind, the numbering or the restart, one answer."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import VIETNAM
from tests.gateways import gateway
from tests.smsc import BIND_RECEIVER, BIND_TRANSMITTER

DAY = datetime.now(VIETNAM) - timedelta(days=3)
CODES = [f"H05.{unit}-{DAY:%y%m%d}-0001" for unit in range(12, 20)]
ROWS = [{"code": code, "status": 2} for code in CODES]
PHONE, OTHER = "84912345678", "84987654321"
UDHI = 0x40


def words(code: str) -> str:
    """Three parts, each with something of its own."""
    place = code[4:6]
    first = f"Kính gửi một cửa phường {place}, tôi nộp hồ sơ {code} đã lâu".ljust(60, ".")
    return f"{first}{f'mà chưa thấy thông báo của phường {place}'.ljust(60, '.')}nhờ anh chị phường {place} xem giúp"


Part = tuple[bytes, dict[str, Any]]
"""Octets and options of one deliver_sm."""


def parts_of(text: str, reference: int, method: str = "udh8") -> list[Part]:
    """Cut where the code is, as it happens: 60 characters in each."""
    octets = text.encode("utf-16-be")
    pieces = [octets[at : at + 120] for at in range(0, len(octets), 120)]
    return [_part(piece, reference, len(pieces), number, method) for number, piece in enumerate(pieces, 1)]


def _part(piece: bytes, reference: int, total: int, number: int, method: str) -> Part:
    match method:
        case "udh8":
            return bytes((5, 0, 3, reference, total, number)) + piece, {"esm_class": UDHI, "data_coding": 8}
        case "udh16":
            header = bytes((6, 8, 4, 1, reference, total, number))
            return header + piece, {"esm_class": UDHI, "data_coding": 8}
        case _:
            numbers = [(0x020C, struct.pack(">H", reference)), (0x020E, bytes((total,))), (0x020F, bytes((number,)))]
            return piece, {"data_coding": 8, "tlvs": numbers}


@dataclass(frozen=True)
class Case:
    label: str
    parts: Sequence[tuple[str, Part]]
    """Sender and part, in the order of arrival."""
    answered: dict[str, list[str]]


def of(sender: str, parts: Sequence[Part], order: Sequence[int]) -> list[tuple[str, Part]]:
    return [(sender, parts[place]) for place in order]


FIRST, SECOND = parts_of(words(CODES[0]), 7), parts_of(words(CODES[1]), 7)
MIXED = [
    (octets, options | {"data_coding": coding}) for (octets, options), coding in zip(FIRST, (8, 0x18, 8), strict=True)
]
CASES = [
    Case("in order", of(PHONE, FIRST, (0, 1, 2)), {PHONE: [CODES[0]]}),
    Case("the other way round", of(PHONE, FIRST, (2, 1, 0)), {PHONE: [CODES[0]]}),
    Case("each twice", of(PHONE, FIRST, (1, 1, 0, 0, 2, 2)), {PHONE: [CODES[0]]}),
    Case("all again afterwards", of(PHONE, FIRST, (0, 1, 2, 0, 1, 2)), {PHONE: [CODES[0]]}),
    Case("16-bit", of(PHONE, parts_of(words(CODES[0]), 7, "udh16"), (1, 0, 2)), {PHONE: [CODES[0]]}),
    Case("SAR", of(PHONE, parts_of(words(CODES[0]), 7, "sar"), (2, 0, 1)), {PHONE: [CODES[0]]}),
    Case("one part as flash", of(PHONE, MIXED, (1, 0, 2)), {PHONE: [CODES[0]]}),
    Case(
        "two phones with the same number at once",
        [pair for both in zip(of(PHONE, FIRST, (0, 1, 2)), of(OTHER, SECOND, (2, 0, 1)), strict=True) for pair in both],
        {PHONE: [CODES[0]], OTHER: [CODES[1]]},
    ),
    Case(
        "the number used again for another text",
        of(PHONE, FIRST, (0, 1, 2)) + of(PHONE, SECOND, (0, 2, 1)),
        {PHONE: CODES[:2]},
    ),
    Case(
        "one number in two ways of numbering",
        [
            pair
            for both in zip(of(PHONE, FIRST, (0, 1, 2)), of(PHONE, parts_of(words(CODES[1]), 7, "udh16"), (0, 1, 2)), strict=True)
            for pair in both
        ],
        {PHONE: CODES[:2]},
    ),
    Case("in one payload", [(PHONE, (b"", {"tlvs": [(0x0424, words(CODES[0]).encode("utf-16-be"))], "data_coding": 8}))], {PHONE: [CODES[0]]}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_parts_are_answered_once_as_one_text(case: Case, tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS, smpp="binds = 2") as line:
        await line.operator.bound(2)
        for place, (sender, (octets, options)) in enumerate(case.parts):
            assert await line.operator.deliver(sender, octets, bind=place % 2, **options) == 0
        for phone, codes in case.answered.items():
            await line.operator.answers(phone, len(codes))
        assert await line.operator.deliver("84905000000", CODES[7].encode()) == 0
        await line.operator.answers("84905000000")
        for phone, codes in case.answered.items():
            texts = line.operator.texts_to(phone)
            assert [next(code for code in codes if code in text) for text in texts] == codes


async def test_texts_come_and_go_on_binds_of_their_own(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS, smpp='binds = 2\nbind_mode = "tx+rx"') as line:
        modes = [peer.bind.command for peer in await line.operator.bound(4)]
        receivers = [place for place, mode in enumerate(modes) if mode == BIND_RECEIVER]
        assert (len(receivers), modes.count(BIND_TRANSMITTER)) == (2, 2)
        for place, (octets, options) in enumerate(FIRST):
            assert await line.operator.deliver(PHONE, octets, bind=receivers[place % 2], **options) == 0
        assert CODES[0] in (await line.operator.answers(PHONE))[0]


async def test_a_restart_between_the_parts(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        octets, options = FIRST[2]
        assert await line.operator.deliver(PHONE, octets, **options) == 0
        assert not line.stored()
    async with gateway(tmp_path, ROWS) as line:
        for octets, options in FIRST[:2]:
            assert await line.operator.deliver(PHONE, octets, **options) == 0
        assert CODES[0] in (await line.operator.answers(PHONE))[0]
        assert [(row["text"], row["partial"]) for row in line.stored()] == [(words(CODES[0]), 0)]


@pytest.mark.parametrize(
    ("known", "about"),
    [
        pytest.param((0, 1), CODES[0], id="the last part is missing"),
        pytest.param((2,), None, id="only the last part came"),
    ],
)
async def test_a_part_that_never_comes_is_not_waited_for(
    known: tuple[int, ...], about: str | None, tmp_path: Path
) -> None:
    async with gateway(tmp_path, ROWS, sms="reassembly_timeout_s = 0.1") as line:
        for place in known:
            octets, options = FIRST[place]
            assert await line.operator.deliver(PHONE, octets, **options) == 0
        (answer,) = await line.operator.answers(PHONE)
        assert (about or "") in answer
        late = next(place for place in range(3) if place not in known)
        octets, options = FIRST[late]
        assert await line.operator.deliver(PHONE, octets, **options) == 0
        assert await line.operator.deliver(OTHER, CODES[7].encode()) == 0
        await line.operator.answers(OTHER)
        assert line.operator.texts_to(PHONE) == [answer], "the late part is kept and gets no answer"
        assert [row["partial"] for row in line.stored()] == [1, 0]
