"""The pages of officers: who may sign in, as what, for which agency."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.access.accounts import Accounts, BadAccount, NewAccount
from bot.access.records import OfficerAccount
from bot.clock import VIETNAM
from bot.officers import Officer, OfficerRole
from bot.privacy import masked
from bot.store.officer_book import NameTaken, OfficerBook
from bot.web.desk.forms import Form, Listing, day, listing
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import (
    ADMINISTRATORS,
    Answer,
    Denied,
    DeskRoute,
    Missing,
    Page,
    Redirect,
    Section,
    UnknownAction,
    desk_route,
)
from sms import msisdn

READERS = ADMINISTRATORS | {OfficerRole.AUDITOR}
STATES = ("active", "locked", "left")
SORTS = ("user_name", "name", "agency", "role", "signed_in_at")
NEVER = datetime.min.replace(tzinfo=VIETNAM)


class OfficersPages:
    """``/desk/officers`` and below."""

    def __init__(self, book: OfficerBook, accounts: Accounts) -> None:
        self._book = book
        self._accounts = accounts

    def sections(self) -> list[Section]:
        """Its entry of the top bar."""
        return [Section(path="/desk/officers", word="officers.title", roles=READERS, order=60)]

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        one = "/desk/officers/{user:[a-z][a-z0-9._-]*}"
        return [
            desk_route("GET", "/desk/officers", READERS, self.page),
            desk_route("POST", "/desk/officers", ADMINISTRATORS, self.add, proof=True),
            desk_route("GET", one, READERS, self.one),
            desk_route("POST", one, ADMINISTRATORS, self.change, proof=True),
        ]

    # --- the list

    async def page(self, request: DeskRequest) -> Answer:
        """Everybody, by what the query asks for."""
        return await self._list(request, 200)

    async def add(self, request: DeskRequest) -> Answer:
        """A new officer with a temporary password, shown once."""
        form = request.form
        phone = _phone(form)
        password = self._accounts.temporary_password()
        new = NewAccount(
            user_name=form.text("username", 60),
            name=form.text("name", 81),
            role=_role(form),
            agency=form.text("agency", 25),
            phone=phone or "",
            password=password,
            password_is_temporary=True,
        )
        if phone is None:
            return await self._list(request, 422, "officers.bad_phone")
        try:
            await self._accounts.add(new, request.by)
        except BadAccount as error:
            return await self._list(request, 422, error.key)
        except NameTaken:
            return await self._list(request, 422, "officers.taken")
        account = await self._accounts.named(new.user_name)
        return await self._one(request, account, 200, password=password)

    async def _list(self, request: DeskRequest, status: int, problem: str = "") -> Page:
        query, wanted = request.query, listing(request.query, SORTS)
        state = query.get("state", "active")
        found = [
            _line(account)
            for account in sorted(await self._book.everybody(), key=lambda item: _order(item, wanted.sort))
            if _fits(account, query.get("agency", ""), query.get("role", ""), query.get("search", ""))
        ]
        lines = [line for line in found if state not in STATES or line["state"] == state]
        part = _part(lines, wanted)
        shown = {
            "problem": problem,
            "roles": [role.value for role in OfficerRole],
            "states": STATES,
            "chosen": {**dict.fromkeys(("agency", "role", "search"), ""), **query, "state": state},
            "typed": {name: request.form.text(name, 80) for name in ("username", "name", "role", "agency", "phone")},
            "may_change": request.officer.role in ADMINISTRATORS,
            "more": len(lines) > wanted.page * wanted.size,
        }
        data = {"officers": part, "total": len(lines), "page": wanted.page}
        return Page(template="officers.html.j2", data=data, shown=shown, status=status)

    # --- one officer

    async def one(self, request: DeskRequest) -> Answer:
        """The account of one."""
        return await self._one(request, await self._wanted(request), 200)

    async def change(self, request: DeskRequest) -> Answer:
        """What the button says."""
        account, action = await self._wanted(request), request.form.text("action")
        if account.officer.id == request.officer.id and action in {"lock", "leave", "remove_totp", "reset_password"}:
            raise Denied(422, "officers.not_oneself")
        user = account.officer.user_name
        here = f"/desk/officers/{user}"
        match action:
            case "save":
                return await self._save(request, account)
            case "lock":
                await self._accounts.lock(account, request.by)
            case "unlock":
                await self._accounts.unlock(account, request.by)
            case "leave":
                await self._accounts.leave(account, request.by)
            case "remove_totp":
                await self._accounts.remove_totp(account, request.by)
            case "reset_password":
                password = await self._accounts.reset_password(account, request.by)
                return await self._one(request, await self._wanted(request), 200, password=password)
            case _:
                raise UnknownAction
        return Redirect(to=here, notice="officers.done")

    async def _save(self, request: DeskRequest, account: OfficerAccount) -> Answer:
        form = request.form
        if form.number("version") != account.version:
            return await self._one(request, account, 409, "error.stale")
        phone, substitute = _phone(form), form.text("substitute", 40)
        deputy = await self._book.account_named(substitute) if substitute else None
        if phone is None or (substitute and deputy is None):
            problem = "officers.bad_phone" if phone is None else "officers.unknown"
            return await self._one(request, account, 422, problem)
        before = account.officer
        is_self = before.id == request.officer.id
        after = replace(
            before,
            name=form.text("name", 81),
            role=before.role if is_self else _role(form),
            agency=form.text("agency", 25),
            phone=before.phone if form.text("phone", 20) == "" and not form.is_set("no_phone") else phone,
            away_until=_end_of(form.text("away_until", 10)),
            substitute=deputy.officer.id if deputy is not None else None,
        )
        try:
            await self._accounts.change(account, after, request.by)
        except BadAccount as error:
            return await self._one(request, account, 422, error.key)
        return Redirect(to=f"/desk/officers/{before.user_name}", notice="officers.done")

    async def _wanted(self, request: DeskRequest) -> OfficerAccount:
        account = await self._book.account_named(request.part("user"))
        if account is None:
            raise Missing
        return account

    async def _one(
        self, request: DeskRequest, account: OfficerAccount, status: int, problem: str = "", *, password: str = ""
    ) -> Page:
        officer = account.officer
        deputy = await self._book.account(officer.substitute) if officer.substitute else None
        links = await self._book.links_of(officer.id)
        away = officer.away_until.astimezone(VIETNAM).date().isoformat() if officer.away_until else ""
        data = {
            **_line(account),
            "phone": masked(officer.phone) if officer.phone else "",
            "version": account.version,
            "away_until": away,
            "substitute": deputy.officer.user_name if deputy else "",
            "links": [link.destination.address.channel.value for link in links],
            "created_at": account.created_at,
        }
        shown = {
            "problem": problem,
            "password": password,
            "roles": [role.value for role in OfficerRole],
            "may_change": request.officer.role in ADMINISTRATORS and officer.left_at is None,
            "is_self": officer.id == request.officer.id,
        }
        return Page(template="officer.html.j2", data=data, shown=shown, status=status)


def _line(account: OfficerAccount) -> dict[str, Any]:
    officer = account.officer
    return {
        "user_name": officer.user_name,
        "name": officer.name,
        "role": officer.role.value,
        "agency": officer.agency,
        "state": _state(account),
        "has_totp": bool(account.totp_secret),
        "signed_in_at": account.signed_in_at,
    }


def _state(account: OfficerAccount) -> str:
    if account.officer.left_at is not None:
        return "left"
    return "locked" if account.locked_at is not None else "active"


def _order(account: OfficerAccount, sort: str) -> tuple[Any, str]:
    officer = account.officer
    values: Mapping[str, Any] = {
        "user_name": officer.user_name,
        "name": [*officer.name.split()[-1:], officer.name],
        "agency": officer.agency,
        "role": officer.role.value,
        "signed_in_at": account.signed_in_at or NEVER,
    }
    return values[sort], officer.user_name


def _fits(account: OfficerAccount, agency: str, role: str, search: str) -> bool:
    officer: Officer = account.officer
    wanted = search.strip().casefold()
    named = not wanted or wanted in officer.name.casefold() or wanted in officer.user_name
    return named and agency.strip() in {"", officer.agency} and role in {"", officer.role.value}


def _part(lines: list[dict[str, Any]], wanted: Listing) -> list[dict[str, Any]]:
    start = (wanted.page - 1) * wanted.size
    return lines[start : start + wanted.size]


def _role(form: Form) -> OfficerRole:
    wanted = form.text("role")
    if wanted not in set(OfficerRole):
        raise Denied(422, "officers.bad_role")
    return OfficerRole(wanted)


def _phone(form: Form) -> str | None:
    """Digits, "" for none, None for what is no phone number."""
    typed = form.text("phone", 20)
    return msisdn.normalise(typed) if typed else ""


def _end_of(text: str) -> datetime | None:
    """The end of a day in Vietnam; None for none."""
    began = day(text)
    return None if began is None else began + timedelta(days=1, seconds=-1)
