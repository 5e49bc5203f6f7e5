"""The pages of signing in and out."""

from aiohttp import web

from bot.access.records import Stage
from bot.access.signing_in import Given, LockedOut, Opened, Outcome, Refused, SignIn
from bot.model import Language
from bot.store.officer_book import OfficerBook
from bot.web.desk.desk import LANGUAGE, STAGE_PAGES
from bot.web.desk.guard import local
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, Denied, DeskRoute, Page, Redirect, desk_route, open_route

HOME = "/desk"
ANY_STAGE = frozenset(Stage)


class SigningPages:
    """Sign-in, the code from the chat, a new proof, sign-out, the choice of language."""

    def __init__(self, sign_in: SignIn, book: OfficerBook, *, single_sign_on: str = "") -> None:
        """*single_sign_on* is what the button of the provider says; "" for none."""
        self._sign_in = sign_in
        self._book = book
        self._single_sign_on = single_sign_on

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        code = frozenset({Stage.CODE})
        return [
            open_route("GET", "/desk/login", self.page),
            open_route("POST", "/desk/login", self.enter),
            desk_route("GET", "/desk/code", EVERYBODY, self.code_page, stages=code),
            desk_route("POST", "/desk/code", EVERYBODY, self.give_code, stages=code),
            desk_route("GET", "/desk/prove", EVERYBODY, self.proof_page),
            desk_route("POST", "/desk/prove", EVERYBODY, self.prove),
            desk_route("POST", "/desk/logout", EVERYBODY, self.leave, stages=ANY_STAGE),
            open_route("POST", "/desk/language", self.choose_language),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """The form; who is signed in goes on."""
        if request.session is not None and request.session.stage is Stage.FULL:
            return Redirect(to=local(request.query.get("next", ""), HOME))
        return self._page(request, 200)

    async def enter(self, request: DeskRequest) -> Answer:
        """User name, password, code."""
        outcome = await self._sign_in.sign_in(self._given(request, request.form.text("username", 60)))
        return self._after(request, outcome) or self._page(request, *_failure(outcome))

    async def code_page(self, request: DeskRequest) -> Answer:
        """The field for the code that was sent to the chat."""
        return Page(template="code.html.j2", shown={"problem": "", "next": self._next(request)})

    async def give_code(self, request: DeskRequest) -> Answer:
        """The code, or the wish for another one."""
        session, account = request.known
        if request.form.text("action") == "again":
            sent = await self._sign_in.send_code(account, await self._book.links_of(account.officer.id))
            return Redirect(to="/desk/code", notice="login.code_sent" if sent else "login.code_not_sent")
        outcome = await self._sign_in.give_code(session, account, request.form.text("code", 12))
        problem = {"problem": "login.wrong_code", "next": self._next(request)}
        return self._after(request, outcome) or Page(template="code.html.j2", shown=problem, status=401)

    async def proof_page(self, request: DeskRequest) -> Answer:
        """Password and code once more."""
        return self._proof_page(request, 200)

    async def prove(self, request: DeskRequest) -> Answer:
        """Now dangerous acts are open for a quarter of an hour."""
        session, account = request.known
        given = self._given(request, account.officer.user_name)
        outcome = await self._sign_in.prove(session, account, given)
        return self._after(request, outcome) or self._proof_page(request, *_failure(outcome))

    async def leave(self, request: DeskRequest) -> Answer:
        """Sign out."""
        await self._sign_in.sign_out(*request.known)
        return Redirect(to="/desk/login", notice="login.signed_out", token="")

    async def choose_language(self, request: DeskRequest) -> Answer:
        """Back to the same page in the other language."""
        wanted = request.form.choice("language", [language.value for language in Language], "vi")
        response = web.Response(status=303, headers={"Location": local(request.form.text("next", 500), HOME)})
        response.set_cookie(LANGUAGE, wanted, path="/desk", max_age=365 * 86_400, httponly=True, samesite="Lax")
        return response

    def _after(self, request: DeskRequest, outcome: Outcome) -> Answer | None:
        if not isinstance(outcome, Opened):
            return None
        following = local(self._next(request), HOME)
        return Redirect(to=STAGE_PAGES.get(outcome.stage, following), token=outcome.token)

    def _given(self, request: DeskRequest, user_name: str) -> Given:
        form = request.form
        password, code = form.raw("password"), form.text("totp", 12)
        return Given(user_name=user_name, password=password, code=code, address=request.address)

    def _page(self, request: DeskRequest, status: int, problem: str = "") -> Page:
        typed = request.form.text("username", 60)
        shown = {"problem": problem, "next": self._next(request), "typed": typed, "sso": self._single_sign_on}
        return Page(template="login.html.j2", data={"error": problem} if problem else {}, shown=shown, status=status)

    def _proof_page(self, request: DeskRequest, status: int, problem: str = "") -> Page:
        has_totp = bool(request.known[1].totp_secret)
        shown = {"problem": problem, "next": self._next(request), "has_totp": has_totp}
        return Page(template="prove.html.j2", shown=shown, status=status)

    @staticmethod
    def _next(request: DeskRequest) -> str:
        return local(request.form.text("next", 500) or request.query.get("next", ""))


def _failure(outcome: Outcome) -> tuple[int, str]:
    match outcome:
        case LockedOut():
            return 429, "login.locked"
        case Refused():
            return 401, "login.refused"
        case Opened():
            raise Denied(500, "error.fault")
