"""The part of the store that tells what everybody may see, on either engine."""

from collections.abc import Sequence
from datetime import datetime

from bot.store import petition_public
from bot.store.port_public import CategoryFigures, PublicBook, PublicFilter, PublicPetition
from bot.store.running import RunsPlans


class PublicMethods(RunsPlans, PublicBook):
    """See the port."""

    async def released(self, wanted: PublicFilter) -> Sequence[PublicPetition]:
        """See the port."""
        return await self.read(petition_public.released, wanted)

    async def released_lately(self, most: int) -> Sequence[PublicPetition]:
        """See the port."""
        return await self.read(petition_public.lately, most)

    async def is_public_picture(self, name: str) -> bool:
        """See the port."""
        return await self.read(petition_public.is_public_picture, name)

    async def public_figures(self, since: datetime, until: datetime, now: datetime) -> Sequence[CategoryFigures]:
        """See the port."""
        return await self.read(petition_public.figures, petition_public.Span(since=since, until=until, now=now))
