"""Petitions that the contract suite stores, and the steps that it takes with them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.intent import Write
from bot.model import Address, ChannelName, Destination, InboundMessage
from bot.petitions.record import (
    CITIZEN,
    SYSTEM,
    Actor,
    ActorKind,
    Draft,
    Petition,
    PetitionChange,
    PetitionEvent,
    PetitionState,
    Place,
    StoredFile,
)
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision
from tests.contract.store_engines import KEYRING, NOON, claimed, person

DAY = timedelta(days=1)
PHONE = Destination(person(), "8283", "smpp:telco")
CHAT = Address(ChannelName.ZALO, "5510185758261927916")
OFFICER = Actor(kind=ActorKind.OFFICER, officer=7, name="Trần Thị B", agency="H05.12")
TEXT = "Đèn đường trước nhà số 12 Lý Thái Tổ hỏng đã 3 ngày"
PICTURE = StoredFile(name="f1a2", media_type="image/jpeg", octets=1234)


def chat_text(body: str, at: datetime = NOON) -> InboundMessage:
    return InboundMessage(
        sender=CHAT, recipient="oa", text=body, received_at=at, route="zalo", external_id=f"{body}{at}"
    )


def made(code: str, **more: Any) -> Petition:
    """A petition as it was sent by the person of ``person()``."""
    at: datetime = more.get("sent_at", NOON)
    facts: dict[str, Any] = {
        "person": KEYRING.contact_id(person()),
        "told_at": (PHONE,),
        "channel": ChannelName.SMS,
        "sent_at": at,
        "text": TEXT,
        "category": "DN",
        "place": Place(ward="Võ Cường", text="12 Lý Thái Tổ", latitude=21.178, longitude=106.071),
        "state_since": at,
        "changed_at": at,
        "clock_at": at + DAY,
        "days": 3,
        "classify_due": at + DAY,
        "answer_due": at + 3 * DAY,
    }
    return Petition(code=code, **facts | more)


def changed(before: Petition | None, after: Petition, name: str, **more: Any) -> PetitionChange:
    """One step; *more* are the fields of the change, ``actor``, ``at`` and ``data`` those of its event."""
    event = PetitionEvent(
        at=more.pop("at", NOON),
        actor=more.pop("actor", SYSTEM),
        name=name,
        before=None if before is None else before.state,
        after=after.state,
        data=more.pop("data", {}),
    )
    return PetitionChange(before=before, after=after, event=event, **more)


async def does(store: PlanStore, message: InboundMessage, *writes: Write) -> Claimed:
    """A person's message with what its decision stores."""
    row = await claimed(store, message)
    await store.decide(Decision(inbound=row, at=message.received_at, writes=writes))
    return row


async def submitted(store: PlanStore, **more: Any) -> Petition:
    """A petition that an officer wrote down for the person, as it is stored."""
    at = more.get("sent_at", NOON)
    code = await store.new_petition_code(at)
    await store.change_petition(changed(None, made(code, **more), "submit", at=at, actor=CITIZEN), ())
    return await stored(store, code)


async def stored(store: PlanStore, code: str) -> Petition:
    found = await store.petition(code)
    assert found is not None
    return found


async def assigned(store: PlanStore, petition: Petition, **more: Any) -> Petition:
    """Handed to an agency."""
    after = replace(petition, state=PetitionState.ASSIGNED, agency="H05.12", officer=7, **more)
    await store.change_petition(changed(petition, after, "assign", actor=OFFICER), ())
    return await stored(store, petition.code)


def drafted(*texts: str, at: datetime = NOON, **more: Any) -> Draft:
    return Draft(texts=texts, opened_at=at, changed_at=at, told_at=(PHONE,), **more)
