"""An Official Account whose Zalo is the stand-in: tokens, client and courier over a real store."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from adapters.zalo.client import Client, new_session
from adapters.zalo.courier import Courier
from adapters.zalo.oauth import OAuth
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.stand_in import ZaloStandIn
from adapters.zalo.tokens import Tokens
from bot.clock import FixedClock
from bot.model import Address, Button, ChannelName, MessageId, OutboundKind, OutboundMessage, TemplateMessage
from bot.official_account import AccountRecords
from tests.contract.channels.zalo import SETTINGS

PERSON = "5510185758261900001"


class Lines:
    """A log that is kept."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, Mapping[str, Any]]] = []

    def info(self, event: str, **values: Any) -> None:
        self.lines.append(("info", event, values))

    def warning(self, event: str, **values: Any) -> None:
        self.lines.append(("warning", event, values))

    def error(self, event: str, **values: Any) -> None:
        self.lines.append(("error", event, values))

    def alarms(self) -> list[str]:
        """What was said as an error."""
        return [event for level, event, _ in self.lines if level == "error"]


@dataclass
class Account:
    """One process's side of the account."""

    stand_in: ZaloStandIn
    tokens: Tokens
    client: Client
    courier: Courier
    clock: FixedClock
    log: Lines
    counts: Counter[str]


@contextlib.asynccontextmanager
async def account(
    stand_in: ZaloStandIn, records: AccountRecords, clock: FixedClock, **changes: Any
) -> AsyncIterator[Account]:
    """Its tokens are taken over; nothing runs by itself."""
    urls = dict.fromkeys(("api_base_url", "oauth_base_url", "zbs_base_url"), stand_in.url)
    settings: ZaloSettings = replace(SETTINGS, **(urls | {"timeout_s": 2.0} | changes))
    session = new_session(8)
    log, counts = Lines(), Counter[str]()
    tokens = Tokens(settings, records, OAuth(settings, session, clock), clock, log)
    client = Client(settings, session, tokens, clock)
    courier = Courier(settings, client, records, clock, log, counts)
    await tokens.keep()
    try:
        yield Account(stand_in, tokens, client, courier, clock, log, counts)
    finally:
        await session.close()
        await asyncio.sleep(0)


def message(clock: FixedClock, text: str = "Hồ sơ đang xử lý", **more: Any) -> OutboundMessage:
    now = clock.now()
    made = OutboundMessage(
        id=MessageId(7123),
        to=Address(ChannelName.ZALO, PERSON),
        source=SETTINGS.oa_id,
        route="zalo",
        text=text,
        created_at=now,
        expires_at=now + timedelta(hours=24),
    )
    return replace(made, **more)


def notice(clock: FixedClock, key: str = "st.9", **more: Any) -> OutboundMessage:
    """Something that nobody asked for, with its template."""
    template = TemplateMessage(key, {"code": "H05.12-260610-0001", "agency": "UBND phường Kinh Bắc"})
    return message(clock, kind=OutboundKind.NOTICE, template=template, **more)


FOLLOW = Button("Theo dõi", "td:H05.12-260610-0001")
