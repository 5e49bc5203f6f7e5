"""The names told for heads that lead to no system of ours."""

import pytest

from dossier_client.provinces import province_name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        pytest.param("H05", "Bắc Ninh", id="its own successor"),
        pytest.param("H02", "Bắc Ninh", id="merged province"),
        pytest.param("H57", "Huế", id="renamed"),
        pytest.param("G04", "Bộ Xây dựng", id="merged ministry"),
        pytest.param("G24", "Bảo hiểm xã hội Việt Nam", id="an agency keeps its name"),
        pytest.param("K05", "", id="nobody knows whose"),
        pytest.param("H64", "", id="not on the list"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_name_of_a_head(head: str, name: str) -> None:
    assert province_name(head) == name
