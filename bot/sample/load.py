"""Puts the sample into a store that is empty."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from random import Random

from bot.access.records import AuditEntry, OfficerAccount
from bot.attachments.folder import AttachmentFolder
from bot.intent import KeepRating, RatingSubject
from bot.model import ChannelName, InboundMessage
from bot.petitions.record import PetitionChange, PetitionState, StoredFile
from bot.privacy import Keyring
from bot.sample.lives import Life
from bot.sample.pictures import COUNT, THINGS, kept
from bot.sample.walk import renamed
from bot.sample.world import CANNED_ANSWERS, RULES, edited_agencies, officers
from bot.sample.year import Year
from bot.store.base import PlanStore
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.store.port import Decision
from bot.store.port_master import MasterItem

WHO = "demo"
RATED = "rated"
"""The event of an opinion."""


async def load_desk(book: OfficerBook, master: MasterBook, password: str, at: datetime) -> None:
    """Everybody of the sample, all with the *password* of this hash, and what the desk has set. The log tells of each."""
    for officer in officers():
        account = OfficerAccount(officer=officer, password=password, created_at=at)
        added = AuditEntry(at=at, who=WHO, action="officer_added", subject=officer.user_name)
        await book.add(account, added)
    items: Iterable[MasterItem] = (*edited_agencies(), *RULES, *CANNED_ANSWERS)
    for item in items:
        await master.put(item, 0, AuditEntry(at=at, who=WHO, action="changed", subject=type(item).__name__))


async def load_year(
    store: PlanStore, keyring: Keyring, end: datetime, pictures: AttachmentFolder | None = None
) -> Mapping[PetitionState, int]:
    """The petitions of the year until *end*, step by step as they happened, some with drawn *pictures*; how many stand in which
    state.
    """
    lives = await asyncio.to_thread(Year(end, keyring.contact_id).lives)
    lives.sort(key=lambda life: life.walk.changes[0].event.at)
    codes = await asyncio.gather(*(store.new_petition_code(life.walk.changes[0].event.at) for life in lives))
    names = {life.begun.code: code for life, code in zip(lives, codes, strict=True)}
    files = await asyncio.to_thread(_pictures, lives, pictures) if pictures else {}
    changes = [renamed(change, names, files) for life in lives for change in life.walk.changes]
    await _store(store, sorted(changes, key=lambda change: change.event.at))
    public = [life.begun.code for life in lives if life.walk.petition.released_at and life.begun.code in files]
    for code in public:
        await store.release_files(names[code], [file.name for file in files[code]], released=True)
    await asyncio.gather(*(_rate(store, life, names) for life in lives))
    return Counter(life.walk.petition.state for life in lives)


async def _rate(store: PlanStore, life: Life, names: Mapping[str, str]) -> None:
    """The texts with which an answer was rated, and the opinions that stand in them."""
    code, told_at = names[life.begun.code], life.begun.told_at
    for change in life.walk.changes:
        if change.event.name != RATED:
            continue
        score = change.event.data["score"]
        message = InboundMessage(
            sender=told_at.address,
            recipient=told_at.source,
            text=str(score),
            received_at=change.event.at,
            route=told_at.route,
            external_id=f"{WHO} {code} {change.after.version}",
        )
        opinion = KeepRating(
            subject=RatingSubject.PETITION,
            reference=code,
            agency=change.after.agency,
            score=score,
            handled_by=str(change.after.officer or ""),
        )
        saved = await store.save_inbound(message, claim=True)
        if saved.claimed:
            await store.decide(Decision(inbound=saved.claimed, at=change.event.at, writes=(opinion,)))


def _pictures(lives: Sequence[Life], folder: AttachmentFolder) -> dict[str, tuple[StoredFile, ...]]:
    """The newest petitions by chat of some fields have one: of those released and of the others."""
    by_chat = [
        life
        for life in reversed(lives)
        if life.begun.category in THINGS and life.begun.told_at.address.channel is not ChannelName.SMS
    ]
    released = [life.begun for life in by_chat if life.walk.petition.released_at]
    others = [life.begun for life in by_chat if not life.walk.petition.released_at]
    fitting = [*released[:COUNT], *others[:COUNT]]
    files = kept(folder, (begun.category for begun in fitting), Random(COUNT))  # noqa: S311 - drawings, no secrets
    return {begun.code: (file,) for begun, file in zip(fitting, files, strict=True)}


async def _store(store: PlanStore, changes: Sequence[PetitionChange]) -> None:
    """All at once: the store takes them in this order, many in one transaction."""
    await asyncio.gather(*(store.change_petition(change, ()) for change in changes))
