"""The pages of officers, of one's own account, of the audit log and of the first start."""

import re
from collections.abc import AsyncIterator

import pyotp
import pytest

from bot.access.records import CodePurpose, Stage
from bot.model import Address, ChannelName, Destination
from bot.officers import OfficerRole
from bot.settings_desk import DeskSection
from bot.store.audit import AuditWish
from bot.web.desk.audit import as_cell
from tests.contract.store_engines import SqliteEngine
from tests.desk import PASSWORD, SECRET, DeskPlace, desk_place

CHAT = Destination(Address(ChannelName.ZALO, "5512345678"), "oa1", "zalo:oa1")
NEW = {"name": "Lê Văn Bình", "role": "officer", "agency": "H05.12", "phone": "0912 345 679"}


@pytest.fixture
async def place(sqlite_engine: SqliteEngine) -> AsyncIterator[DeskPlace]:
    async with desk_place(sqlite_engine) as found:
        yield found


def secret_of(text: str) -> str:
    return re.findall(r'class="code secret">([^<]+)<', text)[0]


async def test_a_new_officer_gets_a_password_and_changes_it(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/officers")
    added = await visitor.post("/desk/officers", username="Binh", **NEW)
    assert added.status == 200
    password = secret_of(added.text)
    assert password not in (await visitor.get("/desk/officers/binh")).text
    binh = place.visitor()
    assert (await binh.sign_in("binh", password)).location == "/desk/profile/password"
    await binh.get("/desk/profile/password")
    first = binh.cookie()
    for new, repeated, said in [
        ("ngắn", "ngắn", "ít nhất 10 ký tự"),
        ("binh là mật khẩu", "binh là mật khẩu", "quá dễ đoán"),
        ("một câu khá dài", "một câu khác", "không giống nhau"),
        (password, password, "phải khác mật khẩu cũ"),
    ]:
        answered = await binh.post("/desk/profile/password", password=password, new_password=new, repeated=repeated)
        assert (answered.status, said in answered.text) == (422, True)
    sentence = "một câu khá dài"
    changed = await binh.post("/desk/profile/password", password=password, new_password=sentence, repeated=sentence)
    assert (changed.status, changed.location) == (303, "/desk/profile")
    assert binh.cookie() != first
    assert (await place.visitor().sign_in("binh", sentence)).status == 303
    assert (await binh.get("/desk/officers")).status == 404, "only administrators"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("username", "9x", "Tên đăng nhập: 2 đến 40"),
        ("username", "an", "đã có người dùng"),
        ("name", " ", "Họ và tên"),
        ("agency", "<b>", "Đơn vị: nhập mã"),
        ("phone", "12", "Số điện thoại chưa đúng"),
        ("role", "king", "Hãy chọn một vai trò"),
    ],
)
async def test_what_an_account_cannot_be(place: DeskPlace, field: str, value: str, said: str) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/officers")
    answered = await visitor.post("/desk/officers", **{"username": "binh", **NEW, field: value})
    assert answered.status == 422
    assert said in answered.text
    assert await place.parts.book.count() == 1


async def test_changes_are_told_old_and_new_and_end_sessions(place: DeskPlace) -> None:
    admin, binh = await place.signed_in(), await place.signed_in("binh", role=OfficerRole.OFFICER, agency="H05.12")
    await admin.get("/desk/officers/binh")
    fields = {"name": "Bình <script>", "role": "lead", "agency": "H05.12", "phone": "", "version": "2"}
    assert (await admin.post("/desk/officers/binh", action="save", **fields)).status == 303
    page = await admin.get("/desk/officers/binh")
    assert "Bình &lt;script&gt;" in page.text
    (row,) = await place.parts.book.log(AuditWish(action="officer_changed"))
    assert row.entry.data["old"] == {"name": "Trần Binh", "role": "officer"}
    assert row.entry.data["new"] == {"name": "Bình <script>", "role": "lead"}
    assert (await binh.get("/desk/profile")).status == 303
    stale = await admin.post("/desk/officers/binh", action="save", **fields)
    assert (stale.status, "vừa thay đổi" in stale.text) == (409, True)


async def test_locking_leaving_and_coming_back(place: DeskPlace) -> None:
    admin, binh = await place.signed_in(), await place.signed_in("binh", role=OfficerRole.OFFICER)
    await admin.get("/desk/officers/binh")
    await admin.post("/desk/officers/binh", action="lock")
    assert (await binh.get("/desk/profile")).status == 303
    assert (await place.visitor().sign_in("binh")).status == 401
    await admin.get("/desk/officers/binh")
    await admin.post("/desk/officers/binh", action="unlock")
    assert (await place.visitor().sign_in("binh")).status == 303
    await admin.get("/desk/officers/binh")
    await admin.post("/desk/officers/binh", action="leave")
    assert (await place.visitor().sign_in("binh")).status == 401
    assert "Đã nghỉ" in (await admin.get("/desk/officers?state=left")).text
    own = await admin.get("/desk/officers/an")
    assert 'value="leave"' not in own.text
    assert (await admin.post("/desk/officers/an", action="leave")).status == 422
    assert (await admin.post("/desk/officers/an", action="explode")).status == 400


async def test_wrong_tries_can_be_forgotten(place: DeskPlace) -> None:
    admin = await place.signed_in()
    await place.officer("binh", role=OfficerRole.OFFICER)
    for _ in range(5):
        await place.visitor().sign_in("binh", "wrong")
    assert (await place.visitor().sign_in("binh")).status == 429
    await admin.get("/desk/officers/binh")
    await admin.post("/desk/officers/binh", action="unlock")
    assert (await place.visitor().sign_in("binh")).status == 303


async def test_enrolling_an_authenticator(sqlite_engine: SqliteEngine) -> None:
    async with desk_place(sqlite_engine, desk=DeskSection(totp="required")) as place:
        await place.officer()
        visitor = place.visitor()
        await visitor.sign_in()
        page = await visitor.get("/desk/profile/totp")
        assert "<svg" in page.text
        secret = re.findall(r'class="code">([A-Z2-7 ]+)<', page.text)[0].replace(" ", "")
        sealed = re.findall(r'name="sealed" value="([0-9a-f]+)"', page.text)[0]
        assert secret not in sealed
        wrong = await visitor.post("/desk/profile/totp", sealed=sealed, totp="000000")
        assert (wrong.status, secret in wrong.text.replace(" ", "")) == (422, True)
        forged = await visitor.post("/desk/profile/totp", sealed="00" * 60, totp="000000")
        assert forged.status == 422
        code = pyotp.TOTP(secret).at(int(place.engine.clock.now().timestamp()))
        assert (await visitor.post("/desk/profile/totp", sealed=sealed, totp=code)).location == "/desk/profile"
        found = await place.parts.book.session(visitor.cookie())
        assert found is not None
        assert (found[0].stage, found[1].totp_secret) == (Stage.FULL, secret)
        assert (await place.visitor().sign_in(code=code)).status == 401, "this code was used"
        place.engine.clock.advance(60)
        again = pyotp.TOTP(secret).at(int(place.engine.clock.now().timestamp()))
        assert (await place.visitor().sign_in(code=again)).location == "/desk"


async def test_an_enrolled_authenticator_is_changed_only_with_a_new_proof(place: DeskPlace) -> None:
    await place.officer(totp_secret=SECRET)
    visitor = place.visitor()
    await visitor.sign_in(code=place.code())
    place.engine.clock.advance(16 * 60)
    await visitor.get("/desk/profile/totp")
    answered = await visitor.post("/desk/profile/totp", sealed="00", totp="000000")
    assert answered.location == "/desk/prove?next=/desk/profile/totp"


async def test_linking_and_unlinking_a_chat(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/profile")
    shown = await visitor.post("/desk/profile/links", action="link")
    code = secret_of(shown.text).removeprefix("LK ")
    linked = await place.parts.book.link_account(code, CHAT)
    assert linked is not None
    page = await visitor.get("/desk/profile")
    assert "5512*****678" in page.text
    name = re.findall(r'name="link" value="([0-9a-f]+)"', page.text)[0]
    assert (await visitor.post("/desk/profile/links", action="unlink", link="ff" * 16)).status == 404
    await visitor.get("/desk/profile")
    assert (await visitor.post("/desk/profile/links", action="unlink", link=name)).status == 303
    assert await place.parts.book.link_of(CHAT.address) is None


async def test_linking_the_phone_on_record(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/profile/phone")
    assert (await visitor.post("/desk/profile/phone", action="send")).status == 303
    ((text,),) = await place.engine.rows("SELECT text FROM outbox")
    code = re.findall(r"\d{6}", text)[0]
    for _ in range(5):
        await visitor.get("/desk/profile/phone")
        assert (await visitor.post("/desk/profile/phone", action="confirm", code="x")).status == 422
    locked = await visitor.post("/desk/profile/phone", action="confirm", code=code)
    assert (locked.status, "gửi mã khác" in locked.text.casefold()) == (422, True)
    await visitor.get("/desk/profile/phone")
    await visitor.post("/desk/profile/phone", action="send")
    (_, (text,)) = await place.engine.rows("SELECT text FROM outbox ORDER BY id")
    await visitor.get("/desk/profile/phone")
    right = re.findall(r"\d{6}", text)[0]
    assert (await visitor.post("/desk/profile/phone", action="confirm", code=right)).status == 303
    link = await place.parts.book.link_of(Address(ChannelName.SMS, "84912345678"))
    assert link is not None
    assert link.destination.source == "8283"


async def test_the_first_start(place: DeskPlace) -> None:
    await place.parts.book.issue_code(CodePurpose.SETUP, 0, "s" * 43)
    visitor = place.visitor()
    assert (await visitor.get(f"/desk/setup/{'x' * 43}")).status == 404
    path = f"/desk/setup/{'s' * 43}"
    assert (await visitor.get(path)).status == 200
    fields = {"username": "an", "name": "Trần Thị An", "phone": "", "password": PASSWORD, "repeated": PASSWORD}
    assert (await visitor.post(path, **{**fields, "password": "ngắn", "repeated": "ngắn"})).status == 422
    assert (await visitor.post(path, **fields)).location == "/desk/login"
    assert (await visitor.get(path)).status == 404
    assert (await visitor.sign_in()).location == "/desk"
    assert (await visitor.get("/desk")).status == 303


async def test_the_link_of_the_first_start_ends_after_a_day(place: DeskPlace) -> None:
    await place.parts.book.issue_code(CodePurpose.SETUP, 0, "s" * 43)
    place.engine.clock.advance(24 * 3600)
    assert (await place.visitor().get(f"/desk/setup/{'s' * 43}")).status == 404


async def test_the_log_page(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await place.visitor().sign_in("an", "wrong")
    page = await visitor.get("/desk/audit?action=sign_in_failed&page=-5&until=junk")
    assert page.text.count("<tr data-row>") == 1
    assert (await visitor.post("/desk/audit", action="check")).status == 303
    assert "Nhật ký nguyên vẹn đến dòng 3." in (await visitor.get("/desk/audit")).text
    table = await visitor.post("/desk/audit", action="export", kind="sign_in_failed")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(table.text.splitlines()) == 2
    assert [row.entry.action for row in await place.parts.book.log(AuditWish(limit=2))] == ["exported", "log_checked"]
    await place.engine.change("UPDATE audit SET who = 'x' WHERE number = 2")
    await visitor.get("/desk/audit")
    await visitor.post("/desk/audit", action="check")
    assert "Dòng 2 đã bị sửa" in (await visitor.get("/desk/audit")).text


async def test_other_roles_have_no_log(place: DeskPlace) -> None:
    for role in OfficerRole:
        visitor = await place.signed_in(role.value[:8].replace("_", "-"), role=role)
        readers = {OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR}
        assert ((await visitor.get("/desk/audit")).status == 200) is (role in readers)


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM", "\t=1", "\r=1", "＝1+1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert as_cell(text) == f"'{text}"


def test_every_route_names_its_roles(sqlite_engine: SqliteEngine) -> None:
    from bot.desk_parts import DeskParts  # noqa: PLC0415 - only this test builds one without a store
    from bot.logs import get_log  # noqa: PLC0415 - as above
    from bot.settings import Settings  # noqa: PLC0415 - as above
    from tests.contract.store_engines import KEYRING  # noqa: PLC0415 - as above

    parts = DeskParts(Settings(), sqlite_engine.make(), KEYRING, sqlite_engine.clock, get_log())
    routes = [route for page in parts._pages() for route in page.routes()]
    assert all(route.is_open is not bool(route.roles) for route in routes)
    opened = {route.path.partition("{")[0] for route in routes if route.is_open}
    assert opened == {"/desk/login", "/desk/language", "/desk/setup/"}
