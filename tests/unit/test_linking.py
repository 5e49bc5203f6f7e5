"""Joining and parting accounts: who is told."""

from collections.abc import Sequence
from datetime import timedelta

from bot.intents import linking
from bot.linking import Member
from bot.model import Address, ChannelName, Destination, Language
from bot.wishes import Unlink
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


async def test_a_number_that_only_a_chat_has_shared_is_told_that_it_stands_alone_again() -> None:
    asker = contact("77", ChannelName.TELEGRAM, linked_to=b"p" * 16)
    outcome = await linking.unlink(Unlink(), world(asker, memory=Joined()))
    assert [reply.to.destination for reply in outcome.replies if reply.to] == [PHONE]
