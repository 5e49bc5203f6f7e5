"""What the desk keeps of officers, on either engine: seals what only we may read, makes ids, chains the log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.access.records import (
    CODE_LIFE,
    AuditEntry,
    AuditRow,
    ChainCheck,
    CodePurpose,
    DeskSession,
    OfficerAccount,
    OfficerLink,
)
from bot.clock import Clock
from bot.errors import StoreError
from bot.model import Address, Destination
from bot.officers import Officer
from bot.privacy import Keyring
from bot.store import audit, desk_sessions, officer_codes, officer_rows, officers, outbox
from bot.store.audit import AuditWish
from bot.store.base import PlanStore
from bot.store.keys import from_micros
from bot.store.officer_codes import Linked, Typed
from bot.store.port import NewOutbound
from bot.store.statements import Row

AUDIT_KEPT = timedelta(days=5 * 365 + 2)
MOST_OFFICERS = 10_000


class NameTaken(StoreError):
    """There is an officer of this user name already."""


class StaleAccount(StoreError):
    """Somebody changed the account meanwhile: read it again."""


class OfficerBook:
    """Accounts, sessions, codes, links and the audit log. Every write is one transaction together with its entries of the log."""

    def __init__(self, store: PlanStore, keyring: Keyring, clock: Clock) -> None:
        self._store = store
        self._keyring = keyring
        self._clock = clock

    # --- accounts

    async def count(self) -> int:
        """How many accounts there are."""
        return await self._store.read(officers.count, None)

    async def everybody(self) -> Sequence[OfficerAccount]:
        """All accounts by user name, those who left too."""
        return [self._account(row) for row in await self._store.read(officers.everybody, MOST_OFFICERS)]

    async def account(self, key: int) -> OfficerAccount | None:
        """By id."""
        row = await self._store.read(officers.by_id, key)
        return None if row is None else self._account(row)

    async def account_named(self, user_name: str) -> OfficerAccount | None:
        """By user name, in small letters."""
        row = await self._store.read(officers.by_name, user_name)
        return None if row is None else self._account(row)

    async def add(self, account: OfficerAccount, entry: AuditEntry, *, only_first: bool = False) -> int:
        """The id that it got; the one in *account* is not used. Raises ``NameTaken``, with *only_first* also when there is any."""
        new = officers.New(row=self._row(account), log=self._log(entry), only_first=only_first)
        outcome = await self._store.write(officers.add, new)
        if isinstance(outcome, officers.Lost):
            raise NameTaken("this user name is taken")
        return outcome

    async def change(
        self,
        account: OfficerAccount,
        *entries: AuditEntry,
        ends_sessions_but: bytes | None = None,
        cuts_links: bool = False,
        forgets_tries: bool = False,
    ) -> OfficerAccount:
        """Store what *account* says; it must have been made from the newest version. Raises ``StaleAccount``.

        With *ends_sessions_but* all sessions of the officer end except the one of that digest (b"": all).
        """
        after = replace(account, version=account.version + 1)
        change = replace(
            self._change(after, entries),
            ends_sessions_but=ends_sessions_but,
            cuts_links=cuts_links,
            forgotten_tries=self._who(account.officer.user_name) if forgets_tries else b"",
        )
        if await self._store.write(officers.change, change) is not None:
            raise StaleAccount("the account was changed meanwhile")
        return after

    # --- signing in

    async def begin_try(self, user_name: str, address: str) -> datetime | None:
        """Before a password is looked at: None, and it counts as a failure until a session is opened; else until when
        nobody may try.
        """
        now = self._clock.now()
        key = self._store.new_id()
        wish = desk_sessions.Try(id=key, who=self._who(user_name), address=self._digest("from", address), at=now)
        return await self._store.write(desk_sessions.begin_try, wish)

    async def open_session(
        self,
        token: str,
        session: DeskSession,
        *entries: AuditEntry,
        account: OfficerAccount | None = None,
        replaces: bytes = b"",
    ) -> None:
        """Open *session* under this random *token*. With *account* it is changed too, and its failed tries are forgotten.

        Raises ``StaleAccount`` when somebody else has just changed the account: the same code was used twice, it was locked.
        """
        change = None if account is None else self._change(replace(account, version=account.version + 1), ())
        opening = desk_sessions.Opening(
            session=replace(session, digest=self.session_digest(token)),
            replaces=replaces,
            change=change,
            log=self._log(*entries),
            who=b"" if account is None else self._who(account.officer.user_name),
        )
        if await self._store.write(desk_sessions.open_session, opening) is not None:
            raise StaleAccount("the account was changed meanwhile")

    async def session(self, token: str) -> tuple[DeskSession, OfficerAccount] | None:
        """Whose browser this is; None for an unknown id, one that is over, and one who left or was locked."""
        row = await self._store.read(desk_sessions.find, self.session_digest(token))
        if row is None:
            return None
        session, account = officer_rows.session_of(row), self._account(row[desk_sessions.SESSION_WIDTH :])
        over = session.is_over(self._clock.now()) or not account.is_usable
        return None if over else (session, account)

    async def touch(self, session: DeskSession) -> None:
        """It was used now."""
        await self._store.write(desk_sessions.touch, (session.digest, self._clock.now()))

    async def end_session(self, session: DeskSession, *entries: AuditEntry) -> None:
        """Nobody is signed in by it any more."""
        ending = desk_sessions.Ending(digest=session.digest, log=self._log(*entries))
        await self._store.write(desk_sessions.end_session, ending)

    def session_digest(self, token: str) -> bytes:
        """How a session's id is stored."""
        return self._digest("session", token)

    # --- forms

    async def take_form(self, key: str) -> tuple[bool, str | None]:
        """(True, None) for who sends this form first; else False and where the first sending led, None while that is not known."""
        form = desk_sessions.Form(digest=self._digest("form", key), at=self._clock.now())
        return await self._store.write(desk_sessions.take_form, form)

    async def end_form(self, key: str, answer: str | None) -> None:
        """Remember where it led; None: it changed nothing and may be sent again."""
        now = self._clock.now()
        form = desk_sessions.Form(digest=self._digest("form", key), at=now, answer=answer, is_free=answer is None)
        await self._store.write(desk_sessions.end_form, form)

    # --- codes

    async def issue_code(
        self, purpose: CodePurpose, officer: int, code: str, *, data: str = "", by: NewOutbound | None = None
    ) -> bool:
        """Earlier codes of this purpose are over. *by* carries it to the officer. False for one too many in an hour."""
        now = self._clock.now()
        issue = officer_codes.Issue(
            id=self._store.new_id(),
            digest=self._code(purpose, code),
            purpose=purpose,
            officer=officer,
            at=now,
            expires_at=now + CODE_LIFE[purpose],
            data=data,
            messages=() if by is None else (self._message(by, now),),
            people=() if by is None else (self._person(by.message.to),),
        )
        return await self._store.write(officer_codes.issue, issue)

    async def type_code(self, purpose: CodePurpose, officer: int, code: str) -> Typed:
        """An officer who is known types the code that was sent."""
        digest = self._code(purpose, code)
        typing = officer_codes.Typing(officer=officer, purpose=purpose, digest=digest, at=self._clock.now())
        return await self._store.write(officer_codes.type_code, typing)

    async def spend_code(self, purpose: CodePurpose, code: str) -> tuple[int, str] | None:
        """Whose code it is and its data, once; None when it opens nothing (any more)."""
        return await self._store.write(officer_codes.spend, self._presented(purpose, code))

    async def peek_code(self, purpose: CodePurpose, code: str) -> tuple[int, str] | None:
        """As ``spend_code``, and it stays good."""
        return await self._store.read(officer_codes.peek, self._presented(purpose, code))

    # --- linked chats

    async def link_account(self, code: str, destination: Destination) -> Linked | None:
        """Somebody typed ``LK <code>`` in a chat, or followed the deep link: the account is that officer's from now on.

        None when the code opens nothing; the caller counts wrong tries as it does those of citizens.
        """
        presented = tuple(self._presented(kind, code) for kind in (CodePurpose.LINK_CODE, CodePurpose.LINK_TOKEN))
        return await self._store.write(officer_codes.link, replace(self._linking(destination, ""), presented=presented))

    async def link_phone(self, officer: Officer, code: str, destination: Destination) -> Typed:
        """An officer types the code that was sent to the phone on record: it is linked when the code is right."""
        digest = self._code(CodePurpose.LINK_PHONE, code)
        typing = officer_codes.Typing(
            officer=officer.id, purpose=CodePurpose.LINK_PHONE, digest=digest, at=self._clock.now()
        )
        typed = officer_codes.TypedLink(typing=typing, linking=self._linking(destination, officer.user_name))
        return await self._store.write(officer_codes.link_typed, typed)

    def _linking(self, destination: Destination, who: str) -> officer_codes.Linking:
        address, now = destination.address, self._clock.now()
        entry = AuditEntry(at=now, who=who, action="chat_linked", subject=who, data={"channel": address.channel.value})
        return officer_codes.Linking(
            contact=self._keyring.contact_id(address),
            sealed=self._keyring.seal(address),
            source=destination.source,
            route=destination.route,
            log=self._log(entry),
        )

    async def link_of(self, address: Address) -> OfficerLink | None:
        """Whether an account is an officer's; one who left has none."""
        rows = await self._store.read(officer_codes.link_of, self._keyring.contact_id(address))
        return self._link(rows[0]) if rows else None

    async def links_of(self, officer: int) -> Sequence[OfficerLink]:
        """The accounts of an officer, the oldest first."""
        return [self._link(row) for row in await self._store.read(officer_codes.links_of, officer)]

    async def linked_contacts(self) -> frozenset[bytes]:
        """The keyed hash of every account that is an officer's."""
        return frozenset(bytes(row[0]) for row in await self._store.read(officer_codes.linked_contacts, MOST_OFFICERS))

    async def unlink(self, link: OfficerLink, entry: AuditEntry) -> None:
        """The account is no officer's any more."""
        contact = self._keyring.contact_id(link.destination.address)
        cut = officer_codes.Unlinking(contact=contact, officer=link.officer, log=self._log(entry))
        await self._store.write(officer_codes.unlink, cut)

    async def confirm_link(self, address: Address) -> None:
        """The officer says again that the account is his or hers: good for another 180 days."""
        await self._store.write(officer_codes.confirm, (self._keyring.contact_id(address), self._clock.now()))

    async def speak_as_citizen(self, address: Address, since: datetime | None) -> None:
        """What is said there is a citizen's since then; None: an officer's again."""
        await self._store.write(officer_codes.speak_as, (self._keyring.contact_id(address), since))

    # --- the log

    async def record(self, *entries: AuditEntry) -> None:
        """Append entries that belong to no other change: looks, exports."""
        await self._store.write(audit.record, self._log(*entries))

    def chained(self, *entries: AuditEntry) -> audit.Record:
        """For plans of others: append with ``yield from audit.append(...)`` as their last step."""
        return self._log(*entries)

    async def log(self, wish: AuditWish) -> Sequence[AuditRow]:
        """Rows of the log, newest first."""
        return await self._store.read(audit.newest, wish)

    async def check_log(self) -> ChainCheck:
        """Whether every row is as it was written and none is missing."""
        found: audit.Checking | ChainCheck = audit.Checking(digest=audit.chained_with(self._keyring))
        while isinstance(found, audit.Checking):
            found = await self._store.read(audit.check, found)
        return found

    async def tidy(self) -> None:
        """Drop what is over: sessions, tries, forms, codes; rows of the log after five years."""
        now = self._clock.now()
        await self._store.write(desk_sessions.tidy, now)
        await self._store.write(audit.purge, now - AUDIT_KEPT)

    # --- helpers

    def _log(self, *entries: AuditEntry) -> audit.Record:
        return audit.Record(entries=entries, digest=audit.chained_with(self._keyring))

    def _digest(self, kind: str, text: str) -> bytes:
        return self._keyring.digest(f"desk {kind}|{text}".encode())

    def _who(self, user_name: str) -> bytes:
        return self._digest("who", user_name)

    def _code(self, purpose: CodePurpose, code: str) -> bytes:
        return self._digest(purpose.value, code)

    def _presented(self, purpose: CodePurpose, code: str) -> officer_codes.Presented:
        return officer_codes.Presented(digest=self._code(purpose, code), purpose=purpose, at=self._clock.now())

    def _message(self, new: NewOutbound, at: datetime) -> Row:
        return outbox.new_row(new, self._keyring.contact_id(new.message.to), self._store.epoch, at)

    def _person(self, address: Address) -> tuple[bytes, bytes]:
        return self._keyring.contact_id(address), self._keyring.seal(address)

    def _change(self, after: OfficerAccount, entries: Sequence[AuditEntry]) -> officers.Change:
        row, log = self._row(after), self._log(*entries)
        return officers.Change(id=after.officer.id, seen=after.version - 1, row=row, log=log)

    def _row(self, account: OfficerAccount) -> Row:
        return officer_rows.row_of(account, self._sealed)

    def _account(self, row: Row) -> OfficerAccount:
        return officer_rows.account_of(row, self._opened)

    def _sealed(self, text: str) -> bytes | None:
        return self._keyring.seal_octets(text.encode()) if text else None

    def _opened(self, sealed: bytes | None) -> str:
        return "" if sealed is None else self._keyring.open_octets(bytes(sealed)).decode()

    def _link(self, row: Row) -> OfficerLink:
        officer, sealed, source, route, since, confirmed_at, citizen_since = row
        return OfficerLink(
            officer=officer,
            destination=Destination(self._keyring.open(bytes(sealed)), source, route),
            since=from_micros(since),
            confirmed_at=from_micros(confirmed_at),
            citizen_since=None if citizen_since is None else from_micros(citizen_since),
        )
