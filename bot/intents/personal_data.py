"""The rights of a person over the data kept of him or her (law 91/2025/QH15): to see, to have corrected, to take back, to have erased."""

from datetime import timedelta
from typing import assert_never

from bot.intent import Outcome, Reply, SetUnreachable
from bot.intents.linking import tell_others
from bot.intents.world import World, day_of
from bot.linking import CodePurpose, Erase, IssueCode, Part, UseCode, WithdrawConsents
from bot.model import ChannelName
from bot.wishes import DataAction, DataRequest

CODE_VALID = timedelta(minutes=10)
COPY_VALID = timedelta(hours=1)


async def answer_request(wish: DataRequest, world: World) -> Outcome:
    """One arm for each right."""
    if world.contact.address.is_passing:
        return Outcome((Reply("cmd.not_offered", {"topic": "data"}),))
    match wish.action:
        case DataAction.ACCESS:
            return await _sum(world)
        case DataAction.DELETE:
            return await _erase(wish.token, world)
        case DataAction.WITHDRAW:
            return await _withdraw(world)
        case DataAction.CORRECT:
            return Outcome((Reply("data.correct", {}),))
        case _:
            assert_never(wish.action)


async def _withdraw(world: World) -> Outcome:
    """Without consent nothing is joined any more."""
    reply = Reply("consent.withdrawn", {"at": world.now})
    if world.contact.linked_to is None:
        return Outcome((reply,), (WithdrawConsents(),))
    off = Reply("link.off", {"channel": world.contact.address.channel.value})
    told = tell_others(off, await world.memory.members(), world)
    return Outcome((reply, *told), (WithdrawConsents(), Part()))


async def withdrawn_from_channel(world: World) -> Outcome:
    """The person took back what let the channel tell us anything: all that this account holds goes, and it leaves the others.
    They are told; what they hold is theirs to erase. Nothing can be said on the channel itself.
    """
    writes = (SetUnreachable(world.now), Erase(only_here=True))
    if world.contact.linked_to is None:
        return Outcome(writes=writes)
    left = Reply("data.left", {"channel": world.contact.address.channel.value})
    return Outcome(tell_others(left, await world.memory.members(), world), writes)


async def _sum(world: World) -> Outcome:
    """What is kept, counted; in chat with a link to all of it that opens once."""
    kept, members = await world.memory.kept(), await world.memory.members()
    channels = tuple(dict.fromkeys(member.destination.address.channel.value for member in members))
    values = {"count": kept.codes, "tickets": kept.tickets, "on": day_of(kept.agreed_at), "channels": channels}
    if world.contact.address.channel is ChannelName.SMS or not world.office.public_url:
        return Outcome((Reply("data.sum", values),))
    token = world.memory.new_token()
    link = f"{world.office.public_url}/public/data/{token}"
    issue = IssueCode(CodePurpose.DATA, token, world.now + COPY_VALID)
    return Outcome((Reply("data.sum", values | {"link": link}, once=True),), (issue,))


async def _erase(token: str | None, world: World) -> Outcome:
    """Asked for first with a code that only this account is told, and only this one can use: there is nothing to guess."""
    if token is None:
        code = world.memory.new_code()
        issue = IssueCode(CodePurpose.ERASE, code, world.now + CODE_VALID)
        return Outcome((Reply("data.erase.ask", {"otp": code, "minutes": 10}, once=True),), (issue,))
    found = await world.memory.find_code(CodePurpose.ERASE, token)
    if found is None or found.owner.destination.address != world.contact.address:
        return Outcome((Reply("data.erase.bad", {}),))
    done = Reply("data.erase.done", {"at": world.now})
    told = tell_others(done, await world.memory.members(), world)
    return Outcome((done, *told), (UseCode(found.id), Erase()))
