"""The pages of the log of messages."""

from collections.abc import AsyncIterator

import pytest

from bot.officers import OfficerRole
from bot.store.audit import AuditWish
from bot.store.port import OutboundState, SendFailure
from tests.contract.store_engines import NOON, SqliteEngine, answered, text
from tests.desk import DeskPlace, desk_place


@pytest.fixture
async def place(sqlite_engine: SqliteEngine) -> AsyncIterator[DeskPlace]:
    async with desk_place(sqlite_engine) as found:
        yield found


async def failed(place: DeskPlace) -> int:
    store = place.parts.book._store
    message = await answered(store, text("Nội dung riêng tư của người dân"))
    await store.record_failure(message, SendFailure(state=OutboundState.FAILED, error="0x0B", at=NOON))
    return message.id


async def test_the_log_and_one_message(place: DeskPlace) -> None:
    key = await failed(place)
    visitor = await place.signed_in("van", role=OfficerRole.OPERATOR)
    page = await visitor.get("/desk/deliveries?page=-5&state=junk&before=x&since=31/02&direction=up")
    assert page.status == 200
    assert "8491*****678" in page.text
    assert "84912345678" not in page.text
    incoming = await visitor.get("/desk/deliveries?direction=in")
    assert "riêng tư" not in page.text + incoming.text
    assert "Đã xử lý" in incoming.text
    one = await visitor.get(f"/desk/deliveries/{key}")
    assert "0x0B" in one.text
    assert (await visitor.post(f"/desk/deliveries/{key}", action="resend")).status == 303
    assert (await visitor.get(f"/desk/deliveries/{key + 1}")).status == 404
    assert (await visitor.get("/desk/deliveries/9999999999999999999")).status == 404


async def test_a_phone_number_is_searched_with_a_reason_only(place: DeskPlace) -> None:
    await failed(place)
    visitor = await place.signed_in("van", role=OfficerRole.OPERATOR)
    await visitor.get("/desk/deliveries")
    for phone, reason in [("0912345678", ""), ("09123", "khiếu nại số 12"), ("0912345678", "  abc ")]:
        assert (await visitor.post("/desk/deliveries", action="search", phone=phone, reason=reason)).status == 422
    await visitor.get("/desk/deliveries")
    found = await visitor.post("/desk/deliveries", action="search", phone="0912345678", reason="khiếu nại số 12")
    assert found.text.count("<tr data-row>") == 1
    await visitor.get("/desk/deliveries")
    none = await visitor.post("/desk/deliveries", action="search", phone="0912345679", reason="khiếu nại số 12")
    assert none.text.count("<tr data-row>") == 0
    rows = await place.parts.book.log(AuditWish(action="searched"))
    assert [(row.entry.subject, row.entry.data["reason"]) for row in rows] == [
        ("8491*****679", "khiếu nại số 12"),
        ("8491*****678", "khiếu nại số 12"),
    ]


@pytest.mark.parametrize("role", OfficerRole)
async def test_who_may_see_and_send(place: DeskPlace, role: OfficerRole) -> None:
    key = await failed(place)
    visitor = await place.signed_in("x-y", role=role)
    sees = role in {OfficerRole.OPERATOR, OfficerRole.ADMINISTRATOR, OfficerRole.AUDITOR}
    assert ((await visitor.get("/desk/deliveries")).status == 200) is sees
    await visitor.get("/desk/profile")
    answered_again = await visitor.post(f"/desk/deliveries/{key}", action="resend")
    assert (answered_again.status == 303) is (sees and role is not OfficerRole.AUDITOR)
