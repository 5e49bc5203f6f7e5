"""Questions about procedures: eight facets, a choice, another body, nothing found."""

import pytest

from bot.intent import Ask, Reply
from bot.intents import decide
from bot.intents.procedures import procedure_reply
from bot.model import ChannelName, Language, Office
from bot.render import Renderer
from bot.understanding.keywords import BUILT
from bot.understanding.procedures import Match, Procedure, answerable, catalogue
from bot.wishes import ProcedureFacet, ProcedureQuestion
from tests.unit.worlds import A, world

RENDERER = Renderer(Office(), BUILT)
BIRTH = Procedure(
    code="1.001193",
    name="Thủ tục đăng ký khai sinh",
    field="Hộ tịch",
    agency="Cục Hộ tịch, Ủy ban nhân dân xã, phường, thị trấn",
    time_limit=1,
    time_unit="working_day",
    fee_min=0,
    fee_max=0,
    documents=("Tờ khai đăng ký khai sinh", "Giấy chứng sinh"),
    online=True,
)
DEAR = Procedure(
    code="1.000001",
    name="CẤP GIẤY PHÉP KINH DOANH",
    field="",
    agency="",
    time_limit=3,
    time_unit="other",
    fee_min=100_000,
    fee_max=500_000,
    documents=(),
    online=False,
)


def sms(procedure: Procedure, facet: ProcedureFacet, language: Language = Language.VIETNAMESE) -> str:
    return RENDERER.render(procedure_reply(procedure, ProcedureQuestion("x", facet)), language, ChannelName.SMS)


@pytest.mark.parametrize(
    ("facet", "stated", "not_stated"),
    [
        ("documents", "can 2 giay to, gom To khai dang ky khai sinh, Giay chung sinh.", "chua ghi danh muc giay to"),
        ("fee", "khong ghi muc phi, le phi.", "tu 100.000d den 500.000d. Khong chuyen tien cho ca nhan."),
        ("time", "han giai quyet 1 ngay lam viec", "chua ghi thoi han giai quyet."),
        ("where", "nop tai Uy ban nhan dan xa, phuong, thi tran, hoac truc tuyen", "nop tai Bo phan Mot cua."),
        ("how", "nop tai Uy ban nhan dan xa, phuong, thi tran", "nop tai Bo phan Mot cua."),
        ("online", "nop duoc truc tuyen tai dvc.bacninh.gov.vn", "khong ghi la nop duoc truc tuyen."),
        ("form", "mau To khai dang ky khai sinh.", "chua ghi mau don."),
        ("eligibility", "dieu kien xem tai dvc.bacninh.gov.vn, ma thu tuc 1.001193", "ma thu tuc 1.000001"),
    ],
)
def test_what_was_asked_is_answered(facet: str, stated: str, not_stated: str) -> None:
    assert f"Dang ky khai sinh: {stated}" in sms(BIRTH, ProcedureFacet(facet))
    assert sms(DEAR, ProcedureFacet(facet)).startswith("Cap giay phep kinh doanh:")
    assert not_stated in sms(DEAR, ProcedureFacet(facet))


@pytest.mark.parametrize("facet", ProcedureFacet)
@pytest.mark.parametrize("channel", [ChannelName.SMS, ChannelName.ZALO])
def test_no_fee_is_never_called_free_and_no_level_of_service_is_claimed(
    facet: ProcedureFacet, channel: ChannelName
) -> None:
    for language in Language:
        text = RENDERER.render(procedure_reply(BIRTH, ProcedureQuestion("x", facet)), language, channel).lower()
        assert not any(word in text for word in ("mien phi", "miễn phí", "free", "toàn trình", "toan trinh", "0 đ"))


async def test_the_one_that_is_meant() -> None:
    (reply,) = (await decide(ProcedureQuestion("xin giay xac nhan doc than", ProcedureFacet.FEE), world())).replies
    assert reply.template == "proc.fee"
    assert "hôn nhân" in reply.values["procedure"]


async def test_a_choice_carries_what_was_asked() -> None:
    question = "thanh lap cong ty"
    outcome = await decide(ProcedureQuestion(question, ProcedureFacet.TIME), world())
    (write,) = (write for write in outcome.writes if isinstance(write, Ask))
    *codes, facet, text = write.question.options
    assert (write.question.kind, facet, text) == ("choose_procedure", "time", question)
    assert len(codes) == len(outcome.replies[0].values["procedures"]) > 1
    chosen = await decide(ProcedureQuestion(text, ProcedureFacet(facet), codes[1]), world())
    assert chosen.replies[0].template == "proc.time"
    assert chosen.replies[0].values["procedure_code"] == codes[1]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("ly hon nop don o dau", Reply("proc.other_body", {"body": "court"})),
        ("qqq zzz xxx", Reply("proc.none", {})),
    ],
)
async def test_nothing_is_named_that_was_not_found(question: str, reply: Reply) -> None:
    assert (await decide(ProcedureQuestion(question), world())).replies == (reply,)


async def test_a_dossier_beside_the_question_is_answered_first() -> None:
    outcome = await decide(ProcedureQuestion("ly hon nop don o dau", codes=(A,)), world())
    assert [reply.template for reply in outcome.replies] == ["st.4", "proc.other_body"]


@pytest.mark.parametrize(
    ("scores", "count"),
    [
        ((), 0),
        ((0.2,), 0),
        ((0.9,), 1),
        ((0.9, 0.5), 1),
        ((0.9, 0.88, 0.2), 2),
        ((0.4,), 1),
        ((0.4, 0.35, 0.31, 0.3), 3),
    ],
)
def test_how_many_are_spoken_of(scores: tuple[float, ...], count: int) -> None:
    matches = [Match(BIRTH, score) for score in scores]
    assert len(answerable(matches)) == count


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        pytest.param("làm giấy khai sinh", ("1.001193",), id="not again, not on the road"),
        pytest.param("đăng ký kết hôn", ("1.000894",), id="not on the road"),
        pytest.param("đăng ký lại khai sinh", ("1.004884",), id="again"),
    ],
)
def test_variants_of_what_is_asked_do_not_compete(question: str, codes: tuple[str, ...]) -> None:
    assert tuple(match.procedure.code for match in answerable(catalogue().search(question))) == codes


@pytest.mark.parametrize("language", Language)
def test_every_procedure_of_the_catalogue_fits_one_segment(language: Language) -> None:
    for procedure in catalogue().procedures:
        for facet in ProcedureFacet:
            assert len(sms(procedure, facet, language)) <= 160, (procedure.code, facet)


def test_three_choices_can_be_told_apart() -> None:
    names = tuple(one.name for one in catalogue().procedures if "thành lập công ty" in one.name)[:3]
    text = RENDERER.render(Reply("proc.choose", {"procedures": names}), Language.VIETNAMESE, ChannelName.SMS)
    shown = text.removeprefix("Ong/Ba hoi: ").partition(" - ")[0]
    assert len(text) <= 160
    assert len(set(shown.replace("1) ", "|").replace("2) ", "|").replace("3) ", "|").split("|"))) == 4
