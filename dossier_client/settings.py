"""What a one-stop system is to us: where it is, which codes lead to it, how to sign in, how long to wait."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

EVERY_CODE = "*"
"""The head of a system that is asked for every code, after all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Codes of one head, dated from *first* to *last* inclusive; lower *order* is asked first."""

    head: str
    first: date = date(2016, 1, 1)
    last: date = date(9999, 12, 31)
    order: int = 1


@dataclass(frozen=True, slots=True)
class NoAuth:
    """The system asks for nothing."""


@dataclass(frozen=True, slots=True)
class BearerAuth:
    """A fixed bearer token."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BasicAuth:
    """User and password with each request."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuth2Auth:
    """Client credentials, as the exchange axis (LGSP, WSO2) and Keycloak take them."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LgspAuth:
    """The ``lgspaccesstoken`` header of some gateways."""

    token: str = field(repr=False)


Auth = NoAuth | BearerAuth | BasicAuth | OAuth2Auth | LgspAuth


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamSettings:
    """One one-stop system."""

    name: str
    base_url: str
    kind: Literal["onestop", "opencps"] = "onestop"
    heads: Sequence[str] = ()
    """Every date of these heads; ``*`` is every code, asked last."""
    routes: Sequence[Route] = ()
    auth: Auth = NoAuth()
    timeout_s: float = 3.0
    """One attempt, from connecting to the last octet of the body."""
    max_concurrent: int = 16
    max_waiting: int = 256
    ca_file: str = ""
    """Certificates to trust instead of the machine's; "" for the machine's."""
    group_id: str = ""
    """OpenCPS: the Liferay site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """How long things last, in seconds. Tests shorten them."""

    look_up_s: float = 5.0
    """A whole call with queueing and retry."""
    connect_s: float = 1.0
    """Name, TCP and TLS together."""
    read_s: float = 2.0
    """Silence within an answer."""
    idle_s: float = 30.0
    """How long a connection is kept without work."""
    fresh_s: float = 60.0
    stale_s: float = 24 * 3600.0
    not_found_s: float = 30.0
    """Short: the dossier may be entered right now."""
