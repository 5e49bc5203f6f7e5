"""What people say at the phone or counter, written down at the desk."""

from collections.abc import AsyncIterator

import pytest

from bot.officers import OfficerRole
from tests.contract.store_engines import SqliteEngine
from tests.petition_desk import TEXT, Reception, reception

FORM = {"text": TEXT, "category": "DN", "ward": "Võ Cường", "confidentiality": "name_hidden"}


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


@pytest.mark.parametrize(("phone", "told"), [("0912 345 678", 1), ("", 0)], ids=["phone", "counter"])
async def test_it_is_kept_and_who_left_a_number_is_told(office: Reception, phone: str, told: int) -> None:
    desk = await office.receptionist()
    await desk.get("/desk/petitions/new")
    kept = await desk.post("/desk/petitions/new", phone=phone, **FORM)
    assert kept.status == 303, kept.text
    petition = await office.now(kept.location.rpartition("/")[2])
    assert (petition.text, petition.category, petition.confidentiality.value) == (TEXT, "DN", "name_hidden")
    rows = await office.place.engine.rows("SELECT text FROM outbox")
    assert [petition.code in row[0] for row in rows] == [True] * told
    assert (await desk.get(kept.location)).status == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "đèn hỏng"}, "ít nhất 20 ký tự"),
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
        ({"dossier": "x"}, "Mã hồ sơ không đúng dạng"),
        ({"category": "??"}, "chọn lĩnh vực"),
    ],
)
async def test_what_does_not_do_is_told_and_nothing_is_lost(
    office: Reception, fields: dict[str, str], words: str
) -> None:
    desk = await office.receptionist()
    await desk.get("/desk/petitions/new")
    refused = await desk.post("/desk/petitions/new", **(FORM | fields))
    assert (refused.status, words in refused.text, (FORM | fields)["text"] in refused.text) == (422, True, True)


async def test_other_agencies_write_nothing_down(office: Reception) -> None:
    visitor = await office.visitor("lanh", OfficerRole.LEAD, office.ward)
    assert (await visitor.get("/desk/petitions/new")).status == 404
    assert (await visitor.post("/desk/petitions/new", **FORM)).status in {403, 404}
