"""Asking for an opinion unasked: when a result was handed over, and somebody is told so."""

from bot.clock import Clock
from bot.intent import AskForRating, RatingSubject, Reply
from bot.model import ChannelName, Contact, Office
from bot.store.port_ratings import RatingBook
from dossier_client.models import Dossier, Status

TEMPLATE = "rate.ask.hs"


class RatingRequests:
    """Asks nobody twice for one dossier, nor more often than once in seven days, nor by a message that costs something."""

    def __init__(self, ratings: RatingBook, office: Office, clock: Clock) -> None:
        self._ratings = ratings
        self._office = office
        self._clock = clock

    async def after_result(self, dossier: Dossier, contact: Contact, *, is_free: bool) -> Reply | None:
        """What to send to *contact*, noted as sent; None: this person is not asked now.

        *is_free*: a message to this account costs nothing now. An SMS always costs: there the text that tells of the result asks.
        """
        by_sms, wants_none = contact.address.channel is ChannelName.SMS, contact.opted_out_at is not None
        if not self._office.asks_for_ratings or dossier.status is not Status.RESULT_RETURNED:
            return None
        if by_sms or wants_none or not is_free or contact.address.is_passing or contact.unreachable_at is not None:
            return None
        unit = dossier.unit
        wanted = AskForRating(
            subject=RatingSubject.DOSSIER, reference=dossier.code, agency=unit.code, handled_by=dossier.handled_by
        )
        given = await self._ratings.ratings_by(contact.home, 50)
        if any(rating.reference == dossier.code for rating in given):
            return None
        if not await self._ratings.request_rating(contact.home, wanted, self._clock.now()):
            return None
        return Reply(TEMPLATE, {"code": dossier.code, "agency": unit.short_name or unit.name, "agency_name": unit.name})
