"""Pages as HTML or JSON, and the files that they load: all of them ours, each under an address that changes with it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any

import orjson
from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.clock import VIETNAM, Clock
from bot.model import Language
from bot.officers import Officer
from bot.privacy import masked
from bot.web.desk.routes import Section
from bot.web.desk.words import Words

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around a page: for whom it is, and what its forms carry."""

    language: Language
    officer: Officer | None
    path: str
    query: str
    csrf: str
    notice: str = ""


class Rendering:
    """Templates, words and files of the desk."""

    def __init__(self, words: Words, title: str, clock: Clock) -> None:
        """*title* is whose desk it is."""
        self.words = words
        self._clock = clock
        self.sections: Sequence[Section] = ()
        self._files = {
            path.name: (path.read_bytes(), kind, sha256(path.read_bytes()).hexdigest()[:16])
            for path in files("bot.web.desk").joinpath("static").iterdir()
            for suffix, kind in TYPES.items()
            if path.name.endswith(suffix)
        }
        self._environment = Environment(
            loader=PackageLoader("templates", "desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {"moment": self.moment, "day": day, "masked": masked}
        self._environment.globals |= {
            "static": self.address_of,
            "once": lambda: secrets.token_urlsafe(16),
            "title": title,
        }

    def html(self, template: str, values: Mapping[str, Any], around: Surroundings) -> str:
        """The page."""
        own = {
            "t": lambda key, **more: self.words.tell(around.language, key, **more),
            "language": around.language.value,
            "me": around.officer,
            "sections": self.sections_of(around.officer),
            "path": around.path,
            "query": around.query,
            "csrf": around.csrf,
            "notice": around.notice,
        }
        return self._environment.get_template(template).render({**values, **own})

    def sections_of(self, officer: Officer | None) -> list[Section]:
        """The entries of the top bar that an officer may see."""
        return [] if officer is None else [section for section in self.sections if officer.role in section.roles]

    def address_of(self, name: str) -> str:
        """The address of a file, which changes with its content."""
        return f"/desk/static/{self._files[name][2]}/{name}"

    def moment(self, at: "datetime | None") -> str:
        """``09:00 10/06``, with the year where it is another one; "" for none."""
        if at is None:
            return ""
        there, now = at.astimezone(VIETNAM), self._clock.now().astimezone(VIETNAM)
        return f"{there:%H:%M %d/%m}" if there.year == now.year else f"{there:%H:%M %d/%m/%Y}"

    def file(self, name: str, version: str) -> web.Response:
        """A file. Raises aiohttp's 404 for one that there is not."""
        found = self._files.get(name)
        if found is None or found[2] != version:
            raise web.HTTPNotFound
        headers = {"Cache-Control": FOR_EVER}
        return web.Response(body=found[0], content_type=found[1], charset="utf-8", headers=headers)


def as_json(value: Any, status: int) -> web.Response:
    """The data of a page. Octets are an error: what holds them is no view made for an officer."""
    body = orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    return web.Response(body=body, status=status, content_type="application/json", headers=HEADERS)


def _plain(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not shown")


def day(at: "date | datetime | None") -> str:
    """``10/06/2026``; "" for none."""
    if at is None:
        return ""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}" if isinstance(at, datetime) else f"{at:%d/%m/%Y}"
