"""The tables of conversations between people and officers, and of the messages that the desk shows of a person."""

from sqlalchemy import Boolean, Column, Index, Integer, Table

from bot.conversations import ConversationState
from bot.store.schema import BIG, metadata, number, octets, text

conversation = Table(
    "conversation",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    text("code"),
    octets("person", null=True),
    octets("answers_to"),
    text("agency"),
    text("dossier", null=True),
    text("state"),
    number("taken_by", null=True),
    number("asked_at"),
    number("promised_at"),
    number("escalated_at", null=True),
    number("last_citizen_at"),
    number("last_officer_at", null=True),
    number("clock_at", null=True),
    number("closed_at", null=True),
    text("closed_because"),
    Column("version", Integer, nullable=False),
)
"""``answers_to`` is sealed."""
conversation_is_running = conversation.c.state.not_in([ConversationState.CLOSED.value])
Index("conversation_code", conversation.c.code, unique=True)
Index("conversation_state", conversation.c.state, conversation.c.asked_at)
Index(
    "conversation_person",
    conversation.c.person,
    sqlite_where=conversation_is_running,
)
Index(
    "conversation_clock",
    conversation.c.clock_at,
    sqlite_where=conversation.c.clock_at.is_not(None),
)

thread_line = Table(
    "thread_line",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    Column("is_theirs", Boolean, nullable=False),
)
"""Messages about petitions and conversations, by account: of all others no index by person is kept. ``id`` is that of the message."""
Index("thread_line_contact", thread_line.c.contact, thread_line.c.id)
