"""The access token of an account: kept in the store, renewed by one process at a time, never guessed.

A refresh token is good once. Whoever renews says so in the store first, then calls, then stores the new pair, and only then uses
it. When a process dies in between nobody can know whether the old token still works: a person must authorise again.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import assert_never

from adapters.zalo.oauth import Answer, OAuth, Refused, Unclear
from adapters.zalo.settings import ZaloSettings
from bot.clock import Clock
from bot.errors import NotSent, StoreError, StoreRefused
from bot.kill_points import reach
from bot.logs import Log
from bot.official_account import Grant, Grants, GrantState, TokenPair

EARLY = timedelta(hours=6)
"""So long before the end of an access token it is renewed."""
OLD = timedelta(days=60)
"""A refresh token lasts three months; unused this long it deserves an operator's look."""
LOOK_SECONDS = 5.0
POLL_SECONDS = 0.2
MOST_WAIT_SECONDS = 30.0
STORE_PAUSE_SECONDS = 0.5
RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0)
REMIND_SECONDS = 300.0
"""An alarm is repeated so often until somebody acts."""


class Tokens:
    """Gives the access token, renews it before it ends and when Zalo refuses it."""

    def __init__(self, settings: ZaloSettings, grants: Grants, oauth: OAuth, clock: Clock, log: Log) -> None:
        self._settings = settings
        self._grants = grants
        self._oauth = oauth
        self._clock = clock
        self._log = log
        self._grant: Grant | None = None
        self._refused = 0
        self._has_begun = False
        self._renewal: asyncio.Task[None] | None = None
        self._tries = 0
        self._not_before = 0.0
        self._told_at: float | None = None
        self.on_change: Callable[[], None] = lambda: None
        """Called when the state may have changed."""

    @property
    def state(self) -> str:
        """``up`` with a token that works, ``re-authorise`` when only a person can help, ``renewing`` else."""
        if self.is_good():
            return "up"
        if not self._has_begun:
            return "starting"
        return "re-authorise" if self.needs_person else "renewing"

    @property
    def needs_person(self) -> bool:
        """The alarm: nothing can be renewed any more, even while the last access token still works."""
        return self._has_begun and (self._grant is None or self._grant.state is GrantState.SPENT)

    def is_good(self) -> bool:
        """There is an access token that Zalo has not refused."""
        grant = self._grant
        return grant is not None and grant.generation > self._refused and self._clock.now() < grant.pair.expires_at

    def current(self) -> Grant:
        """The pair to call with. Raises ``NotSent`` when there is none."""
        if self._grant is None or not self.is_good():
            raise NotSent(f"Zalo: {self.state}")
        return self._grant

    async def renewed(self, refused: int) -> Grant:
        """A pair newer than that generation, which Zalo refused. Raises ``NotSent`` when there is none to be had."""
        self._refused = max(self._refused, refused)
        try:
            await self._wait_for_better()
        except StoreError as error:
            raise NotSent(f"the store does not tell the Zalo tokens: {error}") from error
        self.on_change()
        return self.current()

    async def _wait_for_better(self) -> None:
        await self._look()
        ends = self._clock.monotonic() + MOST_WAIT_SECONDS
        while not self.is_good():
            grant = self._grant
            if grant is None or grant.state is GrantState.SPENT or self._clock.monotonic() > ends:
                break
            if grant.state is GrantState.READY and not await self._renew():
                break
            if not self.is_good():
                await asyncio.sleep(POLL_SECONDS)
                await self._look()

    async def run(self) -> None:
        """Keep a good pair until cancelled."""
        while True:
            await self.keep()
            await asyncio.sleep(LOOK_SECONDS)

    async def keep(self) -> None:
        """One round: take over a configured pair, see what others did, renew in time, raise the alarm."""
        was = self.state
        try:
            await self._look()
            await self._take_over()
            if self._is_due():
                await self._renew()
        except StoreError as error:
            self._log.warning("Zalo tokens wait for the store", error=str(error))
        self._alarm()
        if self.state != was:
            self.on_change()

    async def finish(self) -> None:
        """Wait for a renewal under way: leaving now would spend the pair."""
        if self._renewal is not None:
            await asyncio.wait([self._renewal])

    async def _look(self) -> None:
        self._grant = await self._grants.grant(self._settings.oa_id)

    async def _take_over(self) -> None:
        """The configured pair is for the first start, and for one after somebody put a new one there; at the start only, or
        processes with an older configuration would bring back what is spent.
        """
        settings, seed = self._settings, seed_of(self._settings)
        if self._has_begun:
            return
        if seed and (self._grant is None or self._grant.seed != seed):
            pair = TokenPair(
                access_token=settings.access_token,
                refresh_token=settings.refresh_token,
                expires_at=self._clock.now() + (timedelta(hours=20) if settings.access_token else timedelta(0)),
            )
            await self._grants.give_grant(settings.oa_id, pair, seed, self._clock.now())
            await self._look()
        self._has_begun = True

    def _is_due(self) -> bool:
        grant = self._grant
        if grant is None or grant.state is not GrantState.READY:
            return False
        return grant.pair.expires_at - self._clock.now() < EARLY or grant.generation <= self._refused

    async def _renew(self) -> bool:
        """Renew, or wait for the renewal under way in this process; False when it is too early to try again."""
        if self._renewal is None:
            if self._clock.monotonic() < self._not_before:
                return False
            self._renewal = asyncio.get_running_loop().create_task(self._renew_once())
            self._renewal.add_done_callback(self._renewal_ended)
        await asyncio.wait([self._renewal])
        await self._look()
        return self._clock.monotonic() >= self._not_before

    def _renewal_ended(self, task: asyncio.Task[None]) -> None:
        self._renewal = None
        if not task.cancelled() and (error := task.exception()):
            self._log.error("renewal of the Zalo tokens broke", error=type(error).__name__)

    async def _renew_once(self) -> None:
        grant = self._grant
        account = self._settings.oa_id
        if grant is None or not await self._grants.begin_renewal(account, grant.generation):
            return
        reach("zalo.before_refresh")
        answer = await self._oauth.renew(grant.pair.refresh_token)
        reach("zalo.after_refresh")
        await self._until_stored(lambda: self._end(grant, answer))

    async def _end(self, grant: Grant, answer: Answer) -> None:
        account = self._settings.oa_id
        match answer:
            case TokenPair():
                stored = await self._grants.end_renewal(account, grant.generation, answer, self._clock.now())
                self._tries, self._not_before = 0, 0.0
                self._log.info("Zalo tokens renewed", generation=grant.generation + 1, stored=stored)
            case Refused(reason):
                await self._grants.give_up_renewal(account, grant.generation, GrantState.SPENT)
                self._log.error("Zalo refused to renew the tokens", reason=reason)
            case Unclear(reason):
                await self._grants.give_up_renewal(account, grant.generation, GrantState.READY)
                wait = RETRY_SECONDS[min(self._tries, len(RETRY_SECONDS) - 1)]
                self._tries, self._not_before = self._tries + 1, self._clock.monotonic() + wait
                self._log.warning("Zalo tokens not renewed, tried again", reason=reason, seconds=wait)
            case _:
                assert_never(answer)

    async def _until_stored(self, write: Callable[[], Awaitable[None]]) -> None:
        """A new pair that is not stored is lost with this process: nothing else matters before."""
        while True:
            try:
                return await write()
            except StoreRefused as error:
                self._log.error("new Zalo tokens wait for the store", error=str(error))
                await asyncio.sleep(STORE_PAUSE_SECONDS)

    def _alarm(self) -> None:
        now = self._clock.monotonic()
        if not self.needs_person:
            self._told_at = None
            if self._grant is not None and self._clock.now() - self._grant.renewed_at > OLD:
                self._log.warning("the Zalo refresh token is older than 60 days")
        elif self._told_at is None or now - self._told_at >= REMIND_SECONDS:
            self._told_at = now
            self._log.error(
                "re-authorise",
                channel="zalo",
                account=self._settings.oa_id,
                do="motcua zalo authorise",
                still=self.state,
            )


def seed_of(settings: ZaloSettings) -> bytes:
    """Tells one configured pair from another without keeping it; b"" when none is configured."""
    given = settings.refresh_token or settings.access_token
    return hashlib.sha256(given.encode()).digest()[:16] if given else b""
