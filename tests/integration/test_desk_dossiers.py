"""Applications at the desk, through a real listener: who sees which, every look logged, the letter of a late one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.intent import RecordLookUp
from bot.officers import OfficerRole
from bot.store.port import Decision, NewOutbound
from dossier_client.models import Dossier, Status, Step, Unit
from tests.contract.store_engines import CODE, NOON, SqliteEngine, claimed, reply, text
from tests.petition_desk import Reception, reception
from tests.unit.worlds import DOWN, FAR, Systems

WARD = "H05.12"
LATE = Dossier(
    code=CODE,
    status=Status.IN_PROCESS,
    status_text="Đang xử lý",
    unit=Unit(code=WARD, name="UBND phường Võ Cường", phone="0222.3822111"),
    applicant="Nguyễn Văn <b>A</b>",
    received_at=datetime(2026, 6, 1, tzinfo=UTC),
    due_at=NOON - timedelta(days=3),
)
STEPS = (Step(at=NOON - timedelta(days=5), name="Thẩm định"),)
PAGE = f"/desk/dossiers?code={CODE}"


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine, Systems(LATE, steps=STEPS)) as found:
        yield found


async def looks(office: Reception) -> list[tuple[str, str]]:
    rows = await office.place.engine.rows("SELECT who, subject FROM audit WHERE action = 'dossier_seen'")
    return [(str(row[0]), str(row[1])) for row in rows]


async def test_state_steps_and_messages_with_every_look_logged(office: Reception) -> None:
    message = text(f"HS {CODE}")
    row = await claimed(office.store, message)
    out = reply(office.store, row, to=message.sender, at=NOON)
    kept = Decision(
        inbound=row,
        at=NOON,
        writes=(RecordLookUp(CODE, found=True),),
        outbound=(NewOutbound(message=out, sending=False),),
    )
    await office.store.decide(kept)
    desk = await office.visitor("can", OfficerRole.OFFICER, WARD)
    page = await desk.get(PAGE)
    assert page.status == 200, page.text
    for words in ("Đang xử lý", "Thẩm định", "Trễ hẹn", "Nguyễn Văn &lt;b&gt;A", "Thư xin lỗi"):
        assert words in page.text
    assert "Chưa có tin nào" not in page.text
    assert "84912" not in page.text
    assert await looks(office) == [("can", CODE)]


@pytest.mark.parametrize(
    ("role", "agency", "status"),
    [
        (OfficerRole.OFFICER, "H05.99", 404),
        (OfficerRole.LEAD, WARD, 200),
        (OfficerRole.AUDITOR, "H05", 200),
        (OfficerRole.OPERATOR, WARD, 404),
    ],
)
async def test_who_sees_it(office: Reception, role: OfficerRole, agency: str, status: int) -> None:
    desk = await office.visitor("ai", role, agency)
    assert (await desk.get(PAGE)).status == status


@pytest.mark.parametrize(
    ("code", "status"), [("x", 422), ("", 200), (DOWN, 503), (FAR, 404), ("H05.12-260610-7777", 404)]
)
async def test_what_cannot_be_shown_is_said(office: Reception, code: str, status: int) -> None:
    desk = await office.receptionist()
    assert (await desk.get(f"/desk/dossiers?code={code}")).status == status


async def test_the_letter_is_previewed_and_kept(office: Reception) -> None:
    desk = await office.visitor("can", OfficerRole.OFFICER, WARD)
    await desk.get(PAGE)
    wishes = {"code": CODE, "version": 0, "reason": "Thiếu ý kiến của sở", "new_due_on": "2026-12-30"}
    shown = await desk.post("/desk/dossiers", action="preview", **wishes)
    assert "do thieu y kien cua so. Hen lai 30/12/2026." in shown.text
    assert "Ngày hẹn trả kết quả mới: 30/12/2026." in shown.text
    assert (await desk.post("/desk/dossiers", action="keep", **wishes)).status == 303
    assert "Thiếu ý kiến của sở" in (await desk.get(PAGE)).text
    assert (await desk.post("/desk/dossiers", action="keep", **wishes)).status == 409


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "x", "new_due_on": "2026-12-30"}, "ít nhất 5 ký tự"),
        ({"reason": "Thiếu ý kiến", "new_due_on": ""}, "chọn ngày hẹn mới"),
        ({"reason": "Thiếu ý kiến", "new_due_on": "2020-01-01"}, "phải sau hôm nay"),
    ],
)
async def test_a_letter_that_is_none(office: Reception, fields: dict[str, str], words: str) -> None:
    desk = await office.visitor("can", OfficerRole.OFFICER, WARD)
    await desk.get(PAGE)
    refused = await desk.post("/desk/dossiers", action="keep", code=CODE, version=0, **fields)
    assert (refused.status, words in refused.text) == (422, True)


async def test_readers_write_no_letters(office: Reception) -> None:
    desk = await office.visitor("giam", OfficerRole.AUDITOR, "H05")
    assert "Lưu thư" not in (await desk.get(PAGE)).text
    assert (await desk.post("/desk/dossiers", action="keep", code=CODE)).status == 404
