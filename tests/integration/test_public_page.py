"""The public page: what it shows, in which language, to whom, and what it never does."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.access.records import AuditEntry
from bot.attachments.kinds import PDF
from bot.petitions.record import Confidentiality, PetitionState, StoredFile
from bot.store.port_master import Announcement
from bot.web.public.throttle import PER_MINUTE
from tests.contract.store_engines import NOON, SqliteEngine
from tests.contract.store_petitions import changed
from tests.public import PublicPlace, public_place

NASTY = '<script>alert(1)</script>\x00"><img src=x onerror=alert(2)> \u202egnud {{ 7*7 }}'


@pytest.fixture
async def place(sqlite_engine: SqliteEngine) -> AsyncIterator[PublicPlace]:
    async with public_place(sqlite_engine) as place:
        yield place


async def read(place: PublicPlace, path: str = "/public/") -> str:
    answered = await place.get(path)
    assert answered.status == 200, answered.body
    return answered.body.decode()


async def test_a_released_petition_with_its_answer(place: PublicPlace) -> None:
    answer = "Kính gửi ông Nguyễn Văn Tèo, số 0912345678: đã thay bóng đèn mới."
    code = (await place.petition(state=PetitionState.ANSWERED, answer=answer, answered_at=NOON)).code
    for path in ("/public/", f"/public/petitions/{code}", f"/public/petitions/{code.lower()}"):
        shown = await read(place, path)
        assert "Đèn đường hỏng đã 3 ngày" in shown
        assert "đã thay bóng đèn mới" in shown
        assert "Trả lời ngày 10/06/2026" in shown
        hidden = ("Tèo", "0912345678", "Lý Thái Tổ", "84912345678")
        assert [secret for secret in hidden if secret in shown] == []


@pytest.mark.parametrize(
    "facts", [{"released_at": None}, {"confidentiality": Confidentiality.NAME_HIDDEN}, {"state": PetitionState.SPAM}]
)
async def test_others_are_as_if_they_were_not_there(place: PublicPlace, facts: dict[str, object]) -> None:
    code = (await place.petition(**facts)).code
    assert "Chưa có phản ánh nào" in await read(place)
    there = await place.get(f"/public/petitions/{code}")
    unknown = await place.get("/public/petitions/PA26999993")
    assert (there.status, unknown.status) == (404, 404)
    assert there.body.replace(code.encode(), b"") == unknown.body.replace(b"PA26999993", b"")


async def test_what_people_write_stays_text(place: PublicPlace) -> None:
    code = (await place.petition(public_text=NASTY, state=PetitionState.ANSWERED, answer=NASTY, answered_at=NOON)).code
    for path in ("/public/", f"/public/petitions/{code}", "/public/?field=%3Cscript%3E&state=%22%3E&lang=%3Cb%3E"):
        shown = await read(place, path)
        assert "<script" not in shown
        assert "<img src=x" not in shown
        assert "\u202e" not in shown
        assert "\x00" not in shown
        assert "{{ 7*7 }}" in shown


async def test_both_languages(place: PublicPlace) -> None:
    await place.petition()
    vietnamese, english = await read(place), await read(place, "/public/?lang=en")
    assert '<html lang="vi">' in vietnamese
    assert 'href="/public/?lang=en" lang="en"' in vietnamese
    assert '<html lang="en">' in english
    assert "power, lighting, water, drainage, flooding" in english
    assert "Phản ánh" not in re.sub(r"phản ánh”", "", english)


async def test_filters_and_pages(place: PublicPlace) -> None:
    codes = [(await place.petition(sent_at=NOON - timedelta(hours=number))).code for number in range(12)]
    road = (await place.petition(category="GT", state=PetitionState.CLOSED, sent_at=NOON - timedelta(days=9))).code
    first, second = await read(place), await read(place, "/public/?page=2")
    assert [code for code in codes if code in first] == codes[:10]
    assert [code for code in (*codes, road) if code in second] == [*codes[10:], road]
    assert "/public/?page=2#petitions" in first
    for query in ("field=GT", "state=closed", "field=GT&state=closed&page=1"):
        shown = await read(place, f"/public/?{query}")
        assert [code for code in (*codes, road) if code in shown] == [road]
    assert await read(place, "/public/?page=-1&field=ZZ&state=x") == first


async def test_figures_and_what_works(place: PublicPlace) -> None:
    for _ in range(7):
        await place.petition(released_at=None, state=PetitionState.ANSWERED, answered_at=NOON, answer_due=NOON)
    await place.petition(category="GT")
    shown = re.sub(r"\s+", " ", await read(place))
    assert "<dt>Tiếp nhận</dt><dd>8</dd>" in shown
    assert "<dt>Đã xử lý</dt><dd>7</dd>" in shown
    assert "<dt>Đúng hạn</dt><dd>100 %</dd>" in shown
    assert '<th scope="row">Giao thông, cầu đường, đèn tín hiệu</th><td>&lt; 5</td>' in shown
    assert 'Tin nhắn SMS</span> <strong class="badge closed">Hoạt động' in shown
    assert 'Zalo</span> <strong class="badge late">Đang gián đoạn' in shown


async def test_maintenance_is_announced(place: PublicPlace) -> None:
    told = Announcement(
        text="Nâng cấp hệ thống <b>", starts_at=NOON + timedelta(hours=9), ends_at=NOON + timedelta(hours=11)
    )
    await place.petitions.master.put(told, 0, AuditEntry(at=NOON, who="an", action="changed"))
    shown = await read(place)
    assert "Bảo trì từ 21:00 10/06/2026 đến 23:00 10/06/2026" in shown
    assert "Nâng cấp hệ thống &lt;b&gt;" in shown


async def test_it_carries_no_cookie_and_no_script(place: PublicPlace) -> None:
    answered = await place.get("/public/")
    assert "Set-Cookie" not in answered.headers
    assert "script-src" not in answered.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    again = await place.get("/public/", **{"If-None-Match": answered.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    style = re.search(r'href="(/public/static/[^"]+)"', answered.body.decode())
    assert style is not None
    assert (await place.get(style[1])).headers["Cache-Control"].endswith("immutable")


@pytest.mark.parametrize("path", ["/public", "/cong-khai"])
async def test_other_addresses_of_it(place: PublicPlace, path: str) -> None:
    async with place.session.get(place.address + path, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (308, "/public/")


async def test_it_is_not_asked_for_ever(place: PublicPlace) -> None:
    for _ in range(PER_MINUTE):
        assert (await place.get("/public/petitions/x")).status == 404
    refused = await place.get("/public/")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert "thử lại sau một phút" in refused.body.decode()


async def test_a_picture_is_shown_while_it_and_its_petition_are_released(place: PublicPlace) -> None:
    name = place.files.keep(b"the original, with all that the camera wrote", b"\xff\xd8\xff shown")
    document = place.files.keep(b"%PDF-", None)
    kept = (
        StoredFile(name=name, media_type="image/jpeg", octets=44),
        StoredFile(name=document, media_type=PDF, octets=5),
    )
    petition = await place.petition()
    after = replace(petition, files=2)
    await place.store.change_petition(changed(petition, after, "add_information", files=kept), ())
    path = f"/public/pictures/{name}.jpg"
    assert (await place.get(path)).status == 404
    assert path not in await read(place)

    await place.store.release_files(petition.code, [name, document], released=True)
    shown = await place.get(path)
    assert (shown.status, shown.body) == (200, b"\xff\xd8\xff shown")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert f'src="{path}"' in await read(place)
    assert document not in await read(place)
    assert (await place.get(f"/public/pictures/{document}.jpg")).status == 404
    found = await place.get(f"/public/open311/requests/{petition.code}.json")
    assert f'"media_url":"{place.address}{path}"'.encode() in found.body

    before = await place.store.petition(petition.code)
    assert before is not None
    hidden = replace(before, confidentiality=Confidentiality.NOT_PUBLIC)
    await place.store.change_petition(changed(before, hidden, "set_confidentiality"), ())
    assert (await place.get(path)).status == 404
