"""What a one-stop system may answer that it should not (B62-B68), from a citizen's text to the SMS that comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import VIETNAM
from tests.contract.upstreams import RawUpstream, as_json, http
from tests.gateways import Gateway, gateway_of

TODAY = datetime.now(VIETNAM)
CODE = f"H05.12-{TODAY - timedelta(days=3):%y%m%d}-0001"
OTHER = f"H05.12-{TODAY - timedelta(days=3):%y%m%d}-0002"
DUE = TODAY + timedelta(days=30)
PHONE = "84912345678"
BUSY = ("he thong mot cua dang gian doan", CODE, "se bao Ong/Ba ngay khi co so lieu")
UNIT = {"code": "H05.12", "name": "UBND phường Mẫu", "short_name": "UBND P. Mau", "phone": "0222.3822111"}
GOOD: dict[str, Any] = {"code": CODE, "status": 4, "status_text": "Đang xử lý", "unit": UNIT, "due_at": DUE.isoformat()}
PAGE = "<html><head><title>Hệ thống đang bảo trì</title></head><body>10.20.30.40 root</body></html>".encode()
SECRETS = {
    "applicant": "Trần Thị Bí Mật",
    "identity_number": "027090001234",
    "address": "Số 12 ngõ Kín",
    "email": "bimat@example.vn",
    "birthday": "1990-02-03",
    "contact_phones": ["84900111222"],
    "handled_by": {"officer_id": "cb-0815", "counter": "7"},
    "step": {"name": "Thẩm định", "officer": "Lê Văn Kín"},
    "attachments": [{"name": "don-ly-hon.pdf"}],
    "delivery": {"method": "post", "place": "Bưu điện", "postal_address": "Hẻm 99"},
}
WORDS_OF_SECRETS = (
    *("Bí Mật", "Bi Mat", "027090001234", "ngõ Kín", "bimat@", "1990-02-03", "900111222"),
    *("cb-0815", "Văn Kín", "ly-hon", "Hẻm 99"),
)


@dataclass(frozen=True)
class Case:
    """What the system answers to a look-up, what the SMS must and must not hold, and what is counted."""

    label: str
    answer: bytes
    told: tuple[str, ...]
    never: tuple[str, ...] = ()
    counted: str = "calls"


def dossier(**changes: Any) -> bytes:
    return as_json(GOOD | changes)


CASES = [
    Case("all is well", dossier(), (CODE, "UBND P. Mau dang xu ly", f"hen tra ket qua {DUE:%d/%m/%Y}")),
    Case(
        "B62 error object",
        as_json({"error": {"code": 500, "message": "ORA-01017 on db01"}}),
        BUSY,
        ("ORA", "500"),
        "shape",
    ),
    Case("B62 error text", as_json({"error_code": -1, "message": "session expired"}), BUSY, ("session",), "shape"),
    Case("B62 with the code", as_json({"code": CODE, "status": 500, "error": "down"}), BUSY, ("down.", "500"), "shape"),
    Case("B62 null", as_json(None), BUSY, ("None", "null"), "shape"),
    Case("B62 empty list", as_json([]), BUSY, (), "shape"),
    Case("B63 page with 200", http(200, PAGE, kind="text/html"), BUSY, ("html", "bao tri", "10.20"), "not_json"),
    Case("B63 page called JSON", http(200, PAGE), BUSY, ("html", "bao tri"), "not_json"),
    Case("B63 page with 503", http(503, PAGE, kind="text/html"), BUSY, ("html", "503"), "retries"),
    Case("B63 page with 404", http(404, PAGE, kind="text/html"), BUSY, ("Khong tim thay", "404"), "not_json"),
    Case(
        "B64 number on no list",
        dossier(status=42, status_text="Chờ ký số"),
        (CODE, "Cho ky so"),
        ("42",),
        "unknown_status",
    ),
    Case(
        "B64 label to be cleaned",
        dossier(status="lạ", status_text=" Chờ\n\u200b\u202eký \x07 số "),
        ("Cho ky so",),
        ("\n\n",),
        "unknown_status",
    ),
    Case(
        "B64 label too long",
        dossier(status=0, status_text="Chờ bộ phận " * 30),
        ("Cho bo phan",),
        ("Cho bo phan " * 5,),
        "unknown_status",
    ),
    Case("B65 no date", dossier(due_at=None), ("dang xu ly",), ("hen tra", "None")),
    Case("B65 30 February", dossier(due_at="2026-02-30T17:00:00+07:00"), ("dang xu ly",), ("hen tra", "30/02")),
    Case("B65 year 1", dossier(due_at="0001-01-01T00:00:00Z"), ("dang xu ly",), ("hen tra", "tre hen")),
    Case("B65 year 9999", dossier(due_at="9999-12-31T23:59:59-12:00"), ("dang xu ly",), ("hen tra", "9999")),
    Case("B65 no time at all", dossier(due_at={"$date": 17}), ("dang xu ly",), ("hen tra", "date")),
    Case("B66 personal fields", dossier(**SECRETS), (CODE, "dang xu ly"), WORDS_OF_SECRETS),
    Case(
        "B67 in the label",
        dossier(status=42, status_text="<b>{{ 7*7 }}</b> %(x)s ${1+1}"),
        ("7*7", "%(x)s", "1+1"),
        ("49", "&lt;"),
        "unknown_status",
    ),
    Case(
        "B67 in the office",
        dossier(unit=UNIT | {"short_name": "P. <i>{% if 1 %}{{config}}"}),
        ("<i>", "% if 1 %"),
        ("&lt;", "Undefined"),
    ),
    Case("B68 another code", dossier(code=OTHER, status=9), BUSY, (OTHER, "da co ket qua"), "other_dossier"),
    Case("B68 a longer code", dossier(code=CODE + "1"), BUSY, ("dang xu ly",), "other_dossier"),
    Case(
        "B68 the page of another", dossier(code=OTHER, reference="G22.1-260101-000001"), BUSY, (OTHER,), "other_dossier"
    ),
]


@asynccontextmanager
async def answering(answer: bytes, folder: Path) -> AsyncIterator[Gateway]:
    """A gateway whose one-stop system gives this answer to every look-up."""

    async def reply(head: str, writer: asyncio.StreamWriter) -> None:
        is_list = head.startswith("GET /api/v1/dossiers?")
        writer.write(as_json({"items": []}) if is_list else answer)
        await writer.drain()

    async with RawUpstream(reply) as upstream, gateway_of(folder, upstream.url) as line:
        yield line


def octets_under(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def figures(line: Gateway) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{line.address}/metrics") as response:
        return await response.text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_a_citizen_gets_a_clear_answer(case: Case, tmp_path: Path) -> None:
    async with answering(case.answer, tmp_path) as line:
        assert await line.operator.deliver(PHONE, f"HS {CODE}".encode()) == 0
        [told] = await line.operator.answers(PHONE)
        counted = await figures(line)
    assert [word for word in case.told if word not in told] == [], told
    assert [word for word in case.never if word in told] == [], told
    assert len(told) <= 160
    assert f'motcua_upstream_events_total{{event="{case.counted}",upstream="bacninh"}}' in counted


async def test_the_cause_is_in_the_log_only(tmp_path: Path) -> None:
    async with answering(http(200, PAGE, kind="text/html"), tmp_path) as line:
        await line.operator.deliver(PHONE, CODE.encode())
        await line.operator.answers(PHONE)
    assert "upstream bacninh: not_json: <html>" in line.log.getvalue()
    assert "10.20.30.40" not in line.log.getvalue()


async def test_b66_personal_fields_are_in_no_file_no_cache_and_no_log(tmp_path: Path) -> None:
    texts = (f"HS {CODE}", f"HS {CODE} 9999", f"NK {CODE}", "HS CUA TOI", "H05.12-999999-1")
    async with answering(dossier(**SECRETS), tmp_path) as line:
        for count, text in enumerate(texts, 1):
            await line.operator.deliver(PHONE, text.encode())
            await line.operator.answers(PHONE, count)
        kept = b"".join(value for value, _ in line.app._one_stop._found._entries.values())
        files = octets_under(tmp_path)
    told = " ".join(line.operator.texts_to(PHONE))
    for word in WORDS_OF_SECRETS:
        assert word not in told
        assert word.encode() not in kept
        assert word not in line.log.getvalue()
        assert word.encode() not in files
    assert (CODE.encode() in files, CODE.encode() in kept) == (True, True), "what was searched is what was kept"


async def test_b68_one_dossier_for_every_code_is_told_for_its_own_only(tmp_path: Path) -> None:
    async with answering(dossier(), tmp_path) as line:
        for count, code in enumerate((CODE, OTHER), 1):
            await line.operator.deliver(PHONE, code.encode())
            told = await line.operator.answers(PHONE, count)
    assert "dang xu ly" in told[0]
    assert (OTHER in told[1], "dang xu ly" in told[1], BUSY[0] in told[1]) == (True, False, True)
