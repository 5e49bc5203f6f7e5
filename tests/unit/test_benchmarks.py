"""The stand-ins of the benchmarks measure and judge rightly: against each other, with a tiny gateway between them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from benchmarks import steps
from benchmarks.round_trip import TITLE, Run, calibration, measure, row, runs, summary
from benchmarks.smsc_load import (
    DELIVER_SM,
    HEADER,
    Load,
    Plan,
    Report,
    Session,
    deliver_sm,
    is_right,
    percentile,
    submitted,
    texts,
)
from benchmarks.upstream_stub import Stub, expected
from tests.tiny_gateway import Answer, Gateway, sentence, submit_sm

DAY = date(2026, 6, 10)
CODE = "H05.100-260610-0001"


@contextlib.asynccontextmanager
async def upstream(delay: float = 0.0) -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(lambda: Stub(delay), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


def test_what_is_expected_follows_from_the_code() -> None:
    all_expected = [expected(f"H05.100-260610-{number:04d}") for number in range(1000)]
    assert {one.status for one in all_expected} == {2, 4, 9, 10}
    assert all(10 <= (one.due - DAY).days < 60 for one in all_expected)
    assert expected(CODE) == expected(CODE)


@pytest.mark.parametrize("delay", [0.0, 0.02])
async def test_the_stub_tells_what_is_expected(delay: float) -> None:
    loop = asyncio.get_running_loop()
    async with upstream(delay) as address, aiohttp.ClientSession(address) as http:
        for number in range(20):
            code = f"H05.100-260610-{number:04d}"
            began = loop.time()
            async with http.get(f"/api/v1/dossiers/{code}") as answer:
                dossier = await answer.json()
            about = expected(code)
            assert loop.time() - began >= delay * 0.9
            assert (dossier["code"], dossier["status"]) == (code, about.status)
            assert dossier["due_at"] == f"{about.due}T17:00:00+07:00"
            assert (dossier["returned_at"] or "")[:10] == (str(about.finished) if about.status == 10 else "")


@pytest.mark.parametrize("path", ["/", "/api/v1/dossiers/nonsense", "/api/v1/dossiers/H05.1-269999-0001"])
async def test_the_stub_knows_nothing_else(path: str) -> None:
    async with upstream() as address, aiohttp.ClientSession(address) as http, http.get(path) as answer:
        assert (answer.status, await answer.json()) == (404, {"error": "not_found"})


def test_all_codes_differ_and_numbers_are_spread() -> None:
    sent = list(texts(Plan(count=10_000, day=DAY)))
    assert len({code for _, code in sent}) == 10_000
    numbers = [sender for sender, _ in sent]
    assert len(set(numbers[:2500])) == 2500
    assert max(numbers.count(number) for number in numbers[:20]) <= 15
    assert {len(number) for number in numbers} == {11}


def code_in(status: int) -> str:
    codes = (f"H05.100-260610-{number:04d}" for number in range(1000))
    return next(code for code in codes if expected(code).status == status)


@pytest.mark.parametrize("status", [2, 4, 9, 10])
def test_judging(status: int) -> None:
    code, other = code_in(status), code_in(9 if status != 9 else 4)
    assert is_right(sentence(code), code, expected(code))
    assert not is_right(sentence(other), code, expected(code))
    assert not is_right(sentence(code), other, expected(other))
    assert not is_right(sentence(code).replace("20", "19"), code, expected(code)) or status == 9
    assert not is_right(f"HS {code}: he thong ban", code, expected(code))


SUBMITTED = [
    pytest.param(submit_sm(1, b"84912345678", b"xin chao"), id="plain"),
    pytest.param(submit_sm(1, b"84912345678", "xin chao".encode("utf-16-be"), data_coding=8), id="ucs2"),
    pytest.param(submit_sm(1, b"84912345678", b"\5\0\3\1\2\1xin chao", esm_class=0x40), id="part of a long text"),
]


@pytest.mark.parametrize("frame", SUBMITTED)
def test_reading_submit_sm(frame: bytes) -> None:
    assert submitted(frame[HEADER.size :]) == (b"84912345678", "xin chao")


def test_percentiles() -> None:
    assert [percentile([n / 1000 for n in range(1, 101)], share) for share in (0.5, 0.95, 0.99)] == [51.0, 96.0, 100.0]
    assert percentile([], 0.5) == 0.0


async def measured(plan: Plan, answer: Answer, acknowledgement: int = 0) -> Report:
    load, loop = Load(plan), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(load), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line, _ = await loop.create_connection(lambda: Gateway(answer, acknowledgement), "127.0.0.1", port)
    async with asyncio.timeout(20):
        await load.bound()
    line.close()
    server.close()
    return load.finish()


@pytest.mark.parametrize("plan", [Plan(300, window=20, warm_up=30, day=DAY), Plan(100, rate=500, day=DAY)])
async def test_right_answers_are_counted(plan: Plan) -> None:
    report = await measured(plan, lambda code: [sentence(code)])
    assert (report.sent, report.right) == (plan.count, plan.count)
    assert (report.wrong, report.missing, report.repeated, report.refused) == (0, 0, 0, 0)
    assert 0 < report.p50_ms <= report.p95_ms <= report.p99_ms
    assert report.right_per_s > 0
    if plan.rate:
        assert report.right_per_s < plan.rate * 1.2


async def test_the_upstream_and_the_load_agree_about_right() -> None:
    async with upstream() as address, aiohttp.ClientSession(address) as http:
        for _, code in texts(Plan(50, day=DAY)):
            async with http.get(f"/api/v1/dossiers/{code}") as answer:
                dossier = json.loads(await answer.read())
            words = {2: "da tiep nhan", 4: "dang xu ly", 9: "da co ket qua", 10: "da tra ket qua"}[dossier["status"]]
            when = date.fromisoformat((dossier["returned_at"] or dossier["due_at"])[:10])
            assert is_right(f"HS {code}: {words} {when:%d/%m/%Y}", code, expected(code))


FAULTS: list[tuple[str, Answer, dict[str, int]]] = [
    ("another's state", lambda code: [sentence(code_in(9)).replace(code_in(9), code) + "?"], {"missing": 0}),
    ("no code", lambda code: [sentence(code), "he thong ban"], {"right": 40, "wrong": 40}),
    ("twice", lambda code: [sentence(code)] * 2, {"right": 40, "repeated": 40}),
]


@pytest.mark.parametrize(("label", "answer", "figures"), FAULTS, ids=[fault[0] for fault in FAULTS])
async def test_faults_are_counted(label: str, answer: Answer, figures: dict[str, int]) -> None:
    report = await measured(Plan(40, window=5, day=DAY), answer)
    assert {key: getattr(report, key) for key in figures} == figures
    if label == "another's state":
        assert report.wrong == sum(expected(code).status != 9 for _, code in texts(Plan(40, day=DAY)))
        assert report.wrong_example


async def test_refused_and_unanswered_texts_are_counted() -> None:
    report = await measured(Plan(40, window=5, seconds=0.1, late=0.05, day=DAY), lambda _: [], 0x64)
    assert report.sent >= 5
    assert report.sent == report.refused == report.missing
    assert report.right == 0


def test_deliver_sm_is_framed() -> None:
    frame = deliver_sm(7, b"84912345678", b"abc")
    assert HEADER.unpack_from(frame) == (len(frame), DELIVER_SM, 0, 7)
    assert frame.endswith(b"\x03abc")


async def test_a_line_of_the_table(tmp_path: Path) -> None:
    run = Run(count=50, seconds=5, delay_ms=5, window=10)
    figures = await measure(run, tmp_path, "tests.tiny_gateway")
    assert (figures["right"], figures["wrong"], figures["missing"]) == (50, 0, 0)
    assert figures["p50_ms"] >= 5
    assert figures["rss_mib"] > 1
    assert len(row(run, figures).split("|")) == len(TITLE.split("|"))


def test_what_is_run() -> None:
    assert [(run.window, run.delay_ms, run.rate) for run in runs(quick=True)] == [
        *((window, delay, 0) for window in (10, 100, 200) for delay in (0, 20, 200)),
        (0, 20, 200),
    ]


def test_the_summary_tells_each_target() -> None:
    good = {"right": 1000, "right_per_s": 2100.0, "p99_ms": 35.0, "gateway_cpu_s": 0.45, "rss_mib": 110.0}
    results = [
        (Run(1000, 20, 20, window=100), good),
        (Run(1000, 20, 200, window=100), good | {"right_per_s": 480.0, "rss_mib": 130.0}),
        (Run(1000, 20, 20, rate=200), good | {"p99_ms": 55.0}),
    ]
    assert [" ".join(line.split()) for line in summary(results)] == [
        "met right/s, window 100, upstream 20 ms 2100.00 target >= 2000",
        "met CPU s per 1,000, window 100, upstream 20 ms 0.45 target <= 0.5",
        "met CPU s per 1,000, window 100, upstream 200 ms 0.45 target <= 0.5",
        "MISS p99 ms, 200/s, upstream 20 ms 55.00 target <= 40",
        "MISS MiB resident at most 130.00 target <= 120",
    ]


async def test_the_steps_of_a_message(tmp_path: Path) -> None:
    rows = await steps.run(20, tmp_path)
    assert all(microseconds >= 0 for _, microseconds in rows)
    assert len(steps.lines(rows)) == len(rows) + 1


def test_calibration_is_one_line(tmp_path: Path) -> None:
    assert "\n" not in calibration(tmp_path)
