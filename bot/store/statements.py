"""Statements that work on many rows at once, written once in SQLAlchemy Core for both engines.

All parameters of a statement are rows of a small table named ``given``. SQLite gets it as ``VALUES``, PostgreSQL as
arrays to ``unnest``. One statement for a whole group of messages instead of one for each row matters on SQLite above
all: Python's module gives up the interpreter lock around every step and must win it back from a busy event loop.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Dialect, LargeBinary, Select, Table, TableClause, column, literal, select, table
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

Row = Sequence[Any]
Rows = list[Row]
Call = tuple["Statement", Sequence[Row]]
Result = TypeVar("Result")
Plan = Generator[Call, Rows, Result]
"""A piece of work without I/O: it yields statements with their rows and is sent what they return.
Each engine drives it in its own way, so the rules are written once."""


def given(**columns: TypeEngine[Any]) -> TableClause:
    """The parameters of a statement, as a table to select from."""
    return table("given", *(column(name, kind) for name, kind in columns.items()))


def adding(target: Table, parameters: TableClause, also: Mapping[str, Any] | None = None) -> Insert:
    """Insert the rows of ``given`` with these further values. Rows without their first value are fillers."""
    more = {name: literal(value) for name, value in (also or {}).items()}
    columns = [*parameters.columns, *more.values()]
    first = next(iter(parameters.columns))
    names = [*(item.name for item in parameters.columns), *more]
    return insert(target).from_select(names, select(*columns).where(first.is_not(None)))


def is_octets(kind: TypeEngine[Any]) -> bool:
    """Octets travel in JSON as hexadecimal digits."""
    return isinstance(kind, LargeBinary)


class Statement:
    """A statement over the rows of ``given``; its text is made once for each engine."""

    def __init__(self, parameters: TableClause, body: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        self.parameters = parameters
        self.body = body
        self.names = tuple(item.name for item in parameters.columns)
        self.types = tuple(item.type for item in parameters.columns)
        self.reads = isinstance(body, Select)

    @cached_property
    def octet_places(self) -> tuple[int, ...]:
        """The columns of the result that hold octets; looked up late, as SQLAlchemy keeps much of what it then makes."""
        kinds = [item.type for item in self.body.selected_columns] if isinstance(self.body, Select) else []
        return tuple(place for place, kind in enumerate(kinds) if is_octets(kind))

    def compiled(self, dialect: Dialect) -> str:
        """The text of the body; it has no parameters of its own."""
        return str(self.body.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def rows_of(statement: Statement, rows: Sequence[Row]) -> Plan[Rows]:
    """Run one statement, or nothing when there are no rows for it."""
    if not rows:
        return []
    found = yield statement, rows
    return found


def drive(plan: Plan[Result], execute: Callable[[Statement, Sequence[Row]], Rows]) -> Result:
    """Run a plan to its end with a blocking *execute*."""
    try:
        call = next(plan)
        while True:
            call = plan.send(execute(*call))
    except StopIteration as end:
        result: Result = end.value
        return result
