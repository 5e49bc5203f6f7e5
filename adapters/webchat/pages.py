"""The pages and their files: nothing of them comes from elsewhere, and no script stands in a page."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from adapters.webchat import sessions
from adapters.webchat.guard import Guard, answer
from adapters.webchat.presence import Presence
from adapters.webchat.settings import Counter, WebChatSettings

TYPES = {".js": "text/javascript", ".css": "text/css"}
CHAT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'{ancestors}"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of the quick menu."""

    vi: str
    en: str
    say: str = ""
    """The command that it stands for; "" only leads to the field."""
    needs: str = ""
    """The command must be built; "" of what free words ask for."""


MENU = (
    Choice("Tra cứu hồ sơ", "Look up a dossier", needs="HS"),
    Choice("Hồ sơ của tôi", "My dossiers", "HSCT", "HSCT"),
    Choice("Hồ sơ đang theo dõi", "Followed dossiers", "DS", "DS"),
    Choice("Gửi phản ánh, kiến nghị", "Send feedback", "PA", "PA"),
    Choice("Phản ánh của tôi", "My feedback", "XEM", "XEM"),
    Choice("Lấy số thứ tự", "Take a ticket", "Lấy số thứ tự"),
    Choice("Liên kết tài khoản", "Link accounts", "LK", "LK"),
    Choice("Dữ liệu của tôi", "My data", "DL", "DL"),
    Choice("Trợ giúp", "Help", "TG", "TG"),
)
WELCOME = {
    "vi": "Kính chào Ông/Bà! Đây là kênh hỏi đáp và tra cứu hồ sơ một cửa{place}.\n"
    "Ông/Bà nhập mã hồ sơ trên giấy hẹn, đặt câu hỏi, hoặc chọn bên dưới. Xin không gửi mật khẩu hay mã OTP.",
    "en": "Welcome! Here you can ask questions and look up dossiers of the one-stop service{place}.\n"
    "Type the code on your receipt, ask a question, or choose below. Please never send passwords or one-time codes.",
}


@dataclass(frozen=True, slots=True)
class Face:
    """One of five: how satisfied somebody is, and the mouth that shows it."""

    score: int
    mouth: str
    vi: str
    en: str


FACES = (
    Face(5, "M13 28q11 12 22 0", "Rất hài lòng", "Very satisfied"),
    Face(4, "M15 29q9 7 18 0", "Hài lòng", "Satisfied"),
    Face(3, "M15 31h18", "Bình thường", "Neutral"),
    Face(2, "M15 33q9 -7 18 0", "Không hài lòng", "Dissatisfied"),
    Face(1, "M13 35q11 -12 22 0", "Rất không hài lòng", "Very dissatisfied"),
)
REASONS = (
    Choice("Thời gian chờ", "Waiting time"),
    Choice("Thái độ phục vụ", "Attitude"),
    Choice("Hướng dẫn chưa rõ", "Unclear guidance"),
    Choice("Kết quả chưa đúng", "Wrong result"),
)


class Pages:
    """The chat page, the kiosk page, the widget and what they load."""

    def __init__(self, settings: WebChatSettings, guard: Guard, presence: Presence, *, photos: bool) -> None:
        self._settings = settings
        self._guard = guard
        self._presence = presence
        self._photos = photos
        self._files = {
            path.name: (path.read_bytes(), kind, sha256(path.read_bytes()).hexdigest()[:16])
            for path in files("adapters.webchat").joinpath("static").iterdir()
            for suffix, kind in TYPES.items()
            if path.name.endswith(suffix)
        }
        self._environment = Environment(
            loader=PackageLoader("adapters.webchat", "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        ancestors = "".join(f" {origin}" for origin in settings.allowed_origins)
        self._policy = CHAT_POLICY.format(ancestors=ancestors)
        self._chat = self._render("chat.html", welcome=self._welcome(), menu=self._menu())

    def hooks(self) -> list[web.RouteDef]:
        """Their addresses."""
        return [
            web.get("/webchat", self.to_chat),
            web.get("/webchat/", self.chat),
            web.get("/webchat/kiosk", self.kiosk),
            web.get("/webchat/widget.js", self.widget),
            web.get("/webchat/static/{name}", self.file),
            web.post("/webchat/leave", self.leave),
            web.post("/webchat/kiosk/{counter}/leave", self.leave),
        ]

    async def to_chat(self, _request: web.Request) -> web.Response:
        """The page's own files are named from its folder."""
        raise web.HTTPFound("webchat/")

    async def chat(self, request: web.Request) -> web.Response:
        """The chat; a browser that is new here gets its session, one that is known keeps it for longer."""
        response = self._page(self._chat)
        token = request.cookies.get(sessions.CHAT_COOKIE, "") if sessions.has_token(request) else sessions.new_token()
        self._set(request, response, sessions.CHAT_COOKIE, token, self._settings.session_days)
        return response

    async def kiosk(self, request: web.Request) -> web.Response:
        """The kiosk of a counter, always with a new session. 404 for an unknown counter, 403 without the counter's key."""
        counter = self._guard.counter(request.query.get("counter", ""))
        if given := request.query.get("key", ""):
            return self._admit(request, counter, given)
        if not sessions.is_device_of(request, counter):
            raise web.HTTPForbidden(text="key?")
        letters = dict.fromkeys((self._settings.agency_head[:1], "G"))
        page = self._render(
            "kiosk.html",
            counter=counter,
            keys=[*"1234567890", *letters, ".", "-"],
            faces=FACES,
            reasons=REASONS,
            idle_seconds=self._settings.idle_seconds,
        )
        response = self._page(page)
        self._set(request, response, sessions.KIOSK_COOKIE, sessions.new_token(), 1)
        return response

    async def widget(self, request: web.Request) -> web.Response:
        """The script that a portal loads; the only file that pages of others may have."""
        response = self._file(request, "widget.js", "public, max-age=3600")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def file(self, request: web.Request) -> web.Response:
        """A script or a style of the pages."""
        return self._file(request, request.match_info["name"], "no-cache")

    async def leave(self, request: web.Request) -> web.Response:
        """Forget who sat here: the browser gets another session, open connections of the old one end."""
        session = self._guard.session(request)
        self._presence.leave(session.address)
        response = answer({"type": "left"})
        name, days = (
            (sessions.KIOSK_COOKIE, 1) if session.counter else (sessions.CHAT_COOKIE, self._settings.session_days)
        )
        self._set(request, response, name, sessions.new_token(), days)
        return response

    def _admit(self, request: web.Request, counter: Counter, given: str) -> web.Response:
        """The key stays with the browser, not in an address that everybody can read on the screen."""
        if not sessions.opens(given, counter):
            raise web.HTTPForbidden(text="key?")
        response = web.Response(status=302, headers={"Location": f"kiosk?counter={counter.code}"})
        self._set(request, response, sessions.DEVICE_COOKIE, given, sessions.DEVICE_DAYS)
        return response

    def _set(self, request: web.Request, response: web.StreamResponse, name: str, value: str, days: int) -> None:
        secure = self._guard.is_secure(request)
        sessions.set_cookie(response, name, value, days=days, secure=secure, settings=self._settings)

    def _file(self, request: web.Request, name: str, keep: str) -> web.Response:
        """Compressed, and not at all when the browser has it: people come over slow lines."""
        if name not in self._files:
            raise web.HTTPNotFound
        octets, kind, tag = self._files[name]
        has_it = any(etag.value == tag for etag in request.if_none_match or ())
        response = web.Response(status=304) if has_it else web.Response(body=octets, content_type=kind, charset="utf-8")
        response.headers["Cache-Control"] = keep
        response.etag = tag
        if not has_it:
            response.enable_compression()
        return response

    def _page(self, text: str) -> web.Response:
        headers = {
            "Content-Security-Policy": self._policy,
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    def _render(self, name: str, **values: Any) -> str:
        office = self._settings
        return self._environment.get_template(name).render(
            title=office.title,
            short_code=office.short_code,
            hotline=office.hotline,
            photos=self._photos,
            base="./",
            **values,
        )

    def _welcome(self) -> dict[str, str]:
        province = self._settings.province
        places = {"vi": f" của {province}" if province else "", "en": ""}
        return {language: text.format(place=places[language]) for language, text in WELCOME.items()}

    def _menu(self) -> list[Choice]:
        return [choice for choice in MENU if not choice.needs or choice.needs in self._settings.built]
