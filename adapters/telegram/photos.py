"""Photos that people sent to the bot."""

import asyncio

from telegram.error import BadRequest, TelegramError

from adapters.telegram.api import BotApi
from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable

SECONDS = 10.0


class TelegramPhotos:
    """Fetches by file id; Telegram keeps the files, we keep none."""

    def __init__(self, api: BotApi, most_octets: int = MOST_OCTETS) -> None:
        self._api = api
        self._most_octets = most_octets

    async def fetch(self, reference: str) -> bytes:
        """The file. Raises ``PhotoUnavailable``."""
        reason = Unavailable.TOO_BIG
        try:
            async with asyncio.timeout(SECONDS):
                octets = await self._api.file(reference, self._most_octets)
            if octets is not None:
                return octets
        except TimeoutError:
            reason = Unavailable.SLOW
        except BadRequest:
            reason = Unavailable.GONE
        except TelegramError:
            reason = Unavailable.UNREACHABLE
        raise PhotoUnavailable(reason)

    async def discard(self, reference: str) -> None:
        """Nothing is kept here."""
