"""``[webchat]``: the chat page, its widget for portals, its kiosks."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, WrapValidator

from adapters.webchat.settings import Counter, WebChatSettings
from bot.model import Office
from bot.settings_types import Secret, Section, named_once

LEAST_KEY = 16


def _origin(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.fragment:
        raise ValueError("must be an origin such as https://dvc.bacninh.gov.vn, without a path")
    if any(character in given for character in " ;,'\"*"):
        raise ValueError("must be one whole origin, without blanks or wildcards")
    return given


def _key_of_kiosk(given: SecretStr) -> SecretStr:
    key = given.get_secret_value()
    if key and (len(key) < LEAST_KEY or not key.isascii() or not key.replace("-", "").replace("_", "").isalnum()):
        raise ValueError(f"must be at least {LEAST_KEY} letters, digits, - or _")
    return given


class CounterSection(Section):
    """A counter with a kiosk."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    agency: Annotated[str, Field(pattern=r"^[0-9A-Z.]{3,24}$")]
    key: Annotated[Secret, AfterValidator(_key_of_kiosk)] = SecretStr("")


class WebChatSection(Section):
    """The chat for browsers."""

    enabled: bool = True
    title: Annotated[str, Field(min_length=1, max_length=60)] = "Một Cửa"
    allowed_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    cross_site: bool = False
    session_days: Annotated[int, Field(ge=1, le=400)] = 30
    messages_per_minute: Annotated[int, Field(ge=1)] = 30
    sessions_per_hour: Annotated[int, Field(ge=1)] = 60
    most_connections: Annotated[int, Field(ge=1)] = 2000
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    kiosk_idle_s: Annotated[int, Field(ge=15, le=600)] = 60
    counters: Annotated[tuple[CounterSection, ...], WrapValidator(named_once)] = ()


def webchat_settings(
    section: WebChatSection, office: Office, *, public_url: str, built: frozenset[str]
) -> WebChatSettings:
    """What the channel wants to know."""
    return WebChatSettings(
        title=section.title,
        province=office.province,
        short_code=office.short_code,
        hotline=office.hotline,
        agency_head=office.head,
        allowed_origins=section.allowed_origins,
        public_url=public_url,
        cross_site=section.cross_site,
        session_days=section.session_days,
        messages_per_minute=section.messages_per_minute,
        sessions_per_hour=section.sessions_per_hour,
        most_connections=section.most_connections,
        idle_seconds=section.kiosk_idle_s,
        proxies=section.trusted_proxies,
        counters=tuple(
            Counter(code=item.name, name=item.title, agency=item.agency, key=item.key.get_secret_value())
            for item in section.counters
        ),
        built=built,
    )
