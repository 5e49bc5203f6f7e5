"""What ``motcua zalo`` does: tokens for an Official Account from a person who agrees, and what its templates cost."""

import asyncio
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import click
import orjson
from aiohttp import web

from adapters.zalo.client import new_session
from adapters.zalo.oauth import OAuth, Refused, Unclear, new_verifier, permission_link
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.tokens import seed_of
from bot.clock import VIETNAM, SystemClock
from bot.control import NAME, NobodyServes, ask
from bot.errors import ConfigError, MotcuaError
from bot.logs import set_up
from bot.official_account import TokenPair
from bot.privacy import KEY_NAME, Keyring, load_key
from bot.settings import Settings
from bot.settings_zalo import zalo_of
from bot.store import make_store
from bot.store.account_book import AccountBook

CODE_SECONDS = 600
"""How long Zalo's code is good."""
PENDING = "zalo-authorise.json"
SECONDS = 30.0


class NotAuthorised(MotcuaError):
    """No tokens came; the text says why."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What was put into the link, to be known again when the callback comes."""

    verifier: str
    state: str


async def authorise(settings: Settings, *, given: str, listen: str, asks: bool) -> int:
    """Print the link, take the callback in one of the three ways, store the tokens. Raises ``MotcuaError``."""
    set_up("error")
    account = _account_of(settings)
    path = settings.data_dir / PENDING
    if given:
        attempt = _remembered(path.read_bytes() if path.exists() else b"", account)
        query = _query_of(given)
    else:
        attempt = _Attempt(account.code_verifier or new_verifier(), secrets.token_urlsafe(16))
        _remember(settings, attempt)
        click.echo(f"Open this as an administrator of the account and agree:\n{_link(account, attempt)}")
        if not listen and not asks:
            click.echo(
                'Then, within ten minutes: motcua zalo authorise --code "<the address that the browser ended at>"'
            )
            return 0
        query = (
            await _called_back(listen) if listen else _query_of(click.prompt("The address that the browser ended at"))
        )
    pair = await _exchange(account, attempt, query)
    await _store(settings, account, pair)
    path.unlink(missing_ok=True)
    click.echo(f"Authorised: the tokens of account {account.oa_id} are stored.")
    return 0


async def tell_costs(settings: Settings) -> None:
    """Template, how many, how much, by month."""
    set_up("error")
    store = make_store(settings.database_url, settings.data_dir, _keyring(settings), SystemClock())
    today = SystemClock().now().astimezone(VIETNAM)
    last = today.replace(day=1) - timedelta(days=1)
    async with store.reading():
        for month in (f"{last:%Y-%m}", f"{today:%Y-%m}"):
            costs = await AccountBook(store, _keyring(settings), SystemClock()).template_costs(month)
            total = sum(cost.cost_vnd for cost in costs.values())
            click.echo(f"{month}: {total:,} VND")
            for template, cost in sorted(costs.items()):
                click.echo(f"  {template}: {cost.sent} sent, {cost.cost_vnd:,} VND")


def _account_of(settings: Settings) -> ZaloSettings:
    account = zalo_of(settings.zalo)
    if account is None:
        raise ConfigError("zalo.app_id: must be given, with the rest of [zalo]")
    if not account.redirect_uri:
        raise ConfigError(
            "zalo.redirect_uri: must be given: the callback address saved in Zalo's console, to the letter"
        )
    return account


def _link(account: ZaloSettings, attempt: _Attempt) -> str:
    return permission_link(account, attempt.verifier, attempt.state)


def _query_of(given: str) -> Mapping[str, str]:
    """A bare code, or all that stands in an address."""
    if "=" not in given:
        return {"code": given.strip()}
    found = parse_qs(urlsplit(given.strip()).query or given.strip().lstrip("?"))
    return {name: values[0] for name, values in found.items()}


def _remember(settings: Settings, attempt: _Attempt) -> None:
    """For the second call; readable by its owner only."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(settings.data_dir / PENDING, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps({"verifier": attempt.verifier, "state": attempt.state}))


def _remembered(stored: bytes, account: ZaloSettings) -> _Attempt:
    if stored:
        return _Attempt(**orjson.loads(stored))
    if account.code_verifier:
        return _Attempt(account.code_verifier, "")
    raise NotAuthorised("there is no attempt that this code could belong to: call it without --code first")


async def _called_back(listen: str) -> Mapping[str, str]:
    """The query of the first request that carries a code."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise NotAuthorised("--listen: must be HOST:PORT, such as 127.0.0.1:8765")
    came: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()

    async def take(request: web.Request) -> web.Response:
        if "code" in request.query and not came.done():
            came.set_result(dict(request.query))
        return web.Response(text="You can close this page.")

    application = web.Application()
    application.router.add_get("/{path:.*}", take)
    runner = web.AppRunner(application, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, int(port)).start()
        click.echo(f"Waiting for the callback on {listen} …")
        async with asyncio.timeout(CODE_SECONDS):
            return await came
    except TimeoutError as error:
        raise NotAuthorised("no callback came within ten minutes") from error
    finally:
        await asyncio.sleep(0.1)  # the page that says so is on its way
        await runner.cleanup()


async def _exchange(account: ZaloSettings, attempt: _Attempt, query: Mapping[str, str]) -> TokenPair:
    if "state" in query and attempt.state and query["state"] not in {attempt.state, ""}:
        raise NotAuthorised("the callback answers another attempt: begin anew")
    if query.get("oa_id", account.oa_id) != account.oa_id:
        raise NotAuthorised(f"the tokens would be of account {query['oa_id']}, and zalo.oa_id is {account.oa_id}")
    if not query.get("code"):
        raise NotAuthorised("there is no code in it: give the whole address, which contains code=…")
    session = new_session(1)
    try:
        answer = await OAuth(account, session, SystemClock()).exchange(query["code"], attempt.verifier)
    finally:
        await session.close()
    match answer:
        case TokenPair():
            return answer
        case Refused(reason) | Unclear(reason):
            raise NotAuthorised(f"Zalo gave no tokens: {reason}")


async def _store(settings: Settings, account: ZaloSettings, pair: TokenPair) -> None:
    """Through the gateway that serves, else straight into the store."""
    now, seed = SystemClock().now(), seed_of(account)
    if not settings.database_url:
        arguments = {
            "account": account.oa_id,
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_at": pair.expires_at.isoformat(),
            "seed": seed.hex(),
            "at": now.isoformat(),
        }
        try:
            await ask(settings.data_dir / NAME, "zalo_grant", arguments, SECONDS)
        except NobodyServes:
            pass
        else:
            return
    keyring = _keyring(settings)
    store = make_store(settings.database_url, settings.data_dir, keyring, SystemClock())
    await store.open()
    try:
        await AccountBook(store, keyring, SystemClock()).give_grant(account.oa_id, pair, seed, now)
    finally:
        await store.close()


def _keyring(settings: Settings) -> Keyring:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keyring(load_key(settings.privacy.key.get_secret_value(), settings.data_dir / KEY_NAME))
