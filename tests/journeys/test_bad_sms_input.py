"""Bad texts through the whole gateway (B24-B31, B35-B38): each has a clear answer or a kept silence, and nothing is lost."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import VIETNAM
from tests.gateways import Gateway, gateway

DAY = datetime.now(VIETNAM) - timedelta(days=3)
CODES = [f"H05.12-{DAY:%y%m%d}-{number:04d}" for number in range(1, 41)]
CODE = CODES[0]
ROWS = [{"code": code, "status": 2} for code in CODES]
PHONE, WITNESS = "84912345678", "84987654321"
UDHI = 0x40
PORTS = bytes((6, 5, 4, 0x0B, 0x84, 0x23, 0xF0))
LONG = ("Kinh gui Uy ban, duong lang toi den hong da lau, toi di lam ve khuya rat nguy hiem. " * 20)[:1600]


def ucs2(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


async def others_are_served(line: Gateway) -> None:
    """Another phone gets its answer; by then whatever came before was looked at."""
    assert await line.operator.deliver(WITNESS, CODES[1].encode()) == 0
    assert CODES[1] in (await line.operator.answers(WITNESS))[-1]


@dataclass(frozen=True)
class Silent:
    label: str
    octets: bytes
    why: str
    source: str = PHONE
    options: dict[str, Any] = field(default_factory=dict)


SILENT = [
    Silent("B26 binary", b"\1\2\3" + CODE.encode(), "binary", options={"data_coding": 4}),
    Silent("B26 binary by class", CODE.encode(), "binary", options={"data_coding": 0xF5}),
    Silent("B26 WAP push", PORTS + b"\1\6\1\xae", "binary", options={"data_coding": 4, "esm_class": UDHI}),
    Silent("B26 addressed to a port", PORTS + CODE.encode(), "binary", options={"esm_class": UDHI}),
    Silent("B26 the same in SAR", CODE.encode(), "binary", options={"tlvs": [(0x020B, b"\x0b\x84")]}),
    Silent("B29 a short code", CODE.encode(), "not_a_person", source="191"),
    Silent("B29 a name", CODE.encode(), "not_a_person", source="VIETTEL"),
    Silent("B29 nobody", CODE.encode(), "not_a_person", source=""),
    Silent("B30 the service itself", CODE.encode(), "own_number", source="8283"),
    Silent("B30 with the country in front", CODE.encode(), "own_number", source="848283"),
    Silent("B31 a German phone", CODE.encode(), "not_a_person", source="4915112345678"),
    Silent("B31 a Cambodian phone", CODE.encode(), "not_a_person", source="85512345678"),
    Silent("a landline", CODE.encode(), "not_a_person", source="842223811222"),
]


async def test_what_no_person_wrote_is_stored_and_gets_no_reply(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        for case in SILENT:
            assert await line.operator.deliver(case.source, case.octets, **case.options) == 0, case.label
        await others_are_served(line)
        assert [text.to for text in line.operator.submitted] == [WITNESS]
        *stored, _witness = line.stored()
    assert len(stored) == len(SILENT)
    for case, row in zip(SILENT, stored, strict=True):
        assert (row["ignored"], row["state"], bool(row["raw"])) == (case.why, "done", True), case.label
    assert line.log.getvalue().count('"kind":"ignored"') == len(SILENT)


@dataclass(frozen=True)
class Answered:
    label: str
    octets: bytes
    text: str
    options: dict[str, Any] = field(default_factory=dict)


ANSWERED = [
    Answered("B24 line breaks", f"HS\r\n{CODE}\r\nlevel=error".encode(), f"HS\n{CODE}\nlevel=error"),
    Answered("B24 terminal codes", b"\x1b[31mHS\x07 " + CODE.encode(), f"[31mHS {CODE}", options={"data_coding": 1}),
    Answered("B24 in UCS-2", ucs2(f"HS \u2028\x85{CODE}\x1b"), f"HS \u2028{CODE}", options={"data_coding": 8}),
    Answered("B27 odd length", ucs2(f"hồ sơ {CODE}") + b"\x1e", f"hồ sơ {CODE}", options={"data_coding": 8}),
    Answered("B27 half a pair", ucs2(f"\ud83d HS {CODE}"), f"\ufffd HS {CODE}", options={"data_coding": 8}),
    Answered("B27 half a pair at the end", ucs2(f"HS {CODE} \ud83d"), f"HS {CODE} \ufffd", options={"data_coding": 8}),
]


async def test_odd_octets_are_read_and_answered(tmp_path: Path) -> None:
    phones = {f"8491234567{number}": case for number, case in enumerate(ANSWERED)}
    async with gateway(tmp_path, ROWS) as line:
        for phone, case in phones.items():
            assert await line.operator.deliver(phone, case.octets, **case.options) == 0
            (answer,) = await line.operator.answers(phone)
            assert CODE in answer, case.label
        assert [row["text"] for row in line.stored()] == [case.text for case in ANSWERED]
    written = line.log.getvalue()
    assert written.isascii()
    assert not set(written) & {"\x1b", "\r", "\x07"}
    events = [json.loads(entry)["event"] for entry in written.split("\n") if entry]
    assert events.count("answered") == len(ANSWERED), "one line for each"


async def test_b28_a_header_longer_than_its_message(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        assert await line.operator.deliver(PHONE, bytes((200, 0, 3)) + CODE.encode(), esm_class=UDHI) == 0
        assert CODE in (await line.operator.answers(PHONE))[0]
        assert [row["ignored"] for row in line.stored()] == [None]
        assert line.stored()[0]["raw"]
        assert '"event":"smpp bad header"' in line.log.getvalue()


async def test_b25_sixteen_hundred_characters_in_eleven_parts_are_one_message(tmp_path: Path) -> None:
    pieces = [LONG[at : at + 150] for at in range(0, len(LONG), 150)]
    assert len(pieces) == 11
    async with gateway(tmp_path, ROWS) as line:
        for number in (3, 1, 11, 2, 5, 4, 10, 7, 6, 9, 8, 8):
            header = bytes((5, 0, 3, 77, len(pieces), number))
            assert await line.operator.deliver(PHONE, header + pieces[number - 1].encode(), esm_class=UDHI) == 0
        await line.operator.answers(PHONE)
        await others_are_served(line)
        assert len(line.operator.texts_to(PHONE)) == 1
        own, _other = line.stored()
        assert (own["text"], own["partial"]) == (LONG.strip(), 0)


async def test_a_long_text_whose_part_never_came_is_answered_from_what_came(tmp_path: Path) -> None:
    first = bytes((5, 0, 3, 9, 2, 1)) + f"Cho toi hoi ho so {CODE} ".encode()
    async with gateway(tmp_path, ROWS, sms="reassembly_timeout_s = 0.1") as line:
        assert await line.operator.deliver(PHONE, first, esm_class=UDHI) == 0
        assert CODE in (await line.operator.answers(PHONE))[0]
        assert [row["partial"] for row in line.stored()] == [1]


@pytest.mark.parametrize(
    ("text", "most"),
    [
        pytest.param("Tôi đang bận họp, sẽ gọi lại sau", 0, id="B35 an answering phone"),
        pytest.param("I'm busy right now, can I call you later?", 0, id="B35 in English"),
        pytest.param("Da nhan duoc tin nhan cua ban", 2, id="B35 any machine"),
    ],
)
async def test_a_machine_is_not_answered_for_ever(text: str, most: int, tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        for ending in ("", ".", "!", "?", "...", " "):
            assert await line.operator.deliver(PHONE, ucs2(text + ending), data_coding=8) == 0
        assert await line.operator.deliver(PHONE, CODE.encode()) == 0
        await line.operator.until(lambda: CODE in "".join(line.operator.texts_to(PHONE)))
        assert 1 <= len(line.operator.texts_to(PHONE)) <= most + 1, "a person at the same phone is still answered"


async def test_b36_our_own_text_comes_back(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        assert await line.operator.deliver(PHONE, CODE.encode()) == 0
        (own,) = await line.operator.answers(PHONE)
        for sender, ending in ((PHONE, b""), (PHONE, b"."), (WITNESS, b"")):
            assert await line.operator.deliver(sender, own.encode() + ending) == 0
        assert await line.operator.deliver(PHONE, CODES[1].encode()) == 0
        assert await line.operator.deliver(WITNESS, CODES[1].encode()) == 0
        assert CODES[1] in (await line.operator.answers(PHONE, 2))[1]
        assert CODES[1] in (await line.operator.answers(WITNESS, 1))[0]
        assert len(line.operator.submitted) == 3


@pytest.mark.parametrize(
    ("text", "words", "stays"),
    [
        pytest.param("TC", "tu choi", False, id="B37 alone"),
        pytest.param(" tc. ", "tu choi", False, id="B37 alone, with trimmings"),
        pytest.param("toi khong biet tu choi the nao", "", True, id="B37 inside a sentence"),
        pytest.param(f"TC {CODE}", CODE, True, id="B37 with a code it looks up"),
    ],
)
async def test_b37_stop_words(text: str, words: str, *, stays: bool, tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        assert await line.operator.deliver(PHONE, text.encode()) == 0
        (answer,) = await line.operator.answers(PHONE)
        assert words in answer.lower() or words in answer
        assert ("Da ghi nhan tu choi tin" in answer) is not stays


async def test_b38_a_walk_through_the_numbers_is_told_once_then_silent(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        for code in CODES:
            assert await line.operator.deliver(PHONE, code.encode()) == 0
        await others_are_served(line)
        await line.settled()
        texts = line.operator.texts_to(PHONE)
        told = [text for text in texts if not any(code in text for code in CODES)]
        assert len(told) == 1
        assert texts[-1] == told[0]
        assert len(texts) < 20
        assert len(line.stored()) == 41
