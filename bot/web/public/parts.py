"""Builds what everybody may read."""

from aiohttp import web

from bot.clock import Clock
from bot.petitions.categories import shipped_categories
from bot.settings import Settings
from bot.store.base import PlanStore
from bot.web.personal_data import PersonalData
from bot.web.public.open311 import Open311
from bot.web.public.throttle import Throttle


def public_routes(settings: Settings, store: PlanStore, clock: Clock) -> list[web.RouteDef]:
    """Every address below ``/public``."""
    throttle = Throttle(clock.monotonic, settings.desk.trusted_proxies)
    open311 = Open311(
        store,
        clock,
        categories=shipped_categories,
        throttle=throttle,
        title=f"Một Cửa {settings.office.province}",
        address=settings.http.public_url,
    )
    return [*PersonalData(store, clock).routes(), *open311.routes()]
