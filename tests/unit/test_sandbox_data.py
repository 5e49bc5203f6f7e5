"""Made-up dossiers: the same for the same seed, in the shares that the counters report, and fitting together."""

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dossier_client.codes import parse
from dossier_client.sandbox import BadData, Faults, SandboxData, SandboxOptions, complete, generate
from dossier_client.sandbox.catalogue import agencies, agency_of, procedures, short_name
from dossier_client.sandbox.data import read_rows
from dossier_client.sandbox.life import working_day_after
from dossier_client.sandbox.made_up import international

TODAY = date(2026, 6, 10)
OPEN = {2, 4, 5, 6}


@pytest.fixture(scope="module")
def ten_thousand() -> list[dict[str, Any]]:
    return generate(10_000, 7, TODAY)


def field_of(row: dict[str, Any]) -> str:
    return procedures()[row["procedure"]["id"]].field


def test_shares_of_fields(ten_thousand: list[dict[str, Any]]) -> None:
    counted = Counter(field_of(row) for row in ten_thousand)
    certification, civil = counted["Chứng thực"] / 100, counted["Hộ tịch"] / 100
    assert certification == pytest.approx(86.3, abs=1.5)
    assert civil == pytest.approx(13.1, abs=1.5)
    assert 100 - certification - civil == pytest.approx(0.6, abs=0.4)


def test_nearly_all_are_early_or_on_time(ten_thousand: list[dict[str, Any]]) -> None:
    finished = [row for row in ten_thousand if row["finished_at"]]
    late = [row for row in finished if row["finished_at"] > row["due_at"]]
    overdue = [row for row in ten_thousand if row["status"] in OPEN and row["due_at"] < TODAY.isoformat()]
    assert 0 < len(late) < len(finished) * 0.01
    assert len(overdue) < len(ten_thousand) * 0.01
    assert all(row["apology"] and row["extended_due_at"] > row["due_at"] for row in late)


def test_certification_is_mostly_done_the_same_day(ten_thousand: list[dict[str, Any]]) -> None:
    done = [row for row in ten_thousand if field_of(row) == "Chứng thực" and row["finished_at"]]
    same_day = [row for row in done if row["finished_at"][:10] == row["received_at"][:10]]
    assert len(same_day) > 0.7 * len(done)


def test_every_state_occurs(ten_thousand: list[dict[str, Any]]) -> None:
    assert {row["status"] for row in ten_thousand} == set(range(1, 11))


def test_codes_are_distinct_and_canonical(ten_thousand: list[dict[str, Any]]) -> None:
    codes = {row["code"] for row in ten_thousand}
    assert len(codes) == len(ten_thousand)
    assert not [code for code in codes if parse(code, TODAY) is None]


def test_fields_fit_together(ten_thousand: list[dict[str, Any]]) -> None:
    for row in ten_thousand:
        times = [row["received_at"], row["finished_at"], row["returned_at"]]
        known = [moment for moment in times if moment]
        assert known == sorted(known)
        assert all(moment.endswith("+07:00") and moment[:16] <= "2026-06-10T07:30" for moment in known)
        assert row["unit"]["short_name"].isascii()
        assert len(row["unit"]["short_name"]) <= 22
        assert bool(row["missing_papers"]) == (row["status"] == 5)
        assert bool(row["reason"]) == (row["status"] in {3, 7, 8})
        assert (row["finished_at"] is not None) == (row["status"] in {9, 10})
        assert (row["due_at"] is None) == (row["status"] in {1, 3})
        if row["status"] == 6:
            assert row["fee"]["amount"] > 0
            assert not row["fee"]["paid"]


def test_the_same_seed_makes_the_same() -> None:
    assert generate(200, 3, TODAY) == generate(200, 3, TODAY)
    assert generate(200, 3, TODAY) != generate(200, 4, TODAY)
    codes = [row["code"] for row in generate(200, 3, TODAY)]
    assert [complete({"code": code}, 3, TODAY) for code in codes] == generate(200, 3, TODAY)


GIVEN = [
    pytest.param({"status": 4}, id="state only"),
    pytest.param({"status": 9, "due_at": "2026-05-01T17:00:00+07:00"}, id="ready, due before it came"),
    pytest.param({"received_at": "2026-06-01T09:00:00+07:00", "unit": {"code": "X", "name": "Y"}}, id="unit kept"),
    pytest.param({"procedure": {"id": "1.004222", "name": "Đăng ký thường trú"}, "fee": None}, id="null kept"),
    pytest.param({"unheard_of": 1, "id_last4": "1234"}, id="unknown field"),
]


@pytest.mark.parametrize("given", GIVEN)
def test_what_is_given_is_kept(given: dict[str, Any]) -> None:
    row = complete({"code": "H05.12-260520-0001", **given}, 1, TODAY)
    assert {key: row[key] for key in given} == given
    assert row["status_text"]


def test_open_dossiers_of_old_codes_are_not_late() -> None:
    rows = [complete({"code": f"000.00.15.H05-240626-{n:04d}", "status": 4}, 1, TODAY) for n in range(500)]
    assert sum(row["due_at"] < TODAY.isoformat() for row in rows) <= 10
    assert all(row["received_at"].startswith("2024-06-26") for row in rows)


PHONES = [
    ("0912 345 678", "84912345678"),
    ("84912345678", "84912345678"),
    ("+84 912 345 678", "84912345678"),
    ("0084912345678", "84912345678"),
]


@pytest.mark.parametrize(("written", "stored"), PHONES)
def test_phones(written: str, stored: str) -> None:
    assert international(written) == stored
    assert complete({"code": "H05.12-260520-0001", "phone": written}, 1, TODAY)["contact_phones"] == [stored]


NAMES = [
    ("UBND phường Võ Cường", "UBND P. Vo Cuong"),
    ("UBND xã Đại Đồng", "UBND X. Dai Dong"),
    ("Sở Nông nghiệp và Phát triển nông thôn", "So NN va PTNT"),
    ("Trung tâm Kiểm soát bệnh tật tỉnh", "Trung tam Kiem soat.."),
]


@pytest.mark.parametrize(("name", "short"), NAMES)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_agencies() -> None:
    assert not [one for one in agencies().values() if len(one.short_name) > 22 or len(one.phone) > 12]
    assert "(phường/xã)" not in {one.name for one in agencies().values()}
    unheard_of = agency_of("H05.987")
    assert (unheard_of.code, unheard_of.is_local) == ("H05.987", True)


def test_catalogue() -> None:
    birth = procedures()["1.001193"].as_json()
    assert (birth["name"], birth["working_days"], birth["fee_vnd"]) == ("Thủ tục đăng ký khai sinh", 1, 0)
    assert birth["papers"]
    assert {one.as_json()["online"] for one in procedures().values()} == {None, "none"}


WORKING_DAYS = [
    pytest.param(12, 1, 15, id="Friday to Monday"),
    pytest.param(12, 5, 19, id="a week"),
    pytest.param(12, 6, 22, id="a week and a weekend"),
    pytest.param(13, 5, 19, id="from a Saturday"),
    pytest.param(10, 2, 12, id="within the week"),
]


@pytest.mark.parametrize(("day", "count", "reached"), WORKING_DAYS)
def test_working_days(day: int, count: int, reached: int) -> None:
    assert working_day_after(date(2026, 6, day), count) == date(2026, 6, reached)


def test_twenty_thousand_load_fast(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.json"
    rows = [{"code": f"H05.{10 + n // 9000}-260601-{n % 9000 + 1:04d}", "phone": "0912345678"} for n in range(20_000)]
    path.write_text(json.dumps({"dossiers": rows}))
    started = time.process_time()
    data = SandboxData.loaded(read_rows(path), seed=1, today=TODAY)
    assert time.process_time() - started < 3, "CPU seconds: the machine may be busy with others"
    assert len(data.dossiers) == 20_000


BAD_FILES = [
    ("{", "not JSON"),
    ("[]", "must be"),
    ('{"dossiers": [1]}', "must be"),
    ('{"dossiers": [{}]}', "code"),
    ('{"dossiers": [{"code": "H05.1-260601-0001", "status": 11}]}', "status"),
]


@pytest.mark.parametrize(("text", "told"), BAD_FILES)
def test_bad_data_is_told(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "dossiers.json"
    path.write_text(text)
    with pytest.raises(BadData, match=told):
        SandboxData.loaded(read_rows(path), seed=1, today=TODAY)


def test_the_last_of_two_rows_with_one_code_counts() -> None:
    rows = [{"code": "H05.1-260601-0001", "phone": "0912345678", "status": status} for status in (2, 4)]
    data = SandboxData.loaded(rows, seed=1, today=TODAY)
    assert [one["status"] for one in data.by_phone("84912345678")] == [4]


SWITCHES = [
    ({"drip": True}, Faults(drip=100)),
    ({"error_status": 500}, Faults(error_status=500, error_rate=1.0)),
    ({"error_rate": 0.5}, Faults(error_rate=0.5)),
    ({"delay_ms": 20, "down": True}, Faults(delay_ms=20, down=True)),
]


@pytest.mark.parametrize(("changes", "faults"), SWITCHES)
def test_switches(changes: dict[str, Any], faults: Faults) -> None:
    assert Faults().switched(changes) == faults


BAD_SWITCHES = [
    {"nothing": 1},
    {"down": 1},
    {"error_rate": 2},
    {"error_status": 200},
    {"delay_ms": "5"},
    {"delay_ms": -1},
    {"delay_ms": 0.5},
]


@pytest.mark.parametrize("changes", BAD_SWITCHES, ids=str)
def test_bad_switches(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        Faults().switched(changes)


def test_the_delay_of_the_command_line_is_a_switch() -> None:
    assert SandboxOptions(delay_ms=30, faults=Faults(down=True)).first_faults() == Faults(delay_ms=30, down=True)
