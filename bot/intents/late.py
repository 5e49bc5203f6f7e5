"""The answer that was promised while a one-stop system was down."""

from dataclasses import replace
from datetime import datetime

from bot.intent import Outcome, RecordLookUp, Reply
from bot.intents.lookup import count_missing
from bot.intents.status import status_reply
from bot.intents.world import World
from dossier_client.models import Found, NotFound, OtherProvince, Unavailable


async def late_answer(code: str, asked_at: datetime, world: World) -> Outcome | None:
    """Decided anew for whoever asks now; no reply after an opt-out; None while still owed."""
    if world.contact.opted_out_at is not None and world.contact.opted_out_at > asked_at:
        return Outcome()
    match await world.dossiers.find(code):
        case Found(stale=False) as found:
            reply = status_reply(found, world, verified=world.knows(found.dossier))
            write = RecordLookUp(found.dossier.code, found=True)
        case NotFound():
            count_missing(code, world)
            reply = Reply("lk.notfound", {"code": code})
            write = RecordLookUp(code, found=False)
        case OtherProvince(name=name):
            reply = Reply("lk.other_province", {"code": code, "province_name": name})
            write = RecordLookUp(code, found=False)
        case Found() | Unavailable():
            return None
    return Outcome((replace(reply, late_prefix_at=asked_at),), (write,))
