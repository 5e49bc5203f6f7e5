"""The part of the store that the desk works with: petitions, alerts, conversations, threads."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversations import Conversation, ConversationState, KeepConversation
from bot.intent import KeepRating
from bot.model import MessageId
from bot.petitions.record import TaskAlert
from bot.petitions.writes import PetitionWrite
from bot.store import alert_queries, alerts, conversations, threads
from bot.store.alert_queries import alert_of
from bot.store.conversations import Step as ConversationStep
from bot.store.desk_steps import DeskStep
from bot.store.keys import to_micros
from bot.store.petition_methods import PetitionMethods
from bot.store.port import Decision, NewOutbound
from bot.store.port_alerts import Alert, AlertBook, AlertState
from bot.store.port_conversations import ConversationBook, ThreadLine
from bot.store.statements import Rows


class DeskMethods(PetitionMethods, AlertBook, ConversationBook):
    """See the ports."""

    # --- alerts

    async def raise_alerts(self, raised: Sequence[TaskAlert], at: datetime) -> None:
        """See the port."""
        await self.write(alerts.raise_by_themselves, alerts.ByThemselves(raised=self._raised(raised), at=at))

    async def unsent_alerts(self, limit: int) -> Sequence[Alert]:
        """See the port."""
        return [alert_of(row) for row in await self.read(alert_queries.unsent, limit)]

    async def send_alert(self, alert: Alert, notices: Sequence[NewOutbound], at: datetime) -> bool:
        """See the port."""
        sent = alert_queries.Sent(alert=alert, notices=self._notices(notices, at, in_thread=False))
        return await self.write(alert_queries.send, sent)

    async def alert(self, code: str) -> Alert | None:
        """See the port."""
        found = [alert_of(row) for row in await self.read(alert_queries.by_code, code)]
        return next((alert for alert in found if alert.state is not AlertState.RESOLVED), found[0] if found else None)

    async def acknowledge_alert(self, alert: MessageId, officer: int, at: datetime) -> bool:
        """See the port."""
        return await self.write(alert_queries.acknowledge, (alert, to_micros(at), officer))

    async def resolve_alerts(self, subject: str, at: datetime) -> None:
        """See the port."""
        await self.write(alerts.resolve_by_themselves, (subject, at))

    async def alerts_of(self, subject: str) -> Sequence[Alert]:
        """See the port."""
        return [alert_of(row) for row in await self.read(alert_queries.by_subject, subject)]

    # --- conversations

    async def new_conversation_code(self) -> str:
        """See the port."""
        return f"CB{await self.write(conversations.take_numbers, 1):05}"

    async def conversation(self, code: str) -> Conversation | None:
        """See the port."""
        return self._one(await self.read(conversations.by_code, code))

    async def conversation_of(self, person: bytes) -> Conversation | None:
        """See the port."""
        return self._one(await self.read(conversations.of_person, person))

    async def conversations(
        self, state: ConversationState, limit: int, *, agency: str = "", taken_by: int | None = None
    ) -> Sequence[Conversation]:
        """See the port."""
        return self._conversations(await self.read(conversations.in_state, (state.value, agency, taken_by, limit)))

    async def due_conversations(self, now: datetime, limit: int) -> Sequence[Conversation]:
        """See the port."""
        return self._conversations(await self.read(conversations.due, (to_micros(now), limit)))

    async def change_conversation(
        self,
        before: Conversation,
        after: Conversation,
        notices: Sequence[NewOutbound],
        alerts: Sequence[TaskAlert],
        at: datetime,
    ) -> None:
        """See the port."""
        step = self._conversation_step(KeepConversation(before=before, after=after, alerts=tuple(alerts)))
        change = conversations.Change(step=step, notices=self._notices(notices, at))
        stale = await self.write(conversations.change, change)
        if stale is not None:
            raise stale

    async def thread_of(self, person: bytes, limit: int, *, before: MessageId | None = None) -> Sequence[ThreadLine]:
        """See the port."""
        return await self.read(threads.lines, threads.Thread(person=person, limit=limit, before=before))

    # --- helpers

    def _desk_steps(self, decision: Decision) -> tuple[DeskStep, ...]:
        """The writes of a decision that are about the desk's things, made ready for the writer."""
        steps: list[DeskStep] = []
        for write in decision.writes:
            if isinstance(write, PetitionWrite):
                steps += self._petition_write(decision.inbound.contact.home, write)
            elif isinstance(write, KeepConversation):
                steps.append(self._conversation_step(write))
        return tuple(steps)

    def _rating_alerts(self, decision: Decision) -> tuple[alerts.Raised, ...]:
        kept = [write for write in decision.writes if isinstance(write, KeepRating)]
        return tuple(self._raised([alert for write in kept for alert in write.alerts]))

    def _conversation_step(self, write: KeepConversation) -> ConversationStep:
        raised = self._raised(write.alerts)
        return conversations.step_of(self._ids.new(), write.before, write.after, self._keyring.seal_octets, raised)

    def _raised(self, raised: Sequence[TaskAlert]) -> Sequence[alerts.Raised]:
        return [alerts.Raised(id=self._ids.new(), alert=alert) for alert in raised]

    def _conversations(self, rows: Rows) -> list[Conversation]:
        return [conversations.conversation_of(row, self._keyring.open_octets) for row in rows]

    def _one(self, rows: Rows) -> Conversation | None:
        found = self._conversations(rows)
        return found[0] if found else None
