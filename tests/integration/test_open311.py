"""Released petitions as open data: the shape of the standard, errors, what never leaves, how often one may ask."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from defusedxml import ElementTree

from bot.petitions.record import Confidentiality, PetitionState, Place
from bot.web.public.throttle import PER_MINUTE
from tests.contract.store_engines import NOON, SqliteEngine
from tests.contract.store_petitions import DAY, OFFICER, changed
from tests.public import PublicPlace, public_place

OPEN311 = "/public/open311"
NASTY = "<script>alert(1)</script>\x00\x08 ]]> &amp; \u202egnud\u2066 \ufffe \"' đèn"


@pytest.fixture
async def place(sqlite_engine: SqliteEngine) -> AsyncIterator[PublicPlace]:
    async with public_place(sqlite_engine) as place:
        yield place


async def listed(place: PublicPlace, query: str = "") -> list[dict[str, Any]]:
    answered = await place.get(f"{OPEN311}/requests.json?{query}")
    assert answered.status == 200, answered.body
    found: list[dict[str, Any]] = json.loads(answered.body)
    return found


async def test_a_released_petition_as_json(place: PublicPlace) -> None:
    code = (await place.petition()).code
    assert await listed(place) == [
        {
            "service_request_id": code,
            "status": "open",
            "status_notes": "Mới tiếp nhận",
            "service_name": "Điện, chiếu sáng, cấp thoát nước, ngập úng",
            "service_code": "DN",
            "description": "Đèn đường hỏng đã 3 ngày",
            "agency_responsible": None,
            "service_notice": None,
            "requested_datetime": "2026-06-08T12:00:00+07:00",
            "updated_datetime": "2026-06-08T12:00:00+07:00",
            "expected_datetime": "2026-06-11T12:00:00+07:00",
            "address": "Võ Cường",
            "address_id": None,
            "zipcode": None,
            "lat": 21.179,
            "long": 106.072,
            "media_url": None,
        }
    ]


async def test_json_and_xml_say_the_same(place: PublicPlace) -> None:
    await place.petition(public_text=NASTY)
    await place.petition(state=PetitionState.ANSWERED, answer=NASTY, place=Place())
    rows = await listed(place)
    answered = await place.get(f"{OPEN311}/requests.xml")
    root = ElementTree.fromstring(answered.body)
    assert root.tag == "service_requests"
    assert [{item.tag: item.text for item in row} for row in root.findall("request")] == [
        {key: None if value is None else str(value) for key, value in row.items()} for row in rows
    ]
    assert "gnud" in rows[1]["description"]
    assert not {"\u202e", "\u2066", "\x00", "\x08", "\ufffe"} & set(answered.body.decode())


@pytest.mark.parametrize("path", ["requests.json", "requests.xml", "requests.rss", "requests/{code}.json"])
async def test_what_nobody_else_is_told_leaves_nowhere(place: PublicPlace, path: str) -> None:
    before = await place.petition()
    answer = "Kính gửi ông Nguyễn Văn Tèo, số 0912345678: phường đã thay bóng đèn mới."
    after = replace(
        before, state=PetitionState.ANSWERED, agency="H05.12", officer=7, answer=answer, answered_at=NOON, files=1
    )
    await place.store.change_petition(changed(before, after, "send_answer", actor=OFFICER), ())
    text = (await place.get(f"{OPEN311}/{path.format(code=before.code)}")).body.decode()
    assert "thay bóng đèn mới" in text
    hidden = (
        "12345678",
        "0912345678",
        "Lý Thái Tổ",
        "21.1786",
        "Trần Thị B",
        "Nguyễn Văn Tèo",
        "H05.12",
        "8283",
        "sms",
    )
    assert [secret for secret in hidden if secret in text] == []


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"released_at": None}, id="not released"),
        pytest.param({"confidentiality": Confidentiality.NAME_HIDDEN}, id="name hidden"),
        pytest.param({"state": PetitionState.WITHDRAWN}, id="withdrawn"),
    ],
)
async def test_others_are_as_if_they_were_not_there(place: PublicPlace, facts: dict[str, Any]) -> None:
    code = (await place.petition(**facts)).code
    unknown = await place.get(f"{OPEN311}/requests/PA26999993.json")
    there = await place.get(f"{OPEN311}/requests/{code}.json")
    assert (there.status, there.body) == (unknown.status, unknown.body) == (404, unknown.body)
    assert await listed(place, f"service_request_id={code}") == []
    assert b"<item>" not in (await place.get(f"{OPEN311}/requests.rss")).body


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", ["roads", "lamps"], id="the last 90 days"),
        pytest.param("service_code=GT", ["roads"], id="a service"),
        pytest.param("service_code=GT,%20DN", ["roads", "lamps"], id="services"),
        pytest.param("status=open", ["lamps"], id="open"),
        pytest.param("status=open,closed", ["roads", "lamps"], id="both states"),
        pytest.param("start_date=2026-06-09", ["roads"], id="from a day"),
        pytest.param("end_date=2026-06-08", ["lamps"], id="until the end of a day"),
        pytest.param("start_date=2026-06-08T12:00:00+07:00&end_date=2026-06-08T05:00:00Z", ["lamps"], id="a moment"),
        pytest.param("start_date=2025-12-01&end_date=2026-02-28", ["old"], id="long ago"),
        pytest.param("service_request_id=PA26000010&status=closed", ["lamps"], id="a code and nothing else"),
        pytest.param("page_size=1&page=2", ["lamps"], id="the second page"),
        pytest.param("page_size=1&page=3", [], id="after the last page"),
        pytest.param("jurisdiction_id=bacninh.gov.vn&whatever=1", ["roads", "lamps"], id="parameters of others"),
    ],
)
async def test_which_are_listed(place: PublicPlace, query: str, found: list[str]) -> None:
    codes = {
        (await place.petition()).code: "lamps",
        (await place.petition(state=PetitionState.CLOSED, category="GT", sent_at=NOON)).code: "roads",
        (await place.petition(sent_at=NOON - 150 * DAY)).code: "old",
    }
    assert [codes[row["service_request_id"]] for row in await listed(place, query)] == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("status=gone", "status: open or closed, not 'gone'", id="status"),
        pytest.param("service_code=ZZ", "service_code: codes of services", id="service"),
        pytest.param("service_request_id=PA1", "service_request_id: codes of requests", id="code"),
        pytest.param("start_date=yesterday", "start_date: a day or moment", id="date"),
        pytest.param("end_date=9999-12-31", "end_date: a day or moment", id="far date"),
        pytest.param("start_date=2026-01-01&end_date=2026-06-01", "at most 90 days", id="long time"),
        pytest.param("start_date=2026-06-02&end_date=2026-06-01", "not before start_date", id="backwards"),
        pytest.param("page=0", "page: a number from 1", id="page"),
        pytest.param("page_size=201", "page_size: a number from 1 to 200", id="page size"),
        pytest.param("page_size=200&page=9999", "at most 10000", id="too far"),
        pytest.param("page=%C2%B2", "page: a number from 1", id="no ASCII digit"),
        pytest.param("status=%3Cscript%3E%00", "status: open or closed", id="script"),
    ],
)
async def test_questions_that_cannot_be_read(place: PublicPlace, query: str, said: str) -> None:
    answered = await place.get(f"{OPEN311}/requests.json?{query}")
    (error,) = json.loads(answered.body)
    assert (answered.status, error["code"]) == (400, 400)
    assert said in error["description"]
    root = ElementTree.fromstring((await place.get(f"{OPEN311}/requests.xml?{query}")).body)
    assert (root.tag, root[0].tag, root[0][0].text) == ("errors", "error", "400")


@pytest.mark.parametrize(
    "path", ["/requests/PA26000010.json", "/requests/x.xml", "/services/ZZ.json", "/requests.csv", "/", "/a/b/c"]
)
async def test_what_there_is_not(place: PublicPlace, path: str) -> None:
    answered = await place.get(OPEN311 + path)
    assert answered.status == 404
    assert b"404" in answered.body


async def test_services_and_discovery(place: PublicPlace) -> None:
    services = json.loads((await place.get(f"{OPEN311}/services.json")).body)
    assert services[0] == {
        "service_code": "MT",
        "service_name": "Môi trường, rác thải, tiếng ồn",
        "description": "environment, waste, noise; 5 working days",
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": "",
    }
    xml = ElementTree.fromstring((await place.get(f"{OPEN311}/services.xml")).body)
    assert [item.findtext("service_code") for item in xml] == [item["service_code"] for item in services]
    assert json.loads((await place.get(f"{OPEN311}/services/mt.json")).body) == {"service_code": "MT", "attributes": []}
    assert ElementTree.fromstring((await place.get(f"{OPEN311}/services/MT.xml")).body).tag == "service_definition"
    found = json.loads((await place.get(f"{OPEN311}/discovery.json")).body)
    assert found["endpoints"][0]["url"] == f"{place.address}{OPEN311}"


async def test_pages_lead_to_the_next(place: PublicPlace) -> None:
    codes = [(await place.petition()).code for _ in range(3)]
    path, seen = f"{OPEN311}/requests.json?page_size=2&service_code=DN", []
    while path:
        answered = await place.get(path)
        seen += [row["service_request_id"] for row in json.loads(answered.body)]
        path = answered.headers.get("Link", "<>").partition(">")[0].removeprefix("<")
    assert seen == codes[::-1]


async def test_the_feed(place: PublicPlace) -> None:
    await place.petition(public_text=NASTY)
    after = await place.petition(released_at=NOON, state=PetitionState.ANSWERED, answer="Đã thay\nbóng đèn mới")
    answered = await place.get(f"{OPEN311}/requests.rss")
    assert answered.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(answered.body)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    first, second = root.findall("channel/item")
    assert first.findtext("guid") == after.code
    assert first.findtext("pubDate") == "Wed, 10 Jun 2026 12:00:00 +0700"
    assert first.findtext("description") == "Đèn đường hỏng đã 3 ngày<br><br>Đã trả lời: Đã thay<br>bóng đèn mới"
    assert "<script>" not in (second.findtext("description") or "")
    assert first.findtext("link") == f"{place.address}/public/petitions/{after.code}"


async def test_who_has_it_gets_it_not_again(place: PublicPlace) -> None:
    code = (await place.petition()).code
    first = await place.get(f"{OPEN311}/requests.json")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Last-Modified"] == "Tue, 09 Jun 2026 05:00:00 GMT"
    again = await place.get(f"{OPEN311}/requests.json", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    before = await place.store.petition(code)
    assert before is not None
    taken_back = replace(before, released_at=None, public_text="")
    await place.store.change_petition(changed(before, taken_back, "release"), ())
    later = await place.get(
        f"{OPEN311}/requests.json",
        **{"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]},
    )
    assert (later.status, later.body) == (200, b"[]")


async def test_one_address_may_not_ask_for_ever(place: PublicPlace) -> None:
    for _ in range(PER_MINUTE):
        assert (await place.get(f"{OPEN311}/services.json")).status == 200
    refused = await place.get(f"{OPEN311}/requests.json", **{"X-Forwarded-For": "203.0.113.9"})
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert json.loads(refused.body)[0]["code"] == 429
    place.engine.clock.advance(60)
    assert (await place.get(f"{OPEN311}/requests.json")).status == 200


async def test_the_configured_address_is_told(sqlite_engine: SqliteEngine) -> None:
    async with public_place(sqlite_engine, public_url="https://motcua.example.vn") as place:
        answered = await place.get(f"{OPEN311}/requests.rss", Host="evil.example")
        assert b"evil" not in answered.body
        assert b"https://motcua.example.vn/public/open311/requests.rss" in answered.body
