"""Steps of the ladder at the desk: given from a petition, the last one by two administrators, lifted, all of it logged."""

from collections.abc import AsyncIterator

import pytest

from bot.officers import OfficerRole
from tests.contract.store_engines import KEYRING, SqliteEngine, person
from tests.desk import Visitor
from tests.petition_desk import Reception, reception

REASON = "Gửi nhiều tin chửi bới cán bộ"


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


async def steps(office: Reception) -> list[tuple[str, bool]]:
    given = await office.petitions.master.given_mutes(KEYRING.contact_id(person()))
    return [(one.mute.step.value, one.mute.counts) for one in given]


async def gives(visitor: Visitor, code: str, reason: str = REASON) -> int:
    await visitor.get(f"/desk/mutes?petition={code}")
    return (await visitor.post("/desk/mutes", action="give", petition=code, reason=reason)).status


async def test_from_a_warning_to_a_month_with_two_administrators(office: Reception) -> None:
    code = (await office.sent()).code
    desk, first = await office.receptionist(), await office.place.signed_in("an")
    second = await office.place.signed_in("binh")
    assert "/desk/mutes?petition=" in (await desk.get(f"/desk/petitions/{code}")).text
    assert [await gives(desk, code) for _ in range(4)] == [303, 303, 303, 422]
    assert await gives(first, code) == 303
    assert await steps(office) == [("warning", True), ("day", True), ("week", True), ("month", False)]
    key = (await office.petitions.master.given_mutes(KEYRING.contact_id(person())))[-1].id
    for visitor, status in ((first, 422), (desk, 422), (second, 303)):
        await visitor.get(f"/desk/mutes?petition={code}")
        answered = await visitor.post("/desk/mutes", action="confirm", petition=code, id=key)
        assert answered.status == status, answered.text
    assert (await steps(office))[-1] == ("month", True)
    page = await first.get("/desk/mutes")
    assert REASON in page.text
    assert "84912" not in page.text
    assert (await first.post("/desk/mutes", action="lift", id=key)).status == 303
    logged = await office.place.engine.rows("SELECT who FROM audit WHERE action = 'changed' AND subject LIKE 'mute %'")
    assert [row[0] for row in logged] == ["tiep", "tiep", "tiep", "an", "binh", "an"]


async def test_a_reason_is_needed(office: Reception) -> None:
    assert await gives(await office.receptionist(), (await office.sent()).code, "hỗn") == 422


@pytest.mark.parametrize("role", [OfficerRole.LEAD, OfficerRole.OFFICER, OfficerRole.OPERATOR])
async def test_other_agencies_neither_see_nor_give_steps(office: Reception, role: OfficerRole) -> None:
    code = (await office.sent()).code
    visitor = await office.visitor("khac", role, office.ward)
    assert (await visitor.get(f"/desk/mutes?petition={code}")).status == 404
    assert (await visitor.get("/desk/mutes")).status == 404
    assert (await visitor.post("/desk/mutes", action="give", petition=code, reason=REASON)).status in {403, 404}


async def test_the_list_of_petitions_as_a_table(office: Reception) -> None:
    new = await office.sent(text='=HYPERLINK("http://x";"bấm vào đây") đèn đường hỏng đã ba hôm nay')
    desk = await office.receptionist()
    taken = await desk.get("/desk/petitions/export?tab=new")
    assert taken.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert taken.text.startswith("\ufeff") or taken.text.startswith("code")
    assert new.code in taken.text
    assert "'=HYPERLINK" in taken.text
    stranger = await office.visitor("can", OfficerRole.OFFICER, office.other)
    assert new.code not in (await stranger.get("/desk/petitions/export")).text
    operator = await office.visitor("van", OfficerRole.OPERATOR, office.other)
    assert (await operator.get("/desk/petitions/export")).status == 404
    logged = await office.place.engine.rows("SELECT who FROM audit WHERE action = 'exported' ORDER BY number")
    assert [row[0] for row in logged] == ["tiep", "can"]
