"""The invented year of the demo: its figures, its order in time, what its texts hold."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from bot.clock import VIETNAM
from bot.model import Address
from bot.officers import OfficerRole
from bot.petitions.categories import shipped_categories
from bot.petitions.record import OPEN, Confidentiality, Petition, PetitionState
from bot.petitions.redaction import personal_in_public
from bot.sample import texts
from bot.sample.lives import Life
from bot.sample.world import WARDS, agencies, officers
from bot.sample.year import STANDS, Year

END = datetime(2026, 11, 25, 16, 0, tzinfo=VIETNAM)


def person_of(address: Address) -> bytes:
    return address.id.encode()


@cache
def lives() -> list[Life]:
    return Year(END, person_of).lives()


def petitions() -> list[Petition]:
    return [life.walk.petition for life in lives()]


def test_the_figures_balance() -> None:
    stands = Counter(petition.state for petition in petitions())
    assert stands == STANDS
    assert set(stands) == set(PetitionState)
    assert sum(stands.values()) == 544
    assert 544 - sum(stands[state] for state in (*OPEN, PetitionState.MERGED)) == 367


def test_another_day_has_another_year_of_the_same_figures() -> None:
    sunday = datetime(2027, 2, 7, 3, 0, tzinfo=VIETNAM)
    found = [life.walk.petition for life in Year(sunday, person_of).lives()]
    assert Counter(petition.state for petition in found) == STANDS


def test_everything_happened_within_the_year_and_in_order() -> None:
    for life in lives():
        times = [change.event.at for change in life.walk.changes]
        assert END - timedelta(days=370) < times[0]
        assert times[-1] <= END
        assert all(before <= after for before, after in pairwise(times))


@pytest.mark.parametrize(
    "name",
    [
        *("return_to_reception", "ask_citizen", "add_information", "extend", "tell_late", "return_proposal", "merge"),
        *("rated", "reopen", "forward", "reject", "withdraw", "mark_spam", "release", "add_note", "close"),
    ],
)
def test_each_step_is_taken_by_several(name: str) -> None:
    steps = Counter(change.event.name for life in lives() for change in life.walk.changes)
    assert steps[name] >= 3, steps


def test_all_kinds_are_there() -> None:
    found = petitions()
    assert {petition.category for petition in found} == set(shipped_categories())
    assert {petition.place.ward for petition in found} == {ward.name for ward in WARDS}
    assert {petition.confidentiality for petition in found} == set(Confidentiality)
    assert len({petition.agency for petition in found if petition.agency}) > len(agencies()) * 0.8
    late = [item for item in found if item.state in OPEN and item.answer_due < END and not item.paused_at]
    assert len(late) >= 8
    assert sum(item.released_at is not None for item in found) >= 80
    assert sum(item.reopenings > 0 for item in found) >= 8
    assert sum(item.score is not None for item in found) >= 80


def test_texts_are_of_many_kinds_and_public_ones_tell_nobody() -> None:
    found = petitions()
    assert len({item.text for item in found}) > 500
    assert all(not personal_in_public(item.public_text) for item in found)
    assert any("[đã ẩn số điện thoại]" in item.public_text for item in found)


@pytest.mark.parametrize("category", shipped_categories())
def test_a_summary_fits_an_sms(category: str) -> None:
    for matter in texts.matters()[category]:
        assert matter.summary.isascii()
        assert len(matter.summary) <= 36


def test_there_is_an_officer_of_every_role() -> None:
    assert {officer.role for officer in officers()} == set(OfficerRole)
    assert len({officer.user_name for officer in officers()}) == len(officers())
    assert [officer.id for officer in officers()] == list(range(1, len(officers()) + 1))
