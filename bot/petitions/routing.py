"""Rules of the desk: which agency gets a petition of a field and a ward, without anybody sorting it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.officers import AgencyRecord
from bot.petitions.record import Petition


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRule:
    """Petitions of this field and ward go to this agency. "" stands for any."""

    agency: str
    category: str = ""
    ward: str = ""
    is_on: bool = True

    def fits(self, category: str, ward: str) -> bool:
        """Whether such a petition is meant."""
        return self.is_on and self.category in {"", category} and self.ward in {"", ward}

    @property
    def weight(self) -> int:
        """How closely it says what it means: both, the field, the ward."""
        return 2 * bool(self.category) + bool(self.ward)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What rules would have done with one past petition."""

    petition: Petition
    agency: str
    """"" when no rule means it: the reception office sorts it."""
    is_as_handled: bool
    """The agency that handled it in the end is the same."""


def agency_for(rules: Sequence[RoutingRule], agencies: Mapping[str, AgencyRecord], category: str, ward: str) -> str:
    """The agency of the closest rule, the first of equals; "" for none. Closed agencies get nothing."""
    fitting = [rule for rule in rules if rule.fits(category, ward) and _is_open(agencies, rule.agency)]
    return max(fitting, key=lambda rule: rule.weight).agency if fitting else ""


def trials(
    rules: Sequence[RoutingRule], agencies: Mapping[str, AgencyRecord], past: Sequence[Petition]
) -> Sequence[Trial]:
    """A dry run on past petitions, by the field and place that they have now."""
    found = []
    for petition in past:
        agency = agency_for(rules, agencies, petition.category, petition.place.ward)
        found.append(Trial(petition=petition, agency=agency, is_as_handled=agency == petition.agency))
    return found


def _is_open(agencies: Mapping[str, AgencyRecord], code: str) -> bool:
    agency = agencies.get(code)
    return agency is not None and agency.is_open
