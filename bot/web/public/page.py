"""``/public/``: figures, released petitions with their answers, whether the service works, how to use it, what becomes of data."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.clock import VIETNAM, Clock
from bot.model import Language
from bot.petitions.categories import PetitionCategory, category_of
from bot.petitions.codes import is_petition_code
from bot.petitions.record import OPEN, PetitionState
from bot.store.port_master import Announcement
from bot.store.port_public import MOST_SKIPPED, PublicBook, PublicFilter, PublicPetition
from bot.web.desk.words import Words
from bot.web.public.answers import answer, guarded
from bot.web.public.figures import FigureBoard
from bot.web.public.georeport import picture_address
from bot.web.public.plain import plain, without_people
from bot.web.public.throttle import Throttle

PREFIX = "/public"
PAGE_SIZE = 10
PICTURES_PER_MINUTE = 1200
"""A page shows up to fifty of them."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
FOR_EVER = "public, max-age=31536000, immutable"
LATER = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose page it is, and how people reach the office."""

    title: str
    short_code: str
    hotline: str
    web: str
    opening_hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A released petition as the page shows it."""

    code: str
    category: PetitionCategory
    ward: str
    sent_at: datetime
    state: PetitionState
    is_open: bool
    text: str
    answer: str
    answered_at: datetime | None
    pictures: tuple[str, ...]
    """Their addresses."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of the page; what cannot be read is as if it was not asked."""

    language: Language
    field: str
    state: str
    page: int

    def address(self, path: str = f"{PREFIX}/", **changes: str | int) -> str:
        """The page with something changed."""
        values = {"lang": self.language.value, "field": self.field, "state": self.state, "page": self.page} | changes
        usual = {"lang": Language.VIETNAMESE.value, "field": "", "state": "", "page": 1}
        query = {name: value for name, value in values.items() if value != usual[name]}
        return f"{path}?{urlencode(query)}" if query else path


Services = Callable[[], Mapping[str, bool]]
Pictures = Callable[[str], Awaitable[bytes]]
"""A picture by its name, drawn anew as JPEG. Raises ``FileNotFoundError``."""
Announcements = Callable[[datetime], Awaitable[Sequence[Announcement]]]
Categories = Callable[[], Awaitable[Mapping[str, PetitionCategory]]]


class PublicPage:
    """The page, and one for each released petition, in both languages. Without scripts."""

    def __init__(
        self,
        book: PublicBook,
        clock: Clock,
        *,
        office: Office,
        categories: Categories,
        services: Services,
        announcements: Announcements,
        pictures: Pictures,
        throttle: Throttle,
    ) -> None:
        """*services* tells which roads work; *announcements* what maintenance is under way or to come."""
        self._book = book
        self._clock = clock
        self._board = FigureBoard(book, clock)
        self._office = office
        self._categories = categories
        self._services = services
        self._announcements = announcements
        self._pictures = pictures
        self._throttle = throttle
        self._picture_throttle = throttle.like(PICTURES_PER_MINUTE)
        self._words = Words("public")
        self._style = files("bot.web.public").joinpath("static", "public.css").read_bytes()
        pages = Environment(
            loader=PackageLoader("templates", "public"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._version = sha256(self._style).hexdigest()[:16]
        pages.filters |= {"day": _day, "moment": _moment}
        pages.globals |= {"office": office, "style": f"{PREFIX}/static/{self._version}/public.css"}
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """``/public/``, its Vietnamese name, petitions one by one, and the style."""
        found = {
            f"{PREFIX}/": self.page,
            f"{PREFIX}/petitions/{{code:[A-Za-z0-9]{{1,16}}}}": self.petition,
        }
        picture = guarded(self.picture, self._picture_throttle, self._problem)
        pages = [web.get(path, guarded(handler, self._throttle, self._problem)) for path, handler in found.items()]
        return [
            *pages,
            web.get(f"{PREFIX}/pictures/{{name:[0-9a-f]{{32}}}}.jpg", picture),
            web.get(f"{PREFIX}/static/{self._version}/public.css", self.style),
            web.get(PREFIX, self.moved),
            web.get("/cong-khai", self.moved),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Everything."""
        categories, now = await self._categories(), self._clock.now()
        wanted = _wanted(request, categories)
        found = await self._book.released(
            PublicFilter(
                categories=(wanted.field,) if wanted.field else (),
                is_open={"open": True, "closed": False}.get(wanted.state),
                skipped=(wanted.page - 1) * PAGE_SIZE,
                most=PAGE_SIZE + 1,
            )
        )
        return self._html(
            request,
            "public.html.j2",
            wanted,
            figures=await self._board.figures(categories),
            petitions=[_shown(item, categories) for item in found[:PAGE_SIZE]],
            has_more=len(found) > PAGE_SIZE,
            categories=[category for category in categories.values() if category.in_use],
            services=self._services(),
            announcements=await self._announcements(now),
        )

    async def petition(self, request: web.Request) -> web.Response:
        """One petition; 404 for one that is not released, whatever the reason."""
        categories, code = await self._categories(), request.match_info["code"].upper()
        found = await self._book.released(PublicFilter(codes=(code,))) if is_petition_code(code) else ()
        if not found:
            return self._problem(request, 404, "")
        wanted = _wanted(request, categories)
        return self._html(request, "public_petition.html.j2", wanted, item=_shown(found[0], categories))

    async def picture(self, request: web.Request) -> web.Response:
        """A picture that was released with its petition, as it may be shown: drawn anew, without what the camera wrote into it."""
        name = request.match_info["name"]
        if not await self._book.is_public_picture(name):
            return self._problem(request, 404, "")
        try:
            return answer(request, await self._pictures(name), "image/jpeg", HEADERS)
        except FileNotFoundError:
            return self._problem(request, 404, "")

    async def style(self, _request: web.Request) -> web.Response:
        """It changes its address with its content."""
        return web.Response(
            body=self._style, content_type="text/css", charset="utf-8", headers={"Cache-Control": FOR_EVER}
        )

    async def moved(self, _request: web.Request) -> web.Response:
        """There is one address."""
        raise web.HTTPPermanentRedirect(f"{PREFIX}/")

    def _html(self, request: web.Request, template: str, wanted: Wanted, **values: object) -> web.Response:
        text = self._pages.get_template(template).render(**values, **self._around(request, wanted))
        return answer(request, text.encode(), "text/html", HEADERS)

    def _problem(self, request: web.Request, status: int, _text: str) -> web.Response:
        text = self._pages.get_template("public_problem.html.j2").render(
            status=str(status), **self._around(request, _wanted(request, {}))
        )
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS | LATER)

    def _around(self, request: web.Request, wanted: Wanted) -> Mapping[str, object]:
        other = Language.ENGLISH if wanted.language is Language.VIETNAMESE else Language.VIETNAMESE
        return {
            "t": lambda key, **more: self._words.tell(wanted.language, key, **more),
            "wanted": wanted,
            "language": wanted.language.value,
            "other": other.value,
            "path": request.path,
        }


def _wanted(request: web.Request, categories: Mapping[str, PetitionCategory]) -> Wanted:
    query = request.query
    page = query.get("page", "1")
    most = MOST_SKIPPED // PAGE_SIZE
    return Wanted(
        Language.ENGLISH if query.get("lang") == Language.ENGLISH else Language.VIETNAMESE,
        field if (field := query.get("field", "")) in categories else "",
        state if (state := query.get("state", "")) in {"open", "closed"} else "",
        int(page)
        if page.isascii() and page.isdigit() and len(page) < len(str(most)) + 1 and 1 <= int(page) <= most
        else 1,
    )


def _shown(found: PublicPetition, categories: Mapping[str, PetitionCategory]) -> Shown:
    return Shown(
        code=found.code,
        category=category_of(categories, found.category),
        ward=plain(found.ward),
        sent_at=found.sent_at,
        state=found.state,
        is_open=found.state in OPEN,
        text=plain(found.text),
        answer=without_people(found.answer),
        answered_at=found.answered_at,
        pictures=tuple(map(picture_address, found.pictures)),
    )


def _day(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
