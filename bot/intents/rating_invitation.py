"""Whether the state of a dossier may invite to rate how it was handled."""

from bot.intent import AskForRating, RatingSubject
from bot.intents.world import World
from bot.ratings import ASKED_ONCE_WITHIN
from dossier_client.models import Dossier


async def invitation(dossier: Dossier, world: World) -> AskForRating | None:
    """What to ask for, of a dossier whose result was handed over; None: not this person, not now, or it was rated."""
    if not world.office.asks_for_ratings or world.contact.address.is_passing or world.contact.opted_out_at is not None:
        return None
    requests = [item for item in await world.ratings.requests() if item.subject is not RatingSubject.COUNTER]
    if any(world.now - request.asked_at < ASKED_ONCE_WITHIN for request in requests):
        return None
    if any(rating.reference == dossier.code for rating in await world.ratings.given()):
        return None
    return AskForRating(
        subject=RatingSubject.DOSSIER,
        reference=dossier.code,
        agency=dossier.unit.code,
        handled_by=dossier.handled_by,
    )
