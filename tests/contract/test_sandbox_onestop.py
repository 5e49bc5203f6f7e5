"""Every path and response of the one-stop contract, over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import aiohttp
import pytest

from dossier_client.models import Status
from dossier_client.sandbox import Faults, SandboxData, SandboxOneStop, SandboxOptions

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)
OPEN, DONE, MINE = "H05.12-260605-0001", "000.00.15.H05-260601-0002", "H05.112-260603-0003"
UNKNOWN = "H05.12-260605-9999"
DATE = "2026-06-0"
ROWS = [
    {"code": OPEN, "status": 4, "phone": "0912345678", "id_last4": "1234", "reference": "000.00.00.G22-260605-000001"},
    {"code": DONE, "status": 10, "received_at": "2026-06-01T08:00:00+07:00", "due_at": "2026-06-09T17:00:00+07:00"},
    {"code": MINE, "status": 2, "phone": "84912345678", "received_at": "2026-06-03T08:00:00+07:00"},
]

Get = Callable[..., Awaitable[tuple[int, Any]]]

TEXT, NUMBER, FLAG, MAYBE_TEXT = (str,), (int,), (bool,), (str, type(None))
UNIT = {"code": TEXT, "name": TEXT, "short_name": MAYBE_TEXT, "phone": MAYBE_TEXT}
OBJECT, LIST = (dict,), (list,)
DOSSIER = {
    "code": TEXT,
    "reference": MAYBE_TEXT,
    "procedure": OBJECT,
    "unit": OBJECT,
    "holding_unit": (dict, type(None)),
    "submitted_via": TEXT,
    "delivery": OBJECT,
    "handled_by": OBJECT,
    "applicant": TEXT,
    "contact_phones": LIST,
    "status": NUMBER,
    "status_text": TEXT,
    "received_at": MAYBE_TEXT,
    "due_at": MAYBE_TEXT,
    "extended_due_at": MAYBE_TEXT,
    "finished_at": MAYBE_TEXT,
    "returned_at": MAYBE_TEXT,
    "step": (dict, type(None)),
    "fee": (dict, type(None)),
    "missing_papers": LIST,
    "reason": MAYBE_TEXT,
    "apology": (dict, type(None)),
    "updated_at": MAYBE_TEXT,
}
STEP = {"at": TEXT, "name": TEXT, "unit": OBJECT, "officer": MAYBE_TEXT, "status": NUMBER, "note": MAYBE_TEXT}
EVENT = {"event_id": TEXT, "type": TEXT, "code": TEXT, "occurred_at": TEXT, "dossier": OBJECT}
COUNT = {"key": TEXT, "name": MAYBE_TEXT} | dict.fromkeys(
    ("received", "received_online", "early", "on_time", "late", "open", "open_late", "paused"), NUMBER
)
PROCEDURE = {
    "id": TEXT,
    "name": TEXT,
    "field": MAYBE_TEXT,
    "level": MAYBE_TEXT,
    "unit": MAYBE_TEXT,
    "working_days": (int, float, type(None)),
    "fee_vnd": (int, type(None)),
    "papers": LIST,
    "online": MAYBE_TEXT,
    "url": MAYBE_TEXT,
}
QUEUE = {
    "unit": OBJECT,
    "ticket": MAYBE_TEXT,
    "now_serving": MAYBE_TEXT,
    "ahead": (int, type(None)),
    "waiting": NUMBER,
    "counter": MAYBE_TEXT,
    "estimated_wait_minutes": (int, type(None)),
    "open": FLAG,
}


def assert_fits(value: dict[str, Any], shape: dict[str, tuple[type, ...]]) -> None:
    """The keys of the contract, each of its type, and no others."""
    assert value.keys() == shape.keys()
    assert not {key: value[key] for key, types in shape.items() if not isinstance(value[key], types)}


@pytest.fixture
async def system() -> AsyncIterator[SandboxOneStop]:
    data = SandboxData.loaded(ROWS, seed=1, today=date(2026, 6, 10))
    one_stop = SandboxOneStop(data, SandboxOptions(), now=lambda: NOW)
    yield one_stop
    await one_stop.close()


@pytest.fixture
async def ask(system: SandboxOneStop) -> AsyncIterator[Get]:
    port = await system.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:

        async def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
            async with http.request(method, path, json=body) as answer:
                return answer.status, await answer.json() if answer.content_length else None

        yield ask


@pytest.mark.parametrize("code", [OPEN, DONE, MINE])
async def test_a_dossier(ask: Get, code: str) -> None:
    status, dossier = await ask("GET", f"/api/v1/dossiers/{code}")
    assert status == 200
    assert dossier["code"] == code
    assert_fits(dossier, DOSSIER)
    assert_fits(dossier["unit"], UNIT)


async def test_a_dossier_by_its_reference(ask: Get) -> None:
    assert (await ask("GET", f"/api/v1/dossiers/{ROWS[0]['reference']}"))[1]["code"] == OPEN


NOT_FOUND = [
    ("GET", f"/api/v1/dossiers/{UNKNOWN}"),
    ("GET", f"/api/v1/dossiers/{UNKNOWN}/history"),
    ("POST", f"/api/v1/dossiers/{UNKNOWN}/verify"),
    ("POST", f"/api/v1/dossiers/{UNKNOWN}/ratings"),
    ("POST", f"/sandbox/dossiers/{UNKNOWN}/move"),
]


@pytest.mark.parametrize(("method", "path"), NOT_FOUND)
async def test_no_such_dossier(ask: Get, method: str, path: str) -> None:
    assert await ask(method, path, {}) == (404, {"error": "not_found", "code": UNKNOWN})


async def test_the_dossiers_of_a_phone_newest_first(ask: Get) -> None:
    status, answer = await ask("GET", "/api/v1/dossiers?phone=84912345678")
    assert (status, [one["code"] for one in answer["items"]]) == (200, [OPEN, MINE])
    assert len((await ask("GET", "/api/v1/dossiers?phone=84912345678&limit=1"))[1]["items"]) == 1
    assert await ask("GET", "/api/v1/dossiers?phone=84999999999") == (200, {"items": []})


async def test_history_goes_on_with_moves(ask: Get) -> None:
    status, answer = await ask("GET", f"/api/v1/dossiers/{OPEN}/history")
    assert (status, [step["status"] for step in answer["items"]]) == (200, [1, 2, 4])
    for step in answer["items"]:
        assert_fits(step, STEP)
    await ask("POST", f"/sandbox/dossiers/{OPEN}/move", {"status": 9, "note": "Đã ký"})
    steps = (await ask("GET", f"/api/v1/dossiers/{OPEN}/history"))[1]["items"]
    assert [step["status"] for step in steps] == [1, 2, 4, 9]
    assert steps[-1]["note"] == "Đã ký"


async def test_last_four_digits(ask: Get) -> None:
    path = f"/api/v1/dossiers/{OPEN}/verify"
    assert await ask("POST", path, {"id_last4": "1234"}) == (200, {"verified": True})
    wrong = [await ask("POST", path, {"id_last4": "9999"}) for _ in range(5)]
    assert wrong == [(200, {"verified": False})] * 5
    assert (await ask("POST", path, {"id_last4": "1234"}))[0] == 429


async def test_ratings_are_kept_once(ask: Get, system: SandboxOneStop) -> None:
    rating = {"rating_id": "r1", "score": 5, "comment": None, "channel": "sms"}
    path = f"/api/v1/dossiers/{DONE}/ratings"
    assert [await ask("POST", path, rating), await ask("POST", path, rating | {"score": 1})] == [(204, None)] * 2
    assert system.data.ratings == {"r1": rating | {"code": DONE}}


async def test_changes_from_now(ask: Get) -> None:
    status, answer = await ask("GET", "/api/v1/dossiers/changes")
    assert (status, answer["items"]) == (200, [])
    await ask("POST", f"/sandbox/dossiers/{OPEN}/move", {"status": 5})
    later = (await ask("GET", f"/api/v1/dossiers/changes?after={answer['cursor']}"))[1]
    assert [(event["code"], event["dossier"]["status"]) for event in later["items"]] == [(OPEN, 5)]
    assert_fits(later["items"][0], EVENT | {"officer": (dict, type(None))})
    assert (await ask("GET", f"/api/v1/dossiers/changes?after={later['cursor']}"))[1]["items"] == []


async def test_changes_replayed_page_by_page(ask: Get) -> None:
    await ask("POST", "/sandbox/dossiers", {"code": "H05.12-260610-0007", "status": 1})
    codes, cursor = [], "0"
    for _ in range(3):
        page = (await ask("GET", f"/api/v1/dossiers/changes?after={cursor}&limit=2"))[1]
        codes += [event["code"] for event in page["items"]]
        cursor = page["cursor"]
    assert sorted(codes[:3]) == sorted([OPEN, DONE, MINE])
    assert codes[3:] == ["H05.12-260610-0007"]


async def test_procedures_page_by_page(ask: Get) -> None:
    items, page = [], 1
    while page:
        status, answer = await ask("GET", f"/api/v1/procedures?page={page}")
        assert status == 200
        items += answer["items"]
        page = answer["next_page"]
    assert len({one["id"] for one in items}) == len(items) == 419
    for one in items:
        assert_fits(one, PROCEDURE)


async def test_statistics(ask: Get, system: SandboxOneStop) -> None:
    path = "/api/v1/statistics?from=2026-06-01&to=2026-06-30"
    for group in ("unit", "procedure", "field", "month"):
        status, answer = await ask("GET", f"{path}&group={group}")
        assert status == 200
        assert sum(one["received"] for one in answer["items"]) == 3
        for one in answer["items"]:
            assert_fits(one, COUNT)
    month = answer["items"][0]
    assert (month["key"], month["open"], month["early"] + month["on_time"] + month["late"]) == ("2026-06", 2, 1)
    system.faults = Faults(cannot_count=True)
    assert (await ask("GET", path))[0] == 501


async def test_statistics_of_other_days_are_empty(ask: Get) -> None:
    assert await ask("GET", "/api/v1/statistics?from=2026-05-01&to=2026-05-31") == (200, {"items": []})


async def test_a_ticket(ask: Get) -> None:
    status, line = await ask("GET", "/api/v1/queues/H05.112")
    assert status == 200
    assert_fits(line, QUEUE)
    taken = await ask("POST", "/api/v1/queues/H05.112/tickets", {"request_id": "q1", "procedure_id": None})
    again = await ask("POST", "/api/v1/queues/H05.112/tickets", {"request_id": "q1"})
    assert taken == again
    assert (taken[0], taken[1]["ahead"]) == (201, line["waiting"])
    assert_fits(taken[1], QUEUE)
    ticket = taken[1]["ticket"]
    assert (await ask("GET", f"/api/v1/queues/H05.112?ticket={ticket}"))[1]["ticket"] == ticket
    assert [await ask("DELETE", f"/api/v1/queues/H05.112/tickets/{ticket}") for _ in range(2)] == [(204, None)] * 2
    assert (await ask("GET", f"/api/v1/queues/H05.112?ticket={ticket}"))[1]["ahead"] is None


async def test_no_ticket_when_closed_or_full(ask: Get, system: SandboxOneStop) -> None:
    path = "/api/v1/queues/H05.112/tickets"
    system.faults = Faults(queues_closed=True)
    assert await ask("POST", path, {"request_id": "q1"}) == (409, {"error": "closed"})
    assert not (await ask("GET", "/api/v1/queues/H05.112"))[1]["open"]
    system.faults = Faults()
    statuses = [(await ask("POST", path, {"request_id": f"q{n}"}))[0] for n in range(50)]
    assert set(statuses) == {201, 409}


async def test_no_line_at_an_unknown_unit(ask: Get) -> None:
    assert (await ask("GET", "/api/v1/queues/H99.1"))[0] == 404
    assert (await ask("POST", "/api/v1/queues/H99.1/tickets", {"request_id": "q"}))[0] == 404
    assert (await ask("DELETE", "/api/v1/queues/H99.1/tickets/A001"))[0] == 204


BAD_REQUESTS: list[tuple[str, str, Any, str]] = [
    ("GET", "/api/v1/dossiers", None, "phone"),
    ("GET", "/api/v1/dossiers?phone=1&limit=51", None, "limit"),
    ("GET", "/api/v1/dossiers/changes?after=x", None, "after"),
    ("GET", "/api/v1/dossiers/changes?limit=0", None, "limit"),
    ("POST", f"/api/v1/dossiers/{OPEN}/verify", {"id_last4": "12a4"}, "id_last4"),
    ("POST", f"/api/v1/dossiers/{OPEN}/verify", {}, "id_last4"),
    ("POST", f"/api/v1/dossiers/{OPEN}/verify", [], "object"),
    ("POST", f"/api/v1/dossiers/{OPEN}/verify", None, "JSON"),
    ("POST", f"/api/v1/dossiers/{OPEN}/ratings", {"score": 5}, "rating_id"),
    ("POST", f"/api/v1/dossiers/{OPEN}/ratings", {"rating_id": "1", "score": 6}, "score"),
    ("GET", "/api/v1/procedures?page=x", None, "page"),
    ("GET", "/api/v1/statistics?from=2026-01-01", None, "to"),
    ("GET", "/api/v1/statistics?from=2026-01-01&to=2026-01-01&group=x", None, "group"),
    ("POST", "/api/v1/queues/H05.112/tickets", {}, "request_id"),
    ("POST", "/sandbox/dossiers", {}, "code"),
    ("POST", "/sandbox/dossiers", {"code": OPEN}, "code"),
    ("POST", f"/sandbox/dossiers/{OPEN}/move", {"status": 11}, "status"),
    ("POST", "/sandbox/faults", {"nothing": True}, "nothing"),
]


@pytest.mark.parametrize(("method", "path", "body", "told"), BAD_REQUESTS)
async def test_a_bad_request_is_told(ask: Get, method: str, path: str, body: Any, told: str) -> None:
    status, answer = await ask(method, path, body)
    assert status == 400
    assert told in answer["detail"]


async def test_moves_change_what_is_told(ask: Get) -> None:
    before = (await ask("GET", f"/api/v1/dossiers/{MINE}"))[1]
    assert before["status"] == Status.RECEIVED
    moved = (await ask("POST", f"/sandbox/dossiers/{MINE}/move", {"status": 10, "contact_phones": ["84987654321"]}))[1]
    after = (await ask("GET", f"/api/v1/dossiers/{MINE}"))[1]
    assert moved == after
    assert (after["status_text"], after["returned_at"]) == ("Đã trả kết quả", NOW.isoformat())
    assert [one["code"] for one in (await ask("GET", "/api/v1/dossiers?phone=84987654321"))[1]["items"]] == [MINE]


async def test_some_codes_to_try(ask: Get) -> None:
    items = (await ask("GET", "/sandbox/dossiers?limit=2"))[1]["items"]
    assert [one["code"] for one in items] == [OPEN, DONE]
    assert items[0]["id_last4"] == "1234"


async def test_health(ask: Get) -> None:
    assert await ask("GET", "/healthz") == (200, {"ok": True})
