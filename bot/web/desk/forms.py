"""What came in a form or a query, read without trust."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.clock import VIETNAM

HIDDEN = frozenset({"csrf_token", "once", "password", "new_password", "repeated", "totp", "code"})
"""Fields that are never shown again."""
LONGEST_KEPT = 20_000
PAGE_SIZE = 50
LAST_PAGE = 10_000
CENTURY = range(2000, 2100)
"""Years whose neighbours can be counted with."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file. Its name and type are what the sender says."""

    name: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name. What a handler does not ask for is ignored."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[File]] = field(default_factory=dict)

    def text(self, name: str, most: int = 200) -> str:
        """One line or more, without control characters, trimmed, cut at *most*; "" when it is not there."""
        return self.raw(name)[: most + 1].strip()[:most]

    def raw(self, name: str) -> str:
        """As it was typed, but for control characters: passwords, texts whose length is told to the sender."""
        found = self.fields.get(name, ())
        return _CONTROLS.sub("", found[0].replace("\r\n", "\n")) if found else ""

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; *default* for anything else."""
        return whole(self.text(name, 20), default)

    def choice(self, name: str, among: Collection[str], default: str = "") -> str:
        """One of these words; *default* for anything else."""
        given = self.text(name, 100)
        return given if given in among else default

    def many(self, name: str, most: int = 200) -> tuple[str, ...]:
        """All values of a field that may be there more than once."""
        return tuple(value[:100] for value in self.fields.get(name, ())[:most])

    def is_set(self, name: str) -> bool:
        """A ticked box."""
        return bool(self.fields.get(name))

    def kept(self) -> list[tuple[str, str]]:
        """What may be shown to be sent again: no secrets, no files."""
        return [
            (name, value[:LONGEST_KEPT])
            for name, values in self.fields.items()
            if name not in HIDDEN
            for value in values
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which part of a list is wanted, in which order."""

    page: int
    size: int
    sort: str


def listing(query: Mapping[str, str], sorts: Sequence[str] = ("",)) -> Listing:
    """From ``page``, ``size`` and ``sort`` of a query. Nonsense becomes the first page, at most 50, the first of *sorts*."""
    page, size = whole(query.get("page", ""), 1), whole(query.get("size", ""), PAGE_SIZE)
    sort = query.get("sort", "")
    return Listing(
        page=min(max(page, 1), LAST_PAGE),
        size=min(size, PAGE_SIZE) if size > 0 else PAGE_SIZE,
        sort=sort if sort in sorts else sorts[0],
    )


def whole(text: str, default: int) -> int:
    """A whole number of at most 63 bits, which is what the store keeps, else *default*."""
    number = int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else default
    return number if abs(number) < 1 << 63 else default


def day(text: str) -> datetime | None:
    """The beginning in Vietnam of a day of this century as date fields give it; None for anything else."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError:
        return None
    return found if found.year in CENTURY else None


async def read_form(request: web.Request, most_octets: int) -> Form:
    """The form in a request's body. Raises aiohttp's 413 for one that is too big, 400 for one that is none."""
    try:
        posted = await request.clone(client_max_size=most_octets).post()
    except ValueError as error:
        raise web.HTTPBadRequest from error
    fields: dict[str, list[str]] = {}
    files: dict[str, list[File]] = {}
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            files.setdefault(name, []).append(File(value.filename, value.file.read()))
        elif isinstance(value, str):
            fields.setdefault(name, []).append(value)
    return Form(fields, files)
