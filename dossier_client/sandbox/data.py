"""The dossiers of the sandbox in memory, and what becomes of them."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from dossier_client.sandbox.catalogue import status_texts
from dossier_client.sandbox.life import moment
from dossier_client.sandbox.made_up import complete, generate, international

MOST_WRONG_TRIES = 5
PRIVATE = frozenset({"id_last4"})
FIRST_STEPS = (("Nộp hồ sơ", 1), ("Tiếp nhận hồ sơ", 2), ("Thẩm định hồ sơ", 4))
SHARED_BODIES = 100_000
"""How many encoded answers are kept at most."""

Dossier = dict[str, Any]


class BadData(ValueError):
    """The data file or a request holds something that is no dossier."""


class TooManyTries(Exception):
    """Five wrong last digits were given for this dossier."""


class SandboxData:
    """Dossiers by code, with indexes by reference and phone, the feed of changes and the encoded answers."""

    def __init__(self, dossiers: Iterable[Dossier], *, seed: int, today: date) -> None:
        """*dossiers* are complete, as ``generate`` and ``complete`` make them."""
        self.seed, self.today = seed, today
        self.dossiers: dict[str, Dossier] = {}
        self.ratings: dict[str, dict[str, Any]] = {}
        self.changes: list[Dossier] = []
        """The events since the start, oldest first."""
        self._bodies: dict[str, bytes] = {}
        self._references: dict[str, str] = {}
        self._by_phone: defaultdict[str, list[str]] = defaultdict(list)
        self._steps: dict[str, list[dict[str, Any]]] = {}
        self._wrong_tries: Counter[str] = Counter()
        for dossier in dossiers:
            self._keep(dossier)
        self.at_start = sorted(self.dossiers, key=lambda code: self.dossiers[code]["updated_at"] or "")

    @classmethod
    def loaded(cls, rows: Iterable[Mapping[str, Any]], *, seed: int, today: date) -> "SandboxData":
        """Dossiers given in part; raises BadData for a row without a code."""
        return cls((_completed(row, seed, today) for row in rows), seed=seed, today=today)

    @classmethod
    def generated(cls, count: int, *, seed: int, today: date) -> "SandboxData":
        """*count* made-up dossiers."""
        return cls(generate(count, seed, today), seed=seed, today=today)

    def body(self, code: str) -> bytes | None:
        """The encoded answer to a look-up by code or national reference; None when there is no such dossier."""
        return self._bodies.get(code) or self._encoded(code)

    def find(self, code: str) -> Dossier | None:
        """The dossier with this code or reference."""
        return self.dossiers.get(code) or self.dossiers.get(self._references.get(code, ""))

    def by_phone(self, phone: str) -> list[Dossier]:
        """The dossiers of this contact phone, newest first."""
        codes = self._by_phone.get(international(phone), [])
        found = [self.dossiers[code] for code in codes]
        return sorted(found, key=lambda one: one.get("received_at") or one.get("updated_at") or "", reverse=True)

    def another(self, code: str) -> bytes | None:
        """Somebody else's dossier, encoded; None when this is the only one."""
        other = next((one for one in self.dossiers if one != code), None)
        return self.body(other) if other else None

    def history(self, dossier: Dossier) -> list[dict[str, Any]]:
        """The steps taken, oldest first: made up as far as the state at the start, then what ``move`` did."""
        return self._steps.get(dossier["code"]) or made_up_steps(dossier)

    def verify(self, dossier: Dossier, id_last4: str) -> bool:
        """Whether these are the digits; raises TooManyTries after five wrong ones."""
        code = dossier["code"]
        if self._wrong_tries[code] >= MOST_WRONG_TRIES:
            raise TooManyTries
        right = bool(id_last4 == dossier["id_last4"])
        self._wrong_tries[code] += not right
        return right

    def rate(self, dossier: Dossier, rating: dict[str, Any]) -> None:
        """Keep a rating once."""
        self.ratings.setdefault(rating["rating_id"], rating | {"code": dossier["code"]})

    def create(self, partial: Mapping[str, Any], now: datetime) -> Dossier:
        """A new dossier and its event; raises BadData for a code that is missing or taken."""
        dossier = _completed({"updated_at": now.isoformat()} | dict(partial), self.seed, self.today)
        if dossier["code"] in self.dossiers:
            raise BadData("code: there is a dossier with this code")
        self._keep(dossier)
        return self._event("dossier.status_changed", dossier, now)

    def move(self, dossier: Dossier, change: Mapping[str, Any], now: datetime) -> Dossier:
        """Change a dossier and tell the event; *change* holds ``status``, ``note`` and any field of the contract."""
        fields = {key: value for key, value in change.items() if key not in {"note", "officer", "type", "code"}}
        if "status" in fields:
            fields = _entering(_status(fields["status"]), now) | fields
        steps = self._steps.setdefault(dossier["code"], made_up_steps(dossier))
        self._forget(dossier)
        dossier.update(fields | {"updated_at": now.isoformat()})
        self._keep(dossier)
        if "status" in fields:
            step = _step(now.isoformat(), dossier["status_text"], dossier, dossier["status"])
            steps.append(step | {"note": change.get("note")})
        return self._event(change.get("type") or _kind(fields), dossier, now, officer=change.get("officer"))

    def feed(self, after: str | None, limit: int) -> tuple[list[Dossier], str]:
        """Events after a cursor and the next cursor; None = from now. Raises BadData for a cursor that is no number."""
        total = len(self.at_start) + len(self.changes)
        if after is None:
            return [], str(total)
        if not after.isdecimal():
            raise BadData("after: not a cursor of ours")
        first = min(int(after), total)
        last = min(first + limit, total)
        return [self._entry(index) for index in range(first, last)], str(last)

    def _entry(self, index: int) -> Dossier:
        if index >= len(self.at_start):
            return self.changes[index - len(self.at_start)]
        dossier = self.dossiers[self.at_start[index]]
        return _event_of(f"start-{dossier['code']}", "dossier.status_changed", dossier, dossier.get("updated_at") or "")

    def _event(self, kind: str, dossier: Dossier, now: datetime, **more: Any) -> Dossier:
        event = _event_of(uuid.uuid4().hex, kind, dossier, now.isoformat()) | more
        self.changes.append(event)
        return event

    def _encoded(self, code: str) -> bytes | None:
        dossier = self.find(code)
        if dossier is None:
            return None
        body = orjson.dumps(shown(dossier))
        if len(self._bodies) >= SHARED_BODIES:
            self._bodies.clear()
        self._bodies[code] = body
        return body

    def _keep(self, dossier: Dossier) -> None:
        code = dossier["code"]
        if code in self.dossiers:
            self._forget(self.dossiers[code])
        self.dossiers[code] = dossier
        if dossier.get("reference"):
            self._references[dossier["reference"]] = code
        for phone in dossier.get("contact_phones") or ():
            self._by_phone[phone].append(code)

    def _forget(self, dossier: Dossier) -> None:
        code, reference = dossier["code"], dossier.get("reference")
        self.dossiers.pop(code)
        self._bodies.pop(code, None)
        if reference:
            self._bodies.pop(reference, None)
            self._references.pop(reference, None)
        for phone in dossier.get("contact_phones") or ():
            self._by_phone[phone].remove(code)


def shown(dossier: Dossier) -> Dossier:
    """What the contract tells of a dossier."""
    return {key: value for key, value in dossier.items() if key not in PRIVATE}


def made_up_steps(dossier: Dossier) -> list[dict[str, Any]]:
    """The steps that led to this state."""
    entered = {1: 1, 2: 2, 3: 1}.get(dossier["status"], len(FIRST_STEPS))
    start = dossier.get("received_at") or dossier.get("updated_at")
    steps = [_step(start, name, dossier, status) for name, status in FIRST_STEPS[:entered]] if start else []
    ends = ((dossier.get("finished_at"), 9), (dossier.get("returned_at"), 10))
    return steps + [_step(when, status_texts()[status], dossier, status) for when, status in ends if when]


def read_rows(path: Path) -> list[Mapping[str, Any]]:
    """The rows of a data file; raises BadData when it is not ``{"dossiers": [{…}]}``."""
    try:
        read = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadData(f"{path}: not JSON ({error})") from error
    rows = read.get("dossiers") if isinstance(read, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadData(f'{path}: must be {{"dossiers": [{{"code": …}}]}}')
    return rows


def _completed(row: Mapping[str, Any], seed: int, today: date) -> Dossier:
    code = row.get("code")
    if not isinstance(code, str) or not code:
        raise BadData("code: every dossier needs one")
    if row.get("status") is not None:
        _status(row["status"])
    return complete(dict(row), seed, today)


def _status(value: Any) -> int:
    if not isinstance(value, int) or value not in status_texts():
        raise BadData("status: must be a whole number from 1 to 10")
    return value


def _entering(status: int, now: datetime) -> Dossier:
    """What a new state brings with it."""
    times = {9: ("finished_at",), 10: ("returned_at",)}.get(status, ())
    return {"status_text": status_texts()[status]} | dict.fromkeys(times, now.isoformat())


def _kind(fields: Mapping[str, Any]) -> str:
    if "status" in fields:
        return "dossier.status_changed"
    return "dossier.apology_issued" if fields.get("apology") else "dossier.due_changed"


def _step(at: str | None, name: str, dossier: Dossier, status: int) -> dict[str, Any]:
    unit = dossier.get("holding_unit") or dossier.get("unit") or {}
    return {"at": at, "name": name, "unit": unit, "officer": None, "status": status, "note": None}


def _event_of(event_id: str, kind: str, dossier: Dossier, when: str) -> Dossier:
    at = when if moment(when) else "1970-01-01T00:00:00+07:00"
    return {
        "event_id": event_id,
        "type": kind,
        "code": dossier["code"],
        "occurred_at": at,
        "dossier": shown(dossier),
    }
