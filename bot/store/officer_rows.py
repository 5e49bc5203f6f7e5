"""Accounts and sessions as rows of their tables, and back."""

from collections.abc import Callable
from datetime import datetime

from bot.access.records import DeskSession, OfficerAccount, Stage
from bot.officers import Officer, OfficerRole
from bot.store.desk_sessions import SESSION_WIDTH
from bot.store.keys import from_micros, to_micros
from bot.store.statements import Row


def row_of(account: OfficerAccount, sealed: Callable[[str], bytes | None]) -> Row:
    """The values of ``officers.NAMES``."""
    officer = account.officer
    return (
        officer.user_name,
        officer.name,
        officer.role.value,
        officer.agency,
        sealed(officer.phone),
        account.password,
        account.password_is_temporary,
        sealed(account.totp_secret),
        account.totp_step,
        _micros(account.locked_at),
        _micros(officer.left_at),
        _micros(officer.away_until),
        officer.substitute,
        _micros(account.signed_in_at),
        account.signed_in_from,
        to_micros(account.created_at),
        account.version,
    )


def account_of(row: Row, opened: Callable[[bytes | None], str]) -> OfficerAccount:
    """The account in a row of ``officers.COLUMNS``."""
    (
        key,
        user_name,
        name,
        role,
        agency,
        phone,
        password,
        is_temporary,
        totp,
        totp_step,
        locked_at,
        left_at,
        away_until,
        substitute,
        signed_in_at,
        signed_in_from,
        created_at,
        version,
    ) = row
    officer = Officer(
        id=key,
        user_name=user_name,
        name=name,
        role=OfficerRole(role),
        agency=agency,
        at_reception=role == OfficerRole.RECEPTION,
        phone=opened(phone),
        left_at=_moment(left_at),
        away_until=_moment(away_until),
        substitute=substitute,
    )
    return OfficerAccount(
        officer=officer,
        password=password,
        password_is_temporary=bool(is_temporary),
        totp_secret=opened(totp),
        totp_step=totp_step,
        locked_at=_moment(locked_at),
        signed_in_at=_moment(signed_in_at),
        signed_in_from=signed_in_from,
        created_at=from_micros(created_at),
        version=version,
    )


def session_of(row: Row) -> DeskSession:
    """The session at the beginning of a row of ``desk_sessions.FIND``."""
    digest, officer, stage, opened_at, seen_at, proven_at, address, before_at, before_from = row[:SESSION_WIDTH]
    return DeskSession(
        digest=bytes(digest),
        officer=officer,
        stage=Stage(stage),
        opened_at=from_micros(opened_at),
        seen_at=from_micros(seen_at),
        proven_at=from_micros(proven_at),
        address=address,
        before_at=_moment(before_at),
        before_from=before_from,
    )


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else from_micros(stored)


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)
