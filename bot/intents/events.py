"""What is done and said when somebody does something besides writing."""

from typing import assert_never

from bot.events import (
    ButtonPressed,
    Edited,
    FileSent,
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
from bot.intents import linking, personal_data, petition_files
from bot.intents.ratings import rated
from bot.intents.world import World

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
        case Photo():
            return await petition_files.which_photo(intent.event, world) or Outcome((Reply("photo.nocode", {}),))
        case PhotoLost():
            return await petition_files.lost(world) or Outcome((Reply("photo.lost", {}),))
        case Scored():
            return rated(intent.event, world)
        case Edited():
            return Outcome()
        case LocationShared():
            return await petition_files.located(intent.event, world) or Outcome((Reply("media.unread", {}),))
        case OutOfReach() | FileSent():
            return Outcome((Reply("media.unread", {}),))
        case _:
            assert_never(intent.event)
