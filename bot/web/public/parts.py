"""Builds what everybody may read."""

from collections.abc import Mapping

from aiohttp import web

from bot.attachments.keeping import Attachments
from bot.petition_parts import PetitionParts
from bot.petitions.categories import PetitionCategory
from bot.settings import Settings
from bot.store.base import PlanStore
from bot.web.personal_data import PersonalData
from bot.web.public.open311 import Open311
from bot.web.public.page import Office, PublicPage, Services
from bot.web.public.throttle import Throttle


def public_routes(
    settings: Settings, store: PlanStore, petitions: PetitionParts, files: Attachments, services: Services
) -> list[web.RouteDef]:
    """Every address below ``/public``. *services* tells which roads work."""
    clock = petitions.clock

    async def categories() -> Mapping[str, PetitionCategory]:
        return (await petitions.data.around(clock.now())).categories

    title = f"Một Cửa {settings.office.province}"
    throttle = Throttle(clock.monotonic, settings.desk.trusted_proxies)
    open311 = Open311(
        store,
        clock,
        categories=categories,
        throttle=throttle,
        title=title,
        address=settings.http.public_url,
    )
    page = PublicPage(
        store,
        clock,
        office=Office(
            title=title,
            short_code=settings.sms.short_codes[0],
            hotline=settings.office.hotline,
            web=settings.office.web,
            opening_hours=settings.office.opening_hours,
        ),
        categories=categories,
        services=services,
        announcements=petitions.master.announcements,
        pictures=files.shown,
        throttle=throttle,
    )
    return [*PersonalData(store, clock).routes(), *page.routes(), *open311.routes()]
