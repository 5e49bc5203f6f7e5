"""What people are told of their petitions without having asked: messages to every account that took part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.intent import Reply
from bot.linking import Member
from bot.model import Contact, Content, Destination, Language, OutboundKind, OutboundMessage
from bot.outgoing import Outgoing, Prepared
from bot.petitions.record import PetitionChange, Told
from bot.store.port import Store

VALID = timedelta(hours=24)

Compose = Callable[[Reply, Contact], Content]
"""``Answerer.notice``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message as a person will read it."""

    to: Destination
    content: Content


class Teller:
    """Composes messages and finds room for them. It stores nothing: they go with the step that they tell of."""

    def __init__(self, *, store: Store, compose: Compose, outgoing: Outgoing) -> None:
        self._store = store
        self._compose = compose
        self._outgoing = outgoing

    async def lines(self, change: PetitionChange, now: datetime) -> list[Line]:
        """What is told of a step and of those that happen with it. Who refuses messages unasked still hears of what he sent."""
        found = []
        for step in (change, *change.also):
            receivers = await self.receivers(step.after.told_at, now) if step.told else []
            found += [self.line(told, to, language) for told in step.told for to, language in receivers]
        return found

    async def receivers(self, accounts: Sequence[Destination], now: datetime) -> list[tuple[Destination, Language]]:
        """Those of *accounts* that can be told: not kiosks, not numbers of somebody else by now, and of those that blocked us
        only when there is no other.
        """
        known = [(account, await self._store.account(account.address)) for account in accounts]
        own = [
            (account, member)
            for account, member in known
            if not account.address.is_passing and not (member and member.may_have_a_new_holder(now))
        ]
        reachable = [(account, member) for account, member in own if member is None or member.is_reachable]
        return [(account, _language(member)) for account, member in reachable or own]

    def line(self, told: Told, to: Destination, language: Language) -> Line:
        """The message for one account, in its language and for its channel."""
        reply = Reply(told.template, dict(told.values))
        return Line(to=to, content=self._compose(reply, Contact(id=b"", address=to.address, language=language)))

    def prepared(
        self,
        lines: Sequence[Line],
        now: datetime,
        *,
        kind: OutboundKind = OutboundKind.NOTICE,
        valid: timedelta = VALID,
    ) -> Iterator[Prepared]:
        """Each with a place on its route, if there is one now: ``go`` after the commit, or ``give_back``."""
        for line in lines:
            yield self._outgoing.prepare(self._message(line, now, kind, now + valid))

    def _message(self, line: Line, now: datetime, kind: OutboundKind, expires_at: datetime) -> OutboundMessage:
        return OutboundMessage(
            id=self._store.new_id(),
            to=line.to.address,
            source=line.to.source,
            route=line.to.route,
            text=line.content.text,
            buttons=line.content.buttons,
            kind=kind,
            created_at=now,
            expires_at=expires_at,
        )


def _language(member: Member | None) -> Language:
    return member.language if member else Language.VIETNAMESE
