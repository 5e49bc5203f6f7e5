"""A copy of everything kept of a person, for the person (law 91/2025/QH15): told once by a code, then read beside the writer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, select

from bot.petitions.record import Draft, Petition
from bot.store.keys import from_micros, to_micros
from bot.store.linking import MEMBERS, SPEND, unspent
from bot.store.linking_queries import FindCode, find_code
from bot.store.people import CODES, HOMES, PERSON, codes_of
from bot.store.petition_rows import COLUMNS
from bot.store.schema import inbox, outbox, rating, ticket
from bot.store.schema_conversations import conversation
from bot.store.schema_persons import consent
from bot.store.schema_petitions import petition, petition_draft
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

MOST_MESSAGES = 10_000


def open_copies(wishes: Sequence[FindCode]) -> Plan[list[bytes | None]]:
    """Spend codes; the account whose copy each opens, None for one that opens nothing (any more)."""
    results: list[bytes | None] = []
    for wish in wishes:
        rows = yield from find_code(wish)
        ours = yield from unspent(row[0] for row in rows)
        yield from rows_of(SPEND, [(code, to_micros(wish.now)) for code in ours])
        results.append(bytes(rows[0][1]) if ours else None)
    return results


_accounts = given(contact=LargeBinary(), most=Integer())
_who = select(_accounts.c.contact)
WRITTEN = Statement(
    _accounts,
    select(inbox.c.received_at, inbox.c.channel, inbox.c.text).where(inbox.c.contact.in_(_who)).limit(MOST_MESSAGES),
)
SENT = Statement(
    _accounts,
    select(outbox.c.created_at, outbox.c.channel, outbox.c.text).where(outbox.c.contact.in_(_who)).limit(MOST_MESSAGES),
)
TICKETS = Statement(
    _accounts,
    select(ticket.c.taken_at, ticket.c.unit_name, ticket.c.number).where(ticket.c.contact.in_(_who)),
)
CONSENTS = Statement(
    _accounts,
    select(consent.c.given_at, consent.c.purpose, consent.c.withdrawn_at).where(consent.c.contact.in_(_who)),
)
PETITIONS = Statement(
    _accounts, select(*COLUMNS).where(petition.c.person.in_(_who)).order_by(petition.c.id).limit(MOST_MESSAGES)
)
DRAFTS = Statement(_accounts, select(petition_draft.c.sealed).where(petition_draft.c.person.in_(_who)))
RATINGS = Statement(
    _accounts,
    select(rating.c.rated_at, rating.c.subject, rating.c.reference, rating.c.score, rating.c.note).where(
        rating.c.contact.in_(_who)
    ),
)
CONVERSATIONS = Statement(
    _accounts,
    select(conversation.c.asked_at, conversation.c.code, conversation.c.agency, conversation.c.state).where(
        conversation.c.person.in_(_who)
    ),
)


@dataclass(frozen=True, slots=True)
class Collected:
    """The rows of one person."""

    members: Rows
    home: Row
    written: Rows
    sent: Rows
    tickets: Rows
    consents: Rows
    petitions: Rows
    drafts: Rows
    ratings: Rows
    conversations: Rows


def collect(account: bytes) -> Plan[Collected | None]:
    """Everything of the person that an account belongs to."""
    own = yield from rows_of(HOMES, [(account,)])
    if not own:
        return None
    home = account if own[0][PERSON] is None else bytes(own[0][PERSON])
    homes = yield from rows_of(HOMES, [(home,)])
    members = yield from rows_of(MEMBERS, [(home,)])
    keys = [(bytes(row[0]), MOST_MESSAGES) for row in members]
    found = []
    for statement in (WRITTEN, SENT, TICKETS, CONSENTS, PETITIONS, DRAFTS, RATINGS, CONVERSATIONS):
        rows = yield from rows_of(statement, keys)
        found.append(sorted(rows, key=lambda row: row[0]))
    return Collected(members, homes[0] if homes else own[0], *found)


def copied(
    found: Collected, addresses: Sequence[tuple[str, str]], petitions: Sequence[Petition], drafts: Sequence[Draft]
) -> dict[str, Any]:
    """*found* as people read it; opened by the caller: the accounts (channel and id), petitions and drafts."""
    return {
        "accounts": [{"channel": channel, "address": address} for channel, address in addresses],
        "codes_looked_up": [{"code": code, "at": _time(at)} for code, at in codes_of(found.home[CODES])],
        "tickets": [{"at": _time(at), "at_office": office, "number": number} for at, office, number in found.tickets],
        "consents": [
            {"at": _time(at), "purpose": purpose, "withdrawn_at": None if ended is None else _time(ended)}
            for at, purpose, ended in found.consents
        ],
        "petitions": [_petition(item) for item in petitions],
        "petition_drafts": [{"at": _told(item.changed_at), "text": item.text} for item in drafts],
        "ratings": [
            {"at": _time(at), "of": f"{subject} {reference}", "score": score, "note": note}
            for at, subject, reference, score, note in found.ratings
        ],
        "conversations": [
            {"at": _time(at), "code": code, "agency": agency, "state": state}
            for at, code, agency, state in found.conversations
        ],
        "messages_from_you": [
            {"at": _time(at), "channel": channel, "text": text} for at, channel, text in found.written
        ],
        "messages_to_you": [{"at": _time(at), "channel": channel, "text": text} for at, channel, text in found.sent],
    }


def _petition(found: Petition) -> dict[str, Any]:
    return {
        "code": found.code,
        "at": _told(found.sent_at),
        "channel": found.channel.value,
        "text": found.text,
        "field": found.category,
        "ward": found.place.ward,
        "place": found.place.text,
        "confidentiality": found.confidentiality.value,
        "files": found.files,
        "state": found.state.value,
        "answer": found.answer if found.answered_at else "",
        "answered_at": None if found.answered_at is None else _told(found.answered_at),
        "score": found.score,
    }


def _time(micros: int) -> str:
    return _told(from_micros(micros))


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
