"""The tables of one person on several channels: joined accounts, one-time codes, consents, erasures."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table

from bot.store.schema import BIG, metadata, number, octets, text

account_link = Table(
    "account_link",
    metadata,
    Column("contact", LargeBinary, primary_key=True),
    text("source"),
    text("route"),
    text("how"),
    number("since"),
    Column("pushes", Boolean, nullable=False),
    number("proved_at"),
    Column("failures", Integer, nullable=False),
)
"""Accounts that were joined with others: how each is reached, whether its person chose it for messages unasked, when it last
wrote or was proved, and how many messages to it failed for good since then."""

one_time_code = Table(
    "one_time_code",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("digest"),
    text("purpose"),
    octets("contact"),
    octets("asker"),
    text("source"),
    text("route"),
    number("expires_at"),
    number("used_at", null=True),
)
code_is_unused = one_time_code.c.used_at.is_(None)
Index("one_time_code_digest", one_time_code.c.digest, sqlite_where=code_is_unused)
Index("one_time_code_contact", one_time_code.c.contact, one_time_code.c.id)
Index("one_time_code_asker", one_time_code.c.asker, one_time_code.c.id)
"""``contact`` is to whom a code was given, ``asker`` who asked for it."""

wrong_code = Table(
    "wrong_code",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    number("at"),
)
Index("wrong_code_contact", wrong_code.c.contact, wrong_code.c.id)

consent = Table(
    "consent",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("contact"),
    text("purpose"),
    text("text"),
    text("channel"),
    number("given_at"),
    number("withdrawn_at", null=True),
)
Index("consent_contact", consent.c.contact, consent.c.id)

erasure = Table(
    "erasure",
    metadata,
    Column("contact", LargeBinary, primary_key=True),
    number("asked_at"),
    number("inbox_upto"),
    number("outbox_upto"),
)
"""Accounts whose history is being erased, slice by slice along the ids."""
