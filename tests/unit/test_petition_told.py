"""What people are told of each step: in both languages, on the phone in one segment, with what it has to say."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.petitions.record import PetitionState
from bot.petitions.telling import values_of
from bot.petitions.transitions import TABLE
from bot.render import Renderer
from bot.understanding.keywords import BUILT
from tests.unit.petition_samples import ANSWER, NOW, WARD, around, petition

S = PetitionState
RENDERER = Renderer(Office(), BUILT)
TOLD = sorted({row.told for row in TABLE if row.told})
FULL = petition(
    S.NEED_INFO,
    question="Cột đèn số mấy",
    answer=ANSWER,
    summary="Da thay bong den, kiem tra ca tuyen",
    score=5,
    closed_at=NOW,
    closed_because="not_ours",
    reopen_until=NOW,
    case="PA26005308",
    forwarded_to="Bộ Công an",
    forwarded_number="BCA-2026-77",
)


@pytest.mark.parametrize(("template", "language"), list(product(TOLD, Language)))
def test_rendered(template: str, language: Language) -> None:
    values = dict(values_of(FULL, around(), reason="Chờ vật tư thay thế từ nhà cung cấp"))
    texts = {
        channel: RENDERER.render(Reply(template, values), language, channel)
        for channel in (ChannelName.SMS, ChannelName.ZALO)
    }
    assert len(texts[ChannelName.SMS]) <= 160
    for text in texts.values():
        assert template in {"pa.disagreed", "rate.thanks"} or FULL.code in text
        assert "None" not in text


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("pa.receipt", "12/06/2026"),
        ("pa.st.assigned", "UBND phường Võ Cường"),
        ("pa.st.needinfo", "Cột đèn số mấy"),
        ("pa.st.needinfo", "17/06/2026"),
        ("pa.st.extended", "Chờ vật tư"),
        ("pa.st.answered", ANSWER),
        ("pa.st.forwarded", "Bộ Công an"),
        ("pa.st.forwarded", "BCA-2026-77"),
        ("pa.st.merged", "PA26005308"),
        ("pa.st.closed", "10/06/2026"),
        ("pa.st.late", "12/06/2026"),
        ("pa.reopen_no", "10/06/2026"),
    ],
)
def test_said_in_chat(template: str, said: str) -> None:
    values = dict(values_of(FULL, around(), reason="Chờ vật tư"))
    assert said in RENDERER.render(Reply(template, values), Language.VIETNAMESE, ChannelName.ZALO)


def test_dates_are_those_of_vietnam_and_of_the_record() -> None:
    late_evening = replace(petition(agency=WARD), answer_due=NOW.replace(hour=23, minute=30))
    assert values_of(late_evening, around())["due_on"] == date(2026, 6, 10)


def test_the_reception_office_stands_in_while_no_agency_has_it() -> None:
    assert values_of(petition(), around())["agency"] == "Trung tâm Phục vụ hành chính công"
