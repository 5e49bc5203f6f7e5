"""``/desk/assignments``: how much each officer has to do, and how quickly it went lately."""

from datetime import timedelta

from bot.officers import OfficerRole
from bot.petition_data import PetitionData
from bot.store.port_petitions import PetitionBook
from bot.web.desk.petitions.seeing import sees_all
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Page, Section, desk_route

SEEN_BY = frozenset({OfficerRole.RECEPTION, OfficerRole.LEAD, OfficerRole.PROVINCE_LEADER, OfficerRole.ADMINISTRATOR})
LATELY = timedelta(days=90)


class AssignmentPages:
    """One table; each line leads to the officer's petitions, where several are given to somebody else at once."""

    def __init__(self, book: PetitionBook, data: PetitionData) -> None:
        self._book = book
        self._data = data

    def routes(self) -> list[DeskRoute]:
        """Its address."""
        return [desk_route("GET", "/desk/assignments", SEEN_BY, self.page)]

    def sections(self) -> list[Section]:
        """Behind petitions and conversations."""
        return [Section(path="/desk/assignments", word="assignments.section", roles=SEEN_BY, order=30)]

    async def page(self, request: DeskRequest) -> Answer:
        """The own agency's officers; everybody's for those who see all."""
        around = await self._data.around(request.now)
        agency = "" if sees_all(request.officer) else request.officer.agency
        loads = {
            load.officer: load for load in await self._book.officer_loads(agency, request.now, request.now - LATELY)
        }
        officers = [
            one
            for one in around.officers.values()
            if one.left_at is None and (one.id in loads or (agency and one.agency == agency))
        ]
        return Page(
            template="assignments.html.j2",
            data={
                "officers": [
                    {
                        "id": one.id,
                        "name": one.name,
                        "agency": around.agencies[one.agency].name if one.agency in around.agencies else one.agency,
                        "open": loads[one.id].open if one.id in loads else 0,
                        "late": loads[one.id].late if one.id in loads else 0,
                        "answered": loads[one.id].answered if one.id in loads else 0,
                        "average_hours": _hours(loads[one.id].average) if one.id in loads else None,
                    }
                    for one in sorted(
                        officers, key=lambda one: (-(loads[one.id].open if one.id in loads else 0), one.name)
                    )
                ]
            },
        )


def _hours(average: timedelta | None) -> float | None:
    return None if average is None else round(average.total_seconds() / 3600, 1)
