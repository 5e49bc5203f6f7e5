"""Officers in chats: links an account with whoever's code is typed there, and hands what linked officers say to their desk."""

import asyncio
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import orjson

from bot.access.records import CodePurpose, OfficerAccount, OfficerLink
from bot.clock import Clock
from bot.errors import ConfigError, StoreError
from bot.events import ButtonPressed, Joined
from bot.intent import Ask, ForgetQuestion, Write
from bot.intents.linking import WRONG_AN_HOUR, WRONG_ANYWHERE
from bot.linking import CodeTries
from bot.logs import Log
from bot.model import Button, ChannelName, Contact, Content, Destination, InboundMessage, Question
from bot.officer_chat_desk import OfficerDesk
from bot.officer_chat_steps import Heard, Talk
from bot.officer_chat_words import OpenStep, Order, order_of, unpacked
from bot.petition_data import PetitionData
from bot.petitions.record import Actor, ActorKind
from bot.plain import plain
from bot.privacy import Keyring
from bot.store.officer_book import OfficerBook
from bot.understanding.events import LINK_TOKEN, LINKED_BY
from bot.web.desk.words import Words

FRESH_SECONDS = 5.0
SESSION = timedelta(minutes=30)
PROVEN_FOR = timedelta(hours=12)
LINK_GOOD = timedelta(days=180)
"""After so long without a look at the desk nothing is shown in the chat before there is one."""
ROLES = {"CANBO": False, "CONGDAN": True}
"""Whether what follows is said as a citizen."""
KIND = "officer"
"""Of the question that keeps an open step."""

_LINK = re.compile(
    rf"/?(?:LK|LI[EÊ]N ?K[EẾ]T|LINK)[\s:.-]*(?:([0-9]{{3}}[ .-]?[0-9]{{3}})|([\w-]{{{LINK_TOKEN},}}))", re.IGNORECASE
)


class Tries(Protocol):
    """Where wrong codes are counted."""

    async def code_tries(self, contact: bytes, home: bytes, now: datetime) -> CodeTries:
        """What was typed wrong lately."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAnswer:
    """What a linked officer is answered, and what is remembered with it."""

    name: str
    """What logs and metrics call it."""
    contents: tuple[Content, ...]
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How chats of this installation are talked in."""

    public_url: str = ""
    """Where the desk is reached, without a slash at its end; "" when nobody outside reaches it."""
    without_buttons: frozenset[ChannelName] = frozenset()
    """Chats that show none."""


class OfficerChat:
    """One for a process. Who is linked is kept in memory and read anew every few seconds: citizens cost no query."""

    def __init__(
        self,
        *,
        officers: OfficerBook,
        tries: Tries,
        data: PetitionData,
        desk: OfficerDesk,
        keyring: Keyring,
        clock: Clock,
        log: Log,
        manners: Manners,
    ) -> None:
        self._officers = officers
        self._tries = tries
        self._data = data
        self._desk = desk
        self._keyring = keyring
        self._clock = clock
        self._log = log
        self._manners = manners
        self._words = Words()
        self._linked: frozenset[bytes] = frozenset()

    async def run(self) -> None:
        """Learn of accounts that were linked elsewhere; until cancelled."""
        while True:
            try:
                await self.refresh()
            except StoreError as error:
                self._log.warning("links of officers not read", error=str(error))
            await asyncio.sleep(FRESH_SECONDS)

    async def refresh(self) -> None:
        """Read who is linked."""
        self._linked = await self._officers.linked_contacts()

    async def answer(self, message: InboundMessage, contact: Contact) -> OfficerAnswer | None:
        """What to say to an officer; None for everybody else, and for what officers say as citizens."""
        said = _said(message)
        if said is None:
            return None
        if token := _link_code(said):
            return await self._link(token, message, contact)
        if contact.id not in self._linked:
            return None
        link = await self._officers.link_of(contact.address)
        account = None if link is None else await self._officers.account(link.officer)
        if link is None or account is None or not account.is_usable:
            return None
        if (as_citizen := ROLES.get(plain(said).strip().removeprefix("/").upper().replace(" ", ""))) is not None:
            return await self._speaks(contact, as_citizen=as_citizen)
        return None if link.citizen_since else await self._heard(said, message, contact, link, account)

    async def _speaks(self, contact: Contact, *, as_citizen: bool) -> OfficerAnswer:
        await self._officers.speak_as_citizen(contact.address, self._clock.now() if as_citizen else None)
        word = "chat.as_citizen" if as_citizen else "chat.as_officer"
        return OfficerAnswer(name="officer_role", contents=(Content(self._words.tell(contact.language, word)),))

    async def _link(self, token: str, message: InboundMessage, contact: Contact) -> OfficerAnswer | None:
        """The account is an officer's when the code is one of the desk; else it may be a citizen's, who counts wrong ones."""
        tries = await self._tries.code_tries(contact.id, contact.home, self._clock.now())
        locked = tries.wrong >= WRONG_AN_HOUR or tries.wrong_anywhere >= WRONG_ANYWHERE
        if contact.address.is_passing or locked:
            return None
        to = Destination(contact.address, message.recipient, message.route)
        linked = await self._officers.link_account(token, to)
        account = None if linked is None else await self._officers.account(linked.officer)
        if account is None:
            return None
        self._linked |= {contact.id}
        self._log.info("chat linked", officer=account.officer.id, channel=contact.address.channel.value)
        text = self._words.tell(contact.language, "chat.linked", name=account.officer.name)
        buttons = (Button(self._words.tell(contact.language, "chat.button_list"), "viec"),)
        return OfficerAnswer(name="officer_linked", contents=self._shown((Content(text, buttons),), contact))

    async def _heard(
        self, said: str, message: InboundMessage, contact: Contact, link: OfficerLink, account: OfficerAccount
    ) -> OfficerAnswer | None:
        now = self._clock.now()
        if contact.address.channel is ChannelName.SMS:
            return self._not_by_sms(said, contact)
        unseen = now - _seen_at_desk(link, account)
        if unseen >= LINK_GOOD and order_of(said) is not None:
            return OfficerAnswer(name="officer_proof", contents=(await self._proof(account, contact),))
        officer = await self._data.placed(account.officer)
        open_step, expired = self._open_step(contact, now)
        talk = Talk(
            officer=officer,
            actor=Actor(
                kind=ActorKind.OFFICER,
                officer=officer.id,
                name=officer.name,
                role=officer.role,
                agency=officer.agency,
                at_reception=officer.at_reception,
                channel=contact.address.channel,
            ),
            language=contact.language,
            now=now,
            received_at=message.received_at,
            open=open_step,
            expired=expired,
            is_proven=unseen < PROVEN_FOR,
        )
        heard = await self._desk.heard(said, talk)
        if heard is None:
            return None
        if heard.needs_proof:
            heard = replace(heard, contents=(await self._proof(account, contact),))
        return OfficerAnswer(
            name=f"officer_{heard.name}",
            contents=self._shown(heard.contents, contact),
            writes=self._kept(heard, contact, now),
        )

    def _not_by_sms(self, said: str, contact: Contact) -> OfficerAnswer | None:
        order = order_of(said)
        if order is None or order.order in {Order.SEND, Order.DROP, Order.SHOW}:
            return None
        told = Content(plain(self._words.tell(contact.language, "chat.no_sms")))
        return OfficerAnswer(name="officer_sms", contents=(told,))

    async def _proof(self, account: OfficerAccount, contact: Contact) -> Content:
        """A link that is good once, or the way to the desk where it has no public address."""
        token = secrets.token_urlsafe(16)
        issued = self._manners.public_url.startswith("https://") and await self._officers.issue_code(
            CodePurpose.PROOF, account.officer.id, token, data=contact.id.hex()
        )
        if not issued:
            return Content(self._words.tell(contact.language, "chat.prove"))
        return Content(
            self._words.tell(contact.language, "chat.prove_link", link=f"{self._manners.public_url}/desk/chat/{token}"),
            once=True,
        )

    def _open_step(self, contact: Contact, now: datetime) -> tuple[OpenStep | None, OpenStep | None]:
        """What is open, and what was open for too long."""
        question = contact.question
        if question is None or question.kind != KIND:
            return None, None
        try:
            step = unpacked(self._keyring.open_octets(bytes.fromhex(question.options[0])))
        except (ConfigError, ValueError, orjson.JSONDecodeError):
            return None, None
        return (step, None) if now < question.expires_at else (None, step)

    def _kept(self, heard: Heard, contact: Contact, now: datetime) -> tuple[Write, ...]:
        if heard.open is not None:
            sealed = self._keyring.seal_octets(heard.open.packed()).hex()
            return (Ask(Question(kind=KIND, options=(sealed,), asked_at=now, expires_at=now + SESSION)),)
        is_ours = contact.question is not None and contact.question.kind == KIND
        return (ForgetQuestion(),) if is_ours and heard.ends else ()

    def _shown(self, contents: tuple[Content, ...], contact: Contact) -> tuple[Content, ...]:
        """Where no buttons are shown what they stand for is written."""
        if contact.address.channel not in self._manners.without_buttons:
            return contents
        return tuple(replace(one, text="\n".join((one.text, *_typed(one))), buttons=()) for one in contents)


def _typed(content: Content) -> list[str]:
    return [f"• {button.label}: {button.action.replace(':', ' ').upper()}" for button in content.buttons]


def _said(message: InboundMessage) -> str | None:
    """The text, or what a button says; None for files, places and the like."""
    match message.event:
        case None:
            return message.text.strip() or None
        case ButtonPressed(action):
            return action.replace(":", " ")
        case Joined(payload) if payload.startswith(LINKED_BY) and len(payload) >= len(LINKED_BY) + LINK_TOKEN:
            return f"LK {payload.removeprefix(LINKED_BY)}"
        case _:
            return None


def _link_code(said: str) -> str:
    """What stands behind ``LK``; "" when it cannot be a code of ours."""
    found = _LINK.fullmatch(said.strip())
    return "" if found is None else found[2] or "".join(filter(str.isdigit, found[1]))


def _seen_at_desk(link: OfficerLink, account: OfficerAccount) -> datetime:
    """When the officer signed in there or confirmed the account last."""
    return max(account.signed_in_at or link.since, link.confirmed_at)
