"""Running statements over many rows on SQLite: in few steps, whatever the number of rows."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain

import orjson
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.dialects import sqlite

from bot.store.statements import Row, Rows, Statement, is_octets

DIALECT = sqlite.dialect()
LARGEST = 64
"""Rows in one statement; larger groups take several. Only powers of two occur, so the prepared statements stay few."""


def _as_it_is(value: int | bytes | None) -> int | bytes | None:
    return value


for _kind in (bytes, bool, type(None)):
    # Python's module asks for each value that is no number and no text how to write it, and looks longest where nobody
    # answers: 0.2 µs for every NULL and 0.3 for octets, of which a message has two dozen.
    sqlite3.register_adapter(_kind, _as_it_is)


class Texts:
    """The text of each statement, by the number of its rows."""

    def __init__(self) -> None:
        self._bodies: dict[Statement, str] = {}
        self._texts: dict[tuple[Statement, int], str] = {}

    def of(self, statement: Statement, count: int) -> str:
        """The text for *count* rows."""
        found = self._texts.get((statement, count))
        return found or self._make(statement, count)

    def _make(self, statement: Statement, count: int) -> str:
        if statement not in self._bodies:
            self._bodies[statement] = _body(statement)
        marks = f"({', '.join('?' for _ in statement.names)})"
        rows = ", ".join([marks] * count)
        text = f"WITH given({', '.join(statement.names)}) AS (VALUES {rows}) {self._bodies[statement]}"
        self._texts[statement, count] = text
        return text


def _body(statement: Statement) -> str:
    """A query comes back as one row of JSON: each row more would mean one more fight for the interpreter lock."""
    if not isinstance(statement.body, Select):
        return statement.compiled(DIALECT)
    found = statement.body.subquery("found")
    values = [_in_json(item) for item in found.columns]
    return Statement(statement.parameters, select(func.json_group_array(func.json_array(*values)))).compiled(DIALECT)


def _in_json(value: "ColumnElement[object]") -> "ColumnElement[object]":
    return case((value.is_not(None), func.hex(value))) if is_octets(value.type) else value


def chunks(rows: Sequence[Row], width: int) -> Iterator[Sequence[Row]]:
    """Slices whose lengths are powers of two; the last is filled up with empty rows, which no statement takes."""
    for start in range(0, len(rows), LARGEST):
        chunk = rows[start : start + LARGEST]
        missing = (1 << (len(chunk) - 1).bit_length()) - len(chunk)
        yield [*chunk, *[(None,) * width] * missing] if missing else chunk


class Executor:
    """Runs statements on one connection."""

    def __init__(self, connection: sqlite3.Connection, texts: Texts) -> None:
        self._cursor = connection.cursor()
        self._texts = texts

    def __call__(self, statement: Statement, rows: Sequence[Row]) -> Rows:
        """The rows that a query returns; none for other statements."""
        found: Rows = []
        for chunk in chunks(rows, len(statement.names)):
            self._cursor.execute(self._texts.of(statement, len(chunk)), tuple(chain.from_iterable(chunk)))
            if statement.reads:
                found.extend(_decoded(statement, self._cursor.fetchone()[0]))
        return found


def _decoded(statement: Statement, text: str) -> Rows:
    rows: Rows = orjson.loads(text)
    places = statement.octet_places
    for row in rows if places else ():
        values: list[object] = row  # type: ignore[assignment]  # orjson makes lists
        for place in places:
            digits = values[place]
            values[place] = None if digits is None else bytes.fromhex(str(digits))
    return rows
