"""What Official Accounts keep in the store, on either engine."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from bot.clock import Clock
from bot.model import Address
from bot.official_account import (
    AccountRecords,
    Grant,
    GrantState,
    TemplateCost,
    TemplateSent,
    TokenPair,
)
from bot.privacy import Keyring
from bot.store import accounts
from bot.store.base import PlanStore
from bot.store.extras import extras_of
from bot.store.keys import from_micros


class AccountBook(AccountRecords):
    """Seals tokens and finds people for ``bot.store.accounts``."""

    def __init__(self, store: PlanStore, keyring: Keyring, clock: Clock) -> None:
        self._store = store
        self._keyring = keyring
        self._clock = clock

    async def grant(self, account: str) -> Grant | None:
        """See the port."""
        rows = await self._store.read(accounts.grant, account)
        if not rows:
            return None
        sealed, generation, state, renewed_at, seed, expires_at = rows[0]
        access, refresh = orjson.loads(self._keyring.open_octets(bytes(sealed)))
        return Grant(
            pair=TokenPair(access_token=access, refresh_token=refresh, expires_at=from_micros(expires_at)),
            generation=generation,
            state=GrantState(state),
            renewed_at=from_micros(renewed_at),
            seed=bytes(seed),
        )

    async def give_grant(self, account: str, pair: TokenPair, seed: bytes, at: datetime) -> None:
        """See the port."""
        brought = accounts.Brought(
            account=account, pair=self._sealed(pair), seed=seed, expires_at=pair.expires_at, at=at
        )
        await self._store.write(accounts.give, brought)

    async def begin_renewal(self, account: str, generation: int) -> bool:
        """See the port."""
        renewal = accounts.Renewal(account=account, generation=generation, epoch=self._store.epoch)
        return await self._store.write(accounts.begin, renewal)

    async def end_renewal(self, account: str, generation: int, pair: TokenPair, at: datetime) -> bool:
        """See the port."""
        renewal = accounts.Renewal(
            account=account,
            generation=generation,
            epoch=self._store.epoch,
            pair=self._sealed(pair),
            expires_at=pair.expires_at,
            at=at,
        )
        return await self._store.write(accounts.end, renewal)

    async def give_up_renewal(self, account: str, generation: int, state: GrantState) -> bool:
        """See the port."""
        renewal = accounts.Renewal(account=account, generation=generation, epoch=self._store.epoch, state=state)
        return await self._store.write(accounts.end, renewal)

    async def last_wrote(self, person: Address) -> datetime | None:
        """See the port."""
        found = await self._store.read(accounts.last_wrote, self._keyring.contact_id(person))
        return None if found is None else from_micros(found)

    async def wrote(self, person: Address, at: datetime) -> None:
        """See the port."""
        await self._store.write(accounts.wrote, accounts.Wrote(contact=self._keyring.contact_id(person), at=at))

    async def template_sent(self, message: int | None, provider_id: str) -> TemplateSent | None:
        """See the port."""
        wish = accounts.SentWish(message=message, provider_id=provider_id, now=self._clock.now())
        row = await self._store.read(accounts.sent, wish)
        template = extras_of(row[1]).template if row else None
        if row is None or template is None:
            return None
        return TemplateSent(to=self._keyring.open(bytes(row[0])), template=template)

    async def add_template_cost(self, month: str, template: str, cost_vnd: int) -> None:
        """See the port."""
        await self._store.write(accounts.add_costs, accounts.Cost(month=month, template=template, cost_vnd=cost_vnd))

    async def template_costs(self, month: str) -> Mapping[str, TemplateCost]:
        """See the port."""
        rows = await self._store.read(accounts.costs_of, month)
        return {template: TemplateCost(sent=sent, cost_vnd=cost) for template, sent, cost in rows}

    def _sealed(self, pair: TokenPair) -> bytes:
        return self._keyring.seal_octets(orjson.dumps([pair.access_token, pair.refresh_token]))
