"""Lists of petitions: which ones, how many, a page of them. First their ids, from indexes alone, then the rows of one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, Select, Text, and_, case, func, literal, select

from bot.petitions.codes import is_petition_code
from bot.petitions.record import PetitionState
from bot.store.keys import to_micros
from bot.store.petition_rows import COLUMNS
from bot.store.petition_words import words_of
from bot.store.port_petitions import PAGE_SIZE, PetitionFilter, Tab
from bot.store.schema_petitions import petition, petition_is_open, petition_is_over, petition_word
from bot.store.statements import Plan, Row, Rows, Statement, given, rows_of

MOST_COUNTED = 10_000
MOST_SEARCHED = 6
"""Words of a search; more are left out."""
MOST_FOUND = 1000
"""Counted of a search: frequent words are in very many texts."""
ENOUGH = 10_000
"""Nobody needs to know how much more often a word occurs."""
RARE = 1000
"""A word in so many petitions leads to them sooner than any other filter."""
SOON = timedelta(days=2)
"""What is due soon when the filter does not say until when."""

_wish = given(
    agency=Text(),
    officer=BigInteger(),
    viewer=BigInteger(),
    category=Text(),
    ward=Text(),
    state=Text(),
    channel=Text(),
    code=Text(),
    person=LargeBinary(),
    sent_from=BigInteger(),
    sent_until=BigInteger(),
    now=BigInteger(),
    soon=BigInteger(),
    **{f"word{place}": Text() for place in range(MOST_SEARCHED)},
    most=Integer(),
    skipped=Integer(),
)


def _wished(name: str) -> "ColumnElement[object]":
    return select(_wish.c[name]).scalar_subquery()


def _state(*states: PetitionState) -> ColumnElement[bool]:
    return petition.c.state.in_([state.value for state in states])


_is_running = and_(petition_is_open, ~_state(PetitionState.NEED_INFO))
"""The answer clock does not stand still."""
TABS: Mapping[Tab, ColumnElement[bool]] = {
    Tab.NEW: and_(petition_is_open, _state(PetitionState.RECEIVED)),
    Tab.MINE: and_(petition_is_open, petition.c.officer == _wished("viewer")),
    Tab.AGENCY: petition_is_open,
    Tab.DUE_SOON: and_(_is_running, petition.c.answer_due > _wished("now"), petition.c.answer_due <= _wished("soon")),
    Tab.LATE: and_(_is_running, petition.c.answer_due <= _wished("now")),
    Tab.APPROVAL: and_(petition_is_open, _state(PetitionState.PENDING_APPROVAL)),
    Tab.CITIZEN: and_(petition_is_open, _state(PetitionState.NEED_INFO)),
    Tab.DONE: petition_is_over,
}
NEW_AT_AGENCY = and_(petition_is_open, _state(PetitionState.ASSIGNED))
"""What is new to an agency was assigned to it; what is new to the reception office was assigned to nobody."""
FILTERS: Mapping[str, ColumnElement[bool]] = {
    **{
        name: petition.c[name] == _wished(name)
        for name in ("agency", "officer", "category", "ward", "state", "channel", "code", "person")
    },
    "sent_from": petition.c.sent_at >= _wished("sent_from"),
    "sent_until": petition.c.sent_at < _wished("sent_until"),
}


def _tab(tab: Tab, *, of_agency: bool) -> ColumnElement[bool]:
    return NEW_AT_AGENCY if tab is Tab.NEW and of_agency else TABS[tab]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list filters by: lists of one shape share their statements."""

    tab: Tab | None
    filters: frozenset[str]
    words: int
    by_word: bool = False
    """The first word leads to the petitions; else the filters do, and each is looked at whether it holds the words."""

    @property
    def newest_first(self) -> bool:
        """Else the most urgent first."""
        return self.tab in {None, Tab.DONE} or bool(self.words) or "code" in self.filters

    def ids(self) -> "Select[tuple[int]]":
        """All that belong to it, in no order."""
        found = select(petition.c.id)
        if self.by_word:
            found = found.join_from(petition_word, petition, petition.c.id == petition_word.c.petition)
            found = found.where(petition_word.c.word == _wished("word0"))
        key = petition_word.c.petition if self.by_word else petition.c.id
        for place in range(int(self.by_word), self.words):
            other = petition_word.alias()
            held = select(other.c.word).where(other.c.word == _wished(f"word{place}"), other.c.petition == key)
            found = found.where(held.exists())
        tabs = [] if self.tab is None else [_tab(self.tab, of_agency="agency" in self.filters)]
        return found.where(*tabs, *(FILTERS[name] for name in sorted(self.filters)))


@lru_cache(512)
def _page_of(shape: Shape) -> Statement:
    key = petition_word.c.petition if shape.by_word else petition.c.id
    order = (key.desc(),) if shape.newest_first else (petition.c.answer_due, petition.c.id)
    page = shape.ids().order_by(*order).limit(_wished("most")).offset(_wished("skipped"))
    return Statement(_wish, page)


@lru_cache(512)
def _count_of(shape: Shape) -> Statement:
    counted = shape.ids().limit(MOST_FOUND if shape.words else MOST_COUNTED).subquery("counted")
    return Statement(_wish, select(func.count()).select_from(counted))


OPEN_TABS = tuple(tab for tab in Tab if tab is not Tab.DONE)


@lru_cache(2)
def _open_counts(*, of_agency: bool) -> Statement:
    """One pass over what is open."""
    counts = [func.coalesce(func.sum(case((_tab(tab, of_agency=of_agency), 1), else_=0)), 0) for tab in OPEN_TABS]
    found = select(*(count.label(tab.value) for tab, count in zip(OPEN_TABS, counts, strict=True)))
    return Statement(_wish, found.where(petition_is_open, *([FILTERS["agency"]] if of_agency else [])))


_words = given(word=Text())
FREQUENCY = Statement(
    _words,
    select(
        _words.c.word,
        select(func.count())
        .select_from(
            select(literal(1).label("one"))
            .select_from(petition_word)
            .where(petition_word.c.word == _words.c.word)
            .correlate(_words)
            .limit(ENOUGH)
            .subquery()
        )
        .scalar_subquery()
        .label("petitions"),
    ).where(_words.c.word.is_not(None)),
)
_ids = given(id=BigInteger())
BY_ID = Statement(_ids, select(*COLUMNS).where(petition.c.id.in_(select(_ids.c.id))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The rows of a page in its order, and what was counted."""

    rows: Rows
    total: int
    counts: Mapping[Tab, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which petitions, as of when."""

    wanted: PetitionFilter
    now: datetime


def page(wish: Wish) -> Plan[Listed]:
    """One page of a list."""
    wanted = wish.wanted
    searched = wanted.search.strip().upper()
    code = searched if is_petition_code(searched) else ""
    words = () if code else words_of(wanted.search)[:MOST_SEARCHED]
    frequencies = yield from rows_of(FREQUENCY, [(word,) for word in words])
    rare_first = sorted(frequencies, key=lambda row: row[1])
    filters = _filters(wanted, code)
    by_word = bool(words) and (rare_first[0][1] <= RARE or not (filters or wanted.tab))
    shape = Shape(tab=wanted.tab, filters=filters, words=len(words), by_word=by_word)
    row = _row(wish, code, [word for word, _ in rare_first])
    found = yield from rows_of(_page_of(shape), [row])
    ids: list[int] = [key for (key,) in found]
    rows = yield from rows_of(BY_ID, [(key,) for key in ids])
    place = {key: number for number, key in enumerate(ids)}
    counts = yield from _counts(wish, row)
    if wanted.tab is not None and shape.filters <= {"agency"} and not words:
        total = counts[wanted.tab]
    else:
        total = (yield from rows_of(_count_of(shape), [row]))[0][0]
    return Listed(rows=sorted(rows, key=lambda found: place[found[0]]), total=total, counts=counts)


def _filters(wanted: PetitionFilter, code: str) -> frozenset[str]:
    given_values = {name: getattr(wanted, name) for name in FILTERS if name != "code"} | {"code": code}
    return frozenset(name for name, value in given_values.items() if value not in ("", b"", None))


def _row(wish: Wish, code: str, words: Sequence[str]) -> Row:
    wanted = wish.wanted
    soon = wanted.due_until or wish.now + SOON
    times = (wanted.sent_from, wanted.sent_until, wish.now, soon)
    return (
        wanted.agency,
        wanted.officer,
        wanted.viewer,
        wanted.category,
        wanted.ward,
        wanted.state,
        wanted.channel,
        code,
        wanted.person,
        *(None if moment is None else to_micros(moment) for moment in times),
        *(*words, *[None] * (MOST_SEARCHED - len(words))),
        PAGE_SIZE,
        PAGE_SIZE * (max(1, min(wanted.page, MOST_COUNTED // PAGE_SIZE)) - 1),
    )


def _counts(wish: Wish, row: Row) -> Plan[dict[Tab, int]]:
    of_agency = bool(wish.wanted.agency)
    (counted,) = yield from rows_of(_open_counts(of_agency=of_agency), [row])
    done = Shape(tab=Tab.DONE, filters=frozenset({"agency"} if of_agency else ()), words=0)
    ((over,),) = yield from rows_of(_count_of(done), [row])
    return {**dict(zip(OPEN_TABS, counted, strict=True)), Tab.DONE: over}
