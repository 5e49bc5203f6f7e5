"""A universe of dossiers in which every neighbour of every code exists and belongs to somebody else."""

import random
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dossier_client.codes import parse
from dossier_client.models import (
    Dossier,
    Found,
    History,
    Lookup,
    NotFound,
    OtherProvince,
    OwnDossiers,
    Procedure,
    Status,
    Unavailable,
    Unit,
    Verified,
)

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
FIRST = date(2016, 1, 1)
SENDER = "84912345678"
LAST_NUMBER = 999
"""Of each agency and day: all from 1 to this exist."""

NEW = tuple(f"H05.{unit}" for unit in range(1, 121))
DEEP = tuple(f"H15.50.05.{unit:02d}" for unit in range(1, 21))
DESKS = tuple(f"000.00.{unit:02d}.H05" for unit in (*range(1, 25), *range(31, 39)))
COMMUNES = tuple(f"000.{unit:02d}.{district}.H05" for district in (31, 36) for unit in range(1, 51))
ELSEWHERE = tuple(f"000.{unit:02d}.{desk:02d}.H56" for unit in (0, 17) for desk in range(1, 31))
LONG_DATES = tuple(f"G09.{unit}" for unit in range(1, 31))
SHORT_DATES = tuple(f"G18.{unit}" for unit in range(1, 31))
WIDTHS = dict.fromkeys((*NEW, *DEEP, *DESKS, *COMMUNES, *ELSEWHERE), 4) | {
    **dict.fromkeys(LONG_DATES, 7),
    **dict.fromkeys(SHORT_DATES, 6),
}
FAMILIES = (NEW, DEEP, DESKS, COMMUNES, ELSEWHERE, LONG_DATES, SHORT_DATES)


@dataclass(frozen=True, slots=True)
class Code:
    """A dossier that exists."""

    agency: str
    day: date
    number: int

    @property
    def date_text(self) -> str:
        """As it stands in the code."""
        return f"{self.day:%Y%m%d}" if self.agency in LONG_DATES else f"{self.day:%y%m%d}"

    @property
    def number_text(self) -> str:
        """With its zeros."""
        return f"{self.number:0{WIDTHS[self.agency]}d}"

    @property
    def units(self) -> list[str]:
        """The groups of the agency."""
        return self.agency.split(".")

    @property
    def is_old(self) -> bool:
        """``000.00.15.H05``"""
        return self.agency[0].isdigit()

    def __str__(self) -> str:
        return f"{self.agency}-{self.date_text}-{self.number_text}"


def some_code(chance: random.Random) -> Code:
    """Any dossier; the numbers are small, as most are."""
    day = TODAY - timedelta(days=chance.randrange(4 if chance.random() < 0.3 else 3000))
    return Code(chance.choice(chance.choice(FAMILIES)), day, min(LAST_NUMBER, 1 + int(chance.expovariate(1 / 60))))


def exists(text: str) -> bool:
    """Whether there is a dossier of this code."""
    code = parse(text, TODAY)
    if code is None or len(code.sequence) != WIDTHS.get(code.agency):
        return False
    is_long = len(text.split("-")[1]) == len("20260610")
    return is_long is (code.agency in LONG_DATES) and 1 <= int(code.sequence) <= LAST_NUMBER


class Universe:
    """The one-stop systems over all these dossiers; *own* are the sender's, whose phone alone is told by ``by_phone``."""

    def __init__(self, own: Collection[str] = ()) -> None:
        self._own = tuple(own)

    async def find(self, code: str) -> Lookup:
        """At once."""
        if exists(code):
            return Found(self._dossier(code), NOW, "universe")
        parsed = parse(code, TODAY)
        return (
            OtherProvince(parsed.head, "")
            if parsed and parsed.head not in {"H05", "H15", "H56", "G09", "G18"}
            else NotFound()
        )

    async def history(self, code: str) -> History | NotFound | OtherProvince | Unavailable:
        """No steps."""
        return History(()) if exists(code) else NotFound()

    async def by_phone(self, phone: str) -> OwnDossiers | Unavailable:
        """The sender's."""
        return OwnDossiers(tuple(map(self._dossier, self._own)) if phone == SENDER else ())

    async def verify(self, code: str, id_last4: str) -> Verified | NotFound | Unavailable:
        """Nobody knows them."""
        del id_last4
        return Verified(passed=False) if exists(code) else NotFound()

    def _dossier(self, code: str) -> Dossier:
        owner = SENDER if code in self._own else f"8497{zlib.crc32(code.encode()) % 10**7:07d}"
        return Dossier(
            code=code,
            status=Status.IN_PROCESS,
            status_text="Đang xử lý",
            unit=Unit(
                code=code.split("-", maxsplit=1)[0], name="UBND phường", short_name="UBND P. A", phone="0222.3822111"
            ),
            procedure=Procedure(id="1.004222", name="Đăng ký thường trú"),
            contact_phones=frozenset({owner}),
            received_at=NOW,
            due_at=NOW + timedelta(days=7),
        )
