"""The last four digits of the applicant's identity number: who knows them is told the details. They are never stored."""

from dataclasses import dataclass
from datetime import timedelta

from bot.intent import RecordVerification, Reply
from bot.intents.world import World
from bot.limits import TRIES_BY_PERSON, TRIES_ON_DOSSIER
from dossier_client.models import NotFound, Unavailable, Verified

WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a try of the digits came to."""

    verified: bool = False
    stopped: Reply | None = None
    """Said instead of the state: too many wrong tries."""
    tries_left: int | None = None
    """Set after a wrong try."""
    writes: tuple[RecordVerification, ...] = ()


async def prove(code: str, id_last4: str, world: World) -> Proof:
    """Try the digits; the last wrong try that is allowed is already answered with the limit."""
    on_dossier, by_person = await world.memory.verification_tries(code)
    left = world.limits.tries_left(on_dossier, by_person)
    count = TRIES_ON_DOSSIER if TRIES_ON_DOSSIER - on_dossier <= TRIES_BY_PERSON - by_person else TRIES_BY_PERSON
    stopped = Reply("lk.rate", {"count": count, "at": world.now + WINDOW})
    if not left:
        return Proof(stopped=stopped)
    match await world.dossiers.verify(code, id_last4):
        case Verified(passed=True):
            return Proof(verified=True, writes=(RecordVerification(code, passed=True),))
        case Verified():
            wrong = (RecordVerification(code, passed=False),)
            return Proof(stopped=stopped, writes=wrong) if left == 1 else Proof(tries_left=left - 1, writes=wrong)
        case NotFound() | Unavailable():
            return Proof()
