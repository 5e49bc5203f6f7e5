"""Steps of petitions: stored when the version that they saw is the stored one, with their events, files, words and alerts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, LargeBinary, Text, delete, func, select, tuple_, update

from bot.petitions.alert_ends import EVERYTHING, ended_alerts
from bot.petitions.record import Petition, PetitionChange, PetitionId
from bot.store import alerts, petition_erasing
from bot.store.petition_rows import COLUMNS, Seal, event_row, file_rows, petition_id, petition_row
from bot.store.petition_words import words_of
from bot.store.schema_petitions import petition, petition_event, petition_file, petition_word
from bot.store.statements import Plan, Row, Statement, adding, given, rows_of

_codes = given(code=Text())
SEEN = Statement(
    _codes,
    select(petition.c.code, petition.c.version)
    .where(petition.c.code.in_(select(_codes.c.code)))
    .order_by(petition.c.id)
    .with_for_update(),
)
_kinds = {column.name: column.type for column in COLUMNS}
_new = given(**_kinds, sender=LargeBinary())
ADD = Statement(_new, adding(petition, _new, {"erase_when_closed": False}))
_changed = given(**_kinds)
CHANGE = Statement(
    _changed,
    update(petition)
    .where(petition.c.id == _changed.c.id)
    .values({name: _changed.c[name] for name in _kinds if name not in {"id", "code", "person"}}),
)
"""Not the person: accounts may have been joined since it was read."""


def _like(columns: "Iterable[Column[object]]") -> Statement:
    found = list(columns)
    parameters = given(**{column.name: column.type for column in found})
    return Statement(parameters, adding(found[0].table, parameters))


HAPPENED = _like(petition_event.columns)
_word = given(word=Text(), petition=BigInteger())
ADD_WORDS = Statement(_word, adding(petition_word, _word).on_conflict_do_nothing())
DROP_WORDS = Statement(
    _word,
    delete(petition_word).where(
        tuple_(petition_word.c.word, petition_word.c.petition).in_(select(_word.c.word, _word.c.petition))
    ),
)
_file = given(**{column.name: column.type for column in petition_file.columns})
_attached = adding(petition_file, _file)
ATTACH = Statement(
    _file,
    _attached.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "petition": func.coalesce(_attached.excluded.petition, petition_file.c.petition),
            "person": _attached.excluded.person,
        },
    ),
)
COUNT_FILES = Statement(
    _codes,
    update(petition)
    .where(petition.c.code.in_(select(_codes.c.code)))
    .values(
        files=select(func.count())
        .select_from(petition_file)
        .where(petition_file.c.petition == petition.c.id)
        .scalar_subquery()
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one petition, made ready outside the writer."""

    change: PetitionChange
    key: PetitionId
    row: Row
    event: Row
    files: Sequence[Row]
    new_words: Sequence[str]
    lost_words: Sequence[str]
    alerts: Sequence[alerts.Raised]

    @property
    def ended(self) -> list[tuple[str, str | None]]:
        """The alerts that have nothing to say any more: of every condition, or of these."""
        code, ended = self.change.after.code, ended_alerts(self.change.before, self.change.after)
        return [(code, None)] if ended is EVERYTHING else [(code, condition) for condition in sorted(ended)]

    @property
    def seen(self) -> int | None:
        """The version that must be the stored one; None: there must be no such petition."""
        return None if self.change.before is None else self.change.before.version


def steps_of(change: PetitionChange, seal: Seal, ids: "alerts.NewId") -> list[Step]:
    """A change and those that happen with it, the version of each counted."""
    return [_step(item, seal, ids) for item in _with_others(change)]


def _with_others(change: PetitionChange) -> list[PetitionChange]:
    return [change, *(item for other in change.also for item in _with_others(other))]


def _step(change: PetitionChange, seal: Seal, ids: "alerts.NewId") -> Step:
    after, event = change.after, change.event
    version = 1 if change.before is None else change.before.version + 1
    key = petition_id(after.code)
    old, new = _words(change.before), _words(after)
    return Step(
        change=change,
        key=key,
        row=petition_row(after, version, seal),
        event=event_row(key, version, event),
        files=file_rows(change.files, petition=key, person=None, at=event.at),
        new_words=[word for word in new if word not in old],
        lost_words=[word for word in old if word not in new],
        alerts=[alerts.Raised(id=ids(), alert=item) for item in change.alerts],
    )


def _words(found: Petition | None) -> dict[str, None]:
    return dict.fromkeys(() if found is None else words_of(f"{found.text} {found.place.text} {found.place.ward}"))


def are_current(steps: Sequence[Step], taken: set[str]) -> Plan[bool]:
    """Whether each step saw the stored version; the petitions stay locked. *taken*: those changed by others of the group."""
    rows = yield from rows_of(SEEN, [(step.change.after.code,) for step in steps])
    stored = {row[0]: row[1] for row in rows}
    codes = [step.change.after.code for step in steps]
    return (
        len(set(codes)) == len(codes)
        and taken.isdisjoint(codes)
        and all(stored.get(code) == step.seen for code, step in zip(codes, steps, strict=True))
    )


def apply(steps: Sequence[Step], sender: bytes | None) -> Plan[None]:
    """Store steps of different petitions that are current. *sender* is the account whose message brought them; None for officers
    and the clock.
    """
    new = [step for step in steps if step.change.before is None]
    yield from rows_of(ADD, [(*step.row, sender or step.change.after.person or None) for step in new])
    yield from rows_of(CHANGE, [step.row for step in steps if step.change.before is not None])
    yield from rows_of(HAPPENED, [step.event for step in steps])
    yield from rows_of(DROP_WORDS, [(word, step.key) for step in steps for word in step.lost_words])
    yield from rows_of(ADD_WORDS, [(word, step.key) for step in steps for word in step.new_words])
    with_files = [step for step in steps if step.files]
    yield from rows_of(ATTACH, [row for step in with_files for row in step.files])
    yield from rows_of(COUNT_FILES, [(step.change.after.code,) for step in with_files])
    for step in steps:
        yield from alerts.resolve(step.ended, step.change.event.at)
        yield from alerts.raise_all(step.alerts, step.change.event.at)
    ended = [step.change.after.code for step in steps if step.change.after.closed_at is not None]
    yield from petition_erasing.after_steps(ended)
