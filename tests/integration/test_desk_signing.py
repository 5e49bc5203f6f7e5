"""Signing in to the desk through a real listener: who gets in, who does not, and that nobody learns why."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access.records import CodePurpose
from bot.model import Address, ChannelName, Destination, OutboundKind
from bot.settings_desk import DeskSection
from bot.store.audit import AuditWish
from tests.contract.store_engines import SqliteEngine
from tests.desk import PASSWORD, SECRET, DeskPlace, desk_place

CHAT = Destination(Address(ChannelName.ZALO, "551"), "oa1", "zalo:oa1")


@pytest.fixture
async def place(sqlite_engine: SqliteEngine) -> AsyncIterator[DeskPlace]:
    async with desk_place(sqlite_engine) as found:
        yield found


async def actions(place: DeskPlace) -> list[tuple[str, str]]:
    return [(row.entry.action, row.entry.subject) for row in await place.parts.book.log(AuditWish())]


async def test_in_and_out(place: DeskPlace) -> None:
    await place.officer()
    visitor = place.visitor()
    assert (await visitor.get("/desk")).location == "/desk/login?next=/desk"
    answered = await visitor.sign_in()
    assert (answered.status, answered.location) == (303, "/desk")
    assert (await visitor.get("/desk")).status == 303
    page = await visitor.get("/desk/profile")
    assert page.status == 200
    assert "Trần An" in page.text
    assert (await visitor.post("/desk/logout")).location == "/desk/login"
    assert (await visitor.get("/desk/profile")).location.startswith("/desk/login")
    assert (await actions(place))[:2] == [("sign_out", "an"), ("sign_in", "an")]


@pytest.mark.parametrize(
    ("user", "password", "code"),
    [
        pytest.param("an", "wrong password", "", id="wrong password"),
        pytest.param("nobody", PASSWORD, "", id="unknown user"),
        pytest.param("", "", "", id="nothing"),
        pytest.param("binh", PASSWORD, "", id="no code"),
        pytest.param("binh", PASSWORD, "000000", id="wrong code"),
        pytest.param("binh", PASSWORD, "９９９９９９", id="other digits"),
        pytest.param("' OR 1=1 --", PASSWORD, "", id="SQL"),
    ],
)
async def test_every_failure_looks_the_same(place: DeskPlace, user: str, password: str, code: str) -> None:
    await place.officer()
    await place.officer("binh", totp_secret=SECRET)
    answered = await place.visitor().sign_in(user, password, code)
    assert answered.status == 401
    assert "Tên đăng nhập, mật khẩu hoặc mã xác thực chưa đúng." in answered.text
    assert PASSWORD not in answered.text
    assert "Location" not in answered.headers


async def test_a_code_is_good_once(place: DeskPlace) -> None:
    await place.officer("binh", totp_secret=SECRET)
    code = place.code()
    assert (await place.visitor().sign_in("Binh", code=code)).status == 303
    assert (await place.visitor().sign_in("binh", code=code)).status == 401
    place.engine.clock.advance(30)
    assert (await place.visitor().sign_in("binh", code=place.code())).status == 303


@pytest.mark.parametrize("user", ["an", "nobody"])
async def test_brute_force_is_locked_out_also_for_the_right_password(place: DeskPlace, user: str) -> None:
    await place.officer()
    for _ in range(5):
        assert (await place.visitor().sign_in(user, "wrong")).status == 401
    locked = await place.visitor().sign_in(user)
    assert locked.status == 429
    assert "15 phút" in locked.text
    place.engine.clock.advance(15 * 60)
    assert (await place.visitor().sign_in(user)).status == (303 if user == "an" else 401)


async def test_the_session_id_is_new_at_sign_in_and_no_other_works(place: DeskPlace) -> None:
    await place.officer()
    visitor = place.visitor()
    await visitor.get("/desk/login")
    planted = visitor.cookie()
    assert len(planted) == 43
    await visitor.sign_in()
    assert visitor.cookie() not in {"", planted}
    other = place.visitor(Cookie=f"desk={planted}")
    assert (await other.get("/desk/profile")).status == 303


async def test_the_cookie_is_kept_from_scripts_and_other_sites(place: DeskPlace) -> None:
    answered = await place.visitor().get("/desk/login")
    assert answered.headers["Set-Cookie"].split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=Lax"]


async def test_with_https_the_cookie_is_bound_to_the_host(sqlite_engine: SqliteEngine) -> None:
    async with desk_place(sqlite_engine, public_url="https://motcua.example.vn") as place:
        cookie = (await place.visitor().get("/desk/login")).headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    assert "Secure" in cookie


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/desk/profile", "/desk/profile"),
        ("/desk/petitions?tab=late&page=2", "/desk/petitions?tab=late&page=2"),
        ("https://evil.example/desk", "/desk"),
        ("//evil.example/desk", "/desk"),
        ("/\\evil.example", "/desk"),
        ("/deskevil", "/desk"),
        ("/desk/../hooks", "/desk"),
        ("/desk@evil.example", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/desk\r\nSet-Cookie: a=b", "/desk"),
    ],
)
async def test_next_leads_only_to_the_desk(place: DeskPlace, wanted: str, led: str) -> None:
    await place.officer()
    assert (await place.visitor().sign_in(next=wanted)).location == led


async def test_the_last_sign_in_is_shown(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    place.engine.clock.advance(3600)
    visitor = await place.signed_in()
    assert "12:00 10/06" in (await visitor.get("/desk/profile")).text


async def test_where_codes_are_required_who_has_none_enrols_first(sqlite_engine: SqliteEngine) -> None:
    async with desk_place(sqlite_engine, desk=DeskSection(totp="required")) as place:
        await place.officer()
        visitor = place.visitor()
        assert (await visitor.sign_in()).location == "/desk/profile/totp"
        assert (await visitor.get("/desk")).location == "/desk/profile/totp"


async def test_a_first_password_is_changed_first(place: DeskPlace) -> None:
    await place.officer(password_is_temporary=True)
    visitor = place.visitor()
    assert (await visitor.sign_in()).location == "/desk/profile/password"
    assert (await visitor.get("/desk/profile")).location == "/desk/profile/password"


async def test_thirty_minutes_without_a_page_end_the_session(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    for _ in range(3):
        place.engine.clock.advance(29 * 60)
        assert (await visitor.get("/desk/profile")).status == 200
    place.engine.clock.advance(30 * 60)
    assert (await visitor.get("/desk/profile")).status == 303


async def test_pages_are_kept_by_nobody_and_run_no_foreign_script(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    headers = (await visitor.get("/desk/profile")).headers
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


async def test_signing_in_as_json(place: DeskPlace) -> None:
    await place.officer()
    visitor = place.visitor()
    await visitor.get("/desk/login")
    visitor.headers["Accept"] = "application/json"
    answered = await visitor.post("/desk/login", username="an", password="no", totp="")
    assert (answered.status, '"error":"login.refused"' in answered.text) == (401, True)
    answered = await visitor.post("/desk/login", username="an", password=PASSWORD, totp="")
    assert (answered.status, '"location":"/desk"' in answered.text) == (200, True)


async def linked(place: DeskPlace, user: str) -> None:
    account = await place.parts.book.account_named(user)
    assert account is not None
    await place.parts.book.issue_code(CodePurpose.LINK_CODE, account.officer.id, "482913")
    assert await place.parts.book.link_account("482913", CHAT) is not None


async def sent(place: DeskPlace) -> str:
    """The code that left for the chat."""
    (message,) = await place.parts.book._store.claim_outbound(CHAT.route, 5, place.engine.clock.now())
    assert (message.to, message.kind) == (CHAT.address, OutboundKind.ONE_TIME_CODE)
    return re.findall(r"\d{6}", message.text)[0]


@pytest.mark.parametrize("totp", ["optional", "required"])
async def test_who_has_a_linked_chat_gets_a_code_there(sqlite_engine: SqliteEngine, totp: Any) -> None:
    async with desk_place(sqlite_engine, desk=DeskSection(totp=totp)) as place:
        await place.officer()
        await linked(place, "an")
        visitor = place.visitor()
        assert (await visitor.sign_in()).location == "/desk/code"
        assert (await visitor.get("/desk/profile")).location == "/desk/code"
        await visitor.get("/desk/code")
        first, code = visitor.cookie(), await sent(place)
        assert (await visitor.post("/desk/code", code="000000")).status == 401
        assert (await visitor.post("/desk/code", action="again")).status == 303
        assert (await visitor.post("/desk/code", code=code)).status == 401, "there is a newer one"
        assert (await visitor.post("/desk/code", code=await sent(place))).location == "/desk"
        assert visitor.cookie() != first
        assert (await visitor.get("/desk/profile")).status == 200


async def test_five_wrong_codes_kill_the_sign_in_code(place: DeskPlace) -> None:
    await place.officer()
    await linked(place, "an")
    visitor = place.visitor()
    await visitor.sign_in()
    await visitor.get("/desk/code")
    code = await sent(place)
    for _ in range(5):
        assert (await visitor.post("/desk/code", code="x")).status == 401
    assert (await visitor.post("/desk/code", code=code)).status == 401


async def test_a_password_alone_cannot_be_tried_without_end(place: DeskPlace) -> None:
    await place.officer()
    await linked(place, "an")
    for _ in range(5):
        assert (await place.visitor().sign_in()).location == "/desk/code"
    assert (await place.visitor().sign_in()).status == 429
