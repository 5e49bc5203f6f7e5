"""An officer's own account: password, authenticator, linked chats."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.access import totp
from bot.access.accounts import Accounts
from bot.access.passwords import Passwords, weakness
from bot.access.records import CodePurpose, OfficerLink, Stage
from bot.access.signing_in import Opened, SignIn, new_digits
from bot.errors import ConfigError
from bot.model import ChannelName
from bot.privacy import Keyring, masked
from bot.store.officer_book import OfficerBook
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, DeskRoute, Missing, Page, Redirect, UnknownAction, desk_route

CHANNELS = {
    ChannelName.ZALO: "Zalo",
    ChannelName.TELEGRAM: "Telegram",
    ChannelName.SMS: "SMS",
    ChannelName.WEBCHAT: "Web",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLinks:
    """How a chat is opened from the desk; "" where there is none."""

    telegram_bot: str = ""
    zalo_account: str = ""
    """Its id."""

    def to_telegram(self, token: str) -> str:
        """Opens the bot, which then sends the token by itself."""
        return f"https://t.me/{self.telegram_bot}?start=lk_{token}" if self.telegram_bot else ""

    def to_zalo(self) -> str:
        """Opens the account; the code is typed there."""
        return f"https://zalo.me/{self.zalo_account}" if self.zalo_account else ""


class ProfilePages:
    """``/desk/profile`` and below."""

    def __init__(
        self,
        book: OfficerBook,
        accounts: Accounts,
        sign_in: SignIn,
        passwords: Passwords,
        keyring: Keyring,
        links: DeepLinks,
    ) -> None:
        self._book = book
        self._accounts = accounts
        self._sign_in = sign_in
        self._passwords = passwords
        self._keyring = keyring
        self._links = links

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        password = frozenset({Stage.FULL, Stage.PASSWORD})
        enrol = frozenset({Stage.FULL, Stage.ENROL})
        return [
            desk_route("GET", "/desk/profile", EVERYBODY, self.page),
            desk_route("GET", "/desk/profile/password", EVERYBODY, self.password_page, stages=password),
            desk_route("POST", "/desk/profile/password", EVERYBODY, self.change_password, stages=password),
            desk_route("GET", "/desk/profile/totp", EVERYBODY, self.totp_page, stages=enrol),
            desk_route("POST", "/desk/profile/totp", EVERYBODY, self.enrol, stages=enrol),
            desk_route("POST", "/desk/profile/links", EVERYBODY, self.change_links, proof=True),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """The account, and when it was used before."""
        return await self._page(request, {"code": "", "telegram": "", "zalo": ""})

    async def change_links(self, request: DeskRequest) -> Answer:
        """A code to link a chat with, or a chat to cut off."""
        match request.form.text("action"):
            case "link":
                return await self._page(request, await self._new_code(request))
            case "unlink":
                link = await self._own_link(request)
                data = {"channel": link.destination.address.channel.value}
                await self._book.unlink(link, request.entry("chat_unlinked", request.officer.user_name, **data))
                return Redirect(to="/desk/profile", notice="profile.unlinked")
            case _:
                raise UnknownAction

    async def _new_code(self, request: DeskRequest) -> Mapping[str, str]:
        code, token, officer = new_digits(), secrets.token_urlsafe(16), request.officer.id
        issued = await self._book.issue_code(CodePurpose.LINK_CODE, officer, code)
        if not issued or not await self._book.issue_code(CodePurpose.LINK_TOKEN, officer, token):
            return {"code": "", "telegram": "", "zalo": "", "problem": "profile.too_many_codes"}
        return {"code": code, "telegram": self._links.to_telegram(token), "zalo": self._links.to_zalo()}

    async def _own_link(self, request: DeskRequest) -> OfficerLink:
        wanted = request.form.text("link", 64)
        for link in await self._book.links_of(request.officer.id):
            if self._name_of(link) == wanted:
                return link
        raise Missing

    def _name_of(self, link: OfficerLink) -> str:
        return self._keyring.contact_id(link.destination.address).hex()

    async def _page(self, request: DeskRequest, code: Mapping[str, str]) -> Page:
        session, account = request.known
        links = [
            {
                "name": self._name_of(link),
                "channel": CHANNELS.get(link.destination.address.channel, link.destination.address.channel.value),
                "account": masked(link.destination.address.id),
                "since": link.since,
            }
            for link in await self._book.links_of(account.officer.id)
        ]
        officer = account.officer
        data = {
            "user_name": officer.user_name,
            "name": officer.name,
            "role": officer.role,
            "agency": officer.agency,
            "phone": masked(officer.phone) if officer.phone else "",
            "has_totp": bool(account.totp_secret),
            "before_at": session.before_at,
            "before_from": session.before_from,
            "links": links,
        }
        return Page(template="profile.html.j2", data=data, shown={"given": code})

    # --- the password

    async def password_page(self, request: DeskRequest) -> Answer:
        """The form."""
        return self._password_page(request, 200)

    async def change_password(self, request: DeskRequest) -> Answer:
        """Another password; all other sessions end."""
        session, account = request.known
        old, new = request.form.raw("password"), request.form.raw("new_password")
        if await self._book.begin_try(account.officer.user_name, request.address) is not None:
            return self._password_page(request, 429, "login.locked")
        if not await self._passwords.check(account.password, old):
            return self._password_page(request, 422, "profile.wrong_password")
        problem = weakness(new, account.officer.user_name)
        problem = problem or ("password.different" if new != request.form.raw("repeated") else None)
        problem = problem or ("password.same" if new == old else None)
        if problem is not None:
            return self._password_page(request, 422, problem)
        after = await self._accounts.set_password(account, new, request.by, session.digest)
        outcome = await self._sign_in.move_on(session, after)
        to = "/desk/profile/totp" if isinstance(outcome, Opened) and outcome.stage is Stage.ENROL else "/desk/profile"
        return Redirect(to=to, notice="profile.password_changed", token=_token(outcome))

    def _password_page(self, request: DeskRequest, status: int, problem: str = "") -> Page:
        first = request.known[0].stage is Stage.PASSWORD
        return Page(template="password.html.j2", shown={"problem": problem, "first": first}, status=status)

    # --- the authenticator

    async def totp_page(self, request: DeskRequest) -> Answer:
        """A new secret to scan. It counts only once a code of it was typed."""
        return self._totp_page(request, totp.new_secret(), 200)

    async def enrol(self, request: DeskRequest) -> Answer:
        """The code that the authenticator shows."""
        session, account = request.known
        if account.totp_secret and not session.is_proven(request.now):
            return Redirect(to="/desk/prove?next=/desk/profile/totp")
        secret = self._opened(request.form.text("sealed", 300), account.officer.id)
        if not secret:
            return self._totp_page(request, totp.new_secret(), 422, "profile.secret_lost")
        step = totp.step_of(secret, request.form.text("totp", 12), request.now, 0)
        if step is None:
            return self._totp_page(request, secret, 422, "profile.wrong_totp")
        after = await self._accounts.enrol(account, secret, step, request.by, session.digest)
        outcome = await self._sign_in.move_on(session, after)
        return Redirect(to="/desk/profile", notice="profile.enrolled", token=_token(outcome))

    def _totp_page(self, request: DeskRequest, secret: str, status: int, problem: str = "") -> Page:
        address = totp.address_of(secret, request.officer.user_name)
        shown = {
            "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            "sealed": self._keyring.seal_octets(f"totp|{request.officer.id}|{secret}".encode()).hex(),
            "address": address,
            "picture": totp.picture_of(address),
            "problem": problem,
            "first": request.known[0].stage is Stage.ENROL,
        }
        return Page(template="totp.html.j2", shown=shown, status=status)

    def _opened(self, sealed: str, officer: int) -> str:
        """The secret in a form that we sent to this officer; "" for anything else."""
        try:
            kind, whose, secret = self._keyring.open_octets(bytes.fromhex(sealed)).decode().split("|")
        except (ValueError, ConfigError):
            return ""
        return secret if (kind, whose) == ("totp", str(officer)) else ""


def _token(outcome: object) -> str | None:
    return outcome.token if isinstance(outcome, Opened) else None
