"""The officers' desk: accounts, sessions, tries, one-time codes, linked chats, sent forms, the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _accounts()
    _codes()
    _log()


def _number(name: str, *, null: bool = False) -> "sa.Column[int]":
    return sa.Column(name, BIG, nullable=null)


def _text(name: str, *, null: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=null)


def _octets(name: str, *, null: bool = False) -> "sa.Column[bytes]":
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _id(name: str = "id") -> "sa.Column[int]":
    return sa.Column(name, BIG, primary_key=True, autoincrement=False, nullable=False)


def _key(name: str) -> "sa.Column[bytes]":
    return sa.Column(name, sa.LargeBinary(), primary_key=True, nullable=False)


def _accounts() -> None:
    op.create_table(
        "officer",
        _id(),
        _text("user_name"),
        _text("name"),
        _text("role"),
        _text("agency"),
        _octets("phone", null=True),
        _text("password"),
        sa.Column("password_is_temporary", sa.Boolean(), nullable=False),
        _octets("totp", null=True),
        _number("totp_step"),
        _number("locked_at", null=True),
        _number("left_at", null=True),
        _number("away_until", null=True),
        _number("substitute", null=True),
        _number("signed_in_at", null=True),
        _text("signed_in_from"),
        _number("created_at"),
        _number("version"),
    )
    op.create_index("officer_user_name", "officer", ["user_name"], unique=True)
    op.create_index("officer_agency", "officer", ["agency", "id"])
    op.create_table(
        "desk_session",
        _key("digest"),
        _number("officer"),
        _text("stage"),
        _number("opened_at"),
        _number("seen_at"),
        _number("proven_at"),
        _text("address"),
        _number("before_at", null=True),
        _text("before_from"),
    )
    op.create_index("desk_session_officer", "desk_session", ["officer"])
    op.create_table(
        "officer_link",
        _key("contact"),
        _number("officer"),
        _octets("sealed"),
        _text("source"),
        _text("route"),
        _number("since"),
        _number("confirmed_at"),
    )
    op.create_index("officer_link_officer", "officer_link", ["officer"])


def _codes() -> None:
    op.create_table("sign_in_try", _id(), _octets("who"), _octets("address"), _number("at"))
    op.create_index("sign_in_try_who", "sign_in_try", ["who", "id"])
    op.create_index("sign_in_try_address", "sign_in_try", ["address", "id"])
    op.create_table(
        "officer_code",
        _id(),
        _octets("digest"),
        _text("purpose"),
        _number("officer"),
        _number("expires_at"),
        _number("used_at", null=True),
        sa.Column("wrong", sa.SmallInteger(), nullable=False),
        _text("data"),
    )
    unspent = sa.text("used_at IS NULL")
    op.create_index("officer_code_digest", "officer_code", ["digest"], sqlite_where=unspent, postgresql_where=unspent)
    op.create_index("officer_code_officer", "officer_code", ["officer", "id"])
    op.create_table("desk_form", _key("digest"), _number("at"), _text("answer", null=True))
    op.create_index("desk_form_at", "desk_form", ["at"])


def _log() -> None:
    op.create_table(
        "audit",
        _id("number"),
        _number("at"),
        _number("officer", null=True),
        _text("who"),
        _text("address"),
        _text("action"),
        _text("subject"),
        _text("data"),
        _octets("previous"),
        _octets("digest"),
    )
    for name in ("action", "officer", "subject"):
        op.create_index(f"audit_{name}", "audit", [name, "number"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False, nullable=False),
        _number("number"),
        _octets("digest"),
    )
