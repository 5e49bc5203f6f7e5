"""What ``motcua officers`` does: through the control socket of the gateway that serves, else straight into the store."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from bot.access import totp
from bot.access.accounts import COMMAND_LINE, Accounts, NewAccount
from bot.access.passwords import Passwords, weakness
from bot.clock import VIETNAM, SystemClock
from bot.control import NAME, Arguments, Command, NobodyServes, ask
from bot.errors import ConfigError, MotcuaError
from bot.logs import set_up
from bot.officers import OfficerRole
from bot.privacy import KEY_NAME, Keyring, load_key, masked
from bot.settings import Settings
from bot.store import make_store
from bot.store.officer_book import OfficerBook
from sms import msisdn

SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A new officer as the command line tells it."""

    user: str
    name: str
    role: OfficerRole
    agency: str
    phone: str
    password: str
    totp_secret: str | None
    """None makes one; "" leaves the officer without."""
    must_change: bool


def control_commands(book: OfficerBook, accounts: Accounts) -> Mapping[str, Command]:
    """What the running gateway does for them."""

    async def add(arguments: Arguments) -> dict[str, Any]:
        told = {**arguments, "role": OfficerRole(arguments["role"])}
        return {"id": await accounts.add(NewAccount(**told), COMMAND_LINE)}

    async def everybody(_arguments: Arguments) -> dict[str, Any]:
        return {"officers": [_listed(account) for account in await book.everybody()]}

    async def change(arguments: Arguments) -> dict[str, Any]:
        acts = {"lock": accounts.lock, "unlock": accounts.unlock, "left": accounts.leave}
        await acts[arguments["act"]](await accounts.named(arguments["user"]), COMMAND_LINE)
        return {}

    async def check_log(_arguments: Arguments) -> dict[str, Any]:
        found = await book.check_log()
        return {"rows": found.rows, "broken_at": found.broken_at}

    return {"officer_add": add, "officer_list": everybody, "officer_change": change, "officer_check_log": check_log}


def _listed(account: Any) -> dict[str, Any]:
    officer = account.officer
    state = "left" if officer.left_at else "locked" if account.locked_at else "active"
    signed_in = account.signed_in_at.astimezone(VIETNAM).isoformat(timespec="minutes") if account.signed_in_at else ""
    return {
        "user": officer.user_name,
        "name": officer.name,
        "role": officer.role.value,
        "agency": officer.agency,
        "phone": masked(officer.phone) if officer.phone else "",
        "totp": bool(account.totp_secret),
        "state": state,
        "signed_in_at": signed_in,
    }


async def add(settings: Settings, wanted: Wanted) -> None:
    """Add an officer; a secret that was made here is printed once. Raises ``MotcuaError``."""
    if not wanted.password:
        raise ConfigError("the password is empty: give one line on stdin")
    phone = msisdn.normalise(wanted.phone) if wanted.phone else ""
    if phone is None:
        raise ConfigError("--phone: must be a Vietnamese phone number, for instance 84912345678 or 0912345678")
    secret = totp.new_secret() if wanted.totp_secret is None else wanted.totp_secret.replace(" ", "").upper()
    if weakness(wanted.password, wanted.user.casefold()):
        click.echo("motcua: this password is weak: 10 characters and more are better", err=True)
    await _done(
        settings,
        "officer_add",
        {
            "user_name": wanted.user,
            "name": wanted.name,
            "role": wanted.role.value,
            "agency": wanted.agency,
            "phone": phone,
            "password": wanted.password,
            "password_is_temporary": wanted.must_change,
            "totp_secret": secret,
        },
    )
    click.echo(f"added {wanted.user.casefold()}, {wanted.role.value} of {wanted.agency}")
    if wanted.totp_secret is None:
        click.echo(f"for the authenticator, shown only now: {totp.address_of(secret, wanted.user.casefold())}")


async def show(settings: Settings) -> None:
    """Print all officers. Raises ``MotcuaError``."""
    listed = (await _done(settings, "officer_list", {}))["officers"]
    for officer in listed:
        code = "code" if officer["totp"] else "no code"
        click.echo(
            f"{officer['user']:20} {officer['role']:16} {officer['agency']:10} {officer['state']:7} {code:8} "
            f"{officer['signed_in_at'] or 'never signed in':22} {officer['name']}"
        )
    if not listed:
        click.echo("there is no officer yet: motcua officers add --help", err=True)


async def change(settings: Settings, act: str, user: str) -> None:
    """Lock, unlock, or note that somebody left. Raises ``MotcuaError``."""
    await _done(settings, "officer_change", {"act": act, "user": user})
    click.echo({"lock": "locked", "unlock": "unlocked", "left": "left: sessions and linked chats are cut"}[act])


async def check_log(settings: Settings) -> int:
    """Check the chain of the audit log; 1 when it does not hold. Raises ``MotcuaError``."""
    found = await _done(settings, "officer_check_log", {})
    if found["broken_at"] is None:
        click.echo(f"the log is whole, up to row {found['rows']}")
        return 0
    click.echo(f"row {found['broken_at']} is not as it was written, or is missing")
    return 1


async def _done(settings: Settings, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    if not settings.database_url:
        try:
            return await ask(settings.data_dir / NAME, command, arguments, SECONDS)
        except NobodyServes:
            pass
    return await _alone(settings, lambda commands: commands[command](arguments))


async def _alone(
    settings: Settings, work: Callable[[Mapping[str, Command]], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    set_up("error")
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keyring = Keyring(load_key(settings.privacy.key.get_secret_value(), settings.data_dir / KEY_NAME))
    clock = SystemClock()
    store = make_store(settings.database_url, settings.data_dir, keyring, clock)
    await store.open()
    try:
        book = OfficerBook(store, keyring, clock)
        return await work(control_commands(book, Accounts(book, Passwords(), clock)))
    except (KeyError, TypeError) as error:
        raise MotcuaError(f"cannot be done: {error}") from error
    finally:
        await store.close()
