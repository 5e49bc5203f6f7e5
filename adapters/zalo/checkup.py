"""One look at the account when it begins to work: what is told then explains most refusals later."""

import asyncio

from adapters.zalo.client import Client, Declined
from adapters.zalo.payloads import identity
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.tokens import Tokens
from bot.errors import SendError
from bot.logs import Log

PATH = "/v2.0/oa/getoa"
WAIT_SECONDS = 5.0


class Checkup:
    """Asks once, as soon as there is a token."""

    def __init__(self, settings: ZaloSettings, client: Client, tokens: Tokens, log: Log) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        self._log = log

    async def run(self) -> None:
        """Until the account has answered, whatever it says."""
        while not self._tokens.is_good():  # noqa: ASYNC110 - a token may come from another process
            await asyncio.sleep(WAIT_SECONDS)
        try:
            await self.look()
        except (SendError, Declined) as error:
            self._log.warning("the Zalo account does not tell how it is", error=str(error))

    async def look(self) -> None:
        """Tell what an operator should know. Raises what ``Client.get`` raises."""
        found = await self._client.get(PATH)
        account = identity(found.get("oaid") or found.get("oa_id"))
        if account and account != self._settings.oa_id:
            self._log.error(
                "the Zalo tokens are those of another account", account=account, configured=self._settings.oa_id
            )
        if found.get("is_verified") is False:
            self._log.warning("the Zalo account is not verified: templates and notices will be refused")
        self._log.info(
            "Zalo account",
            package=str(found.get("package_name", ""))[:40],
            until=str(found.get("package_valid_through_date", ""))[:20],
            cloud=bool(found.get("linked_ZCA") or found.get("linked_zca")),
        )
