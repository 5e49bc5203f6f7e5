"""The catalogues of procedures that one-stop systems publish, over real HTTP."""

from dataclasses import dataclass
from datetime import date

import pytest

from dossier_client.models import Unavailable
from dossier_client.procedures import ListedProcedure
from dossier_client.sandbox import SandboxData, SandboxOneStop, SandboxOptions
from dossier_client.sandbox.catalogue import procedures
from dossier_client.settings import UpstreamSettings
from tests.contract.upstreams import as_json, asked, client_of, sends

ROW = {"id": "1.001193", "name": "Đăng ký khai sinh", "working_days": 0.5, "fee_vnd": None, "papers": ["Tờ khai"]}


async def test_the_sandbox_publishes_all_pages() -> None:
    one_stop = SandboxOneStop(SandboxData.loaded([], seed=1, today=date(2026, 6, 10)), SandboxOptions())
    port = await one_stop.start("127.0.0.1", 0)
    try:
        settings = UpstreamSettings(name="one", base_url=f"http://127.0.0.1:{port}", heads=("H05",))
        async with client_of(settings) as client:
            found = await client.catalogues.all()
    finally:
        await one_stop.close()
    assert isinstance(found, tuple)
    assert [one.id for one in found] == list(procedures())


@dataclass(frozen=True)
class Case:
    label: str
    answer: bytes
    found: tuple[ListedProcedure, ...] | Unavailable


CASES = [
    Case("not offered", as_json({"error": "no"}, 404), ()),
    Case("cannot", as_json({}, 501), ()),
    Case("away", as_json({}, 403), Unavailable("one")),
    Case("no list", as_json({"items": 7}), ()),
    Case(
        "a bad row costs no other",
        as_json({"items": [7, {"id": "x"}, ROW], "next_page": None}),
        (ListedProcedure(id="1.001193", name="Đăng ký khai sinh", papers=("Tờ khai",)),),
    ),
    Case(
        "a page that leads to itself ends",
        as_json({"items": [ROW], "next_page": 1}),
        (ListedProcedure(id="1.001193", name="Đăng ký khai sinh", papers=("Tờ khai",)),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_answers(case: Case) -> None:
    async with asked(sends(case.answer)) as (_, client):
        assert await client.catalogues.all() == case.found
