"""What can be asked over the control socket. A new command is one more line of the table in ``commands``."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.backup import back_up
from bot.console import Console
from bot.control import Arguments, Command, ControlFailed
from bot.model import Address, ChannelName, DeliveryReceipt, ReceiptState
from bot.official_account import Grants, TokenPair

SAY_SECONDS = 15.0
"""An answer is decided within 6 s; the rest is for a person who has other texts open."""


def commands(console: Console, data_dir: Path, accounts: Grants) -> Mapping[str, Command]:
    """The commands of this process by name."""

    async def ping(_arguments: Arguments) -> dict[str, Any]:
        return {"pong": True}

    async def say(arguments: Arguments) -> dict[str, Any]:
        sender = Address(ChannelName(_text(arguments, "channel")), _text(arguments, "sender"))
        said = await console.say(sender, _text(arguments, "text"), SAY_SECONDS)
        return {"replies": list(said.replies), "open": said.open}

    async def backup(arguments: Arguments) -> dict[str, Any]:
        copy = await back_up(data_dir, Path(_text(arguments, "target")))
        return {"database": str(copy.database), "key": str(copy.key) if copy.key else None}

    async def zalo_grant(arguments: Arguments) -> dict[str, Any]:
        pair = TokenPair(
            access_token=_text(arguments, "access_token"),
            refresh_token=_text(arguments, "refresh_token"),
            expires_at=datetime.fromisoformat(_text(arguments, "expires_at")),
        )
        seed, at = bytes.fromhex(_text(arguments, "seed")), datetime.fromisoformat(_text(arguments, "at"))
        await accounts.give_grant(_text(arguments, "account"), pair, seed, at)
        return {"stored": True}

    async def report(arguments: Arguments) -> dict[str, Any]:
        await console.report(receipt_of(arguments))
        return {}

    return {"ping": ping, "say": say, "backup": backup, "zalo_grant": zalo_grant, "report": report}


def receipt_fields(receipt: DeliveryReceipt) -> dict[str, Any]:
    """A receipt as arguments of ``report``."""
    return {
        "route": receipt.route,
        "provider_id": receipt.provider_ids[0],
        "state": receipt.state.value,
        "error": receipt.error,
        "received_at": receipt.received_at.isoformat(),
        "unreachable": receipt.unreachable,
    }


def receipt_of(arguments: Arguments) -> DeliveryReceipt:
    """What ``receipt_fields`` wrote. Raises ``ControlFailed`` or ``ValueError``."""
    return DeliveryReceipt(
        route=_text(arguments, "route"),
        provider_ids=(_text(arguments, "provider_id"),),
        state=ReceiptState(_text(arguments, "state")),
        error=_text(arguments, "error"),
        received_at=datetime.fromisoformat(_text(arguments, "received_at")),
        unreachable=arguments.get("unreachable") is True,
    )


def _text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise ControlFailed(f"{name}: must be a text")
    return value
