"""What somebody rates: the petition that was answered, the dossier that is finished, the counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.intent import AskForRating, Outcome, RatingSubject, Reply
from bot.intents.lookup import count_missing, like_own, limited, not_found
from bot.intents.office import about
from bot.intents.world import World
from bot.petitions.around import Around
from bot.petitions.record import Petition, PetitionState
from bot.petitions.telling import values_of
from bot.ratings import OPEN_FOR, REPLACED_WITHIN, Rating, RatingRequest
from bot.understanding.agencies import Agency, agency
from dossier_client.models import Dossier, Found, NotFound, OtherProvince, Status, Unavailable

FINISHED = frozenset({Status.RESULT_READY, Status.RESULT_RETURNED})
RATED_IN = frozenset({PetitionState.ANSWERED, PetitionState.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rateable:
    """Something that this person may rate."""

    subject: RatingSubject
    reference: str
    agency: str
    """Its code."""
    handled_by: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What templates may say of it."""
    petition: Petition | None = None
    around: Around | None = None
    asked_at: datetime | None = None
    """Since when it waits."""

    @property
    def request(self) -> AskForRating:
        """That this person is asked for it."""
        return AskForRating(
            subject=self.subject, reference=self.reference, agency=self.agency, handled_by=self.handled_by
        )

    def is_rated_by(self, rating: Rating) -> bool:
        """Whether it is the same thing."""
        return (rating.subject, rating.reference) == (self.subject, self.reference)


async def newest_unanswered(world: World) -> Rateable | None:
    """What this person was asked for last and has not rated: the answer to a petition asks too."""
    petitions = [item for item in await world.petitions.own() if _waits(item, world)]
    answered = max(petitions, key=_answered_at, default=None)
    requests = [item for item in await world.ratings.requests() if item.rated_at is None]
    asked = next((item for item in requests if item.subject is not RatingSubject.PETITION), None)
    if answered is not None and (asked is None or _answered_at(answered) >= asked.asked_at):
        return replace(await of_petition(answered, world), asked_at=answered.answered_at)
    return None if asked is None else replace(of_request(asked, world), asked_at=asked.asked_at)


async def rated_lately(world: World) -> Rateable | None:
    """What this person rated last, as long as another score takes the place of that one."""
    last = next(iter(await world.ratings.given()), None)
    if last is None or world.now - last.rated_at >= REPLACED_WITHIN:
        return None
    if last.subject is not RatingSubject.PETITION:
        return of_request(last, world)
    petition = await world.petitions.find(last.reference)
    return None if petition is None else await of_petition(petition, world)


async def of_petition(petition: Petition, world: World) -> Rateable:
    """Whoever answered it is rated with it."""
    around = await world.petitions.around(world.now, petition)
    return Rateable(
        subject=RatingSubject.PETITION,
        reference=petition.code,
        agency=around.handler_of(petition),
        handled_by=str(petition.officer or ""),
        values=values_of(petition, around),
        petition=petition,
        around=around,
    )


def of_request(asked: RatingRequest | Rating, world: World) -> Rateable:
    """What was asked or rated before."""
    at = agency(asked.agency) or Agency(asked.agency, asked.agency, asked.agency)
    return Rateable(
        subject=asked.subject,
        reference=asked.reference,
        agency=asked.agency,
        handled_by=asked.handled_by,
        values={**about(at, world), **_named(asked)},
    )


def _named(asked: RatingRequest | Rating) -> Mapping[str, str]:
    if asked.subject is RatingSubject.COUNTER:
        return {"counter": asked.reference, "named": f"{asked.agency}-{asked.reference}"}
    return {"code": asked.reference}


def of_dossier(dossier: Dossier) -> Rateable:
    """The agency that received it, and whoever handled it."""
    unit = dossier.unit
    values = {"code": dossier.code, "agency": unit.short_name or unit.name, "agency_name": unit.name}
    return Rateable(
        subject=RatingSubject.DOSSIER,
        reference=dossier.code,
        agency=unit.code,
        handled_by=dossier.handled_by,
        values=values,
    )


def of_counter(named: str, world: World) -> Rateable | None:
    """``3`` is one of the office itself, ``H05.9-3`` of that agency; None for an agency that there is not."""
    code, _, counter = named.rpartition("-")
    at = agency(code or world.office.agency)
    if at is None:
        return None
    values = {**about(at, world), "counter": counter, "named": f"{at.code}-{counter}"}
    return Rateable(subject=RatingSubject.COUNTER, reference=counter, agency=at.code, values=values)


async def dossier_to_rate(code: str, world: World) -> Rateable | Outcome:
    """A finished dossier that this person has to do with, or why it cannot be rated."""
    if stopped := limited(world.limits.look_up(world.contact.home, world.now)):
        return stopped
    match await world.dossiers.find(code):
        case Found(dossier=dossier):
            return await _may_be_rated(dossier, world)
        case NotFound():
            count_missing(code, world)
            return await not_found(code, world)
        case OtherProvince(name=name):
            other = Reply("lk.other_province", {"code": code, "province_name": name})
            return await like_own(code, world) or Outcome((other,))
        case Unavailable():
            return Outcome((Reply("lk.down", {"code": code}),))


async def _may_be_rated(dossier: Dossier, world: World) -> Rateable | Outcome:
    if not world.knows(dossier) and dossier.code not in await world.memory.own_codes():
        world.limits.not_theirs(world.contact.home, dossier.code, world.now)
        return Outcome((Reply("rate.not_yours", {"code": dossier.code}),))
    if dossier.status not in FINISHED:
        return Outcome((Reply("rate.not_yet", {"code": dossier.code}),))
    return of_dossier(dossier)


def _waits(petition: Petition, world: World) -> bool:
    is_open = petition.answered_at is not None and world.now <= petition.answered_at + OPEN_FOR
    return is_open and petition.score is None and petition.state in RATED_IN


def _answered_at(petition: Petition) -> Any:
    return petition.answered_at


def earlier(thing: Rateable, given: Sequence[Rating]) -> Rating | None:
    """This person's last opinion of the same; one of an answer that was followed by another answer is of something else."""
    same = next((rating for rating in given if thing.is_rated_by(rating)), None)
    answered_at = thing.petition.answered_at if thing.petition else None
    return None if same and answered_at and same.rated_at < answered_at else same
