"""Who may see which petition. Everybody else gets the same answer as for one that there is not."""

from collections.abc import Iterable

from bot.officers import Officer, OfficerRole
from bot.petitions.around import Around
from bot.petitions.record import Confidentiality, Petition

SEE_ALL = frozenset({OfficerRole.PROVINCE_LEADER, OfficerRole.AUDITOR, OfficerRole.ADMINISTRATOR})
"""Whatever their agency."""


def sees_all(officer: Officer) -> bool:
    """The petitions of every agency: the reception office sorts them, others read them."""
    return officer.at_reception or officer.role in SEE_ALL


def may_see(officer: Officer, petition: Petition, around: Around) -> bool:
    """Those of the own agency, and of a case that it handles."""
    return sees_all(officer) or around.handler_of(petition) == officer.agency


def may_know_person(officer: Officer, petitions: Iterable[Petition]) -> bool:
    """All that somebody wrote: not where one of his *petitions* hides the name, for it would tell whose that one is."""
    return all(may_see_contact(officer, petition) for petition in petitions)


def may_see_contact(officer: Officer, petition: Petition) -> bool:
    """Who sent it: hidden from all but the reception office when the sender wants that."""
    return petition.confidentiality is not Confidentiality.NAME_HIDDEN or officer.at_reception
