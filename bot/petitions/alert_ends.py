"""Which alerts about a petition have nothing to say any more once it leaves a state."""

from collections.abc import Mapping

from bot.petitions.record import OPEN, Petition, PetitionState

OVER_WITH: Mapping[PetitionState, frozenset[str]] = {
    PetitionState.RECEIVED: frozenset(
        {"new", "classify", "classify_late", "returned", "spam", "unmerged", "disagreed"}
    ),
    PetitionState.ASSIGNED: frozenset({"assigned", "accept", "accept_late"}),
    PetitionState.IN_PROGRESS: frozenset({"proposal_returned"}),
    PetitionState.PENDING_APPROVAL: frozenset({"approval"}),
}
"""Conditions of alerts, by the state in which they ask for something. Those about the answer's time stay until there is one."""
EVERYTHING = None
"""In the place of conditions: there is nothing left to do."""


def ended_alerts(before: Petition | None, after: Petition) -> frozenset[str] | None:
    """The conditions of the alerts that end with this step; ``EVERYTHING`` when the petition waits for nobody any more."""
    if before is None or before.state is after.state:
        return frozenset()
    if before.state in OPEN and after.state not in OPEN:
        return EVERYTHING
    return OVER_WITH.get(before.state, frozenset())
