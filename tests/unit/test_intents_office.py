"""When, where and under which number an office is reached: the day asked for, the agency named, what is not known."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.calendar import WorkingCalendar
from bot.clock import VIETNAM
from bot.intent import Ask
from bot.intents import decide
from bot.model import AgencyContact, Office
from bot.understanding.pending import answer_to
from bot.wishes import OfficeFacet, OfficeQuestion
from dossier_client.mending import CodesInText
from tests.unit.worlds import world

OFFICE = Office(
    agencies={
        "H05.15": AgencyContact(
            address="Số 1 đường Mẫu", phone="0222.3811111", hours="08:00-12:00", saturday_hours="08:00-11:00"
        )
    }
)
WEDNESDAY, TUESDAY_OFF, EVE = "25/11/2026 09:00", "24/11/2026 09:00", "31/12/2026 18:00"


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


async def said(text: str, facet: OfficeFacet, now: str, office: Office = OFFICE) -> tuple[str, dict[str, Any]]:
    there = world(now=at(now), office=office)
    outcome = await decide(OfficeQuestion(facet, text), replace(there, calendar=WorkingCalendar()))
    (reply,) = outcome.replies
    return reply.template, reply.values


@dataclass(frozen=True)
class Case:
    label: str
    text: str
    now: str
    values: dict[str, Any]
    absent: tuple[str, ...] = field(default=())


HOURS = [
    Case("open now", "mấy giờ làm việc", WEDNESDAY, {"closes_at": at("25/11/2026 11:30")}, ("opens_at", "on")),
    Case(
        "lunch", "bây giờ có làm không", "25/11/2026 12:00", {"opens_at": at("25/11/2026 13:30"), "opens_today": True}
    ),
    Case("evening", "mấy giờ mở cửa", "25/11/2026 18:00", {"opens_at": at("26/11/2026 07:30"), "opens_today": False}),
    Case("tomorrow", "mai có làm không", WEDNESDAY, {"on": date(2026, 11, 26), "holiday": ""}, ("opens_at",)),
    Case(
        "Saturday",
        "thứ bảy có làm không",
        WEDNESDAY,
        {"on": date(2026, 11, 28), "hours": "", "opens_at": at("30/11/2026 07:30")},
    ),
    Case(
        "today is a holiday",
        "hôm nay có làm việc không",
        TUESDAY_OFF,
        {"on": date(2026, 11, 24), "holiday": "Ngày Văn hóa Việt Nam", "opens_at": at("25/11/2026 07:30")},
    ),
    Case(
        "tomorrow is a holiday, over the year's end",
        "mai có làm không",
        EVE,
        {"on": date(2027, 1, 1), "holiday": "Tết Dương lịch", "opens_at": at("04/01/2027 07:30")},
    ),
    Case(
        "Tết",
        "tết nghỉ đến hôm nào",
        WEDNESDAY,
        {
            "first_off": date(2027, 2, 4),
            "last_off": date(2027, 2, 10),
            "unconfirmed": True,
            "opens_at": at("11/02/2027 07:30"),
        },
    ),
    Case("a make-up Saturday", "22/8 có làm không", "20/08/2026 09:00", {"on": date(2026, 8, 22), "holiday": ""}),
    Case("no holiday is known", "lịch nghỉ lễ", "25/11/2030 09:00", {"closes_at": at("25/11/2030 11:30")}),
    Case(
        "its own hours", "sở tư pháp mấy giờ làm", WEDNESDAY, {"hours": "08:00-12:00", "saturday_hours": "08:00-11:00"}
    ),
    Case(
        "its own Saturday", "sở tư pháp thứ 7 có làm ko", WEDNESDAY, {"on": date(2026, 11, 28), "hours": "08:00-11:00"}
    ),
]


@pytest.mark.parametrize("case", HOURS, ids=lambda case: case.label)
async def test_hours(case: Case) -> None:
    template, values = await said(case.text, OfficeFacet.HOURS, case.now)
    assert template == "office.hours"
    assert {name: values.get(name) for name in case.values} == case.values
    assert not [name for name in case.absent if values.get(name)]


@pytest.mark.parametrize(
    ("facet", "text", "template", "values"),
    [
        pytest.param(
            OfficeFacet.ADDRESS, "sở tư pháp ở đâu", "office.address", {"address": "Số 1 đường Mẫu"}, id="known"
        ),
        pytest.param(
            OfficeFacet.ADDRESS,
            "phường Võ Cường ở đâu",
            "office.address",
            {"address": "", "agency_name": "UBND phường Võ Cường"},
            id="not known",
        ),
        pytest.param(
            OfficeFacet.HOTLINE,
            "sdt so tu phap",
            "office.hotline",
            {"own_phone": True, "hotline": "0222.3811111"},
            id="its own number",
        ),
        pytest.param(
            OfficeFacet.HOTLINE,
            "sdt so y te",
            "office.hotline",
            {"own_phone": False, "hotline": "0222.3822222"},
            id="the number of the province",
        ),
        pytest.param(
            OfficeFacet.HOTLINE,
            "cho xin hotline",
            "office.hotline",
            {"own_phone": True, "hotline": "0222.3822222", "agency_short": "TT PVHCC tinh"},
            id="nobody named",
        ),
        pytest.param(
            OfficeFacet.ADDRESS,
            "sở kế hoạch đầu tư ở đâu",
            "office.address",
            {"former": True, "agency_name": "Sở Tài chính"},
            id="merged",
        ),
        pytest.param(OfficeFacet.ADDRESS, "công an phường ở đâu", "office.elsewhere", {}, id="another body"),
    ],
)
async def test_where_and_under_which_number(
    facet: OfficeFacet, text: str, template: str, values: dict[str, Any]
) -> None:
    found, given = await said(text, facet, WEDNESDAY)
    assert found == template
    assert {name: given.get(name) for name in values} == values


async def test_which_one_is_asked_and_the_number_answers() -> None:
    outcome = await decide(
        OfficeQuestion(OfficeFacet.HOURS, "huyện Yên Phong thứ bảy có làm không"), world(office=OFFICE)
    )
    (reply,) = outcome.replies
    assert reply.template == "office.which"
    assert reply.values["offices"][0][0] == "UBND xã Yên Phong"
    (asked,) = [write for write in outcome.writes if isinstance(write, Ask)]
    chosen = answer_to(asked.question, "2", lambda _: CodesInText())
    assert isinstance(chosen, OfficeQuestion)
    assert chosen.agency == asked.question.options[1]
    again = await decide(chosen, world(office=OFFICE))
    assert again.replies[0].template == "office.hours"
    assert again.replies[0].values["agency_name"] == reply.values["offices"][1][0]
    assert again.replies[0].values["on"].weekday() == 5
