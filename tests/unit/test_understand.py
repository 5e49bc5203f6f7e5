"""``motcua understand``: what each line of JSON is answered."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from bot.clock import FixedClock
from bot.model import Office
from bot.render import Renderer
from bot.understand import LONGEST_LINE, LineReader
from bot.understand_all import in_order
from bot.understanding.keywords import BUILT
from dossier_client.models import (
    Dossier,
    Found,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Status,
    Unavailable,
    Verified,
)

NOW = datetime(2026, 6, 12, 2, 0, tzinfo=UTC)
OWNER, STRANGER = "84912345678", "84987654321"
A, B, GONE = "H05.12-260610-0001", "H05.12-260610-0007", "H05.12-260610-0002"
OFFICE = Office()
RENDERER = Renderer(OFFICE, BUILT)


class Province:
    """Two dossiers of one phone; ``down`` answers nothing, ``stale`` tells what it once knew."""

    def __init__(self, *, down: bool = False, stale: bool = False, complete: bool = True) -> None:
        self._down, self._stale, self._complete = down, stale, complete

    async def find(self, code: str) -> Lookup:
        if self._down:
            return Unavailable("bacninh")
        if code.startswith("H29"):
            return OtherProvince("H29", "TP Hồ Chí Minh")
        known = Found(dossier(code), NOW, "bacninh", stale=self._stale)
        return known if code in {A, B} else NotFound()

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        return Unavailable("bacninh") if self._down else History(()) if code in {A, B} else NotFound()

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        if self._down:
            return Unavailable("bacninh")
        own = (dossier(A), dossier(B)) if phone == OWNER else ()
        return OwnDossiers(own, complete=self._complete)

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        del code
        return Unavailable("bacninh") if id_last4 == "0000" else Verified(passed=True)


def dossier(code: str) -> Dossier:
    return Dossier(code=code, status=Status.RECEIVED, status_text="Đã tiếp nhận", contact_phones=frozenset({OWNER}))


async def answered(raw: bytes, province: Province) -> dict[str, Any]:
    reader = LineReader(office=OFFICE, renderer=RENDERER, dossiers=province, clock=FixedClock(NOW))
    answer: dict[str, Any] = orjson.loads(await reader.answer(raw))
    return answer


def line(text: str, channel: str = "sms", sender: str = STRANGER, **more: Any) -> bytes:
    return orjson.dumps({"id": "q", "text": text, "channel": channel, "sender": sender} | more)


@dataclass(frozen=True)
class Case:
    label: str
    line: bytes
    intent: str
    slots: dict[str, Any] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    reply: str = ""


CASES = [
    Case("a code", line(A), "lookup_status", {"code": [A]}, [A], reply=f"HS {A}:"),
    Case("in text order", line(f"{B} {A}"), "lookup_status", {"code": [B, A]}, [B, A]),
    Case("one of two exists", line(f"{GONE} {A}"), "lookup_status", {"code": [GONE, A]}, [A]),
    Case("mended", line("ho5.12 260610 ooo1"), "lookup_status", {"code": [A]}, [A]),
    Case("the log", line(f"NK {A}"), "lookup_status", {"code": [A]}, [A]),
    Case("like a stranger's", line(GONE), "lookup_status", {"code": [GONE]}, reply="Khong tim thay"),
    Case("like own", line(GONE, sender="0912345678"), "lookup_status", {"code": [GONE]}, [], [A, B], A),
    Case("chat without phone", line(GONE, "zalo", "u"), "lookup_status", {"code": [GONE]}, reply="Không tìm thấy"),
    Case(
        "chat with phone",
        line(GONE, "zalo", "u", verified_phone="+84 912 345 678"),
        "lookup_status",
        {"code": [GONE]},
        [],
        [A, B],
    ),
    Case("a proof by SMS counts for nothing", line("hs cua toi", verified_phone=OWNER), "my_dossiers"),
    Case("own", line("hs cua toi", "telegram", "7", verified_phone=OWNER), "my_dossiers", reply=B),
    Case("other province", line("H29.5-260610-0001"), "lookup_status", {"code": ["H29.5-260610-0001"]}),
    Case("malformed", line("hs H05.12-261399-0001"), "lookup_status", reply="chua"),
    Case("refusing", line("TC"), "opt_out", {"action": "stop"}),
    Case("resuming", line("MO"), "opt_out", {"action": "resume"}),
    Case("language", line("EN"), "language_switch", {"lang": "en"}, reply="Language set to English"),
    Case("greeting", line("xin chào", "webchat", "w"), "greeting"),
    Case("courtesy by SMS costs nothing", line("cam on"), "thanks"),
    Case("help", line("TG"), "help", reply="8283"),
    Case("empty", line(""), "help"),
    Case("a wish with a code", line(f"TD {A}"), "subscribe", {"code": [A]}, [A], reply="chua bao tin theo doi"),
    Case("a rating", line(f"DG {A} 5"), "rating", {"code": [A], "score": 5}, [A], reply="Chi danh gia duoc HS"),
    Case("a code beside other words", line(f"TG {A}"), "lookup_status", {"code": [A]}, [A]),
    Case("decomposed letters", line("xin cha\u0300o"), "greeting"),
    Case("very long", line("a" * 100_000), "out_of_scope"),
    Case("unknown fields are nobody's business", line("TG", mood="good", verified_phone=None), "help"),
    Case("right last digits", line(f"HS {A} 1234"), "lookup_status", {"code": [A]}, [A]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_line(case: Case) -> None:
    answer = await answered(case.line, Province())
    assert list(answer) == ["id", "intent", "slots", "resolved", "suggestions", "procedures", "petition", "reply"]
    assert (answer["id"], answer["intent"], answer["slots"]) == ("q", case.intent, case.slots)
    assert (answer["resolved"], answer["suggestions"]) == (case.resolved, case.suggestions)
    assert (answer["procedures"], answer["petition"]) == ([], None)
    assert case.reply in "\n".join(answer["reply"])


@pytest.mark.parametrize(
    ("raw", "key", "told"),
    [
        (b"", None, "not JSON"),
        (b"{", None, "not JSON"),
        (b"\xff", None, "not JSON"),
        (b'{"id": 1, "text": "\\ud800"}', None, "not JSON"),
        (b"[1]", None, "not a JSON object"),
        (b'{"text": "TG", "channel": "sms", "sender": "1"}', None, "id: must be"),
        (b'{"id": true, "text": "TG", "channel": "sms", "sender": "1"}', None, "id: must be"),
        (b'{"id": 5, "channel": "sms", "sender": "1"}', 5, "text: must be a text"),
        (b'{"id": 5, "text": 5, "channel": "sms", "sender": "1"}', 5, "text: must be a text"),
        (b'{"id": 5, "text": "TG", "channel": "fax", "sender": "1"}', 5, "channel: must be one of sms, zalo"),
        (b'{"id": 5, "text": "TG", "channel": "sms"}', 5, "sender: must be a text"),
        (line("TG", "zalo", verified_phone="12"), "q", "verified_phone: must be a Vietnamese phone number"),
        (line("TG", "zalo", verified_phone=84912345678), "q", "verified_phone: must be"),
        (b" " * (LONGEST_LINE + 1), None, "longer than"),
        (b"[" * 5000, None, "not JSON"),
    ],
)
async def test_a_bad_line(raw: bytes, key: object, told: str) -> None:
    answer = await answered(raw, Province())
    assert list(answer) == ["id", "error"]
    assert answer["id"] == key
    assert answer["error"].startswith(told)


@pytest.mark.parametrize(
    ("raw", "province"),
    [
        (line(A), Province(down=True)),
        (line(A), Province(stale=True)),
        (line(f"NK {A}"), Province(down=True)),
        (line("hs cua toi", sender=OWNER), Province(down=True)),
        (line(GONE, sender=OWNER), Province(complete=False)),
        (line(f"HS {A} 0000"), Province()),
    ],
)
async def test_an_upstream_that_fails(raw: bytes, province: Province) -> None:
    assert await answered(raw, province) == {"id": "q", "error": "upstream"}


async def test_what_needs_no_upstream_is_answered_while_it_is_down() -> None:
    assert (await answered(line("TG"), Province(down=True)))["intent"] == "help"


async def test_a_fault_of_ours_costs_one_line() -> None:
    class Broken(Province):
        async def find(self, code: str) -> Lookup:
            raise KeyError(code)

    assert await answered(line(A), Broken()) == {"id": "q", "error": "internal"}


async def test_answers_keep_the_order_of_the_lines_and_few_are_at_work() -> None:
    working = most = 0

    async def answer(raw: bytes) -> bytes:
        nonlocal working, most
        working += 1
        most = max(most, working)
        for _ in range(int(raw) % 7):
            await asyncio.sleep(0)
        working -= 1
        return raw

    async def lines() -> AsyncIterator[bytes]:
        for number in range(500):
            yield b"%d" % number

    answers = [int(raw) async for raw in in_order(lines(), answer, 5)]
    assert answers == list(range(500))
    assert most == 5


async def test_procedures_are_told_best_first() -> None:
    answer = await answered(line("làm giấy khai sinh cần giấy tờ gì", "zalo", "u"), Province())
    assert (answer["intent"], answer["slots"]) == ("procedure_question", {"facet": "documents"})
    assert answer["procedures"][0] == "1.001193"
    assert answer["petition"] is None


@pytest.mark.parametrize("text", ["ly hôn nộp đơn ở đâu", A, "xin chào"])
async def test_no_procedure_is_told_for_what_is_none(text: str) -> None:
    assert (await answered(line(text), Province()))["procedures"] == []


@pytest.mark.parametrize("command", ["", "PA "])
async def test_hints_on_a_petition(command: str) -> None:
    text = f"{command}Đèn đường trước nhà ông Nguyễn Văn An 0912345678 phường Võ Cường hỏng cả tuần nay"
    answer = await answered(line(text), Province())
    assert answer["intent"] == "petition_new"
    petition = answer["petition"]
    assert set(petition) == {"category", "agency", "redacted", "abusive", "parts"}
    assert (petition["category"], petition["abusive"], petition["parts"]) == ("DN", False, [])
    assert "0912345678" not in petition["redacted"]
    assert "Văn An" not in petition["redacted"]
