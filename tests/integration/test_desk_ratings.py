"""The page of ratings: who sees it, what is hidden so that nobody learns who rated, the export."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.intent import KeepRating, RatingSubject
from bot.officers import OfficerRole
from bot.store.audit import AuditWish
from tests.contract.store_engines import SqliteEngine, text
from tests.contract.store_petitions import does
from tests.petition_desk import Reception, reception

JSON = {"Accept": "application/json"}


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


async def rate(office: Reception, count: int, **facts: Any) -> None:
    now = office.place.engine.clock.now()
    for number in range(count):
        usual: dict[str, Any] = {
            "subject": RatingSubject.DOSSIER,
            "reference": f"{facts}{number}",
            "agency": office.ward,
            "score": 5,
            "handled_by": "cb-1",
        }
        await does(office.store, text(f"{facts}{number}", sender=number, at=now), KeepRating(**usual | facts))


@pytest.mark.parametrize("role", sorted(OfficerRole))
async def test_from_the_lead_upwards(office: Reception, role: OfficerRole) -> None:
    officer = await office.visitor("ai", role, office.ward)
    seen = role in {OfficerRole.LEAD, OfficerRole.PROVINCE_LEADER, OfficerRole.AUDITOR}
    assert (await officer.get("/desk/ratings")).status == (200 if seen else 404)
    assert ('href="/desk/ratings"' in (await officer.get("/desk/profile")).text) is seen


async def test_nine_are_shown_to_nobody(office: Reception) -> None:
    await rate(office, 9, note="chờ lâu")
    lead = await office.visitor("lanh", OfficerRole.LEAD, office.ward)
    page = (await lead.get("/desk/ratings")).text
    assert "chưa đến 10 lượt" in page
    assert "chờ lâu" not in page
    await rate(office, 1, reference="x", score=1)
    page = (await lead.get("/desk/ratings")).text
    assert "cb-1" in page
    assert "4,60" in page


async def test_the_rest_gives_nobody_away(office: Reception) -> None:
    await rate(office, 12, handled_by="cb-1")
    await rate(office, 11, handled_by="cb-2")
    await rate(office, 3, handled_by="cb-3", score=1)
    lead = await office.visitor("lanh", OfficerRole.LEAD, office.ward)
    page = (await lead.get("/desk/ratings")).text
    assert "cb-1" in page
    assert "cb-2" not in page, "26 - 12 - 11 would be the three of cb-3"
    assert "cb-3" not in page


async def test_leads_see_their_own_agency(office: Reception) -> None:
    await rate(office, 10)
    await rate(office, 15, agency=office.other, score=1, note="riêng")
    lead = await office.visitor("lanh", OfficerRole.LEAD, office.ward)
    page = (await lead.get(f"/desk/ratings?agency={office.other}", headers=JSON)).text
    assert '"total":{"total":10,' in page
    assert "riêng" not in page
    await lead.get("/desk/ratings")
    table = await lead.post("/desk/ratings", action="export", format="csv", period="", agency=office.other)
    assert office.other not in table.text
    province = await office.visitor("tinh", OfficerRole.PROVINCE_LEADER, office.reception)
    everything = (await province.get("/desk/ratings", headers=JSON)).text
    assert '"total":{"total":25,' in everything
    assert office.other in everything


async def test_comments_without_who_rated(office: Reception) -> None:
    await rate(office, 10, note="=HYPERLINK(1) Gọi tôi 0912345678 <script>", score=1)
    lead = await office.visitor("lanh", OfficerRole.LEAD, office.ward)
    page = (await lead.get("/desk/ratings")).text
    assert "0912345678" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "reference" not in (await lead.get("/desk/ratings", headers=JSON)).text


async def test_the_export_in_three_levels(office: Reception) -> None:
    for score in (5, 4, 3, 2, 1):
        await rate(office, 3, score=score)
    await rate(office, 12, agency='=cmd|"x"', score=2)
    auditor = await office.visitor("giam", OfficerRole.AUDITOR, office.reception)
    await auditor.get("/desk/ratings")
    table = await auditor.post("/desk/ratings", action="export", format="csv", period="", agency="")
    year = office.place.engine.clock.now().year
    assert table.status == 200
    name = next(one.name for one in (await office.petitions.data.master_data()).agencies if one.code == office.ward)
    lines = table.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "period,agency,name,very_satisfied,satisfied,dissatisfied,total"
    assert f"{year},{office.ward},{name},3,6,6,15" in lines
    assert lines[2].startswith(f'{year},"\'=cmd|""x""","\'=cmd')
    await auditor.get("/desk/ratings")
    as_json = await auditor.post("/desk/ratings", action="export", format="json", period=str(year), agency=office.ward)
    assert f'"agency":"{office.ward}","name":"{name}","very_satisfied":3' in as_json.text
    log = await office.place.parts.book.log(AuditWish(limit=100))
    assert [row.entry.subject for row in log if row.entry.action == "exported"] == ["ratings", "ratings"]


@pytest.mark.parametrize("period", ["2026-13", "20261", "x", "2026-00", "1999", "%00"])
async def test_nonsense_for_a_period(office: Reception, period: str) -> None:
    lead = await office.visitor("lanh", OfficerRole.LEAD, office.ward)
    assert (await lead.get(f"/desk/ratings?period={period}")).status == 200
