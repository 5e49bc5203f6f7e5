"""Signing in: a password, then a code of an authenticator or one sent to the linked chat. Every failure looks the same."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import totp
from bot.access.passwords import Passwords
from bot.access.records import AuditEntry, CodePurpose, DeskSession, OfficerAccount, OfficerLink, Stage
from bot.clock import Clock
from bot.store.officer_book import OfficerBook, StaleAccount
from bot.store.officer_codes import Typed
from bot.store.port import NewOutbound

SendCode = Callable[[OfficerLink, str], Awaitable[NewOutbound | None]]
"""Makes the message that carries a code to a linked chat; None where none can leave now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody who wants in has given, and from where."""

    user_name: str
    password: str
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something of it is wrong; nobody is told what."""


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Too many wrong tries."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session is open: the browser gets this id."""

    token: str
    stage: Stage


Outcome = Opened | Refused | LockedOut


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def new_digits() -> str:
    """A code of six digits."""
    return f"{secrets.randbelow(1_000_000):06}"


class SignIn:
    """Opens sessions, and moves them on from stage to stage, each time under a new id."""

    def __init__(
        self, book: OfficerBook, passwords: Passwords, clock: Clock, *, totp_is_required: bool, send_code: SendCode
    ) -> None:
        self._book = book
        self._passwords = passwords
        self._clock = clock
        self._totp_is_required = totp_is_required
        self._send_code = send_code

    async def sign_in(self, given: Given) -> Outcome:
        """With user name, password and the code of an authenticator, if the officer has one."""
        name = given.user_name.strip().casefold()
        until = await self._book.begin_try(name, given.address)
        if until is not None:
            return LockedOut(until)
        account = await self._book.account_named(name)
        is_right = await self._passwords.check(account.password if account else "", given.password)
        if account is None:
            return await self._refuse(None, given.address)
        step = (
            totp.step_of(account.totp_secret, given.code, self._clock.now(), account.totp_step)
            if account.totp_secret
            else 0
        )
        if not is_right or step is None or not account.is_usable:
            return await self._refuse(account, given.address)
        return await self._enter(replace(account, totp_step=step or account.totp_step), given.address, "password")

    async def enter(self, account: OfficerAccount, address: str, how: str) -> Outcome:
        """For one whom somebody trusted has identified: single sign-on."""
        if not account.is_usable:
            return await self._refuse(account, address)
        return await self._open(account, address, Stage.FULL, how)

    async def _enter(self, account: OfficerAccount, address: str, how: str) -> Outcome:
        links = await self._book.links_of(account.officer.id)
        if not account.totp_secret and links:
            return await self._ask_for_code(account, address, links)
        return await self._open(account, address, self._stage_of(account, links), how)

    def _stage_of(self, account: OfficerAccount, links: Sequence[OfficerLink]) -> Stage:
        if account.password_is_temporary:
            return Stage.PASSWORD
        if self._totp_is_required and not account.totp_secret and not links:
            return Stage.ENROL
        return Stage.FULL

    async def _ask_for_code(self, account: OfficerAccount, address: str, links: Sequence[OfficerLink]) -> Outcome:
        """The tries stay written down: a password alone is no success."""
        token, now = new_token(), self._clock.now()
        await self.send_code(account, links)
        session = self._session(account, address, Stage.CODE, now)
        await self._book.open_session(token, session)
        return Opened(token, Stage.CODE)

    async def send_code(self, account: OfficerAccount, links: Sequence[OfficerLink]) -> bool:
        """Six digits to the chat that was linked last; False when there were too many in an hour, or none can leave."""
        code = new_digits()
        message = await self._send_code(links[-1], code) if links else None
        if message is None:
            return False
        return await self._book.issue_code(CodePurpose.SIGN_IN, account.officer.id, code, by=message)

    async def give_code(self, session: DeskSession, account: OfficerAccount, code: str) -> Outcome:
        """The code that was sent to the chat."""
        typed = await self._book.type_code(CodePurpose.SIGN_IN, account.officer.id, code.strip())
        if typed is not Typed.RIGHT:
            return await self._refuse(account, session.address)
        links = await self._book.links_of(account.officer.id)
        return await self._open(account, session.address, self._stage_of(account, links), "chat code", session)

    async def move_on(self, session: DeskSession, account: OfficerAccount) -> Outcome:
        """After a password was changed or an authenticator enrolled: the next stage, under a new id."""
        links = await self._book.links_of(account.officer.id)
        token, stage = new_token(), self._stage_of(account, links)
        await self._book.open_session(token, replace(session, stage=stage), replaces=session.digest)
        return Opened(token, stage)

    async def prove(self, session: DeskSession, account: OfficerAccount, given: Given) -> Outcome:
        """Password and code once more, before something dangerous; wrong ones count like those of a sign-in."""
        name, now = account.officer.user_name, self._clock.now()
        until = await self._book.begin_try(name, given.address)
        if until is not None:
            return LockedOut(until)
        is_right = await self._passwords.check(account.password, given.password)
        step = totp.step_of(account.totp_secret, given.code, now, account.totp_step) if account.totp_secret else 0
        if not is_right or step is None:
            return await self._refuse(account, given.address)
        token = new_token()
        entry = self._entry("proof_given", account, given.address)
        used = replace(account, totp_step=step or account.totp_step)
        try:
            proven = replace(session, proven_at=now, seen_at=now)
            await self._book.open_session(token, proven, entry, account=used, replaces=session.digest)
        except StaleAccount:
            return await self._refuse(account, given.address)
        return Opened(token, session.stage)

    async def sign_out(self, session: DeskSession, account: OfficerAccount) -> None:
        """The session ends."""
        await self._book.end_session(session, self._entry("sign_out", account, session.address))

    async def _open(
        self, account: OfficerAccount, address: str, stage: Stage, how: str, before: DeskSession | None = None
    ) -> Outcome:
        token, now = new_token(), self._clock.now()
        entry = self._entry("sign_in", account, address, how=how)
        replaces = before.digest if before is not None else b""
        current: OfficerAccount | None = account
        while current is not None:
            session = self._session(current, address, stage, now)
            after = replace(current, signed_in_at=now, signed_in_from=address)
            try:
                await self._book.open_session(token, session, entry, account=after, replaces=replaces)
            except StaleAccount:
                current = await self._as_it_is_now(account)
            else:
                return Opened(token, stage)
        return await self._refuse(account, address)

    async def _as_it_is_now(self, proven: OfficerAccount) -> OfficerAccount | None:
        """Two browsers at once are fine; None when the password or the lock changed meanwhile, or the code was used there."""
        now = await self._book.account(proven.officer.id)
        if now is None or not now.is_usable or (now.password, now.totp_secret) != (proven.password, proven.totp_secret):
            return None
        if proven.totp_secret and now.totp_step >= proven.totp_step:
            return None
        return replace(now, totp_step=proven.totp_step)

    def _session(self, account: OfficerAccount, address: str, stage: Stage, now: datetime) -> DeskSession:
        return DeskSession(
            digest=b"",
            officer=account.officer.id,
            stage=stage,
            opened_at=now,
            seen_at=now,
            proven_at=now,
            address=address,
            before_at=account.signed_in_at,
            before_from=account.signed_in_from,
        )

    async def _refuse(self, account: OfficerAccount | None, address: str) -> Refused:
        """A user name that is nobody's is not written down: it may be a password in the wrong field."""
        await self._book.record(self._entry("sign_in_failed", account, address))
        return Refused()

    def _entry(self, action: str, account: OfficerAccount | None, address: str, **data: str) -> AuditEntry:
        who = account.officer.user_name if account else ""
        key = account.officer.id if account else None
        return AuditEntry(
            at=self._clock.now(), who=who, officer=key, address=address, action=action, subject=who, data=data
        )
