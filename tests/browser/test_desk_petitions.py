"""Petitions at the desk in a real browser: the inbox and one petition at both sizes, and the whole work by keyboard."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.intent import KeepRating, RatingSubject
from bot.officers import OfficerRole
from bot.petitions.record import Petition, PetitionState, Place
from dossier_client.models import Dossier, Status, Unit
from tests.browser.conftest import SIZES, Open, check
from tests.browser.test_desk import sign_in
from tests.contract.store_engines import SqliteEngine, text
from tests.contract.store_petitions import does
from tests.petition_desk import Reception, reception
from tests.unit.worlds import Systems

pytestmark = pytest.mark.asyncio(loop_scope="module")
ANSWER = "Phường đã thay bóng đèn mới và kiểm tra cả tuyến đường trong sáng nay."
LATE = Dossier(
    code="H05.12-260601-0001",
    status=Status.IN_PROCESS,
    status_text="Đang xử lý",
    unit=Unit(code="H05.12", name="UBND phường Võ Cường", phone="0222.3822111"),
    received_at=datetime(2026, 6, 1, 2, 0, tzinfo=UTC),
    due_at=datetime(2026, 6, 8, 2, 0, tzinfo=UTC),
)
MATTERS = [
    ("Rác đổ tràn ra lối đi chung của cả ngõ mấy hôm nay rồi, mùi rất khó chịu", "MT", "Võ Cường"),
    ("Ổ gà lớn trước cổng trường tiểu học, xe máy ngã hai lần trong tuần", "GT", "Kinh Bắc"),
    ("Cống tắc, mưa là ngập vào nhà dân cả dãy phố", "DN", "Võ Cường"),
    ("Quán hát loa kéo sau 22 giờ tối nào cũng ồn", "MT", "Võ Cường"),
    ("Nộp hồ sơ đất đã hai tháng chưa có kết quả, hỏi thì hẹn mãi", "DD", "Kinh Bắc"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Reception, Petition]]:
    """With one petition that an officer of a ward works on."""
    engine = SqliteEngine(tmp_path_factory.mktemp("desk"))
    async with reception(engine, Systems(LATE)) as found:
        for words, _, ward in MATTERS:
            await found.sent(text=words, place=Place(ward=ward))
        await found.visitor("quan", OfficerRole.ADMINISTRATOR, found.reception)
        petition, _ = await found.given(place=Place(ward="Võ Cường", text="trước nhà số 12 Lý Thái Tổ"))
        await found.visitor("lanh", OfficerRole.LEAD, found.ward)
        await rated(found)
        yield found, petition
    await engine.close()


async def rated(office: Reception) -> None:
    """Enough ratings of the ward that some of them are shown, with officers, a counter and comments."""
    comments = {1: "Chờ lâu quá, gọi 0912345678 không ai nghe", 2: "Hướng dẫn chưa rõ", 5: "Nhanh gọn, thân thiện"}
    for number in range(36):
        score = (5, 5, 4, 3, 2, 1)[number % 6]
        is_counter = number >= 24
        kept = KeepRating(
            subject=RatingSubject.COUNTER if is_counter else RatingSubject.DOSSIER,
            reference="3" if is_counter else f"H05.12-260610-{number:04}",
            agency=office.ward,
            score=score,
            note=comments.get(score, ""),
            handled_by="" if is_counter else f"CB08{number % 2}",
        )
        now = office.place.engine.clock.now()
        await does(office.store, text(f"rating {number}", sender=number, at=now), kept)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("desk-petitions", "tiep"),
        ("desk-petition", "can"),
        ("desk-sheet", "can"),
        ("desk-conversations", "tiep"),
        ("desk-assignments", "tiep"),
        ("desk-settings", "quan"),
        ("desk-ratings", "lanh"),
        ("desk-dossiers", "tiep"),
        ("desk-mutes", "tiep"),
        ("desk-new-petition", "tiep"),
        ("desk-texts", "quan"),
        ("desk-text", "quan"),
    ],
)
async def test_pages_of_petitions(
    office: tuple[Reception, Petition], opened: Open, size: str, scheme: str, name: str, user: str
) -> None:
    desk, petition = office
    path = {
        "desk-petitions": "petitions",
        "desk-petition": f"petitions/{petition.code}",
        "desk-sheet": f"petitions/{petition.code}/print",
        "desk-conversations": "conversations",
        "desk-assignments": "assignments",
        "desk-settings": "settings/categories",
        "desk-ratings": "ratings",
        "desk-dossiers": f"dossiers?code={LATE.code}",
        "desk-mutes": f"mutes?petition={petition.code}",
        "desk-new-petition": "petitions/new",
        "desk-texts": "templates",
        "desk-text": "templates/vi/sms/st.4late",
    }[name]
    async with opened(f"{desk.place.address}/desk/login", size, color_scheme=scheme) as page:
        await sign_in(page, user)
        answered = await page.goto(f"{desk.place.address}/desk/{path}")
        assert answered is not None
        assert answered.status == 200
        await check(page, f"{name}-{size}" if scheme == "light" else "")
        assert len(await page.content()) < 150_000


async def test_an_officer_opens_the_next_answers_and_sends_without_touching_the_mouse(
    office: tuple[Reception, Petition], opened: Open
) -> None:
    desk, _ = office
    petition, _ = await desk.given(text="Nắp cống vỡ ngay ngã tư, chưa ai rào chắn lại cho an toàn")
    await desk.visitor("can", OfficerRole.OFFICER, desk.ward)
    async with opened(f"{desk.place.address}/desk/login", "desk") as page:
        await sign_in(page, "can")
        await page.goto(f"{desk.place.address}/desk/petitions?tab=agency&search=n%E1%BA%AFp+c%E1%BB%91ng")
        await page.keyboard.press("j")
        await expect(page.get_by_role("link", name=petition.code)).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Nội dung trả lời")).to_be_focused()
        await page.keyboard.type(ANSWER)
        await page.keyboard.press("Tab")
        await page.keyboard.type("Da thay nap cong")
        await expect(page.get_by_text("còn 20")).to_be_visible()
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("status").filter(has_text="Đã gửi câu trả lời")).to_be_visible()
    assert (await desk.now(petition.code)).state is PetitionState.ANSWERED


async def test_while_a_template_is_typed_its_length_is_shown(office: tuple[Reception, Petition], opened: Open) -> None:
    desk, _ = office
    async with opened(f"{desk.place.address}/desk/login", "desk") as page:
        await sign_in(page, "quan")
        await page.goto(f"{desk.place.address}/desk/templates/vi/sms/lk.notfound")
        source = page.get_by_label("Nội dung mẫu")
        await source.fill("Chua thay {{ code }}.")
        await expect(page.get_by_text("Chua thay H05.12-260610-0001.")).to_be_visible()
        await expect(page.get_by_text("29/160", exact=True)).to_be_visible()
        await source.fill("Chưa thấy {{ code }}.")
        await expect(page.get_by_text("hãy bỏ các ký tự: ưấ")).to_be_visible()
