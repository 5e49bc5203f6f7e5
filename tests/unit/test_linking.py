"""Joining and parting accounts, and rights over what is kept of them: who is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.intents import linking, others, personal_data
from bot.linking import CodePurpose, CodeTries, Erase, Join, Member, OneTimeCode, account_for_notices
from bot.model import Address, ChannelName, Destination, Language, MessageId
from bot.wishes import DataAction, DataRequest, Unlink
from tests.unit.worlds import NOW, OWNER, Remembered, contact, world

CHAT = Address(ChannelName.TELEGRAM, "77")
PHONE = Destination(Address(ChannelName.SMS, OWNER), "8283", "")


class Joined(Remembered):
    async def members(self) -> Sequence[Member]:
        """A chat, and the number that it was proved to have: nobody knows yet by which route that is reached."""
        since = NOW - timedelta(hours=1)
        return (
            Member(
                id=b"c" * 16,
                destination=Destination(CHAT, "bot", "telegram"),
                language=Language.VIETNAMESE,
                since=since,
            ),
            Member(id=b"p" * 16, destination=PHONE, language=Language.VIETNAMESE, since=since),
        )

    async def code_tries(self) -> CodeTries:
        """As many wrong codes of joining as are allowed."""
        return CodeTries(issued=0, wrong=linking.WRONG_AN_HOUR, wrong_anywhere=0)

    async def find_code(self, purpose: CodePurpose, code: str) -> OneTimeCode | None:
        """Any code of the chat is right."""
        del purpose, code
        return OneTimeCode(id=MessageId(1), owner=(await self.members())[0])


async def test_a_number_that_only_a_chat_has_shared_is_told_that_it_stands_alone_again() -> None:
    asker = contact("77", ChannelName.TELEGRAM, linked_to=b"p" * 16)
    outcome = await linking.unlink(Unlink(), world(asker, memory=Joined()))
    assert [reply.to.destination for reply in outcome.replies if reply.to] == [PHONE]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        pytest.param(DataRequest(action=DataAction.WITHDRAW), "link.off", id="withdrawn"),
        pytest.param(DataRequest(action=DataAction.DELETE, token="482913"), "data.erase.done", id="erased"),
    ],
)
async def test_what_one_account_takes_back_for_all_the_others_are_told(wish: DataRequest, told: str) -> None:
    asker = contact("77", ChannelName.TELEGRAM, linked_to=b"p" * 16)
    outcome = await personal_data.answer_request(wish, world(asker, memory=Joined()))
    assert [(reply.template, reply.to.destination) for reply in outcome.replies if reply.to] == [(told, PHONE)]


def account(channel: ChannelName = ChannelName.SMS, *, days: int = 0, **more: Any) -> Member:
    """Proved so many days ago."""
    to = Destination(Address(channel, channel.value), "us", "")
    proved_at = NOW - timedelta(days=days)
    return Member(id=channel.value.encode(), destination=to, language=Language.VIETNAMESE, proved_at=proved_at, **more)


@pytest.mark.parametrize(
    ("member", "needs_proof", "new_holder"),
    [
        pytest.param(account(days=364), False, False, id="within a year"),
        pytest.param(account(days=365), True, True, id="silent for a year"),
        pytest.param(account(failures=1), False, False, id="one message was not delivered"),
        pytest.param(account(failures=2), True, False, id="nobody gets a number so soon"),
        pytest.param(account(failures=2, days=30), True, True, id="dead for a month"),
        pytest.param(account(ChannelName.ZALO, days=900, failures=9), False, False, id="accounts change no hands"),
        pytest.param(replace(account(), proved_at=None), False, False, id="never joined"),
    ],
)
def test_a_number_may_have_gone_to_somebody_else(*, member: Member, needs_proof: bool, new_holder: bool) -> None:
    assert member.needs_new_proof(NOW) is needs_proof
    assert member.may_have_a_new_holder(NOW) is new_holder


PHONE_ACCOUNT, ZALO, TELEGRAM = account(), account(ChannelName.ZALO), account(ChannelName.TELEGRAM)


@pytest.mark.parametrize(
    ("members", "goes_to"),
    [
        pytest.param((PHONE_ACCOUNT, ZALO), "zalo", id="where it was asked for"),
        pytest.param((PHONE_ACCOUNT, TELEGRAM), "sms", id="asked for elsewhere: the one joined the longest"),
        pytest.param((ZALO, replace(PHONE_ACCOUNT, is_chosen=True)), "sms", id="the chosen one"),
        pytest.param((ZALO, replace(PHONE_ACCOUNT, is_chosen=True, refuses=True)), None, id="which refuses"),
        pytest.param((ZALO, replace(TELEGRAM, refuses=True)), "zalo", id="another one refuses"),
        pytest.param((ZALO, replace(TELEGRAM, is_chosen=True, is_reachable=False)), "zalo", id="chosen and blocked"),
        pytest.param((account(days=400, is_chosen=True), ZALO), "zalo", id="chosen and perhaps somebody else's"),
        pytest.param((replace(ZALO, is_reachable=False),), None, id="nobody can be reached"),
    ],
)
def test_messages_unasked_go_to_one_account(members: Sequence[Member], goes_to: str | None) -> None:
    to = account_for_notices(members, ZALO.destination.address, NOW)
    assert (to and to.destination.address.channel.value) == goes_to


class Doubtful(Joined):
    async def members(self) -> Sequence[Member]:
        """A chat whose number was silent for two years."""
        chat, phone = await super().members()
        return chat, replace(phone, proved_at=NOW - timedelta(days=730))


async def test_own_dossiers_wait_for_a_new_proof() -> None:
    asker = contact("77", ChannelName.TELEGRAM, linked_to=b"p" * 16)
    outcome = await others.list_own(world(asker, memory=Doubtful()))
    assert [reply.template for reply in outcome.replies] == ["my.reprove"]


async def test_the_number_shared_again_is_proved_again() -> None:
    asker = contact("77", ChannelName.TELEGRAM, linked_to=b"p" * 16)
    outcome = await linking.phone_shared(OWNER, world(asker, memory=Doubtful()))
    assert [reply.template for reply in outcome.replies] == ["link.known"]
    assert outcome.writes == (Join(other=PHONE, how="phone"),)


async def test_what_is_withdrawn_from_the_channel_the_others_are_told() -> None:
    asker = contact("77", ChannelName.TELEGRAM, linked_to=b"p" * 16)
    outcome = await personal_data.withdrawn_from_channel(world(asker, memory=Joined()))
    assert [(reply.template, reply.to.destination) for reply in outcome.replies if reply.to] == [("data.left", PHONE)]
    assert len(outcome.replies) == 1, "nothing is said on the channel itself"
    assert Erase(only_here=True) in outcome.writes
