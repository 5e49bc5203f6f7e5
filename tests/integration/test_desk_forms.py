"""Forms of the desk: only from pages of ours, done once, and nothing that was typed is lost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.access.records import AuditEntry
from bot.desk_parts import DeskParts, Pages
from bot.officers import OfficerRole
from bot.store.audit import AuditWish
from bot.web.desk.forms import Form, Listing, day, listing, whole
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, DeskRoute, Page, Redirect, UnknownAction, desk_route
from tests.contract.store_engines import SqliteEngine
from tests.desk import DeskPlace, desk_place

LEADS = frozenset({OfficerRole.LEAD})


class Notes:
    """A page that keeps notes, to try the desk with."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.entered, self.opened = asyncio.Event(), asyncio.Event()
        self.opened.set()

    def routes(self) -> list[DeskRoute]:
        return [
            desk_route("GET", "/desk/notes", EVERYBODY, self.page),
            desk_route("POST", "/desk/notes", EVERYBODY, self.add),
            desk_route("GET", "/desk/leads", LEADS, self.page),
            desk_route("POST", "/desk/danger", EVERYBODY, self.add, proof=True),
            desk_route("GET", "/desk/broken", EVERYBODY, self.broken),
        ]

    async def page(self, _request: DeskRequest) -> Answer:
        return Page(
            template="setup.html.j2",
            data={"notes": self.notes},
            shown={"problem": "", "typed": dict.fromkeys(("username", "name", "phone"), "")},
        )

    async def add(self, request: DeskRequest) -> Answer:
        if request.form.text("action") != "add":
            raise UnknownAction
        self.entered.set()
        await self.opened.wait()
        self.notes.append(request.form.text("note"))
        return Redirect(to="/desk/notes", notice="setup.done")

    async def broken(self, _request: DeskRequest) -> Answer:
        raise RuntimeError("số 0912345678 của người dân")


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
async def place(sqlite_engine: SqliteEngine, notes: Notes) -> AsyncIterator[DeskPlace]:
    class WithNotes(DeskParts):
        def _pages(self) -> list[Pages]:
            return [*super()._pages(), notes]

    async with desk_place(sqlite_engine, build=WithNotes) as found:
        yield found


async def test_a_form_from_our_page_is_done(place: DeskPlace, notes: Notes) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/notes")
    answered = await visitor.post("/desk/notes", action="add", note="  một\x00 hai ", extra="ignored")
    assert (answered.status, answered.location, notes.notes) == (303, "/desk/notes", ["một hai"])
    assert "Đã tạo quản trị viên" in (await visitor.get("/desk/notes")).text, "told once"
    assert "Đã tạo quản trị viên" not in (await visitor.get("/desk/notes")).text


@pytest.mark.parametrize(
    ("token", "headers", "again"),
    [
        pytest.param(None, {}, True, id="no token"),
        pytest.param("x" * 22, {}, True, id="another token"),
        pytest.param("đúng", {}, True, id="odd letters"),
        pytest.param("", {"Origin": "https://evil.example"}, False, id="another site"),
        pytest.param("", {"Origin": "null"}, False, id="no site"),
        pytest.param("", {"Sec-Fetch-Site": "cross-site"}, False, id="another site as the browser says"),
    ],
)
async def test_other_forms_do_nothing_and_lose_nothing(
    place: DeskPlace, notes: Notes, token: str | None, headers: dict[str, str], *, again: bool
) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/notes")
    visitor.headers |= headers
    fields: dict[str, Any] = {"csrf_token": token} if token != "" else {}
    long = "Kính gửi <b>Ông Bình</b>,\nđèn đường đã sửa xong trong sáng nay."
    answered = await visitor.post("/desk/notes", action="add", note=long, password="secret", **fields)
    assert (answered.status, notes.notes) == (403, [])
    assert "Kính gửi &lt;b&gt;Ông Bình&lt;/b&gt;,\nđèn đường" in answered.text
    assert "secret" not in answered.text
    assert ("Gửi lại" in answered.text) is again
    visitor.headers = {}
    assert (await visitor.post("/desk/notes", action="add", note=long)).status == 303
    assert notes.notes == [long]


async def test_a_session_that_ended_keeps_the_text_too(place: DeskPlace, notes: Notes) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/notes")
    place.engine.clock.advance(31 * 60)
    answered = await visitor.post("/desk/notes", action="add", note="vẫn còn")
    assert (answered.status, "vẫn còn" in answered.text, "/desk/login" in answered.text) == (403, True, True)
    visitor.headers["Accept"] = "application/json"
    assert (await visitor.post("/desk/notes", action="add", note="x")).status == 401
    assert notes.notes == []


async def test_a_double_click_is_done_once(place: DeskPlace, notes: Notes) -> None:
    visitor = await place.signed_in()
    page = await visitor.get("/desk/notes")
    assert 'name="once"' in page.text
    notes.opened.clear()
    once = visitor.once
    sent = [asyncio.create_task(visitor.post("/desk/notes", action="add", note="một", once=once)) for _ in range(3)]
    await notes.entered.wait()
    notes.opened.set()
    place.engine.clock.advance(0.2)
    assert {(answered.status, answered.location) for answered in await asyncio.gather(*sent)} == {(303, "/desk/notes")}
    late = await visitor.post("/desk/notes", action="add", note="một", once=once)
    assert (late.location, notes.notes) == ("/desk/notes", ["một"])


async def test_a_form_with_a_mistake_may_be_sent_again(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/notes")
    once = visitor.once
    assert (await visitor.post("/desk/notes", action="fly", once=once)).status == 400
    assert (await visitor.post("/desk/notes", action="add", note="x", once=once)).status == 303


async def test_the_same_404_for_what_is_not_there_and_what_is_not_yours(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    missing, forbidden = await visitor.get("/desk/nothing"), await visitor.get("/desk/leads")
    assert missing.status == forbidden.status == 404
    assert missing.text.replace("/desk/nothing", "") == forbidden.text.replace("/desk/leads", "")


async def test_dangerous_acts_want_a_new_proof(place: DeskPlace, notes: Notes) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/notes")
    assert (await visitor.post("/desk/danger", action="add", note="1")).status == 303
    place.engine.clock.advance(16 * 60)
    kept = await visitor.post("/desk/danger", action="add", note="mạnh")
    assert (kept.status, "mạnh" in kept.text, "/desk/prove" in kept.text) == (403, True, True)
    await visitor.get("/desk/prove")
    before = visitor.cookie()
    assert (await visitor.post("/desk/prove", password="wrong")).status == 401
    assert (await visitor.post("/desk/prove", password="ba con trâu đen")).status == 303
    assert visitor.cookie() != before, "a new id"
    await visitor.get("/desk/notes")
    assert (await visitor.post("/desk/danger", action="add", note="2")).status == 303
    assert notes.notes == ["1", "2"]


async def test_a_fault_is_told_by_a_number_and_no_more(place: DeskPlace, capsys: pytest.CaptureFixture[str]) -> None:
    visitor = await place.signed_in()
    answered = await visitor.get("/desk/broken")
    logged = capsys.readouterr().out
    assert answered.status == 500
    assert "Số tra cứu lỗi" in answered.text
    assert "0912345678" not in answered.text + logged
    reference = answered.text.partition('class="code">')[2][:8]
    assert f"reference={reference}" in logged


async def test_pages_as_json(place: DeskPlace, notes: Notes) -> None:
    visitor = await place.signed_in()
    notes.notes.append("một")
    visitor.headers["Accept"] = "application/json"
    assert (await visitor.get("/desk/notes")).text == '{"notes":["một"]}'
    missing = await visitor.get("/desk/leads")
    assert (missing.status, missing.text) == (
        404,
        '{"error":"missing","message":"Không tìm thấy trang hoặc mục này."}',
    )


async def test_too_much_is_refused(place: DeskPlace, notes: Notes) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/notes")
    assert (await visitor.post("/desk/notes", action="add", note="x" * 300_000)).status == 413
    assert notes.notes == []


async def test_english(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/profile")
    assert (
        await visitor.post("/desk/language", language="en", next="/desk/profile?a=1")
    ).location == "/desk/profile?a=1"
    assert "My account" in (await visitor.get("/desk/profile")).text


async def test_the_log_is_one_chain(place: DeskPlace) -> None:
    visitor = await place.signed_in()
    await visitor.get("/desk/profile")
    await place.parts.book.record(AuditEntry(at=place.engine.clock.now(), who="an", action="viewed"))
    assert (await place.parts.book.check_log()).broken_at is None
    assert len(await place.parts.book.log(AuditWish())) == 3


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, Listing(page=1, size=50, sort="due")),
        ({"page": "-5", "size": "1000000", "sort": "junk"}, Listing(page=1, size=50, sort="due")),
        ({"page": "3", "size": "20", "sort": "sent"}, Listing(page=3, size=20, sort="sent")),
        ({"page": "9" * 18, "size": "-1", "sort": "'"}, Listing(page=10_000, size=50, sort="due")),
        ({"page": "٣", "size": "1e3"}, Listing(page=1, size=50, sort="due")),
    ],
)
def test_nonsense_in_a_query_is_the_first_page(query: dict[str, str], wanted: Listing) -> None:
    assert listing(query, ("due", "sent")) == wanted


@pytest.mark.parametrize(
    ("text", "number"),
    [("9223372036854775807", (1 << 63) - 1), ("9223372036854775808", 0), ("-9" + "9" * 18, 0), ("1" * 20, 0)],
)
def test_a_number_is_one_that_the_store_keeps(text: str, number: int) -> None:
    assert whole(text, 0) == number


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "1999-12-31", "2026-02-30", "junk", ""])
def test_a_day_is_one_that_can_be_counted_with(text: str) -> None:
    assert day(text) is None


def test_what_a_form_holds() -> None:
    form = Form({"a": [" x\r\ny\x07 "], "n": ["12"], "bad": ["1.5"], "many": ["1", "2"]})
    assert (form.text("a"), form.text("a", 1), form.text("none")) == ("x\ny", "x", "")
    assert (form.number("n"), form.number("bad", 7), form.choice("n", ("12",)), form.choice("n", ("x",))) == (
        12,
        7,
        "12",
        "",
    )
    assert (form.many("many"), form.is_set("a"), form.is_set("none")) == (("1", "2"), True, False)
