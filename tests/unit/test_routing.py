"""Which systems are asked for a code, and in which order."""

from datetime import date

import pytest

from dossier_client.codes import parse
from dossier_client.routing import RouteTable
from dossier_client.settings import Route, UpstreamSettings

TODAY = date(2026, 11, 25)
OLD_BAC_GIANG = Route(head="H02", last=date(2025, 6, 30), order=1)
NEW_BAC_NINH = Route(head="H02", first=date(2025, 7, 1), order=1)
ALSO_OLD = Route(head="H02", last=date(2025, 12, 31), order=2)
TABLE = RouteTable(
    [
        UpstreamSettings(name="all", base_url="http://a", heads=("*",)),
        UpstreamSettings(name="bacninh", base_url="http://b", heads=("H05",), routes=(ALSO_OLD, NEW_BAC_NINH)),
        UpstreamSettings(name="bacgiang", base_url="http://c", routes=(OLD_BAC_GIANG,)),
        UpstreamSettings(name="second", base_url="http://d", heads=("H05", "H02")),
    ]
)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        pytest.param("H05.12-260610-0001", ("bacninh", "second", "all"), id="heads in order of the file, then all"),
        pytest.param("H02.1-250630-0001", ("bacgiang", "bacninh", "second", "all"), id="last day of a route"),
        pytest.param("H02.1-250701-0001", ("bacninh", "second", "all"), id="two routes of one system: asked once"),
        pytest.param("000.00.01.H02-160101-0001", ("bacgiang", "bacninh", "second", "all"), id="first day"),
        pytest.param("H29.1-260610-0001", ("all",), id="no route but all"),
        pytest.param("12345", ("all",), id="legacy number: only all"),
    ],
)
def test_order(code: str, names: tuple[str, ...]) -> None:
    assert TABLE.matching(parse(code, TODAY)) == names


def test_a_head_without_route_leads_nowhere() -> None:
    table = RouteTable([UpstreamSettings(name="bacninh", base_url="http://b", heads=("H05",))])
    assert table.matching(parse("H29.1-260610-0001", TODAY)) == ()
