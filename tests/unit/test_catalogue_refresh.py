"""The nightly refresh of the procedures: what is published wins, what is not said stays, a fault changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.catalogue import NAME, CatalogueRefresh, together
from bot.clock import FixedClock
from bot.logs import get_log
from bot.understanding import procedures
from bot.understanding.procedures import Procedure
from dossier_client.models import Unavailable
from dossier_client.procedures import ListedProcedure

NIGHT, NOON = datetime(2026, 6, 9, 19, 0, tzinfo=UTC), datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
OWN = Procedure(
    code="1.001193",
    name="Thủ tục đăng ký khai sinh",
    field="Hộ tịch",
    agency="UBND cấp xã",
    time_limit=1,
    time_unit="day",
    fee_min=0,
    fee_max=8_000,
    documents=("Tờ khai",),
    online=True,
)
NEW = ListedProcedure(id="9.000001", name="Cấp thẻ đi xe buýt miễn phí", working_days=3, fee_vnd=0, papers=("Đơn",))


class Published:
    def __init__(self, *listed: ListedProcedure) -> None:
        self.listed: tuple[ListedProcedure, ...] | Unavailable = listed

    async def all(self) -> tuple[ListedProcedure, ...] | Unavailable:
        return self.listed


@pytest.fixture(autouse=True)
def _shipped_again() -> Iterator[None]:
    yield
    procedures.use_shipped()


def refresh_of(folder: Path, published: Published, at: datetime = NIGHT) -> CatalogueRefresh:
    return CatalogueRefresh(folder, published, FixedClock(at), get_log())


def test_what_is_published_wins_and_what_is_not_said_stays() -> None:
    listed = ListedProcedure(id=OWN.code, name="Đăng ký khai sinh", fee_vnd=5_000, is_online=False)
    (known, new) = together((OWN,), (listed, NEW))
    assert (known.name, known.time_limit, known.time_unit) == ("Đăng ký khai sinh", 1, "day")
    assert (known.fee_min, known.fee_max, known.documents, known.online) == (0, 8_000, ("Tờ khai",), False)
    assert (new.code, new.time_limit, new.time_unit, new.documents) == ("9.000001", 3, "working_day", ("Đơn",))
    ((dearer),) = together((OWN,), (ListedProcedure(id=OWN.code, name=OWN.name, fee_vnd=20_000),))
    assert (dearer.fee_min, dearer.fee_max) == (20_000, 20_000)


async def test_a_new_procedure_is_found_also_after_a_restart(tmp_path: Path) -> None:
    assert await refresh_of(tmp_path, Published(NEW)).refresh()
    assert procedures.catalogue().search("thẻ đi xe buýt miễn phí")[0].procedure.code == NEW.id
    procedures.use_shipped()
    await refresh_of(tmp_path, Published()).load()
    assert procedures.catalogue().search("the di xe buyt mien phi")[0].procedure.code == NEW.id
    assert procedures.catalogue().search("làm giấy khai sinh")[0].procedure.code == OWN.code


@pytest.mark.parametrize("listed", [Unavailable("bacninh"), (), (NEW,)], ids=["away", "empty", "mostly gone"])
async def test_a_fault_changes_nothing(tmp_path: Path, listed: tuple[ListedProcedure, ...] | Unavailable) -> None:
    published = Published(*(ListedProcedure(id=f"9.{n}", name=f"Thủ tục {n}") for n in range(9)))
    refresh = refresh_of(tmp_path, published)
    assert await refresh.refresh()
    published.listed = listed
    assert not await refresh.refresh()
    assert any(procedure.code == "9.8" for procedure in procedures.catalogue().procedures)


async def test_a_kept_list_that_is_broken_is_left(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('[{"name": 1}]')
    await refresh_of(tmp_path, Published()).load()
    assert procedures.catalogue() is procedures.shipped()


async def test_it_is_asked_once_a_night(tmp_path: Path) -> None:
    assert not refresh_of(tmp_path, Published(NEW), NOON).is_due()
    refresh = refresh_of(tmp_path, Published(NEW))
    assert refresh.is_due()
    await refresh.refresh()
    assert not refresh.is_due()
    assert refresh_of(tmp_path, Published(NEW), NIGHT + timedelta(days=1)).is_due()
