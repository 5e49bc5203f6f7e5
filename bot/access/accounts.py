"""What is done to accounts of officers, by the command line and by the pages alike."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.access import totp
from bot.access.passwords import Passwords
from bot.access.records import AuditEntry, OfficerAccount
from bot.clock import Clock
from bot.errors import MotcuaError
from bot.officers import Officer, OfficerRole
from bot.store.officer_book import OfficerBook

USER_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
AGENCY = re.compile(r"[0-9A-Za-z._-]{1,24}")
TEMPORARY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that can be taken for another when it is read aloud."""


class BadAccount(MotcuaError):
    """An account cannot be like this; the text says why, *key* is a word of the desk."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does it, for the log."""

    who: str
    officer: int | None = None
    address: str = ""


COMMAND_LINE = By(who="command line")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is told of a new officer."""

    user_name: str
    name: str
    role: OfficerRole
    agency: str
    phone: str = ""
    """MSISDN digits ``84…``, or ""."""
    password: str
    """"" for one who only signs in by single sign-on."""
    password_is_temporary: bool = False
    totp_secret: str = ""


class Accounts:
    """Adds and changes. Raises ``BadAccount``, ``NameTaken``, ``StaleAccount`` or another ``StoreError``."""

    def __init__(self, book: OfficerBook, passwords: Passwords, clock: Clock) -> None:
        self._book = book
        self._passwords = passwords
        self._clock = clock

    async def add(self, new: NewAccount, by: By, *, only_first: bool = False) -> int:
        """The id of the new officer; with *only_first* only while there is none at all."""
        user_name = new.user_name.strip().casefold()
        _check(user_name, new)
        now = self._clock.now()
        officer = Officer(
            id=0, user_name=user_name, name=new.name.strip(), role=new.role, agency=new.agency, phone=new.phone
        )
        account = OfficerAccount(
            officer=officer,
            password=await self._passwords.hash(new.password) if new.password else "",
            password_is_temporary=new.password_is_temporary,
            totp_secret=new.totp_secret,
            created_at=now,
        )
        told = {"name": officer.name, "role": officer.role.value, "agency": officer.agency}
        entry = self._entry("setup" if only_first else "officer_added", user_name, by, now, new=told)
        return await self._book.add(account, entry, only_first=only_first)

    async def named(self, user_name: str) -> OfficerAccount:
        """The account of this user name. Raises ``BadAccount`` when there is none."""
        account = await self._book.account_named(user_name.strip().casefold())
        if account is None:
            raise BadAccount("officers.unknown", f"there is no officer {user_name}")
        return account

    async def lock(self, account: OfficerAccount, by: By) -> None:
        """Nobody signs in with it until it is unlocked."""
        now = self._clock.now()
        entry = self._entry("officer_locked", account.officer.user_name, by, now)
        await self._book.change(replace(account, locked_at=now), entry, ends_sessions_but=b"")

    async def unlock(self, account: OfficerAccount, by: By) -> None:
        """Open again, without its old failures."""
        entry = self._entry("officer_unlocked", account.officer.user_name, by, self._clock.now())
        await self._book.change(replace(account, locked_at=None), entry, forgets_tries=True)

    async def leave(self, account: OfficerAccount, by: By) -> None:
        """The officer has left the agency: all sessions and links end at once."""
        now = self._clock.now()
        gone = replace(account, officer=replace(account.officer, left_at=now))
        entry = self._entry("officer_left", account.officer.user_name, by, now)
        await self._book.change(gone, entry, ends_sessions_but=b"", cuts_links=True)

    async def change(self, account: OfficerAccount, officer: Officer, by: By) -> None:
        """Name, role, agency, phone, absence. Another role or agency ends the sessions."""
        _check_officer(officer)
        old, new = _different(account.officer, officer)
        if not new:
            return
        entry = self._entry("officer_changed", officer.user_name, by, self._clock.now(), old=old, new=new)
        ends = b"" if {"role", "agency"} & new.keys() else None
        await self._book.change(replace(account, officer=officer), entry, ends_sessions_but=ends)

    async def reset_password(self, account: OfficerAccount, by: By) -> str:
        """A temporary password, to be told once and changed at the next sign-in."""
        password = self.temporary_password()
        after = replace(account, password=await self._passwords.hash(password), password_is_temporary=True)
        entry = self._entry("password_reset", account.officer.user_name, by, self._clock.now())
        await self._book.change(after, entry, ends_sessions_but=b"")
        return password

    @staticmethod
    def temporary_password() -> str:
        """Some 79 random bits, easy to read aloud."""
        return "-".join("".join(secrets.choice(TEMPORARY_LETTERS) for _ in range(4)) for _ in range(4))

    async def set_password(self, account: OfficerAccount, password: str, by: By, keeps: bytes) -> OfficerAccount:
        """The officer's own choice; all sessions end but the one that *keeps* is the digest of."""
        after = replace(account, password=await self._passwords.hash(password), password_is_temporary=False)
        entry = self._entry("password_changed", account.officer.user_name, by, self._clock.now())
        return await self._book.change(after, entry, ends_sessions_but=keeps, forgets_tries=True)

    async def enrol(self, account: OfficerAccount, secret: str, step: int, by: By, keeps: bytes) -> OfficerAccount:
        """An authenticator whose code was just seen right."""
        after = replace(account, totp_secret=secret, totp_step=step)
        entry = self._entry("totp_enrolled", account.officer.user_name, by, self._clock.now())
        return await self._book.change(after, entry, ends_sessions_but=keeps)

    async def remove_totp(self, account: OfficerAccount, by: By) -> None:
        """A lost phone: the officer enrols anew."""
        entry = self._entry("totp_removed", account.officer.user_name, by, self._clock.now())
        await self._book.change(replace(account, totp_secret="", totp_step=0), entry, ends_sessions_but=b"")

    def _entry(self, action: str, subject: str, by: By, at: datetime, **data: Any) -> AuditEntry:
        return AuditEntry(
            at=at, who=by.who, officer=by.officer, address=by.address, action=action, subject=subject, data=data
        )


def _check(user_name: str, new: NewAccount) -> None:
    if USER_NAME.fullmatch(user_name) is None:
        raise BadAccount("officers.bad_user_name", "user name: 2 to 40 of a-z, 0-9, dot, - and _, a letter first")
    if new.totp_secret and not totp.is_secret(new.totp_secret):
        raise BadAccount("officers.bad_secret", "one-time code secret: must be base 32, at least 16 characters")
    _check_officer(Officer(id=0, user_name=user_name, name=new.name, role=new.role, agency=new.agency, phone=new.phone))


def _check_officer(officer: Officer) -> None:
    if not 0 < len(officer.name.strip()) <= 80:  # noqa: PLR2004 - the longest name of a person that a list shows
        raise BadAccount("officers.bad_name", "name: 1 to 80 characters")
    if AGENCY.fullmatch(officer.agency) is None:
        raise BadAccount("officers.bad_agency", "agency: its code, such as H05.12")


def _different(before: Officer, after: Officer) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What changes, old and new; a phone number is only said to have changed."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name in ("name", "role", "agency", "away_until", "substitute"):
        was, becomes = getattr(before, name), getattr(after, name)
        if was != becomes:
            old[name], new[name] = _written(was), _written(becomes)
    if before.phone != after.phone:
        old["phone"], new["phone"] = "…", "…"
    return old, new


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
