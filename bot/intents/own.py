"""The dossiers filed with any of a person's numbers."""

from bot.intents.world import World
from dossier_client.models import OwnDossiers, Unavailable

MOST_PHONES = 3


async def own_dossiers(world: World) -> OwnDossiers | Unavailable:
    """Of all numbers that the person proved to have; what one upstream could not tell makes the list incomplete."""
    found = [await world.dossiers.by_phone(phone) for phone in world.phones[:MOST_PHONES]]
    told = [own for own in found if isinstance(own, OwnDossiers)]
    if not told:
        return next((own for own in found if isinstance(own, Unavailable)), OwnDossiers((), complete=True))
    dossiers = {dossier.code: dossier for own in told for dossier in own.dossiers}
    complete = len(told) == len(found) and all(own.complete for own in told)
    return OwnDossiers(tuple(dossiers.values()), complete=complete)
