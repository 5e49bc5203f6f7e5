"""Photos of receipts become the text that typing their codes would have been."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from bot.clock import VIETNAM, Clock
from bot.events import FileSent, Photo, PhotoLost
from bot.logs import Log
from bot.metrics import Metrics
from bot.model import ChannelName, InboundMessage
from bot.photos.contents import MOST_CODES
from bot.photos.decoder import Decoder, Look
from bot.photos.source import PhotoSource, PhotoUnavailable, Unavailable

MOST_PHOTOS = 3
"""Of one message."""
IN_HAND = 4
"""So many messages have photos in memory at a time, one each."""
MOST_WAITING = 64
SECONDS = 30.0
"""For the photos of one message, waiting included."""
Looked = tuple[tuple[str, ...], Look | Unavailable]


class PhotoReader:
    """Fetches the photos of messages, reads their codes, and has them deleted."""

    def __init__(
        self,
        *,
        sources: Mapping[ChannelName, PhotoSource],
        decoder: Decoder,
        clock: Clock,
        metrics: Metrics,
        log: Log,
    ) -> None:
        self._sources = sources
        self._decoder = decoder
        self._clock = clock
        self._metrics = metrics
        self._log = log
        self._in_hand = asyncio.Semaphore(IN_HAND)
        self._waiting = 0

    async def read(self, message: InboundMessage) -> InboundMessage:
        """The message with the codes of its photos behind its text, or with ``PhotoLost`` when no photo could be had.

        It is the same when there is no photo, or no code on it. Never raises, and ends within 30 s.
        """
        event = message.event
        if not isinstance(event, Photo):
            return message
        began = self._clock.monotonic()
        codes, result = await self._looked_at(message.sender.channel, event.references[:MOST_PHOTOS])
        told = "code" if codes else result.value
        self._tell(message.sender.channel, told, len(codes), self._clock.monotonic() - began)
        if codes:
            return replace(message, text=" ".join((message.text, *codes)).strip(), event=None)
        return replace(message, event=PhotoLost()) if isinstance(result, Unavailable) else message

    async def discard(self, message: InboundMessage) -> None:
        """The message is answered: nothing of its photos stays here."""
        source = self._sources.get(message.sender.channel)
        if isinstance(message.event, Photo | FileSent) and source is not None:
            for reference in message.event.references:
                await source.discard(reference)

    async def _looked_at(self, channel: ChannelName, references: tuple[str, ...]) -> Looked:
        """The codes, and how it went."""
        source = self._sources.get(channel)
        if source is None:
            return (), Unavailable.NOT_ALLOWED
        if self._waiting >= MOST_WAITING:
            return (), Unavailable.BUSY
        self._waiting += 1
        try:
            async with asyncio.timeout(SECONDS), self._in_hand:
                return await self._codes(source, references)
        except TimeoutError:
            return (), Unavailable.SLOW
        finally:
            self._waiting -= 1

    async def _codes(self, source: PhotoSource, references: tuple[str, ...]) -> Looked:
        codes: dict[str, None] = {}
        result: Look | Unavailable = Unavailable.GONE
        for reference in references:
            try:
                octets = await source.fetch(reference)
            except PhotoUnavailable as error:
                result = result if isinstance(result, Look) else error.reason
                continue
            seen = await self._decoder.look(octets, self._clock.now().astimezone(VIETNAM).date())
            codes |= dict.fromkeys(seen.codes)
            result = seen.look
        return tuple(codes)[:MOST_CODES], result

    def _tell(self, channel: ChannelName, result: str, codes: int, seconds: float) -> None:
        self._metrics.photos.labels(channel.value, result).inc()
        self._log.info(
            "photo read", channel=channel.value, result=result, codes=codes, milliseconds=round(seconds * 1000)
        )
