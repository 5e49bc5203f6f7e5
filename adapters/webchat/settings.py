"""What the web chat needs to know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A counter with a kiosk."""

    code: str
    """As in the kiosk's address: ``3``, ``dat-dai``."""
    name: str
    """As people know it: ``Quầy 3 - Đất đai``."""
    agency: str
    """The code of the agency whose queue it belongs to."""
    key: str = ""
    """What the kiosk's address must bring the first time; "" lets any browser be this kiosk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebChatSettings:
    """The chat page, its widget and its kiosks."""

    title: str = "Một Cửa"
    province: str = ""
    short_code: str = ""
    hotline: str = ""
    agency_head: str = "H05"
    """The first key of the kiosk's keypad is the letter of the office's codes."""
    allowed_origins: tuple[str, ...] = ()
    """Of the portals that may show the chat in a frame: ``https://dvc.bacninh.gov.vn``."""
    public_url: str = ""
    """Where browsers find the gateway, when a proxy changes the Host header."""
    cross_site: bool = False
    """The portal is of another registrable domain: the cookie must say so to be sent from within its frame."""
    session_days: int = 30
    messages_per_minute: int = 30
    """Of one session, and of one network address."""
    sessions_per_hour: int = 60
    """Of one network address that may write; a kiosk with a key is not counted."""
    most_connections: int = 2000
    """Open at the same time; each further one is asked to come back."""
    idle_seconds: int = 60
    """Without a touch the kiosk forgets the person."""
    proxies: int = 0
    """Trusted proxies before us: as many entries of X-Forwarded-For are believed, and X-Forwarded-Proto."""
    counters: tuple[Counter, ...] = ()
    built: frozenset[str] = frozenset()
    """The commands that there are; the quick menu offers no others."""
