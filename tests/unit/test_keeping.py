"""What is kept of a dossier between two look-ups."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dossier_client.keeping import Keeper
from dossier_client.models import Apology, Dossier, Fee, Found, Procedure, Status
from tests.contract.test_upstream_onestop import BARE, READ
from tests.contract.upstreams import NOW

OPEN_TO_ALL = replace(
    READ,
    procedure=Procedure(id="2.000815", name="Chứng thực bản sao"),
    applicant=None,
    contact_phones=frozenset(),
    fee=None,
    missing_papers=(),
    reason=None,
    apology=None,
)
PERSONAL = (
    "Nguyễn Văn Mẫu",
    "84912345678",
    "912345679",
    "Giấy khai sinh",
    "Thiếu giấy",
    "50000",
    "Quá tải",
    "pay.example",
)


def kept(dossier: Dossier) -> tuple[Found, bool]:
    keeper = Keeper()
    return keeper.unpack(keeper.pack(Found(dossier, NOW, "one")))


@pytest.mark.parametrize(
    "dossier", [BARE, replace(OPEN_TO_ALL, handled_by=""), replace(BARE, status=None, status_text="Chờ ký số")]
)
def test_what_anyone_may_see_comes_back(dossier: Dossier) -> None:
    assert kept(dossier) == (Found(dossier, NOW, "one"), False)


def test_times_come_back_to_the_microsecond() -> None:
    at = datetime(2026, 11, 25, 3, 4, 5, 678901, tzinfo=UTC)
    found, _ = kept(replace(BARE, due_at=at))
    assert found.dossier.due_at == at


def test_what_only_the_person_may_know_is_not_kept() -> None:
    packed = Keeper().pack(Found(READ, NOW, "one")).decode()
    assert not [word for word in (*PERSONAL, READ.procedure.name, READ.procedure.id) if word in packed]
    found, _ = kept(READ)
    assert not [word for word in PERSONAL if word in repr(found)]
    assert found.dossier.procedure == Procedure(sensitive=True)


def test_phones_are_recognised_but_not_read() -> None:
    found, _ = kept(READ)
    phones = found.dossier.contact_phones
    assert "84912345678" in phones
    assert "84912345670" not in phones
    assert None not in phones
    assert "key" not in repr(phones)


def test_another_process_has_another_key() -> None:
    one, other = Keeper(), Keeper()
    found, _ = other.unpack(one.pack(Found(READ, NOW, "one")))
    assert "84912345678" not in found.dossier.contact_phones


@pytest.mark.parametrize(
    ("change", "tells_more"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({"applicant": "Nguyễn Văn Mẫu"}, False, id="a name is told to nobody"),
        pytest.param({"fee": Fee(amount=50_000, paid=True)}, False, id="paid"),
        pytest.param({"fee": Fee(amount=50_000)}, True, id="a fee due"),
        pytest.param({"reason": "Thiếu chữ ký", "status": Status.NOT_ACCEPTED}, True, id="a reason"),
        pytest.param({"missing_papers": ("CCCD",)}, True, id="papers"),
        pytest.param({"apology": Apology()}, True, id="an apology"),
        pytest.param({"procedure": Procedure(id="1.004222", sensitive=True)}, True, id="a sensitive procedure"),
    ],
)
def test_whether_the_source_would_tell_more(change: dict[str, Any], *, tells_more: bool) -> None:
    assert kept(replace(BARE, **change))[1] is tells_more
