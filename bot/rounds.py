"""Chores that come round while the process lives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from bot.errors import StoreError
from bot.logs import Log


async def in_rounds(chore: Callable[[], Awaitable[object]], seconds: float, log: Log, what: str) -> NoReturn:
    """Do *chore* after every pause of so many seconds, until cancelled. A round that fails is told as *what* and ends nothing else:
    not the process, in which people are being answered.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            await chore()
        except StoreError as error:
            log.warning("a round waits", what=what, error=str(error))
        except Exception as error:  # noqa: BLE001 - see above
            log.error("a round broke", what=what, error=type(error).__name__)  # noqa: TRY400 - words of a fault may be people's
