"""Our own contract: every field read on its own, whatever the system makes of it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dossier_client.faults import UpstreamFault
from dossier_client.kinds.onestop import read_dossier
from dossier_client.models import (
    Apology,
    CurrentStep,
    Delivery,
    Dossier,
    Fee,
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
from tests.contract.upstreams import CODE, DOSSIER, OTHER_CODE, as_json, asked, sends

VIETNAM = timezone(timedelta(hours=7))
FULL: dict[str, Any] = DOSSIER | {
    "reference": "G22.99-261120-000123",
    "procedure": {"id": "1.004222", "name": "Đăng ký thường trú", "sensitive": True},
    "unit": {"code": "H05.15", "name": "UBND phường Mẫu", "short_name": "P. Mẫu", "phone": "02223822222"},
    "holding_unit": {"code": "H05.2", "name": "Sở Mẫu"},
    "submitted_via": "counter",
    "delivery": {"method": "post", "place": "Bưu cục Mẫu"},
    "handled_by": {"officer_id": "7", "counter": "3"},
    "applicant": "Nguyễn Văn Mẫu",
    "contact_phones": ["84912345678", "0912 345 679", "+84 222 3822222", None, "no number", {}],
    "received_at": "2026-11-20T08:15:00+07:00",
    "due_at": "2026-11-27T10:00:00Z",
    "extended_due_at": "2026-11-30T17:00:00+0700",
    "finished_at": "2026-11-28T09:00:00",
    "returned_at": "2026-11-29",
    "step": {"name": "Thẩm định", "order": 2, "total": "5", "officer": "Cán bộ Mẫu"},
    "fee": {"amount": 50_000.0, "paid": "true", "pay_url": "https://pay.example/1"},
    "missing_papers": ["Giấy khai sinh", "", None],
    "reason": "Thiếu\tgiấy\u202e tờ\u0000",
    "apology": {
        "issued_at": "2026-11-26T08:00:00+07:00",
        "new_due_at": "2026-11-30T17:00:00+07:00",
        "reason": "Quá tải",
    },
    "updated_at": "2026-11-24T08:00:00+07:00",
    "identity_number": "027090000000",
}
READ = Dossier(
    code=CODE,
    status=Status.IN_PROCESS,
    status_text="Đang xử lý",
    reference="G22.99-261120-000123",
    procedure=Procedure(id="1.004222", name="Đăng ký thường trú", sensitive=True),
    unit=Unit(code="H05.15", name="UBND phường Mẫu", short_name="P. Mẫu", phone="02223822222"),
    holding_unit=Unit(code="H05.2", name="Sở Mẫu"),
    delivery=Delivery(method="post", place="Bưu cục Mẫu"),
    applicant="Nguyễn Văn Mẫu",
    contact_phones=frozenset({"84912345678", "84912345679", "842223822222"}),
    received_at=datetime(2026, 11, 20, 8, 15, tzinfo=VIETNAM),
    due_at=datetime(2026, 11, 27, 10, 0, tzinfo=UTC),
    extended_due_at=datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM),
    finished_at=datetime(2026, 11, 28, 9, 0, tzinfo=VIETNAM),
    returned_at=datetime(2026, 11, 29, 0, 0, tzinfo=VIETNAM),
    step=CurrentStep(name="Thẩm định", order=2, total=5),
    fee=Fee(amount=50_000, paid=True, pay_url="https://pay.example/1"),
    missing_papers=("Giấy khai sinh",),
    reason="Thiếu giấy tờ",
    apology=Apology(
        issued_at=datetime(2026, 11, 26, 8, 0, tzinfo=VIETNAM),
        new_due_at=datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM),
        reason="Quá tải",
    ),
    updated_at=datetime(2026, 11, 24, 8, 0, tzinfo=VIETNAM),
    handled_by="7",
)
BARE = Dossier(code=CODE, status=Status.IN_PROCESS, status_text="Đang xử lý")


def ignored(_: str) -> None:
    pass


def test_every_field() -> None:
    assert read_dossier(FULL, ignored) == READ


@pytest.mark.parametrize("key", sorted(set(FULL) - {"code", "status", "status_text"}))
@pytest.mark.parametrize("junk", [None, "", "junk", 7, -1, True, 1e300, [], [[]], {}, {"name": [], "amount": "x"}])
def test_b65_a_field_that_cannot_be_read_spoils_no_other(key: str, junk: object) -> None:
    dossier = read_dossier(FULL | {key: junk}, ignored)
    changed = {name for name in READ.__slots__ if getattr(dossier, name) != getattr(READ, name)}
    assert changed <= {key}


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30T00:00:00+07:00",
        "31/12/2026",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "tomorrow",
        "",
        20261130,
    ],
)
def test_b65_an_impossible_date_is_no_date(written: object) -> None:
    assert read_dossier(DOSSIER | {"due_at": written}, ignored) == BARE


@pytest.mark.parametrize(
    ("status", "text", "shown"),
    [
        pytest.param(11, "Chờ ký số", "Chờ ký số", id="B64 number out of the list"),
        pytest.param("lạ", "Chờ\nký\u200b   số", "Chờ ký số", id="cleaned"),
        pytest.param(None, "x" * 200, "x" * 60, id="cut"),
        pytest.param(0, "{{ 6*6 }} <b>%(x)s", "{{ 6*6 }} <b>%(x)s", id="B67 signs stay literal"),
        pytest.param(True, 7, "7", id="a number as text"),
    ],
)
def test_b64_an_unknown_state(status: object, text: object, shown: str) -> None:
    counted: list[str] = []
    dossier = read_dossier(DOSSIER | {"status": status, "status_text": text}, counted.append)
    assert (dossier.status, dossier.status_text, counted) == (None, shown, ["unknown_status"])


@pytest.mark.parametrize(
    "answer",
    [
        {"code": CODE},
        {"status": 4, "status_text": "Đang xử lý"},
        {"code": CODE, "status": 500, "error": "down"},
        {"code": CODE, "status": "4.5", "status_text": " \u200b "},
    ],
)
def test_b62_without_code_or_state_it_is_no_dossier(answer: dict[str, Any]) -> None:
    with pytest.raises(UpstreamFault, match="shape"):
        read_dossier(answer, ignored)


def test_b66_a_pay_link_must_be_https_and_no_identity_number_is_kept() -> None:
    dossier = read_dossier(FULL | {"fee": {"amount": 1, "pay_url": "javascript:alert(1)"}}, ignored)
    assert dossier.fee == Fee(amount=1)
    assert "027090000000" not in repr(dossier)


async def test_many_objects_beside_each_other_are_not_deep() -> None:
    async with asked(sends(as_json(DOSSIER | {"extra": [{"a": [index]} for index in range(40)]}))) as (_, client):
        assert isinstance(await client.find(CODE), Found)


async def test_a_reference_finds_the_dossier_and_the_code_is_one_segment() -> None:
    async with asked(sends(as_json(FULL | {"reference": "12/A-2026"})), heads=("H05", "*")) as (upstream, client):
        found = await client.find(" 12/a-2026 ")
        assert isinstance(found, Found)
        assert upstream.paths == ["/api/v1/dossiers/12%2FA-2026"]


STEPS = {
    "items": [
        {
            "at": "2026-11-20T08:15:00+07:00",
            "name": "Tiếp nhận",
            "unit": {"code": "H05.15"},
            "officer": "Cán bộ",
            "status": 2,
        },
        {"at": "junk", "name": 7, "status": 99, "note": "Ghi chú"},
        "junk",
    ]
}


@pytest.mark.parametrize(
    ("answer", "history"),
    [
        pytest.param(
            as_json(STEPS),
            History(
                (
                    Step(
                        at=datetime(2026, 11, 20, 8, 15, tzinfo=VIETNAM),
                        name="Tiếp nhận",
                        unit=Unit(code="H05.15"),
                        status=Status.RECEIVED,
                    ),
                    Step(at=None, name="7", note="Ghi chú"),
                    Step(at=None, name=""),
                )
            ),
            id="steps",
        ),
        pytest.param(as_json({"error": "not_found"}, 404), NotFound(), id="not found"),
        pytest.param(as_json({"items": None}), Unavailable("one"), id="no list"),
        pytest.param(as_json({}, 500), Unavailable("one"), id="500"),
    ],
)
async def test_history(answer: bytes, history: object) -> None:
    async with asked(sends(answer)) as (upstream, client):
        assert await client.history(CODE) == history
        assert upstream.paths == [f"/api/v1/dossiers/{CODE}/history"]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        pytest.param(as_json({"verified": True}), Verified(passed=True), id="right"),
        pytest.param(as_json({"verified": False}), Verified(passed=False), id="wrong"),
        pytest.param(as_json({"verified": "yes"}), Verified(passed=False), id="only true is true"),
        pytest.param(as_json({}, 429), Verified(passed=False), id="too many tries"),
        pytest.param(as_json({"error": "not_found"}, 404), NotFound(), id="not found"),
        pytest.param(as_json({}, 503), Unavailable("one"), id="never asked twice"),
    ],
)
async def test_verify(answer: bytes, result: object) -> None:
    async with asked(sends(answer)) as (upstream, client):
        assert await client.verify(CODE, "1234") == result
        [request] = upstream.requests
        assert request.startswith(f"POST /api/v1/dossiers/{CODE}/verify ")
        assert request.endswith('{"id_last4":"1234"}')


@pytest.mark.parametrize("digits", ["", "123", "12345", "12a4", "１２３４"])
async def test_what_are_no_four_digits_is_not_sent(digits: str) -> None:
    async with asked(sends(as_json({"verified": True}))) as (upstream, client):
        assert await client.verify(CODE, digits) == Verified(passed=False)
        assert upstream.requests == []


async def test_by_phone_leaves_out_what_is_not_of_this_phone() -> None:
    mine, others = (
        DOSSIER | {"contact_phones": ["84912345678"]},
        DOSSIER | {"code": OTHER_CODE, "contact_phones": ["84900000000"]},
    )
    items = [others, mine, {"status": 4}, "junk"]
    async with asked(sends(as_json({"items": items}))) as (upstream, client):
        own = replace(BARE, contact_phones=frozenset({"84912345678"}))
        assert await client.by_phone("84912345678") == OwnDossiers((own,))
        assert upstream.paths == ["/api/v1/dossiers?phone=84912345678&limit=20"]
        counts = client.health()["one"].counts
        assert (counts["other_dossier"], counts["shape"]) == (1, 2)


@pytest.mark.parametrize("answer", [as_json({"error": "not_found"}, 404), as_json({}, 500), as_json([])])
async def test_by_phone_needs_a_list(answer: bytes) -> None:
    async with asked(sends(answer)) as (_, client):
        assert await client.by_phone("84912345678") == Unavailable("one")


async def test_no_phone_leads_nowhere() -> None:
    async def reply(_: str, writer: asyncio.StreamWriter) -> None:
        writer.write(as_json({"items": []}))

    async with asked(reply) as (upstream, client):
        assert await client.by_phone("84&limit=50") == OwnDossiers(())
        assert upstream.requests == []
