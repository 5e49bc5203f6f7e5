"""Cookies, tokens and origins: whether a request comes from a page of ours."""

import base64
import hmac
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from bot.privacy import Keyring
from bot.settings_desk import DeskSection
from sms.http.credentials import caller

COOKIE = "desk"
TOKEN_LENGTH = 43
"""Of 32 random octets in base 64."""


class Guard:
    """Reads what a browser sends, and writes what it is to send back."""

    def __init__(self, settings: DeskSection, keyring: Keyring, public_url: str) -> None:
        self._settings = settings
        self._keyring = keyring
        self._public = urlsplit(public_url)

    def address(self, request: web.Request) -> str:
        """From where a request comes."""
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
        return caller(request.remote, forwarded, self._settings.trusted_proxies) or ""

    def is_secure(self, request: web.Request) -> bool:
        """Whether the browser uses https."""
        if self._settings.secure_cookie != "auto":
            return self._settings.secure_cookie == "always"
        forwarded = request.headers.get("X-Forwarded-Proto", "") if self._settings.trusted_proxies else ""
        return request.secure or forwarded == "https" or self._public.scheme == "https"

    def token(self, request: web.Request) -> str:
        """The id that the browser has, or a new one."""
        given = request.cookies.get(self._cookie(request), "")
        return given if len(given) == TOKEN_LENGTH and given.isascii() else secrets.token_urlsafe(32)

    def is_known(self, request: web.Request) -> bool:
        """Whether the browser brought an id."""
        return self._cookie(request) in request.cookies

    def set_token(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        """The browser's id from now on; "" takes it away."""
        self.set_cookie(request, response, self._cookie(request), token)

    def set_cookie(self, request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
        """A cookie until the browser is closed; "" takes it away."""
        secure = self.is_secure(request)
        if value:
            response.set_cookie(name, value, path="/", httponly=True, samesite="Lax", secure=secure)
        else:
            response.del_cookie(name, path="/", httponly=True, samesite="Lax", secure=secure)

    def csrf_of(self, token: str) -> str:
        """What every form of this session carries."""
        return base64.urlsafe_b64encode(self._keyring.digest(f"desk csrf|{token}".encode())).decode().rstrip("=")

    def is_csrf(self, token: str, given: str) -> bool:
        """Whether a form is from a page of this session."""
        return hmac.compare_digest(self.csrf_of(token).encode(), given.encode())

    def is_ours(self, request: web.Request) -> bool:
        """Whether the page that sent this is ours, as far as the browser tells."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = request.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc in {request.host, self._public.netloc} - {""}

    def _cookie(self, request: web.Request) -> str:
        return f"__Host-{COOKIE}" if self.is_secure(request) else COOKIE


def local(address: str, default: str = "") -> str:
    """An address of the desk as it is; *default* for every other site and page."""
    parts = urlsplit(address)
    inside = address.startswith("/desk") and not parts.netloc and not parts.scheme and "\\" not in address
    plain = address.isprintable() and ".." not in address and address[5:6] in {"", "/", "?"}
    return address if inside and plain else default
