"""Linking the phone on record: a code goes there by SMS and is typed into the desk."""

from collections.abc import Callable

from bot.access.records import CodePurpose
from bot.access.signing_in import new_digits
from bot.model import Address, ChannelName, Destination
from bot.store.officer_book import OfficerBook
from bot.store.officer_codes import Typed
from bot.store.port import NewOutbound
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, Denied, DeskRoute, Page, Redirect, UnknownAction, desk_route

HERE = "/desk/profile/phone"


class PhoneLinkPages:
    """``/desk/profile/phone``."""

    def __init__(
        self, book: OfficerBook, short_code: str, compose: Callable[[Destination, str, str], NewOutbound]
    ) -> None:
        """*compose* makes the message: to whom, which template, which code."""
        self._book = book
        self._short_code = short_code
        self._compose = compose

    def routes(self) -> list[DeskRoute]:
        """Its address."""
        return [
            desk_route("GET", HERE, EVERYBODY, self.page),
            desk_route("POST", HERE, EVERYBODY, self.act, proof=True),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """The field for the code."""
        return self._page(request, 200)

    async def act(self, request: DeskRequest) -> Answer:
        """Send a code, or take it."""
        officer = request.officer
        if not officer.phone:
            raise Denied(422, "profile.no_phone")
        to = Destination(Address(ChannelName.SMS, officer.phone), self._short_code, "")
        match request.form.text("action"):
            case "send":
                code = new_digits()
                message = self._compose(to, "of.link", code)
                sent = await self._book.issue_code(CodePurpose.LINK_PHONE, officer.id, code, by=message)
                return Redirect(to=HERE, notice="login.code_sent" if sent else "profile.too_many_codes")
            case "confirm":
                typed = await self._book.link_phone(officer, request.form.text("code", 12), to)
                if typed is Typed.RIGHT:
                    return Redirect(to="/desk/profile", notice="profile.phone_linked")
                problem = "login.wrong_code" if typed is Typed.WRONG else "profile.code_dead"
                return self._page(request, 422, problem)
            case _:
                raise UnknownAction

    def _page(self, request: DeskRequest, status: int, problem: str = "") -> Page:
        shown = {"problem": problem, "phone": request.officer.phone}
        return Page(template="phone_link.html.j2", shown=shown, status=status)
