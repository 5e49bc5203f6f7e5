"""The two addresses of single sign-on: to the provider, and back."""

from aiohttp import web

from bot.access.signing_in import Opened, SignIn
from bot.access.single_sign_on import SignOnFailed, SingleSignOn
from bot.logs import Log
from bot.store.officer_book import OfficerBook
from bot.web.desk.guard import Guard, local
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, Denied, DeskRoute, open_route

KEPT = "desk_sso"
CALLBACK = "/desk/sso/callback"


class SingleSignOnPages:
    """Officers must have an account here; the provider says only who somebody is."""

    def __init__(self, provider: SingleSignOn, sign_in: SignIn, book: OfficerBook, guard: Guard, log: Log) -> None:
        self._provider = provider
        self._sign_in = sign_in
        self._book = book
        self._guard = guard
        self._log = log

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        return [open_route("GET", "/desk/sso", self.depart), open_route("GET", CALLBACK, self.arrive)]

    async def depart(self, request: DeskRequest) -> Answer:
        """On to the provider."""
        try:
            departure = await self._provider.depart(local(request.query.get("next", "")))
        except SignOnFailed as error:
            raise self._told(error) from error
        response = web.Response(status=303, headers={"Location": departure.address, "Cache-Control": "no-store"})
        self._guard.set_cookie(request.raw, response, KEPT, departure.kept)
        return response

    async def arrive(self, request: DeskRequest) -> Answer:
        """Back from the provider."""
        query, kept = request.query, request.raw.cookies.get(KEPT, "")
        try:
            who = await self._provider.arrive(kept, query.get("state", ""), query.get("code", ""), query.get("iss", ""))
        except SignOnFailed as error:
            raise self._told(error) from error
        account = await self._book.account_named(who.user_name.strip().casefold())
        outcome = None if account is None else await self._sign_in.enter(account, request.address, "single sign-on")
        if not isinstance(outcome, Opened):
            raise Denied(403, "login.sso_unknown")
        response = web.Response(
            status=303, headers={"Location": local(who.wanted, "/desk"), "Cache-Control": "no-store"}
        )
        self._guard.set_cookie(request.raw, response, KEPT, "")
        self._guard.set_token(request.raw, response, outcome.token)
        return response

    def _told(self, error: SignOnFailed) -> Denied:
        self._log.warning("single sign-on failed", reason=str(error))
        return Denied(502, "login.sso_failed")
