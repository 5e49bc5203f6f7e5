"""What a page of the desk is: where it stands, who may see it, what it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.access.records import Stage
from bot.officers import OfficerRole

if TYPE_CHECKING:
    from bot.web.desk.request import DeskRequest

EVERYBODY = frozenset(OfficerRole)
"""Every officer, whatever the role."""
TEXTS = EVERYBODY - {OfficerRole.OPERATOR}
"""Who may read what citizens wrote."""
ADMINISTRATORS = frozenset({OfficerRole.ADMINISTRATOR})
FORM_OCTETS = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, or with ``Accept: application/json`` just its data."""

    template: str
    """A file under ``templates/desk``."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What JSON shows. The template gets it too. Holds only what this officer may see, and no octets."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """What the template gets besides: choices of lists, what was typed."""
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """It was done: on to another page of the desk."""

    to: str
    notice: str = ""
    """A word that the next page shows once, such as ``officers.added``."""
    values: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    """Set: the browser's new session id; "" ends the session."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What JSON shows besides."""


Answer = Page | Redirect | web.StreamResponse
Handler = Callable[["DeskRequest"], Awaitable[Answer]]


class Denied(Exception):
    """An answer other than the wished one. *key* is a word of the desk; *data* is shown with it, in JSON too."""

    def __init__(self, status: int, key: str, **data: Any) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.data = data


class Missing(Denied):
    """There is no such thing, or none that this officer may see: nobody learns which."""

    def __init__(self) -> None:
        super().__init__(404, "error.missing")


class UnknownAction(Denied):
    """The form asks for something that there is not."""

    def __init__(self) -> None:
        super().__init__(400, "error.action")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoute:
    """One address of the desk."""

    method: str
    path: str
    roles: frozenset[OfficerRole]
    """Who may; empty only where ``is_open``. Everybody else finds nothing here."""
    handler: Handler
    is_open: bool = False
    """Also for who has not signed in."""
    stages: frozenset[Stage] = frozenset({Stage.FULL})
    """How far the session must have come."""
    proof: bool = False
    """Dangerous: password and code must have been given within a quarter of an hour."""
    most_octets: int = FORM_OCTETS


def desk_route(method: str, path: str, roles: frozenset[OfficerRole], handler: Handler, **more: Any) -> DeskRoute:
    """A page for officers of these roles; *more* are further fields of ``DeskRoute``."""
    if not roles:
        raise ValueError(f"{path}: name the roles that may use it")
    return DeskRoute(method=method, path=path, roles=roles, handler=handler, **more)


def open_route(method: str, path: str, handler: Handler, **more: Any) -> DeskRoute:
    """A page for who has not signed in."""
    return DeskRoute(method=method, path=path, roles=frozenset(), handler=handler, is_open=True, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """An entry of the top bar."""

    path: str
    word: str
    roles: frozenset[OfficerRole]
    order: int = 50
    """Smaller ones stand first; the first that a role may see is its home."""
