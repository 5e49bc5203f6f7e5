"""The petitions of one person, read from the store when an intent asks for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.conversations import Conversation
from bot.events import LocationShared
from bot.intents.petition_world import KeptFiles
from bot.model import ChannelName, Contact
from bot.petition_data import with_its_case
from bot.petitions.around import Around
from bot.petitions.record import Draft, Petition, StoredFile
from bot.store.port_conversations import ConversationBook
from bot.store.port_petitions import PetitionBook

LOOK_BACK = 50
"""Petitions of one person: more than the limit of thirty days lets through."""


class FileKeeper(Protocol):
    """Keeps files that people send."""

    async def keep(self, channel: ChannelName, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        """Fetch, look into, seal. Never raises: what could not be kept is told."""
        ...


class MasterData(Protocol):
    """What the desk has set."""

    async def around(self, now: datetime) -> Around:
        """Calendars, fields and agencies."""
        ...

    async def muted_until(self, person: bytes, now: datetime) -> datetime | None:
        """Until when nothing is taken from a person."""
        ...

    async def agency_for(self, category: str, ward: str) -> str:
        """The agency that a rule names; "" for none."""
        ...


class Book(PetitionBook, ConversationBook, Protocol):
    """Where all of it is kept."""


class StoredPetitions:
    """Those of one person."""

    def __init__(
        self,
        book: Book,
        contact: Contact,
        data: MasterData,
        *,
        files: FileKeeper,
    ) -> None:
        self._book = book
        self._contact = contact
        self._data = data
        self._files = files

    async def conversation(self) -> Conversation | None:
        """The one with an officer that is not closed."""
        return await self._book.conversation_of(self._contact.home)

    async def new_conversation_code(self) -> str:
        """The next code; taken at once."""
        return await self._book.new_conversation_code()

    async def draft(self) -> Draft | None:
        """What the person is writing."""
        return await self._book.draft_of(self._contact.home)

    async def own(self) -> Sequence[Petition]:
        """Newest first."""
        return await self._book.petitions_of(self._contact.home, LOOK_BACK)

    async def find(self, code: str) -> Petition | None:
        """Of this person, on whatever account; also the ones that this account took part in before it was parted."""
        found = await self._book.petition(code)
        if found is None:
            return None
        took_part = any(account.address == self._contact.address for account in found.told_at)
        if took_part or found.person in {self._contact.home, self._contact.id}:
            return found
        return found if any(petition.code == code for petition in await self.own()) else None

    async def new_code(self, now: datetime) -> str:
        """The next code of the year."""
        return await self._book.new_petition_code(now)

    async def around(self, now: datetime, petition: Petition | None = None) -> Around:
        """As the desk has it now."""
        around = await self._data.around(now)
        return around if petition is None else await with_its_case(around, self._book, petition)

    async def muted_until(self, now: datetime) -> datetime | None:
        """Until when nothing is taken from this person."""
        return await self._data.muted_until(self._contact.home, now)

    async def agency_for(self, category: str, ward: str) -> str:
        """The agency that a rule names."""
        return await self._data.agency_for(category, ward)

    async def ward_at(self, place: LocationShared) -> str:
        """Not known: there is no map of the wards."""
        del place
        return ""

    async def keep_files(self, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        """From the channel that the person writes on."""
        return await self._files.keep(self._contact.address.channel, references, already)
