"""Puts the sample into a store that is empty."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.access.records import AuditEntry, OfficerAccount
from bot.petitions.record import PetitionChange, PetitionState
from bot.privacy import Keyring
from bot.sample.walk import renamed
from bot.sample.world import CANNED_ANSWERS, RULES, edited_agencies, officers
from bot.sample.year import Year
from bot.store.base import PlanStore
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.store.port_master import MasterItem

WHO = "demo"


async def load_desk(book: OfficerBook, master: MasterBook, password: str, at: datetime) -> None:
    """Everybody of the sample, all with the *password* of this hash, and what the desk has set. The log tells of each."""
    for officer in officers():
        account = OfficerAccount(officer=officer, password=password, created_at=at)
        added = AuditEntry(at=at, who=WHO, action="officer_added", subject=officer.user_name)
        await book.add(account, added)
    items: Iterable[MasterItem] = (*edited_agencies(), *RULES, *CANNED_ANSWERS)
    for item in items:
        await master.put(item, 0, AuditEntry(at=at, who=WHO, action="changed", subject=type(item).__name__))


async def load_year(store: PlanStore, keyring: Keyring, end: datetime) -> Mapping[PetitionState, int]:
    """The petitions of the year until *end*, step by step as they happened; how many stand in which state."""
    lives = await asyncio.to_thread(Year(end, keyring.contact_id).lives)
    lives.sort(key=lambda life: life.walk.changes[0].event.at)
    codes = await asyncio.gather(*(store.new_petition_code(life.walk.changes[0].event.at) for life in lives))
    names = {life.begun.code: code for life, code in zip(lives, codes, strict=True)}
    changes = [renamed(change, names) for life in lives for change in life.walk.changes]
    await _store(store, sorted(changes, key=lambda change: change.event.at))
    return Counter(life.walk.petition.state for life in lives)


async def _store(store: PlanStore, changes: Sequence[PetitionChange]) -> None:
    """All at once: the store takes them in this order, many in one transaction."""
    await asyncio.gather(*(store.change_petition(change, ()) for change in changes))
