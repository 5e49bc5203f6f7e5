"""The master data of the desk: every kind is added, edited, removed; what does not do is told; two at once; who may."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest

from bot.officers import OfficerRole
from tests.contract.store_engines import SqliteEngine
from tests.desk import Visitor
from tests.petition_desk import Reception, reception

JSON = {"Accept": "application/json"}
ADDED = {
    "agencies": {
        "code": "DL.01",
        "name": "Điện lực Bắc Ninh",
        "short_name": "Điện lực",
        "kind": "utility",
        "is_open": "1",
    },
    "categories": {"code": "XX", "name": "Lĩnh vực mới", "name_en": "new field", "days": "4", "in_use": "1"},
    "days": {"on": "2026-06-12", "kind": "off", "name": "Nghỉ bù"},
    "hours": {"monday": "7:30-11:30, 13:30-17:00", "saturday": "7:30-11:30", "cut_off": "16:00", "agency": ""},
    "rules": {"category": "DN", "ward": "Võ Cường", "agency": "H05.12", "is_on": "1"},
    "answers": {"title": "Đã sửa đèn", "text": "Đèn đã được sửa trong hôm nay.", "summary": "Đã sửa đèn"},
    "words": {"word": "đồ ngu"},
    "announcements": {"starts_at": "2026-06-12T22:00", "ends_at": "2026-06-12T23:30", "text": "Bảo trì"},
}


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


async def items(visitor: Visitor, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = orjson.loads((await visitor.get(f"/desk/settings/{kind}", headers=JSON)).text)[
        "items"
    ]
    return found


@pytest.mark.parametrize("kind", ADDED)
async def test_every_kind_is_added_edited_and_removed(office: Reception, kind: str) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    fields = {**ADDED[kind]}
    if kind == "rules":
        fields["agency"] = office.ward
    before = len(await items(admin, kind))
    page = await admin.get(f"/desk/settings/{kind}")
    assert page.status == 200
    added = await admin.post(f"/desk/settings/{kind}", action="save", version="0", **fields)
    assert added.status == 303, added.text
    listed = await items(admin, kind)
    assert len(listed) == before + 1
    new = next(item for item in listed if item["version"])
    await admin.get(f"/desk/settings/{kind}")
    stale = await admin.post(f"/desk/settings/{kind}", action="save", version="0", id=str(new["id"]), **fields)
    assert stale.status == 409
    await admin.get(f"/desk/settings/{kind}")
    removed = await admin.post(
        f"/desk/settings/{kind}", action="remove", version=str(new["version"]), id=str(new["id"]), **fields
    )
    assert removed.status == 303, removed.text
    logged = await office.place.engine.rows(
        f"SELECT action FROM audit WHERE action = 'changed' AND subject LIKE '{kind} %'"
    )
    assert len(logged) >= 2
    assert (await admin.get("/desk/audit")).status == 200


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("agencies", {"code": "a b", "name": "Tên", "short_name": "T"}, "Mã chỉ gồm"),
        ("agencies", {"code": "DL.01", "name": "", "short_name": "T"}, "Hãy nhập mục này"),
        ("categories", {"code": "XX", "name": "Tên", "name_en": "name", "days": "0"}, "từ 1 đến 60"),
        ("days", {"on": "hôm qua", "kind": "off"}, "ngày giờ đúng"),
        ("hours", {"monday": "11:30-7:30"}, "7:30-11:30"),
        ("rules", {"agency": "không có"}, "Không có trong danh mục"),
        ("announcements", {"starts_at": "2026-06-12T22:00", "ends_at": "2026-06-12T21:00"}, "phải sau"),
    ],
)
async def test_what_does_not_do_is_told(office: Reception, kind: str, fields: dict[str, str], said: str) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    await admin.get(f"/desk/settings/{kind}")
    refused = await admin.post(f"/desk/settings/{kind}", action="save", version="0", **fields)
    assert (refused.status, said in refused.text) == (422, True)


async def test_a_day_off_counts_for_what_comes_later_and_moves_nothing_that_was_told(office: Reception) -> None:
    earlier = await office.sent(text="Đèn đường ở đầu ngõ hỏng đã nhiều hôm rồi")
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    await admin.get("/desk/settings/days")
    await admin.post("/desk/settings/days", action="save", version="0", **ADDED["days"])
    later = await office.sent(text="Cống trước chợ tắc, nước thải tràn ra đường")
    assert (await office.now(earlier.code)).answer_due == earlier.answer_due
    assert later.answer_due > earlier.answer_due


async def test_a_rule_is_tried_on_the_last_month(office: Reception) -> None:
    petition, _ = await office.given()
    office.place.engine.clock.advance(60.0)
    desk = await office.visitor("truong", OfficerRole.LEAD, office.reception)
    await desk.get("/desk/settings/rules")
    tried = await desk.post(
        "/desk/settings/rules", action="try", version="0", category="DN", ward="", agency=office.ward, is_on="1"
    )
    assert re.search(r"1 phản ánh của tháng trước", tried.text)
    assert petition.code in tried.text


async def test_who_may(office: Reception) -> None:
    lead = await office.visitor("chi", OfficerRole.LEAD, office.ward)
    officer = await office.visitor("can", OfficerRole.OFFICER, office.ward)
    assert (await lead.get("/desk/settings")).location == "/desk/settings/answers"
    assert (await lead.get("/desk/settings/agencies")).status == 404
    assert (await officer.get("/desk/settings/answers")).status == 404


async def test_how_much_officers_have_to_do(office: Reception) -> None:
    await office.given()
    lead = await office.visitor("chi", OfficerRole.LEAD, office.ward)
    stranger = await office.visitor("la", OfficerRole.LEAD, office.other)
    office.petitions.data.forget()
    own, foreign = [await one.get("/desk/assignments", headers=JSON) for one in (lead, stranger)]
    loads = {one["name"]: one["open"] for one in orjson.loads(own.text)["officers"]}
    assert loads["Trần Can"] == 1
    assert "Trần Can" not in foreign.text
    assert (await lead.get("/desk/assignments")).status == 200


async def test_a_page_of_many_items_stays_small_and_opens_the_chosen_one(office: Reception) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    form = '<form method="post" action="/desk/settings/agencies"'
    everything = (await admin.get("/desk/settings/agencies")).text
    assert len(everything.encode()) < 60_000
    assert "· Tiếp nhận" in everything
    assert everything.count(form) == 1
    chosen = (await admin.get(f"/desk/settings/agencies?item={office.ward}")).text
    assert f'value="{office.ward}" readonly' in chosen
    assert chosen.count(form) == 2


async def test_in_december_the_next_years_holidays_are_asked_for(office: Reception) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    asked = re.compile(r"Lịch nghỉ năm 2027")
    assert not asked.search((await admin.get("/desk/settings/days")).text)
    office.place.engine.clock.advance(timedelta(days=175).total_seconds())
    await admin.sign_in("an")
    assert asked.search((await admin.get("/desk/settings/days")).text)
    assert not asked.search((await admin.get("/desk/settings/answers")).text)
