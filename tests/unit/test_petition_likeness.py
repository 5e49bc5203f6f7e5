"""Duplicates, the ladder for abuse, and what no public text holds."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import VIETNAM
from bot.officers import OfficerRole
from bot.petitions.abuse import Mute, MuteStep, confirmation_refused, mute, muted_until, next_step
from bot.petitions.duplicates import distance, perhaps_same, sent_before
from bot.petitions.record import Petition, PetitionState, Place
from bot.petitions.redaction import suggested_public_text
from tests.unit.petition_samples import HEAD, NOW, RECEPTION, RECEPTIONIST, TEXT, officer, petition

S = PetitionState
HERE = Place(ward="Võ Cường", latitude=21.18, longitude=106.06)
METRE = 1 / 111_195


def near(metres: float) -> Place:
    return Place(ward="Kinh Bắc", latitude=21.18 + metres * METRE, longitude=106.06)


@pytest.mark.parametrize(
    ("text", "hours", "state", "found"),
    [
        pytest.param(TEXT, 1, S.RECEIVED, True, id="the same text"),
        pytest.param(
            "Den duong truoc nha so 12 Ly Thai To phuong Vo Cuong hong da 3 ngay",
            1,
            S.RECEIVED,
            True,
            id="without accents",
        ),
        pytest.param(f"{TEXT}, đề nghị sửa", 23, S.IN_PROGRESS, True, id="with a little more"),
        pytest.param(TEXT, 24, S.RECEIVED, False, id="a day later"),
        pytest.param(TEXT, 1, S.ANSWERED, False, id="already answered"),
        pytest.param("Rác không được thu gom ở chợ Nhớn cả tuần nay", 1, S.RECEIVED, False, id="another matter"),
    ],
)
def test_sent_before(text: str, hours: int, state: PetitionState, found: bool) -> None:  # noqa: FBT001 - a row of the table
    own = [petition(state, sent_at=NOW - timedelta(hours=hours))]
    assert (sent_before(text, own, NOW) is not None) == found


OTHER = petition(code="PA26005308", place=near(50), text="Đèn đường Lý Thái Tổ phường Võ Cường hỏng mấy ngày")


@pytest.mark.parametrize(
    ("own", "other", "found"),
    [
        pytest.param(petition(place=HERE), OTHER, True, id="near and alike"),
        pytest.param(petition(place=HERE), replace(OTHER, place=near(290)), True, id="lamps stretch"),
        pytest.param(petition(place=HERE), replace(OTHER, place=near(310)), False, id="too far"),
        pytest.param(
            petition(place=HERE, category="MT"),
            replace(OTHER, category="MT", place=near(110)),
            False,
            id="rubbish does not stretch",
        ),
        pytest.param(petition(place=HERE), replace(OTHER, place=Place(ward="Võ Cường")), True, id="the same ward"),
        pytest.param(petition(place=Place()), replace(OTHER, place=Place()), False, id="nobody knows where"),
        pytest.param(petition(place=HERE), replace(OTHER, category="GT"), False, id="another field"),
        pytest.param(petition(place=HERE), replace(OTHER, state=S.CLOSED), False, id="closed"),
        pytest.param(petition(place=HERE), replace(OTHER, sent_at=NOW - timedelta(days=14)), False, id="long ago"),
        pytest.param(
            petition(place=HERE), replace(OTHER, text="Nước máy đục cả tuần, không dùng được"), False, id="not alike"
        ),
        pytest.param(petition(place=HERE), petition(place=HERE), False, id="itself"),
    ],
)
def test_perhaps_same(own: Petition, other: Petition, found: bool) -> None:  # noqa: FBT001 - a row of the table
    assert bool(perhaps_same(own, [other], NOW)) == found


def test_the_likest_first() -> None:
    same = replace(OTHER, code="PA26005309", text=TEXT)
    assert [likely.petition.code for likely in perhaps_same(petition(place=HERE), [OTHER, same], NOW)] == [
        same.code,
        OTHER.code,
    ]


def test_distance() -> None:
    assert distance(HERE, near(100)) == pytest.approx(100, rel=0.001)
    assert distance(HERE, Place(ward="Võ Cường")) is None


ADMINISTRATOR = officer(OfficerRole.ADMINISTRATOR, RECEPTION, 31)
REASON = "Gửi 30 phản ánh bịa đặt trong một ngày"


def given(*steps: MuteStep) -> list[Mute]:
    return [
        Mute(
            person=b"p",
            step=step,
            reason=REASON,
            given_by=1,
            given_at=NOW - timedelta(days=40),
            until=NOW - timedelta(days=9),
            confirmed_by=2,
        )
        for step in steps
    ]


@pytest.mark.parametrize(
    ("before", "step", "until"),
    [
        ([], MuteStep.WARNING, NOW),
        (given(MuteStep.WARNING), MuteStep.DAY, datetime(2026, 6, 11, 23, 59, 59, tzinfo=VIETNAM)),
        (given(MuteStep.WARNING, MuteStep.DAY), MuteStep.WEEK, datetime(2026, 6, 17, 23, 59, 59, tzinfo=VIETNAM)),
    ],
)
def test_the_ladder(before: list[Mute], step: MuteStep, until: datetime) -> None:
    new = mute(b"p", before, RECEPTIONIST, REASON, NOW)
    assert isinstance(new, Mute)
    assert (new.step, new.until, new.given_by) == (step, until, RECEPTIONIST.officer)
    assert muted_until([*before, new], NOW) == (None if step is MuteStep.WARNING else until)


def test_the_last_rung_needs_two_administrators() -> None:
    before = given(MuteStep.WARNING, MuteStep.DAY, MuteStep.WEEK)
    assert mute(b"p", before, HEAD, REASON, NOW) == "not_allowed"
    month = mute(b"p", before, ADMINISTRATOR, REASON, NOW)
    assert isinstance(month, Mute)
    assert muted_until([month], NOW) is None
    assert confirmation_refused(month, HEAD) == "not_allowed"
    assert confirmation_refused(month, ADMINISTRATOR) == "another_must_confirm"
    other = officer(OfficerRole.ADMINISTRATOR, RECEPTION, 32)
    assert confirmation_refused(month, other) == ""
    assert muted_until([replace(month, confirmed_by=32)], NOW) == datetime(2026, 7, 10, 23, 59, 59, tzinfo=VIETNAM)


def test_what_was_lifted_or_is_a_year_old_does_not_count() -> None:
    old = replace(given(MuteStep.WEEK)[0], given_at=NOW - timedelta(days=366))
    lifted = replace(given(MuteStep.WEEK)[0], lifted_at=NOW, until=NOW + timedelta(days=3))
    assert next_step([old, lifted], NOW) is MuteStep.WARNING
    assert muted_until([lifted], NOW) is None


def test_no_step_without_a_reason() -> None:
    assert mute(b"p", [], RECEPTIONIST, "spam", NOW) == "reason_too_short"
    assert mute(b"p", [], officer(OfficerRole.OFFICER, RECEPTION), REASON, NOW) == "not_allowed"


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Gọi tôi 0912345678 nhé", "Gọi tôi [đã ẩn số điện thoại] nhé"),
        ("Lũ ăn hại, rác không thu", "L* ** ***, rác không thu"),
        ("Xe của Tèo Văn đỗ bậy", "Xe của T** *** đỗ bậy"),
        ("Không có gì phải che", "Không có gì phải che"),
    ],
)
def test_suggested_public_text(text: str, public: str) -> None:
    assert suggested_public_text(text, ["tèo văn"]) == public
