"""The waiting lines of the counters, with tickets."""

import zlib
from dataclasses import dataclass, field
from typing import Any

from dossier_client.sandbox.catalogue import Agency, agencies

MOST_WAITING = 40
MINUTES_EACH = 6


class QueueFull(Exception):
    """No ticket is left for today."""


@dataclass(slots=True)
class Line:
    """One counter today."""

    agency: Agency
    serving: int
    last: int
    waiting: dict[str, int] = field(default_factory=dict)
    """Our tickets and their numbers; the numbers between belong to people who came in person."""
    by_request: dict[str, str] = field(default_factory=dict)

    def as_json(self, ticket: str | None, *, is_open: bool) -> dict[str, Any]:
        """The contract's Queue; a ticket that is called has nobody ahead, one that does not wait has no place."""
        number = self.waiting.get(ticket or "")
        ahead = None if number is None else max(0, number - self.serving - 1)
        return {
            "unit": self.agency.as_json(),
            "ticket": ticket if number is not None else None,
            "now_serving": _ticket(self.serving),
            "ahead": ahead,
            "waiting": self.last - self.serving,
            "counter": "1",
            "estimated_wait_minutes": None if ahead is None else ahead * MINUTES_EACH,
            "open": is_open,
        }


class Queues:
    """The lines of all agencies, opened when first asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lines: dict[str, Line] = {}

    def line(self, unit_code: str) -> Line | None:
        """The line of an agency of the table; None for any other code."""
        agency = agencies().get(unit_code)
        if agency is None:
            return None
        if unit_code not in self._lines:
            serving = zlib.crc32(f"{self._seed}:{unit_code}".encode()) % 60
            self._lines[unit_code] = Line(agency, serving, serving + serving % 9)
        return self._lines[unit_code]

    @staticmethod
    def take(line: Line, request_id: str) -> str:
        """A ticket, the same again for the same request; raises QueueFull."""
        if request_id in line.by_request:
            return line.by_request[request_id]
        if line.last - line.serving >= MOST_WAITING:
            raise QueueFull
        line.last += 1
        ticket = _ticket(line.last)
        line.waiting[ticket] = line.last
        line.by_request[request_id] = ticket
        return ticket

    @staticmethod
    def give_back(line: Line, ticket: str) -> None:
        """The ticket is free; unknown ones are none of our business. Its request may take a new one."""
        line.waiting.pop(ticket, None)
        line.by_request = {request: own for request, own in line.by_request.items() if own != ticket}

    @staticmethod
    def advance(line: Line, by: int) -> None:
        """Call the next people, as far as there are any; who was called before is done."""
        line.serving = min(line.serving + by, line.last)
        line.waiting = {ticket: number for ticket, number in line.waiting.items() if number >= line.serving}


def _ticket(number: int) -> str:
    return f"A{number:03d}"
