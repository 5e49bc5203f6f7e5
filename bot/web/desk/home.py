"""``/desk``: each officer's own first page."""

from collections.abc import Callable, Sequence

from bot.officers import Officer
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, DeskRoute, Redirect, Section, desk_route


class Home:
    """Leads to the first section that the role may see."""

    def __init__(self, sections_of: Callable[[Officer | None], Sequence[Section]]) -> None:
        self._sections_of = sections_of

    def routes(self) -> list[DeskRoute]:
        """With and without the slash."""
        return [desk_route("GET", path, EVERYBODY, self.page) for path in ("/desk", "/desk/")]

    async def page(self, request: DeskRequest) -> Answer:
        """On to the work."""
        sections = self._sections_of(request.officer)
        return Redirect(to=sections[0].path if sections else "/desk/profile")
