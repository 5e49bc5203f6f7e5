"""As what somebody acts on a petition: it depends on his role, his agency and where the petition is."""

from enum import StrEnum

from bot.officers import OfficerRole
from bot.petitions.around import Around
from bot.petitions.record import Actor, ActorKind, Petition


class Acting(StrEnum):
    """As what somebody acts. One may be several: the head of the reception office is one of its officers too."""

    CITIZEN = "citizen"
    """The sender."""
    SYSTEM = "system"
    """The clock, and rules."""
    RECEPTION = "reception"
    """Sorts petitions."""
    RECEPTION_HEAD = "reception_head"
    AGENCY_OFFICER = "agency_officer"
    """Of the agency that handles it."""
    AGENCY_LEAD = "agency_lead"
    """Head of the agency that handles it."""


_AT_RECEPTION = {
    OfficerRole.RECEPTION: frozenset({Acting.RECEPTION}),
    OfficerRole.LEAD: frozenset({Acting.RECEPTION, Acting.RECEPTION_HEAD}),
}
_AT_ITS_AGENCY = {
    OfficerRole.OFFICER: frozenset({Acting.AGENCY_OFFICER}),
    OfficerRole.LEAD: frozenset({Acting.AGENCY_OFFICER, Acting.AGENCY_LEAD}),
}
_NOTHING: frozenset[Acting] = frozenset()


def acting_as(actor: Actor, petition: Petition | None, around: Around) -> frozenset[Acting]:
    """As what *actor* acts on *petition*; on a new one when it is None. Who only reads acts as nothing."""
    if actor.kind is ActorKind.CITIZEN:
        return frozenset({Acting.CITIZEN})
    if actor.kind is ActorKind.SYSTEM:
        return frozenset({Acting.SYSTEM})
    if actor.role is None:
        return _NOTHING
    acts = _AT_RECEPTION.get(actor.role, _NOTHING) if actor.at_reception else _NOTHING
    handler = around.handler_of(petition) if petition else ""
    return acts | _AT_ITS_AGENCY.get(actor.role, _NOTHING) if handler and actor.agency == handler else acts
