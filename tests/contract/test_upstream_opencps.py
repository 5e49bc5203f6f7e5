"""OpenCPS with its traps."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from dossier_client.client import OneStopClient
from dossier_client.models import (
    CurrentStep,
    Dossier,
    Found,
    History,
    NotFound,
    OwnDossiers,
    Procedure,
    Status,
    Step,
    Unavailable,
    Unit,
    Verified,
)
from dossier_client.settings import Timings, UpstreamSettings
from tests.contract.opencps_server import GROUP, OpenCpsServer
from tests.contract.upstreams import CODE, OTHER_CODE, RawUpstream, as_json, client_of, http, sends

VIETNAM = timezone(timedelta(hours=7))
RAW: dict[str, Any] = {
    "dossierId": 4711,
    "dossierNo": CODE,
    "referenceUid": "G22.99-261120-000123",
    "serviceCode": "2.000815",
    "serviceName": "Chứng thực bản sao",
    "govAgencyCode": "000.00.15.H05",
    "govAgencyName": "UBND phường Mẫu",
    "applicantName": "NGUYỄN VĂN MẪU",
    "applicantIdNo": "027090001234",
    "contactTelNo": "0912345678",
    "delegateTelNo": "",
    "receiveDate": "20/11/2026 08:15:00",
    "dueDate": "27/11/2026 17:00:00",
    "extendDate": "",
    "releaseDate": "",
    "finishDate": "",
    "dossierStatus": "processing",
    "dossierStatusText": "Đang xử lý",
    "dossierSubStatus": "processing_11",
    "dossierSubStatusText": "Chờ phân công",
    "stepName": "Thẩm định",
    "lockState": "",
    "lastActionNote": "Ghi chú nội bộ",
    "online": "true",
}


@asynccontextmanager
async def opencps(server: OpenCpsServer, group: str = GROUP) -> AsyncIterator[OneStopClient]:
    async with TestServer(server.app()) as running:
        settings = UpstreamSettings(
            name="cps", kind="opencps", base_url=str(running.make_url("")), heads=("H05", "G22", "*"), group_id=group
        )
        async with client_of(settings, timings=Timings()) as client:
            yield client


async def read(**changes: Any) -> Dossier:
    async with opencps(OpenCpsServer(RAW | changes)) as client:
        found = await client.find(CODE)
    assert isinstance(found, Found)
    return found.dossier


async def test_every_field() -> None:
    assert await read() == Dossier(
        code=CODE,
        status=Status.IN_PROCESS,
        status_text="Chờ phân công",
        reference="G22.99-261120-000123",
        procedure=Procedure(id="2.000815", name="Chứng thực bản sao"),
        unit=Unit(code="000.00.15.H05", name="UBND phường Mẫu"),
        applicant="NGUYỄN VĂN MẪU",
        contact_phones=frozenset({"84912345678"}),
        received_at=datetime(2026, 11, 20, 8, 15, tzinfo=VIETNAM),
        due_at=datetime(2026, 11, 27, 17, 0, tzinfo=VIETNAM),
        step=CurrentStep(name="Thẩm định"),
    )


@pytest.mark.parametrize(
    ("sub", "status", "lock", "read_as"),
    [
        pytest.param("", "new", "", Status.NEWLY_REGISTERED, id="status alone"),
        pytest.param("paying_1", "processing", "", Status.FEE_DUE, id="sub-status first"),
        pytest.param("strange_1", "done", "", Status.RESULT_RETURNED, id="unknown sub-status"),
        pytest.param("", "waiting", "", Status.MORE_PAPERS, id="waiting for papers"),
        pytest.param("", "processing", "PAUSE", None, id="clock stopped"),
        pytest.param("", "done", "PAUSE_OVERDUE", Status.RESULT_RETURNED, id="a stopped clock undoes no result"),
        pytest.param("", "processing", "LOCK", Status.IN_PROCESS, id="locked is not stopped"),
        pytest.param("", "releasing", "", Status.RESULT_READY, id="ready"),
        pytest.param("", "denied", "", Status.NOT_ACCEPTED, id="denied"),
        pytest.param("", "unresolved", "", Status.STOPPED, id="unresolved"),
        pytest.param("", "cancelled", "", Status.WITHDRAWN, id="withdrawn"),
        pytest.param("", "210", "", None, id="older numeric state"),
        pytest.param(None, None, None, None, id="none at all"),
    ],
)
async def test_status(sub: str | None, status: str | None, lock: str | None, read_as: Status | None) -> None:
    dossier = await read(dossierSubStatus=sub, dossierStatus=status, lockState=lock)
    assert dossier.status is read_as


@pytest.mark.parametrize(("status", "lock"), [("pausing", ""), ("pausing_2", "PAUSE"), ("processing", "PAUSE")])
async def test_a_paused_dossier_is_said_to_wait_and_nothing_is_asked_of_the_citizen(status: str, lock: str) -> None:
    dossier = await read(dossierSubStatus="", dossierStatus=status, lockState=lock)
    assert (dossier.status, dossier.status_text) == (None, "Tạm dừng xử lý")


WORDS = {
    Status.NEWLY_REGISTERED: ("new", "collecting", "receiving"),
    Status.IN_PROCESS: ("processing", "interoperating", "handover", "correcting"),
    Status.MORE_PAPERS: ("waiting",),
    Status.FEE_DUE: ("paying",),
    Status.WITHDRAWN: ("cancelling", "cancelled"),
    Status.RESULT_READY: ("releasing", "posting"),
    Status.RESULT_RETURNED: ("done",),
    Status.NOT_ACCEPTED: ("denied",),
    Status.STOPPED: ("unresolved",),
}


@pytest.mark.parametrize(("word", "status"), [(word, status) for status, words in WORDS.items() for word in words])
async def test_every_word_of_the_list(word: str, status: Status) -> None:
    assert (await read(dossierStatus=word.upper(), dossierSubStatus="")).status is status
    assert (await read(dossierStatus="", dossierSubStatus=f"{word}_11")).status is status


async def test_an_unknown_state_is_shown_in_its_own_words_and_counted() -> None:
    raw = RAW | {
        "dossierStatus": "210",
        "dossierSubStatus": "",
        "dossierSubStatusText": "",
        "dossierStatusText": "Chờ  <ký>",
    }
    async with opencps(OpenCpsServer(raw)) as client:
        found = await client.find(CODE)
        assert isinstance(found, Found)
        assert (found.dossier.status, found.dossier.status_text) == (None, "Chờ <ký>")
        assert client.health()["cps"].counts["unknown_status"] == 1


async def test_a_legacy_number_is_searched_for_in_every_call_and_never_an_id() -> None:
    server = OpenCpsServer(
        RAW | {"dossierNo": "4712", "dossierId": 99}, RAW | {"dossierNo": "14712", "dossierId": 4712}
    )
    async with opencps(server) as client:
        assert await client.verify("4712", "1234") == Verified(passed=True)
        assert await client.history("4712") == History(())
    assert [path for path in server.paths if "/dossiers/" in path] == []
    assert server.paths[-1] == "/o/rest/v2/dossierlogs/99/logs?start=0&end=50"


async def test_what_is_sent_is_the_site_and_no_header_that_opens_doors() -> None:
    async with RawUpstream(sends(as_json(RAW))) as upstream:
        settings = UpstreamSettings(name="cps", kind="opencps", base_url=upstream.url, heads=("H05",), group_id=GROUP)
        async with client_of(settings) as client:
            await client.find(CODE)
    [request] = upstream.requests
    names = {line.partition(":")[0].lower() for line in request.split("\r\n")[1:] if line}
    assert names == {"host", "accept", "accept-encoding", "user-agent", "groupid"}
    assert f"groupId: {GROUP}" in request


async def test_dates_reason_and_text() -> None:
    dossier = await read(
        extendDate="30/11/2026 17:00:00",
        dueDate="31/02/2026 00:00:00",
        releaseDate="28/11/2026 09:00:00",
        finishDate="29/11/2026 10:00:00",
        dossierSubStatus="",
        dossierSubStatusText="",
        dossierStatus="done",
    )
    assert dossier.promised_at == datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM)
    assert dossier.due_at is None
    assert dossier.finished_at == datetime(2026, 11, 28, 9, 0, tzinfo=VIETNAM)
    assert dossier.returned_at == datetime(2026, 11, 29, 10, 0, tzinfo=VIETNAM)
    assert (dossier.status_text, dossier.reason) == ("Đang xử lý", None)
    assert (await read(dossierSubStatus="", dossierStatus="denied")).reason == "Ghi chú nội bộ"


async def test_by_reference_and_never_digits_as_id() -> None:
    legacy = RAW | {"dossierNo": "4712", "dossierId": 1}
    server = OpenCpsServer(RAW | {"dossierNo": "14711", "referenceUid": ""}, legacy, RAW)
    async with opencps(server) as client:
        assert isinstance(await client.find("G22.99-261120-000123"), Found)
        assert await client.find("4711") == NotFound()
        found = await client.find("4712")
        assert isinstance(found, Found)
        assert found.dossier.code == "4712"
        assert server.paths == [
            "/o/rest/v2/dossiers/G22.99-261120-000123",
            "/o/rest/v2/dossiers?dossierNo=4711&start=0&end=10",
            "/o/rest/v2/dossiers?dossierNo=4712&start=0&end=10",
        ]


async def test_without_the_site_nothing_is_found() -> None:
    async with opencps(OpenCpsServer(RAW), group="") as client:
        assert await client.find(CODE) == NotFound()


NOT_FOUND = [
    pytest.param(web.Response(status=203, text="wrong secret"), id="203: secret or captcha refused"),
    pytest.param(web.Response(status=200), id="200, empty"),
    pytest.param(web.json_response({"total": 0}), id="200, empty list"),
    pytest.param(web.Response(status=404, text="no"), id="404 as text"),
    pytest.param(web.json_response({"message": "NoSuchDossierException"}, status=500), id="500 that says so"),
    pytest.param(web.Response(status=500, text="Không tìm thấy hồ sơ"), id="500 in Vietnamese"),
]
FAULTY = [
    pytest.param(web.Response(status=500, text="NullPointerException"), "status", id="500 of something else"),
    pytest.param(web.Response(text="<dossier/>", content_type="application/xml"), "not_json", id="XML"),
    pytest.param(web.Response(status=404, text="<html>", content_type="text/html"), "status", id="404 in HTML"),
    pytest.param(web.json_response({"message": "hm"}), "shape", id="200 with an error object"),
    pytest.param(web.json_response(RAW | {"dossierNo": OTHER_CODE}), "other_dossier", id="another dossier"),
    pytest.param(web.json_response([]), "shape", id="a list"),
    pytest.param(web.json_response({}, status=403), "unauthorised", id="403"),
]


@pytest.mark.parametrize("missing", NOT_FOUND)
async def test_missing(missing: web.Response) -> None:
    async with opencps(OpenCpsServer(missing=missing)) as client:
        assert await client.find(CODE) == NotFound()
        assert await client.history(OTHER_CODE) == NotFound()
        assert await client.verify(OTHER_CODE, "1234") == NotFound()


@pytest.mark.parametrize(("answer", "reason"), FAULTY)
async def test_fault(answer: web.Response, reason: str) -> None:
    async with opencps(OpenCpsServer(missing=answer)) as client:
        assert await client.find(CODE) == Unavailable("cps")
        assert client.health()["cps"].counts[reason] == 1
        assert await client.verify(CODE, "1234") == Unavailable("cps")


async def test_history_oldest_first_without_officers() -> None:
    server = OpenCpsServer(RAW)
    server.logs = [
        {"createDate": "21/11/2026 08:00:00", "author": "Cán bộ Mẫu", "content": "Chuyển xử lý", "payload": "{broken"},
        {"createDate": "20/11/2026 08:15:00", "content": "x", "payload": '{"stepName": "Tiếp nhận"}'},
        {"createDate": "", "content": "Tạo hồ sơ", "payload": {"stepName": ""}},
        "junk",
    ]
    async with opencps(server) as client:
        history = await client.history(CODE)
    assert history == History(
        (
            Step(at=None, name="Tạo hồ sơ"),
            Step(at=None, name=""),
            Step(at=datetime(2026, 11, 20, 8, 15, tzinfo=VIETNAM), name="Tiếp nhận"),
            Step(at=datetime(2026, 11, 21, 8, 0, tzinfo=VIETNAM), name="Chuyển xử lý"),
        )
    )
    assert server.paths[1] == "/o/rest/v2/dossierlogs/4711/logs?start=0&end=50"


@pytest.mark.parametrize(
    ("known", "digits", "passed"),
    [("027090001234", "1234", True), ("027090001234", "0000", False), ("", "1234", False), (None, "1234", False)],
)
async def test_verify_compares_here(known: str | None, digits: str, *, passed: bool) -> None:
    async with opencps(OpenCpsServer(RAW | {"applicantIdNo": known})) as client:
        assert await client.verify(CODE, digits) == Verified(passed=passed)


async def test_by_phone_is_not_offered() -> None:
    async with opencps(OpenCpsServer(RAW)) as client:
        assert await client.by_phone("84912345678") == OwnDossiers((), complete=False)


async def test_a_gateway_in_front_answers_in_its_own_words() -> None:
    async with RawUpstream(sends(http(502, b"<html>", kind="text/html"), as_json(RAW))) as upstream:
        settings = UpstreamSettings(name="cps", kind="opencps", base_url=upstream.url, heads=("H05",), group_id=GROUP)
        async with client_of(settings) as client:
            assert isinstance(await client.find(CODE), Found)
