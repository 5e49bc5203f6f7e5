"""Who works at the desk: officers, their roles and agencies."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OfficerRole(StrEnum):
    """What an officer may do. Each page and each transition names the roles that it is for."""

    RECEPTION = "reception"
    """Sorts what comes in (tiếp nhận)."""
    OFFICER = "officer"
    """Handles petitions of the own agency (cán bộ)."""
    LEAD = "lead"
    """Heads an agency: approves, extends, transfers (lãnh đạo). At the reception office: the reception head."""
    PROVINCE_LEADER = "province_leader"
    """Reads everything of all agencies (lãnh đạo tỉnh)."""
    AUDITOR = "auditor"
    """Reads everything and the audit log (giám sát)."""
    ADMINISTRATOR = "administrator"
    """Officers, master data, templates (quản trị)."""
    OPERATOR = "operator"
    """Deliveries and the simulator, no texts of petitions (vận hành)."""


class AgencyKind(StrEnum):
    """What kind of body an agency is."""

    RECEPTION = "reception"
    """Where petitions are sorted: the province's public service centre."""
    WARD = "ward"
    DEPARTMENT = "department"
    UTILITY = "utility"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRecord:
    """An agency as the desk knows it; edited there."""

    code: str
    """``H05.12``, or a short word where the one-stop system has no code."""
    name: str
    short_name: str
    """At most 20 characters without accents, for SMS."""
    kind: AgencyKind
    ward: str = ""
    """The ward that a ward agency is of."""
    phone: str = ""
    two_step_approval: bool = False
    """Answers need the lead's approval."""
    is_open: bool = True
    """False: merged or closed; nothing new goes there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One who may sign in."""

    id: int
    user_name: str
    name: str
    role: OfficerRole
    agency: str
    """Code of the agency."""
    at_reception: bool = False
    """The agency is of kind ``reception``."""
    phone: str = ""
    """MSISDN digits ``84…``; shown masked."""
    left_at: datetime | None = None
    away_until: datetime | None = None
    substitute: int | None = None
    """Id of the officer who gets the alerts meanwhile."""
