"""Officers in chats of a desk with petitions: each message goes the way of the worker, through the real store."""

from dataclasses import dataclass, replace

from bot.access.records import AuditEntry, CodePurpose
from bot.events import ButtonPressed
from bot.model import Address, ChannelName, InboundMessage
from bot.officer_chat import OfficerAnswer
from bot.officers import AgencyRecord, OfficerRole
from bot.store.port import Decision
from tests.contract.store_engines import claimed
from tests.desk import SECRET
from tests.petition_desk import Reception


@dataclass
class OfficerChatting:
    """One account of a chat."""

    office: Reception
    name: str
    channel: ChannelName = ChannelName.TELEGRAM
    number: int = 0

    @property
    def address(self) -> Address:
        return Address(self.channel, self.name)

    def message(self, text: str) -> InboundMessage:
        """A text, or in square brackets what a button says."""
        self.number += 1
        clock, event = self.office.place.engine.clock, None
        clock.advance(1)
        if text.startswith("["):
            text, event = "", ButtonPressed(text[1:-1])
        return InboundMessage(
            sender=self.address,
            recipient="bot",
            text=text,
            received_at=clock.now(),
            route=self.channel.value,
            external_id=f"{self.name} {self.number}",
            event=event,
        )

    async def answer(self, text: str) -> OfficerAnswer | None:
        """What the door says; what is remembered with it is stored."""
        message = self.message(text)
        row = await claimed(self.office.store, message)
        found = await self.office.petitions.chat.answer(row.message, row.contact)
        writes = found.writes if found else ()
        await self.office.store.decide(Decision(inbound=row, at=message.received_at, writes=writes))
        return found

    async def says(self, text: str) -> str:
        """All that is said to it; "" when it is left to the citizens' side."""
        found = await self.answer(text)
        return "\n---\n".join(content.text for content in found.contents) if found else ""

    async def buttons(self, text: str) -> list[str]:
        """The actions of the last message."""
        found = await self.answer(text)
        assert found is not None
        return [button.action for button in found.contents[-1].buttons]


async def linked(
    office: Reception, user: str, role: OfficerRole, agency: str, channel: ChannelName = ChannelName.TELEGRAM
) -> OfficerChatting:
    """A new officer who typed the desk's code in a chat."""
    book = office.place.parts.book
    officer = await office.place.officer(user, role=role, agency=agency, totp_secret=SECRET)
    code = f"{officer % 1_000_000:06}"
    assert await book.issue_code(CodePurpose.LINK_CODE, officer, code)
    chatting = OfficerChatting(office, f"chat of {user}", channel)
    assert "Đã liên kết" in await chatting.says(f"LK {code}")
    office.petitions.data.forget()
    return chatting


async def two_steps(office: Reception) -> None:
    """Answers of the ward need its lead from now on."""
    master, now = office.petitions.master, office.place.engine.clock.now()
    edited = next(one for one in await master.items(AgencyRecord) if one.item.code == office.ward)
    entry = AuditEntry(at=now, who="system", action="changed")
    await master.put(replace(edited.item, two_step_approval=True), edited.version, entry)
    office.petitions.data.forget()
