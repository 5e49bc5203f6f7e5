"""Joining and parting accounts, and rights over what is kept of them: who is told."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.intents import linking, personal_data
from bot.linking import CodePurpose, CodeTries, Member, OneTimeCode
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
