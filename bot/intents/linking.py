"""Joining the accounts of one person: by a one-time code typed in the other channel, or by a number that a channel has proved.

A number or a name that is only typed proves nothing and never joins anybody.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.intent import Ask, Outcome, Reply, Write
from bot.intents.world import World
from bot.linking import (
    ChoosePush,
    CodePurpose,
    CodeTries,
    IssueCode,
    Join,
    Member,
    Part,
    RecordConsent,
    RecordWrongCode,
    UseCode,
)
from bot.model import Address, ChannelName, Destination, Question
from bot.wishes import Unlink

CODE_VALID = timedelta(minutes=10)
CODES_AN_HOUR, WRONG_AN_HOUR = 5, 5
WRONG_ANYWHERE = 100
"""Wrong codes of everybody within ten minutes: somebody guesses, so nobody is let in for the moment."""
CODES_TO_ONE_A_DAY = 3
"""Codes that one number may be sent by whoever asks."""
LOCKED_FOR = timedelta(hours=1)
MOST_TOLD = 2
"""Accounts that are told of what another one did."""
UNDONE_AT_ONCE = timedelta(days=7)
QUESTION_OPEN = timedelta(minutes=10)


async def link(token: str | None, world: World) -> Outcome:
    """A code to be typed elsewhere, or what a code typed here does."""
    if world.contact.address.is_passing:
        return Outcome((Reply("cmd.not_offered", {"topic": "link"}),))
    tries = await world.memory.code_tries()
    if tries.wrong >= WRONG_AN_HOUR or tries.wrong_anywhere >= WRONG_ANYWHERE:
        return _locked(tries, world)
    return await _redeem(token, tries, world) if token else _issue(tries, world)


def _issue(tries: CodeTries, world: World) -> Outcome:
    if tries.issued >= CODES_AN_HOUR:
        return _locked(tries, world)
    code = world.memory.new_code()
    reply = Reply("link.code", {"otp": code, "minutes": _minutes(CODE_VALID)}, once=True)
    return Outcome((reply,), (IssueCode(CodePurpose.LINK, code, world.now + CODE_VALID),))


async def _redeem(token: str, tries: CodeTries, world: World) -> Outcome:
    found = await world.memory.find_code(CodePurpose.LINK, token)
    if found is None:
        left = WRONG_AN_HOUR - tries.wrong - 1
        told = Reply("link.bad", {"left": left}) if left else _locked(tries, world).replies[0]
        return Outcome((told,), (RecordWrongCode(),))
    if found.owner.destination.address == world.contact.address:
        return Outcome((Reply("link.elsewhere", {}),))
    return _joined(found.owner, world, (UseCode(found.id),), "code")


def _joined(other: Member, world: World, before: tuple[Write, ...], how: str) -> Outcome:
    """Both accounts are told, so that a link which the person did not make is noticed."""
    here, there = world.contact.address.channel, other.destination.address.channel
    replies = (
        Reply("link.done", {"channel": there.value}),
        Reply("link.done", {"channel": here.value}, to=other),
    )
    return Outcome(replies, (*before, Join(other=other.destination, how=how), RecordConsent("link", "link.done")))


async def phone_shared(phone: str, world: World) -> Outcome:
    """The channel itself proved the number: the account and the number are one person, or still are."""
    address = Address(ChannelName.SMS, phone)
    members = await world.memory.members()
    known = next((member for member in members if member.destination.address == address), None)
    if known is not None:
        return Outcome((Reply("link.known", {}),), (Join(other=known.destination, how="phone"),))
    return _joined(await _number(address, world), world, (), "phone")


async def phone_claimed(phone: str, world: World) -> Outcome:
    """A number that people can type themselves: a code sent there must come back from here."""
    address = Address(ChannelName.SMS, phone)
    tries = await world.memory.code_tries()
    too_many = tries.issued >= CODES_AN_HOUR or await world.memory.codes_sent_to(address) >= CODES_TO_ONE_A_DAY
    if too_many or tries.wrong >= WRONG_AN_HOUR:
        return _locked(tries, world)
    code = world.memory.new_code()
    issue = IssueCode(CodePurpose.LINK, code, world.now + CODE_VALID, owner=address, source=world.office.short_code)
    phone_itself = await _number(address, world)
    channel = world.contact.address.channel.value
    sent = Reply(
        "link.proof", {"otp": code, "minutes": _minutes(CODE_VALID), "channel": channel}, to=phone_itself, once=True
    )
    return Outcome((Reply("link.sent", {"minutes": _minutes(CODE_VALID)}), sent), (issue,))


async def _number(address: Address, world: World) -> Member:
    """A number that is written to by our short code, in its own language if that is known."""
    known = await world.memory.account(address)
    language = world.contact.language if known is None else known.language
    return Member(id=b"", destination=Destination(address, world.office.short_code, ""), language=language)


async def unlink(wish: Unlink, world: World) -> Outcome:
    """Within seven days at once, whoever of the two wants it; later it is asked first."""
    members = await world.memory.members()
    others = [member for member in members if member.destination.address != world.contact.address]
    if world.contact.linked_to is None or not others:
        return Outcome((Reply("link.none", {}),))
    own = next((member for member in members if member.destination.address == world.contact.address), None)
    is_new = own is None or own.since is None or world.now - own.since < UNDONE_AT_ONCE
    if not is_new and not wish.confirmed:
        question = Question(kind="confirm_unlink", asked_at=world.now, expires_at=world.now + QUESTION_OPEN)
        return Outcome((Reply("link.confirm_off", {}),), (Ask(question),))
    here = world.contact.address.channel.value
    told = tell_others(Reply("link.off", {"channel": here}), members, world)
    first = Reply("link.off", {"channel": others[0].destination.address.channel.value})
    return Outcome((first, *told), (Part(),))


def tell_others(reply: Reply, members: Sequence[Member], world: World) -> tuple[Reply, ...]:
    """*reply* to other accounts of the person, so that what a stranger does from one of them is noticed."""
    others = [member for member in members if member.destination.address != world.contact.address]
    reached = [member for member in others if member.destination.source]
    return tuple(replace(reply, to=member) for member in reached[:MOST_TOLD])


async def push_here(world: World) -> Outcome:
    """Messages unasked come to this account from now on."""
    if world.contact.linked_to is None:
        return Outcome((Reply("link.none", {}),))
    return Outcome((Reply("link.push", {"channel": world.contact.address.channel.value}),), (ChoosePush(),))


def _locked(tries: CodeTries, world: World) -> Outcome:
    return Outcome((Reply("link.locked", {"at": (tries.first_wrong_at or world.now) + LOCKED_FOR}),))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
