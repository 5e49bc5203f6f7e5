"""Makes up what a dossier needs, the same for the same code, seed and day.

The shares are those that Bắc Ninh's one-stop counters report: certification 86.3 % (mostly the same day), civil status 13.1 %, other
0.6 %, more than 99 % early or on time. Weekends are off; holidays are not known here.
"""

from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from dossier_client.codes import received_on
from dossier_client.models import Status
from dossier_client.sandbox.catalogue import (
    CERTIFICATION,
    Agency,
    CatalogueProcedure,
    agencies,
    agency_of,
    procedures,
    status_texts,
)
from dossier_client.sandbox.life import OPEN, Life, is_working_day, live, weighted

CIVIL_STATUS = "Hộ tịch"
CERTIFICATION_SHARE, CIVIL_STATUS_SHARE = 0.863, 0.131
COMMON = {"2.000815": 150, "2.000884": 60, "1.001193": 60, "2.000635": 120, "1.000894": 40}
"""How much more often than any other procedure of its field."""
WORKING_DAYS_BACK = 60
TWO_LEVELS_SINCE = date(2025, 7, 1)
"""Districts are gone and the units have new codes."""

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
MIDDLES = ("Văn", "Thị", "Đức", "Thanh", "Minh", "Ngọc", "Quang", "Thu")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Hà", "Hương", "Khánh", "Lan", "Nam", "Phúc", "Sơn", "Thảo", "Tuấn", "Yến")
STEPS = ("Tiếp nhận hồ sơ", "Thẩm định hồ sơ", "Trình ký duyệt", "Trả kết quả")
REASONS = {3: "Thiếu bản chính để đối chiếu", 7: "Công dân xin rút hồ sơ", 8: "Thông tin không khớp giấy tờ"}
PAPERS = ("Bản sao CCCD", "Tờ khai theo mẫu")
CHANNELS = (("counter", 0.55), ("online_full", 0.27), ("online_part", 0.13), ("post", 0.05))
HAND_OVERS = (("counter", 0.8), ("online", 0.12), ("post", 0.08))
HELD_ELSEWHERE_SHARE = 0.1


def generate(count: int, seed: int, today: date) -> list[dict[str, Any]]:
    """*count* complete dossiers of the last 60 working days, half of them from the last 15."""
    chance = Random(seed)  # noqa: S311 - data to try with
    days, used, rows = _working_days(today), Counter[str](), list[dict[str, Any]]()
    for _ in range(count):
        day = days[int(WORKING_DAYS_BACK * chance.random() ** 2)]
        is_local = chance.random() < CERTIFICATION_SHARE + CIVIL_STATUS_SHARE
        stem = f"{chance.choice(_receiving(is_local=is_local, since_2025=day >= TWO_LEVELS_SINCE)).code}-{day:%y%m%d}"
        used[stem] += 1
        rows.append(complete({"code": f"{stem}-{used[stem]:04d}"}, seed, today))
    return rows


def complete(partial: dict[str, Any], seed: int, today: date) -> dict[str, Any]:
    """A whole dossier; what *partial* gives is kept as it is, ``phone`` becomes a contact phone.

    Besides the contract's fields it holds ``id_last4``, which the server keeps to itself.
    """
    code = str(partial["code"])
    chance = Random(f"{seed}:{code}")  # noqa: S311 - data to try with
    stem, _, rest = code.partition("-")
    agency = agency_of(stem)
    day = _day(rest.partition("-")[0]) or today - timedelta(days=chance.randint(1, 20))
    procedure = _procedure(partial, chance, agency)
    life = live(partial, chance, procedure, day, today)
    made = _who_and_where(chance, agency, procedure, life.status, day) | _state(chance, procedure, life)
    return {"code": code} | made | _given(partial)


def _given(partial: dict[str, Any]) -> dict[str, Any]:
    """What stays as it was given; the contract wants a state and its name, so null means: make it up."""
    kept = {key: value for key, value in partial.items() if key != "phone"}
    for key in ("status", "status_text"):
        if kept.get(key, "") is None:
            del kept[key]
    phones = [*(partial.get("contact_phones") or ()), *filter(None, [partial.get("phone")])]
    if phones:
        kept["contact_phones"] = list(dict.fromkeys(international(str(phone)) for phone in phones))
    return kept


def international(phone: str) -> str:
    """E.164 digits: ``0912 345 678`` becomes ``84912345678``."""
    digits = "".join(char for char in phone if char.isdigit())
    if digits.startswith("00"):
        return digits[2:]
    return "84" + digits[1:] if digits.startswith("0") else digits


def _who_and_where(
    chance: Random, agency: Agency, procedure: CatalogueProcedure, status: int, day: date
) -> dict[str, Any]:
    channel = weighted(chance.random(), CHANNELS)
    number = chance.randrange(1_000_000)
    elsewhere = chance.random() < HELD_ELSEWHERE_SHARE
    holder = chance.choice(_receiving(is_local=False, since_2025=True))
    return {
        "reference": f"000.00.00.G22-{day:%y%m%d}-{number:06d}" if channel.startswith("online") else None,
        "procedure": {"id": procedure.id, "name": procedure.name, "sensitive": procedure.is_sensitive},
        "unit": agency.as_json(),
        "holding_unit": holder.as_json() if elsewhere and status in OPEN else None,
        "submitted_via": channel,
        "delivery": {"method": weighted(chance.random(), HAND_OVERS), "place": agency.name},
        "handled_by": {"officer_id": f"CB{chance.randrange(10_000):04d}", "counter": str(chance.randint(1, 9))},
        "applicant": f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}",
        "contact_phones": [f"849{chance.randrange(10**8):08d}"],
        "id_last4": f"{chance.randrange(10_000):04d}",
    }


def _state(chance: Random, procedure: CatalogueProcedure, life: Life) -> dict[str, Any]:
    amount = procedure.fee or (chance.randint(1, 40) * 5_000 if life.status == Status.FEE_DUE else 0)
    order = 1 if life.status == Status.RECEIVED else chance.randint(2, len(STEPS) - 1)
    return life.as_json() | {
        "status_text": status_texts().get(life.status, ""),
        "step": {"name": STEPS[order - 1], "order": order, "total": len(STEPS), "officer": None}
        if life.status in OPEN
        else None,
        "fee": {"amount": amount, "paid": life.status != Status.FEE_DUE, "pay_url": None} if amount else None,
        "missing_papers": list((procedure.papers or PAPERS)[: chance.randint(1, 2)])
        if life.status == Status.MORE_PAPERS
        else [],
        "reason": REASONS.get(life.status),
    }


@dataclass(frozen=True, slots=True)
class _Choice:
    """Procedures of one field with the running sum of their weights."""

    items: tuple[CatalogueProcedure, ...]
    sums: tuple[int, ...]

    def pick(self, chance: Random) -> CatalogueProcedure:
        return self.items[bisect(self.sums, chance.random() * self.sums[-1], hi=len(self.items) - 1)]


@cache
def _of_field(field: str) -> _Choice:
    """What wards and communes do in this field."""
    return _choice(tuple(one for one in procedures().values() if one.field == field and one.level == "xã"))


@cache
def _of_office(name: str) -> _Choice:
    """What the table says this office does; an office that the table lacks does everything of the province's level."""
    known = procedures().values()
    own = tuple(one for one in known if name.casefold() in one.unit.casefold())
    return _choice(own or tuple(one for one in known if one.level == "tỉnh"))


def _choice(chosen: tuple[CatalogueProcedure, ...]) -> _Choice:
    sums, total = [], 0
    for one in chosen:
        total += COMMON.get(one.id, 1)
        sums.append(total)
    return _Choice(chosen, tuple(sums))


def _procedure(partial: dict[str, Any], chance: Random, agency: Agency) -> CatalogueProcedure:
    civil = chance.random() < CIVIL_STATUS_SHARE / (CERTIFICATION_SHARE + CIVIL_STATUS_SHARE)
    choice = _of_field(CIVIL_STATUS if civil else CERTIFICATION) if agency.is_local else _of_office(agency.name)
    made = choice.pick(chance)
    return procedures().get((partial.get("procedure") or {}).get("id", ""), made)


@cache
def _receiving(*, is_local: bool, since_2025: bool) -> tuple[Agency, ...]:
    return tuple(
        agency
        for agency in agencies().values()
        if agency.is_local == is_local and "." in agency.code and agency.code.startswith("H") == since_2025
    )


def _day(digits: str) -> date | None:
    return received_on(digits) if digits.isdecimal() and len(digits) in {6, 8} else None


def _working_days(today: date) -> list[date]:
    """Newest first."""
    days = (today - timedelta(days=back) for back in range(2 * WORKING_DAYS_BACK))
    return [day for day in days if is_working_day(day)][:WORKING_DAYS_BACK]
