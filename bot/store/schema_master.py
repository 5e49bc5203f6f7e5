"""The tables of what the desk sets: master data, item by item, and the steps of the ladder for those who misuse petitions."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from bot.store.schema import BIG, metadata, number, octets, text

master_item = Table(
    "master_item",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    text("body"),
    number("place"),
    Column("is_gone", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    number("updated_by", null=True),
    number("updated_at"),
    sqlite_with_rowid=False,
)
"""Agencies, fields, days … as JSON; ``place`` orders those of a kind. What was removed stays as ``is_gone``, so that it takes the place of
what ships with the program and nobody brings it back unawares."""

mute = Table(
    "mute",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    octets("person"),
    text("step"),
    text("reason"),
    number("given_by"),
    number("given_at"),
    number("until"),
    number("confirmed_by", null=True),
    number("lifted_at", null=True),
)
Index("mute_person", mute.c.person, mute.c.id)
