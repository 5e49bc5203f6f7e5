"""Photos of channels that give a link to each."""

from bot.photos.download import Download


class LinkedPhotos:
    """A reference is a link; nothing is kept here."""

    def __init__(self, download: Download) -> None:
        self._download = download

    async def fetch(self, reference: str) -> bytes:
        """What the link leads to. Raises ``PhotoUnavailable``."""
        return await self._download.fetch(reference)

    async def discard(self, reference: str) -> None:
        """Nothing is kept."""
