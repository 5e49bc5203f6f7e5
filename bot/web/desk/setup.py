"""The first start: whoever runs the gateway finds a link in the log and makes the administrator."""

from bot.access.accounts import Accounts, BadAccount, By, NewAccount
from bot.access.passwords import weakness
from bot.access.records import CodePurpose
from bot.officers import OfficerRole
from bot.store.officer_book import NameTaken, OfficerBook
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Missing, Page, Redirect, open_route
from sms import msisdn

TOKEN = "{token:[A-Za-z0-9_-]{43}}"  # noqa: S105 - the pattern of an address


class SetupPages:
    """The page behind the link. It is there once, for a day, while there is no officer."""

    def __init__(self, book: OfficerBook, accounts: Accounts, agency: str) -> None:
        """*agency* is that of the administrator."""
        self._book = book
        self._accounts = accounts
        self._agency = agency

    def routes(self) -> list[DeskRoute]:
        """Its address."""
        path = f"/desk/setup/{TOKEN}"
        return [open_route("GET", path, self.page), open_route("POST", path, self.make)]

    async def page(self, request: DeskRequest) -> Answer:
        """The form. A look spends nothing."""
        await self._check(request)
        return self._page(request, 200)

    async def make(self, request: DeskRequest) -> Answer:
        """Make the administrator; the link is over."""
        await self._check(request)
        form = request.form
        user_name, password = form.text("username", 60), form.raw("password")
        problem = weakness(password, user_name.casefold())
        if password != form.raw("repeated"):
            problem = "password.different"
        phone = msisdn.normalise(form.text("phone", 20)) if form.text("phone", 20) else ""
        if phone is None:
            problem = "officers.bad_phone"
        if problem is not None:
            return self._page(request, 422, problem)
        new = NewAccount(
            user_name=user_name,
            name=form.text("name", 80),
            role=OfficerRole.ADMINISTRATOR,
            agency=self._agency,
            phone=phone or "",
            password=password,
        )
        try:
            await self._accounts.add(new, By(who=user_name.casefold(), address=request.address), only_first=True)
        except BadAccount as error:
            return self._page(request, 422, error.key)
        except NameTaken as error:
            raise Missing from error
        await self._book.spend_code(CodePurpose.SETUP, request.part("token"))
        return Redirect(to="/desk/login", notice="setup.done")

    async def _check(self, request: DeskRequest) -> None:
        """Raises ``Missing`` once there is an officer, and for every other link."""
        good = await self._book.peek_code(CodePurpose.SETUP, request.part("token"))
        if good is None or await self._book.count():
            raise Missing

    def _page(self, request: DeskRequest, status: int, problem: str = "") -> Page:
        form = request.form
        typed = {name: form.text(name, 80) for name in ("username", "name", "phone")}
        return Page(template="setup.html.j2", shown={"problem": problem, "typed": typed}, status=status)
