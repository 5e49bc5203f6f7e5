"""The tables of the officers' desk: accounts, sessions, tries, one-time codes, linked chats, sent forms, the audit log."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, SmallInteger, Table

from bot.store.schema import BIG, metadata, number, octets, text

officer = Table(
    "officer",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    text("user_name"),
    text("name"),
    text("role"),
    text("agency"),
    octets("phone", null=True),
    text("password"),
    Column("password_is_temporary", Boolean, nullable=False),
    octets("totp", null=True),
    number("totp_step"),
    number("locked_at", null=True),
    number("left_at", null=True),
    number("away_until", null=True),
    number("substitute", null=True),
    number("signed_in_at", null=True),
    text("signed_in_from"),
    number("created_at"),
    number("version"),
)
"""``phone`` and ``totp`` are sealed; ``password`` is an argon2id hash. Who left stays: events name officers by their ids."""
Index("officer_user_name", officer.c.user_name, unique=True)
Index("officer_agency", officer.c.agency, officer.c.id)

desk_session = Table(
    "desk_session",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    number("officer"),
    text("stage"),
    number("opened_at"),
    number("seen_at"),
    number("proven_at"),
    text("address"),
    number("before_at", null=True),
    text("before_from"),
)
"""A browser knows the id, we its keyed hash."""
Index("desk_session_officer", desk_session.c.officer)

sign_in_try = Table(
    "sign_in_try",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("who"),
    octets("address"),
    number("at"),
)
"""Written before a password is looked at, deleted when it was right: what stays are failures. Both are keyed hashes."""
Index("sign_in_try_who", sign_in_try.c.who, sign_in_try.c.id)
Index("sign_in_try_address", sign_in_try.c.address, sign_in_try.c.id)

officer_code = Table(
    "officer_code",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("digest"),
    text("purpose"),
    number("officer"),
    number("expires_at"),
    number("used_at", null=True),
    Column("wrong", SmallInteger, nullable=False),
    text("data"),
)
"""``officer`` is 0 for the link of the first start. ``data`` is what the code leads to."""
code_is_unspent = officer_code.c.used_at.is_(None)
Index("officer_code_digest", officer_code.c.digest, sqlite_where=code_is_unspent)
Index("officer_code_officer", officer_code.c.officer, officer_code.c.id)

officer_link = Table(
    "officer_link",
    metadata,
    Column("contact", LargeBinary, primary_key=True),
    number("officer"),
    octets("sealed"),
    text("source"),
    text("route"),
    number("since"),
    number("confirmed_at"),
    number("citizen_since", null=True),
)
"""One officer for each chat account. ``contact`` is the keyed hash of the address, as in the table of that name."""
Index("officer_link_officer", officer_link.c.officer)

desk_form = Table(
    "desk_form",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    number("at"),
    text("answer", null=True),
)
"""Forms that were sent, each once; ``answer`` is where the first sending led."""
Index("desk_form_at", desk_form.c.at)

audit = Table(
    "audit",
    metadata,
    Column("number", BIG, primary_key=True, autoincrement=False),
    number("at"),
    number("officer", null=True),
    text("who"),
    text("address"),
    text("action"),
    text("subject"),
    text("data"),
    octets("previous"),
    octets("digest"),
)
"""Appended, never changed. Each ``digest`` covers the one before it and the row, so a change or a gap shows."""
Index("audit_action", audit.c.action, audit.c.number)
Index("audit_officer", audit.c.officer, audit.c.number)
Index("audit_subject", audit.c.subject, audit.c.number)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    number("number"),
    octets("digest"),
)
"""The end of the chain, one row: who appends locks it, so numbers have no gaps, and a cut-off end shows."""
