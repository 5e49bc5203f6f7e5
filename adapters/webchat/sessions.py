"""Who sits at a browser: a random token in a cookie that no script can read. Only its hash leaves this module."""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from aiohttp import web

from adapters.webchat.settings import Counter, WebChatSettings
from bot.model import Address, ChannelName, kiosk_address

CHAT_COOKIE, KIOSK_COOKIE, DEVICE_COOKIE = "motcua_chat", "motcua_kiosk", "motcua_device"
TOKEN_OCTETS = 16
DEVICE_DAYS = 400
"""The longest that browsers keep a cookie."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One person at one browser."""

    address: Address
    recipient: str
    """What was written to: ``webchat``, or ``kiosk:<counter>``."""
    counter: Counter | None = None
    """The counter that the kiosk stands at."""


def new_token() -> str:
    """128 random bits, as a cookie holds them."""
    return secrets.token_urlsafe(TOKEN_OCTETS)


def session_of(request: web.Request, counter: Counter | None) -> Session | None:
    """Whose request this is; None without a cookie, or at a kiosk that did not bring its key."""
    token = request.cookies.get(KIOSK_COOKIE if counter else CHAT_COOKIE, "")
    if not _TOKEN.fullmatch(token) or (counter and not is_device_of(request, counter)):
        return None
    recipient = f"kiosk:{counter.code}" if counter else "webchat"
    return Session(address=address_of(token, counter), recipient=recipient, counter=counter)


def address_of(token: str, counter: Counter | None) -> Address:
    """Whom a token opens the conversation of; the way back does not exist."""
    hashed = sha256(f"motcua web chat {token}".encode()).hexdigest()[: 2 * TOKEN_OCTETS]
    return kiosk_address(hashed) if counter else Address(ChannelName.WEBCHAT, hashed)


def has_token(request: web.Request) -> bool:
    """The browser has been here before."""
    return bool(_TOKEN.fullmatch(request.cookies.get(CHAT_COOKIE, "")))


def is_device_of(request: web.Request, counter: Counter) -> bool:
    """The browser is the kiosk of this counter."""
    return not counter.key or opens(request.cookies.get(DEVICE_COOKIE, ""), counter)


def opens(key: str, counter: Counter) -> bool:
    """Compared in constant time."""
    return compare_digest(key.encode(), counter.key.encode())


def set_cookie(
    response: web.StreamResponse, name: str, value: str, *, days: int, secure: bool, settings: WebChatSettings
) -> None:
    """Not readable by scripts; from within a frame of another site only where that is wanted."""
    parts = [f"{name}={value}", "Path=/", f"Max-Age={days * 86400}", "HttpOnly"]
    if settings.cross_site and secure:
        parts += ["SameSite=None", "Secure", "Partitioned"]
    else:
        parts += ["SameSite=Lax", *(["Secure"] if secure else [])]
    response.headers.add("Set-Cookie", "; ".join(parts))
