"""One request to the desk: who asks, in which language, with which form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.access.accounts import By
from bot.access.records import AuditEntry, DeskSession, OfficerAccount
from bot.model import Language
from bot.officers import Officer
from bot.petitions.record import Actor, ActorKind
from bot.web.desk.forms import Form
from bot.web.desk.routes import Missing


@dataclass(slots=True, kw_only=True)
class DeskRequest:
    """What a handler needs to know of its request."""

    raw: web.Request
    now: datetime
    address: str
    """From where, as far as trusted proxies tell."""
    language: Language
    token: str
    """The session's id, or of who has not signed in a random one."""
    session: DeskSession | None = None
    account: OfficerAccount | None = None
    form: Form = field(default_factory=Form)

    @property
    def officer(self) -> Officer:
        """Who asks. Only for routes that are not open."""
        return self.known[1].officer

    @property
    def known(self) -> tuple[DeskSession, OfficerAccount]:
        """Session and account of who asks."""
        if self.session is None or self.account is None:
            raise Missing
        return self.session, self.account

    @property
    def actor(self) -> Actor:
        """Who asks, as petitions name it."""
        officer = self.officer
        return Actor(
            kind=ActorKind.OFFICER,
            officer=officer.id,
            name=officer.name,
            role=officer.role,
            agency=officer.agency,
            at_reception=officer.at_reception,
        )

    @property
    def by(self) -> By:
        """Who asks, as the log names it."""
        return By(who=self.officer.user_name, officer=self.officer.id, address=self.address)

    @property
    def query(self) -> Mapping[str, str]:
        """What stands after the ``?``."""
        return self.raw.query

    @property
    def wants_json(self) -> bool:
        """``Accept: application/json``."""
        return "application/json" in self.raw.headers.get("Accept", "")

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.raw.match_info.get(name, "")

    def entry(self, action: str, subject: str = "", **data: Any) -> AuditEntry:
        """An entry of the log in the name of who asks."""
        by = self.by
        return AuditEntry(
            at=self.now, who=by.who, officer=by.officer, address=by.address, action=action, subject=subject, data=data
        )
