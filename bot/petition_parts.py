"""Builds what works on petitions besides the citizen's messages: officers' steps, and those of time."""

from collections.abc import Coroutine
from typing import Any

from bot.alerts.delivery import AlertDelivery
from bot.answering import Answerer
from bot.clock import Clock
from bot.conversation_work import ConversationWork
from bot.logs import Log
from bot.model import Contact
from bot.officer_chat import Manners, OfficerChat
from bot.officer_chat_desk import OfficerDesk
from bot.outgoing import Outgoing
from bot.petition_clock import PetitionClock
from bot.petition_data import PetitionData
from bot.petition_memory import FileKeeper, StoredPetitions
from bot.petition_telling import Teller
from bot.petition_work import PetitionWork
from bot.privacy import Keyring
from bot.rating_handover import RatingHandover, TakesRatings
from bot.store.base import PlanStore
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.text_refresh import TextRefresh
from dossier_client.models import Dossiers


class PetitionParts:
    """Of one process. Time is looked after where the worker is; several may do it."""

    def __init__(self, store: PlanStore, keyring: Keyring, clock: Clock, log: Log, public_url: str = "") -> None:
        self._store = store
        self._keyring = keyring
        self.clock = clock
        self._log = log
        self._connected: tuple[PetitionWork, Teller, ConversationWork] | None = None
        self._chat: OfficerChat | None = None
        self._public_url = public_url
        self._dossiers: Dossiers | None = None
        self._officers = OfficerBook(store, keyring, clock)
        self.master = MasterBook(store, keyring, clock)
        self.texts = TextRefresh(self.master, log)
        self.data = PetitionData(self.master, self._officers, clock)

    def of(self, contact: Contact, files: FileKeeper) -> StoredPetitions:
        """Those of one person, for intents; what comes with them is kept by *files*."""
        return StoredPetitions(self._store, contact, self.data, files=files)

    def connect(self, answerer: Answerer, outgoing: Outgoing) -> None:
        """What people are told is composed and sent by these."""
        teller = Teller(store=self._store, compose=answerer.notice, outgoing=outgoing)
        work = PetitionWork(book=self._store, surroundings=self.data, teller=teller, clock=self.clock, log=self._log)
        talks = ConversationWork(
            book=self._store,
            surroundings=self.data,
            teller=teller,
            outgoing=outgoing,
            clock=self.clock,
            log=self._log,
        )
        self._connected = work, teller, talks
        self._dossiers = answerer.dossiers
        self._chat = OfficerChat(
            officers=self._officers,
            tries=self._store,
            data=self.data,
            desk=OfficerDesk(book=self._store, work=work, data=self.data),
            keyring=self._keyring,
            clock=self.clock,
            log=self._log,
            manners=Manners(public_url=self._public_url.rstrip("/"), without_buttons=answerer.without_buttons),
        )
        self.texts.serve(answerer.renderer)

    @property
    def work(self) -> PetitionWork:
        """Officers' steps, once this is connected."""
        return self._parts()[0]

    @property
    def talks(self) -> ConversationWork:
        """Officers' steps of conversations, once this is connected."""
        return self._parts()[2]

    @property
    def dossiers(self) -> Dossiers:
        """The one-stop systems, once this is connected."""
        if self._dossiers is None:
            raise RuntimeError("connect it first")
        return self._dossiers

    @property
    def chat(self) -> OfficerChat:
        """What answers officers in their chats, once this is connected."""
        if self._chat is None:
            raise RuntimeError("connect it first")
        return self._chat

    def runs(self, systems: TakesRatings) -> list[Coroutine[Any, Any, None]]:
        """What time does, officers who are told, and ratings that *systems* get, until cancelled."""
        work, teller, talks = self._parts()
        clock = PetitionClock(book=self._store, work=work, teller=teller, clock=self.clock, log=self._log)
        alerts = AlertDelivery(
            books=self._store,
            links=self._officers,
            data=self.data,
            teller=teller,
            clock=self.clock,
            log=self._log,
            public_url=self._public_url,
        )
        handover = RatingHandover(self._store, systems, self.clock, self._log)
        return [clock.run(), alerts.run(), talks.run(), handover.run(), self.chat.run(), self.texts.run()]

    def _parts(self) -> tuple[PetitionWork, Teller, ConversationWork]:
        if self._connected is None:
            raise RuntimeError("connect it first")
        return self._connected
