"""What the sandbox one-stop is told at its start, and what can be switched while it runs."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

DRIP_MS = 100
"""What ``"drip": true`` means."""
MOST_MS = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How the system misbehaves on ``/api/v1``; every field is a key of ``POST /sandbox/faults``."""

    delay_ms: int = 0
    """Wait before each answer."""
    error_status: int = 503
    error_rate: float = 0.0
    """The share of answers that are this error; 1 when only ``error_status`` is switched."""
    drip: int = 0
    """Milliseconds between two octets of the body; ``true`` stands for 100."""
    wrong_dossier: bool = False
    """Look-ups answer with another person's dossier."""
    bad_json: bool = False
    """Look-ups answer with half a body."""
    down: bool = False
    """Connections are closed without an answer."""
    cannot_count: bool = False
    """Statistics answer 501."""
    queues_closed: bool = False
    """No ticket is given: 409."""

    @property
    def any_body(self) -> bool:
        """Whether an answer's body is tampered with."""
        return bool(self.drip or self.wrong_dossier or self.bad_json)

    def switched(self, changes: dict[str, Any]) -> "Faults":
        """These faults with *changes*; ValueError says which key or value is wrong."""
        given = dict(changes)
        if given.get("drip") is True:
            given["drip"] = DRIP_MS
        if given.get("error_status") and "error_rate" not in given:
            given["error_rate"] = 1.0
        for key, value in given.items():
            _check(key, value)
        return replace(self, **given)


LIMITS: dict[str, tuple[float, float]] = {
    "delay_ms": (0, MOST_MS),
    "error_status": (400, 599),
    "error_rate": (0, 1),
    "drip": (0, MOST_MS),
}


def _check(key: str, value: Any) -> None:
    if key not in {field.name for field in fields(Faults)}:
        raise ValueError(f"{key}: there is no such switch")
    low, high = LIMITS.get(key, (0, 1))
    if key not in LIMITS and not isinstance(value, bool):
        raise ValueError(f"{key}: must be true or false")
    is_number = isinstance(value, int) or (isinstance(value, float) and key == "error_rate")
    if not is_number or not low <= value <= high:
        raise ValueError(f"{key}: must be a number from {low:g} to {high:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """The options of ``motcua sandbox onestop``."""

    host: str = "127.0.0.1"
    port: int = 0
    data: Path | None = None
    """JSON ``{"dossiers": [{"code", "phone"?, any field}]}``; None: *count* dossiers are made up."""
    count: int = 1000
    seed: int = 1
    token: str = ""
    """Ask for this bearer token."""
    lgsp: bool = False
    """Ask for a token of ``POST /token``, which ends after 60 s."""
    client_id: str = ""
    """Who may get a token; "" = anyone who names a client."""
    client_secret: str = ""
    events_to: str = ""
    events_secret: str = ""
    delay_ms: int = 0
    faults: Faults = Faults()

    def first_faults(self) -> Faults:
        """The switches as they stand at the start."""
        return replace(self.faults, delay_ms=self.delay_ms or self.faults.delay_ms)
