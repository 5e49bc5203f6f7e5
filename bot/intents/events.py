"""What is done and said when somebody does something besides writing."""

from typing import assert_never

from bot.events import (
    ButtonPressed,
    Edited,
    InGroup,
    Joined,
    Left,
    LocationShared,
    OutOfReach,
    PhoneClaimed,
    PhoneShared,
    Photo,
    PhotoLost,
    Scored,
    TakenOver,
    Withdrew,
)
from bot.intent import Happened, Outcome, Reply, SetQuiet, SetUnreachable
from bot.intents import linking, personal_data
from bot.intents.ratings import rated
from bot.intents.world import World

_WITHOUT_A_CODE = {Photo: "photo.nocode", PhotoLost: "photo.lost"}
_CAPTION_SAYS_NOTHING = frozenset(
    {"courtesy", "help", "lk.need_code", "my.reprove", "my.unverified", "unknown", "welcome"}
)


def asks_for_more(outcome: Outcome) -> bool:
    """The caption alone says too little: what became of its photo is the better answer."""
    return any(reply.template in _CAPTION_SAYS_NOTHING for reply in outcome.replies)


async def happened(intent: Happened, world: World) -> Outcome:  # noqa: C901, PLR0911, PLR0912 - one arm for each event is the point
    """One arm for each event that no command stands for."""
    match intent.event:
        case Joined(""):
            return Outcome((Reply("welcome", {}),))
        case Joined():
            return Outcome((Reply("help", {}),))
        case Left():
            return Outcome(writes=(SetUnreachable(world.now),))
        case Withdrew():
            return await personal_data.withdrawn_from_channel(world)
        case PhoneShared(phone):
            return await linking.phone_shared(phone, world)
        case PhoneClaimed(phone):
            return await linking.phone_claimed(phone, world)
        case TakenOver(until):
            return Outcome(writes=(SetQuiet(until),))
        case ButtonPressed():
            return Outcome((Reply("choice.gone", {}),))
        case InGroup():
            return Outcome((Reply("group.private", {}),))
        case Photo() | PhotoLost():
            return Outcome((Reply(_WITHOUT_A_CODE[type(intent.event)], {}),))
        case Scored():
            return rated(intent.event, world)
        case Edited():
            return Outcome()
        case LocationShared() | OutOfReach():
            return Outcome((Reply("media.unread", {}),))
        case _:
            assert_never(intent.event)
