"""Joined accounts, one-time codes and consents: what a decision changes of them, and what is asked about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import BigInteger, Boolean, LargeBinary, Text, delete, or_, select, update

from bot.linking import (
    ChoosePush,
    Erase,
    IssueCode,
    Join,
    LinkingWrite,
    Part,
    RecordConsent,
    RecordWrongCode,
    StopEverywhere,
    UseCode,
    WithdrawConsents,
)
from bot.model import MessageId
from bot.store import erasing, people, petition_drafts, petition_people
from bot.store.keys import to_micros
from bot.store.port import Claimed
from bot.store.schema import contact
from bot.store.schema_persons import account_link, code_is_unused, consent, one_time_code, wrong_code
from bot.store.schema_petitions import petition
from bot.store.statements import Plan, Statement, adding, given, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write of a decision, made ready outside the writer."""

    write: LinkingWrite
    id: MessageId
    digest: bytes = b""
    other: bytes = b""
    """Of ``Join``: the account to join with."""
    sealed: bytes = b""


_code = given(
    id=BigInteger(),
    digest=LargeBinary(),
    purpose=Text(),
    contact=LargeBinary(),
    asker=LargeBinary(),
    source=Text(),
    route=Text(),
    expires_at=BigInteger(),
)
ISSUE = Statement(_code, adding(one_time_code, _code))
_spent = given(id=BigInteger(), used_at=BigInteger())
SPEND = Statement(
    _spent,
    update(one_time_code).where(one_time_code.c.id == _spent.c.id, code_is_unused).values(used_at=_spent.c.used_at),
)
_ids = given(id=BigInteger())
UNSPENT = Statement(
    _ids,
    select(one_time_code.c.id).where(one_time_code.c.id.in_(select(_ids.c.id)), code_is_unused).with_for_update(),
)
_wrong = given(id=BigInteger(), contact=LargeBinary(), at=BigInteger())
WRONG = Statement(_wrong, adding(wrong_code, _wrong))
_agreed = given(
    id=BigInteger(), contact=LargeBinary(), purpose=Text(), text=Text(), channel=Text(), given_at=BigInteger()
)
AGREE = Statement(_agreed, adding(consent, _agreed))
_withdrawn = given(contact=LargeBinary(), at=BigInteger())
WITHDRAW = Statement(
    _withdrawn,
    update(consent)
    .where(consent.c.contact == _withdrawn.c.contact, consent.c.withdrawn_at.is_(None))
    .values(withdrawn_at=_withdrawn.c.at),
)
_home = given(home=LargeBinary())
_wanted_home = select(_home.c.home).scalar_subquery()
MEMBERS = Statement(
    _home,
    select(
        contact.c.id,
        contact.c.sealed,
        contact.c.language,
        account_link.c.source,
        account_link.c.route,
        account_link.c.since,
        account_link.c.proved_at,
        account_link.c.failures,
        account_link.c.pushes,
        contact.c.opted_out_at,
        contact.c.unreachable_at,
    )
    .outerjoin_from(contact, account_link, account_link.c.contact == contact.c.id)
    .where(or_(contact.c.person == _wanted_home, contact.c.id == _wanted_home))
    .order_by(account_link.c.since, contact.c.id),
)
_moved = given(id=LargeBinary(), person=LargeBinary())
MOVE = Statement(
    _moved,
    update(contact).where(contact.c.id == _moved.c.id).values(person=_moved.c.person, turn=contact.c.turn + 1),
)
_stopped = given(home=LargeBinary(), at=BigInteger())
STOP = Statement(
    _stopped,
    update(contact)
    .where(or_(contact.c.person == _stopped.c.home, contact.c.id == _stopped.c.home))
    .values(opted_out_at=_stopped.c.at),
)
_codes = given(id=LargeBinary(), codes=Text())
SHARE = Statement(
    _codes, update(contact).where(contact.c.id == _codes.c.id).values(codes=_codes.c.codes, turn=contact.c.turn + 1)
)
_link = given(
    contact=LargeBinary(), source=Text(), route=Text(), how=Text(), since=BigInteger(), proved_at=BigInteger()
)
ADD_LINK = Statement(_link, adding(account_link, _link, {"pushes": False, "failures": 0}))
_contacts = given(contact=LargeBinary())
DROP_LINK = Statement(_contacts, delete(account_link).where(account_link.c.contact.in_(select(_contacts.c.contact))))
LINKED = Statement(
    _contacts, select(account_link.c.contact).where(account_link.c.contact.in_(select(_contacts.c.contact)))
)
_proved = given(contact=LargeBinary(), at=BigInteger())
PROVED = Statement(
    _proved,
    update(account_link).where(account_link.c.contact == _proved.c.contact).values(proved_at=_proved.c.at, failures=0),
)
"""These accounts wrote, or were proved to be their person's once more."""
_push = given(contact=LargeBinary(), pushes=Boolean())
PUSH = Statement(
    _push,
    update(account_link).where(account_link.c.contact == _push.c.contact).values(pushes=_push.c.pushes),
)


def codes_to_spend(steps: Sequence[Step]) -> set[MessageId]:
    """The codes that a decision wants to spend."""
    return {step.write.code for step in steps if isinstance(step.write, UseCode)}


def unspent(codes: Iterable[MessageId]) -> Plan[set[MessageId]]:
    """Those not spent yet; they stay locked."""
    rows = yield from rows_of(UNSPENT, [(code,) for code in codes])
    return {row[0] for row in rows}


def apply(inbound: Claimed, steps: Sequence[Step], at: datetime) -> Plan[None]:
    """What the writes of one decision change, in order."""
    for step in steps:
        yield from _apply(inbound, step, to_micros(at))


def _apply(inbound: Claimed, step: Step, at: int) -> Plan[None]:  # noqa: C901 - one arm for each write is the point
    person = inbound.contact
    match step.write:
        case IssueCode():
            yield from _issue(inbound, step, step.write, at)
        case RecordWrongCode():
            yield from rows_of(WRONG, [(step.id, person.id, at)])
        case UseCode(code=code):
            yield from rows_of(SPEND, [(code, at)])
        case Join():
            yield from _join(inbound, step, step.write, at)
        case Part():
            yield from _part(person.id, person.home)
        case RecordConsent(purpose=purpose, text=text):
            channel = person.address.channel.value
            yield from rows_of(AGREE, [(step.id, person.id, purpose, text, channel, at)])
        case WithdrawConsents():
            members = yield from rows_of(MEMBERS, [(person.home,)])
            for member in members:
                yield from rows_of(WITHDRAW, [(bytes(member[0]), at)])
        case StopEverywhere():
            yield from rows_of(STOP, [(person.home, at)])
        case ChoosePush():
            members = yield from rows_of(MEMBERS, [(person.home,)])
            yield from rows_of(PUSH, [(bytes(row[0]), bytes(row[0]) == person.id) for row in members])
        case Erase(only_here=True):
            yield from erase_alone(person.id, person.home, at)
        case Erase():
            members = yield from rows_of(MEMBERS, [(person.home,)])
            yield from erasing.begin([bytes(row[0]) for row in members], at)


def _issue(inbound: Claimed, step: Step, issue: IssueCode, at: int) -> Plan[None]:
    asker, message = inbound.contact.id, inbound.message
    to_asker = (asker, asker, message.recipient, message.route)
    to_other = (step.other, asker, issue.source, "")
    if issue.owner is not None:
        yield from people.load_or_add([(step.other, step.sealed)], at)
    owner = to_asker if issue.owner is None else to_other
    yield from rows_of(ISSUE, [(step.id, step.digest, issue.purpose.value, *owner, to_micros(issue.expires_at))])


def _join(inbound: Claimed, step: Step, join: Join, at: int) -> Plan[None]:
    """All accounts of the asker go to the home of the other one, with what they had looked up."""
    person, message = inbound.contact, inbound.message
    known = yield from people.load_or_add([(step.other, step.sealed)], at)
    row = known[step.other]
    home = step.other if row[people.PERSON] is None else bytes(row[people.PERSON])
    if home == person.home:
        yield from rows_of(PROVED, [(step.other, at)])
        return
    members = yield from rows_of(MEMBERS, [(person.home,)])
    homes = yield from rows_of(people.LOAD, [(key,) for key in sorted({home, person.home})])
    codes = _together([home_row[people.CODES] for home_row in homes])
    yield from rows_of(MOVE, [(bytes(member[0]), home) for member in members])
    yield from rows_of(MOVE, [(home, home)])
    yield from rows_of(SHARE, [(home, codes)])
    yield from petition_people.follow(person.home, home)
    linked = yield from rows_of(LINKED, [(step.other,)])
    yield from rows_of(DROP_LINK, [(person.id,)])
    new = [(person.id, message.recipient, message.route, join.how, at, at)]
    if not linked:
        new.append((step.other, join.other.source, join.other.route, join.how, at, at))
    for added in new:
        yield from rows_of(ADD_LINK, [added])
    yield from rows_of(PROVED, [(step.other, at)])


def _together(stored: Sequence[str | None]) -> str | None:
    """What several accounts looked up, newest first, each code once."""
    both = sorted((item for codes in stored for item in people.codes_of(codes)), key=lambda item: -item[1])
    newest: dict[str, int] = {}
    for code, at in both:
        newest.setdefault(code, at)
    return orjson.dumps(list(newest.items())).decode() if newest else None


def _part(account: bytes, old_home: bytes) -> Plan[None]:
    home = yield from leave(account, old_home)
    if home is not None:
        yield from petition_people.split(account, old_home, home)


def leave(account: bytes, old_home: bytes) -> Plan[bytes | None]:
    """An account leaves with a copy of what was shared; the others get another home if it was theirs: their home now, None
    when there are no others.
    """
    members = yield from rows_of(MEMBERS, [(old_home,)])
    others = [bytes(row[0]) for row in members if bytes(row[0]) != account]
    if not others:
        return None
    homes = yield from rows_of(people.LOAD, [(old_home,)])
    home = others[0] if old_home == account else old_home
    yield from rows_of(SHARE, [(key, homes[0][people.CODES]) for key in {home, account} - {old_home}])
    stays = home if len(others) > 1 else None
    for key in others:
        yield from rows_of(MOVE, [(key, stays)])
    yield from rows_of(MOVE, [(account, None)])
    gone = [account] if stays else [account, *others]
    yield from rows_of(DROP_LINK, [(key,) for key in gone])
    return home


_left = given(account=LargeBinary(), heir=LargeBinary())
INHERIT = [
    Statement(_left, update(petition).where(petition.c.person == _left.c.account).values(person=_left.c.heir)),
    Statement(_left, update(petition).where(petition.c.sender == _left.c.account).values(sender=_left.c.heir)),
]


def erase_alone(account: bytes, old_home: bytes, at: int) -> Plan[None]:
    """What is kept of one account goes; its person keeps in the others what was shared, petitions as well."""
    heir = yield from leave(account, old_home)
    if heir is not None:
        for statement in INHERIT:
            yield from rows_of(statement, [(account, heir)])
        yield from rows_of(petition_drafts.LOOSEN, [(account,)])
        yield from rows_of(petition_drafts.DROP, [(account,)])
    yield from erasing.begin([account], at)
