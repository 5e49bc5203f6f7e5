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
from bot.intents.ratings import rated
from bot.intents.world import World


def happened(intent: Happened, world: World) -> Outcome:
    """One arm for each event that no command stands for."""
    match intent.event:
        case Joined(""):
            return Outcome((Reply("welcome", {}),))
        case Joined():
            return Outcome((Reply("help", {}),))
        case Left() | Withdrew():
            return Outcome(writes=(SetUnreachable(world.now),))
        case TakenOver(until):
            return Outcome(writes=(SetQuiet(until),))
        case ButtonPressed():
            return Outcome((Reply("choice.gone", {}),))
        case InGroup():
            return Outcome((Reply("group.private", {}),))
        case Photo():
            return Outcome((Reply("photo.nocode", {}),))
        case PhotoLost():
            return Outcome((Reply("photo.lost", {}),))
        case Scored():
            return rated(intent.event, world)
        case PhoneShared() | PhoneClaimed() | LocationShared() | OutOfReach() | Edited():
            return Outcome((Reply("media.unread", {}),))
        case _:
            assert_never(intent.event)
