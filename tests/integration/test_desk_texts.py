"""Templates of messages at the desk: edited by one, approved by another, then sent; wrong ones never."""

from collections.abc import AsyncIterator

import pytest

from bot.intent import Reply
from bot.logs import get_log
from bot.model import ChannelName, Language, Office
from bot.officers import OfficerRole
from bot.render import Renderer, shipped_sources
from bot.render_style import Style
from bot.render_values import of_office
from bot.text_checks import problem_of
from bot.text_refresh import TextRefresh
from bot.understanding.keywords import BUILT
from tests.contract.store_engines import SqliteEngine
from tests.petition_desk import Reception, reception

PAGE = "/desk/templates/vi/sms/lk.notfound"
NEW = "Chua tim thay ho so {{ code }}. Moi Ong/Ba xem lai ma."
KNOWN = frozenset(of_office(Office(), BUILT, Style(sms=True, language=Language.VIETNAMESE)))


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


def said(office: Reception) -> str:
    renderer = office.place.parts._renderer
    return renderer.render(Reply("lk.notfound", {"code": "H05.12-260610-0001"}), Language.VIETNAMESE, ChannelName.SMS)


async def test_written_by_one_approved_by_another_restored(office: Reception) -> None:
    first, second = await office.place.signed_in("an"), await office.place.signed_in("binh")
    before = said(office)
    assert "160" in (await first.get(PAGE)).text
    assert (await first.post(PAGE, action="save", version=0, source=NEW)).status == 303
    assert "Chờ duyệt" in (await first.get("/desk/templates?search=lk.not")).text
    await first.get(PAGE)
    assert (await first.post(PAGE, action="approve", version=1)).status == 422
    assert said(office) == before
    await second.get(PAGE)
    assert (await second.post(PAGE, action="approve", version=1)).status == 303
    assert said(office) == "Chua tim thay ho so H05.12-260610-0001. Moi Ong/Ba xem lai ma."
    elsewhere, renderer = TextRefresh(office.petitions.master, get_log()), Renderer(Office(), BUILT)
    elsewhere.serve(renderer)
    await elsewhere.look()
    assert said(office) == renderer.render(
        Reply("lk.notfound", {"code": "H05.12-260610-0001"}), Language.VIETNAMESE, ChannelName.SMS
    )
    await first.get(PAGE)
    assert (await first.post(PAGE, action="save", version=1, source=NEW)).status == 409
    assert (await first.post(PAGE, action="restore", version=2)).status == 303
    assert said(office) == before
    log = await office.place.engine.rows("SELECT who FROM audit WHERE subject = 'text vi/sms/lk.notfound.j2'")
    assert [row[0] for row in log] == ["an", "binh", "an"]


async def test_typing_shows_what_it_becomes(office: Reception) -> None:
    admin = await office.place.signed_in("an")
    await admin.get(PAGE)
    shown = await admin.post(PAGE, action="preview", source=NEW, once=None)
    assert "Chua tim thay ho so H05.12-260610-0001." in shown.text


@pytest.mark.parametrize("role", [OfficerRole.LEAD, OfficerRole.OFFICER, OfficerRole.OPERATOR, OfficerRole.AUDITOR])
async def test_only_administrators(office: Reception, role: OfficerRole) -> None:
    visitor = await office.visitor("khac", role, office.ward)
    assert (await visitor.get(PAGE)).status == 404
    assert (await visitor.post(PAGE, action="save", version=0, source=NEW)).status == 404


def test_what_ships_is_allowed() -> None:
    trying = Renderer(Office(), BUILT)
    problems = {file: problem_of(file, source, KNOWN, trying) for file, source in shipped_sources().items()}
    assert {file: problem for file, problem in problems.items() if problem} == {}


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("", "too_long"),
        ("x" * 4001, "too_long"),
        ("{% if %}", "syntax"),
        ("{{ secret }}", "unknown_field"),
        ("Chưa tìm thấy", "not_gsm"),
        ("a" * 161, "too_many_characters"),
        ("{{ code }} " + "a" * 140, "too_many_characters"),
        ("{{ ''.__class__ }}", "forbidden"),
        ("{{ code.__class__.__mro__ }}", "forbidden"),
        ("{{ 'a' * 999999999 }}", "forbidden"),
        ("{{ '%99999999d' % 1 }}", "forbidden"),
        ("{% set code = code ~ code %}{{ code }}", "forbidden"),
        ("{% set a = 'x' %}{% set b = a ~ a %}{% set a = b ~ b %}{{ a }}", "forbidden"),
        ("{% for a in text %}{% for b in text %}x{% endfor %}{% endfor %}", "forbidden"),
        ("{% for a in range(9999999) %}x{% endfor %}", "forbidden"),
        ("{% include code %}", "forbidden"),
        ("{% macro a() %}{% endmacro %}", "forbidden"),
        ("{{ code|attr('x') }}", "forbidden"),
        ("{{ count + 'a' }}", "fails"),
    ],
)
def test_a_wrong_text_is_refused_with_the_reason(source: str, word: str) -> None:
    found = problem_of("vi/sms/lk.notfound.j2", source, KNOWN, Renderer(Office(), BUILT))
    assert found is not None
    assert found.word == word, found


def test_an_edit_that_fails_gives_way_to_what_ships() -> None:
    renderer = Renderer(Office(), BUILT)
    reply = Reply("lk.notfound", {"code": "H05.12-260610-0001"})
    shipped = renderer.render(reply, Language.VIETNAMESE, ChannelName.SMS)
    renderer.edit({"vi/sms/lk.notfound.j2": "{{ count + 'a' }}"})
    assert renderer.render(reply, Language.VIETNAMESE, ChannelName.SMS) == shipped
