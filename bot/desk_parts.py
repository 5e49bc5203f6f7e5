"""Builds the officers' desk. Pages of others join in ``_pages``."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from aiohttp import web

from bot.access.accounts import Accounts
from bot.access.passwords import Passwords
from bot.access.records import CODE_LIFE, CodePurpose, OfficerLink
from bot.access.signing_in import SignIn
from bot.attachment_parts import FOLDER_NAME
from bot.attachments.folder import AttachmentFolder
from bot.clock import Clock
from bot.control import Command
from bot.intent import Reply
from bot.logs import Log
from bot.model import Destination, Language, OutboundKind, OutboundMessage
from bot.officer_commands import control_commands
from bot.petition_parts import PetitionParts
from bot.privacy import Keyring
from bot.render import Renderer
from bot.render_style import Style
from bot.render_values import of_office
from bot.routing import Roads
from bot.settings import Settings
from bot.store.base import PlanStore
from bot.store.delivery_book import DeliveryBook
from bot.store.officer_book import OfficerBook
from bot.store.port import NewOutbound
from bot.translate import office_of, roads_of
from bot.understanding.keywords import BUILT
from bot.web.desk.assignments import AssignmentPages
from bot.web.desk.audit import AuditPages
from bot.web.desk.chat_confirm import ChatConfirmPages
from bot.web.desk.conversations import ConversationPages
from bot.web.desk.deliveries import DeliveryPages
from bot.web.desk.desk import Desk
from bot.web.desk.dossiers import DossierPages
from bot.web.desk.events import DeskEvents
from bot.web.desk.guard import Guard
from bot.web.desk.home import Home
from bot.web.desk.master import MasterPages
from bot.web.desk.mutes import MutePages
from bot.web.desk.officers import OfficersPages
from bot.web.desk.petitions.contact import PetitionContact
from bot.web.desk.petitions.detail import PetitionPages
from bot.web.desk.petitions.export import PetitionExport
from bot.web.desk.petitions.listing import PetitionList
from bot.web.desk.petitions.on_behalf import OnBehalf
from bot.web.desk.petitions.taking import PetitionSteps
from bot.web.desk.phone_link import PhoneLinkPages
from bot.web.desk.profile import DeepLinks, ProfilePages
from bot.web.desk.ratings import RatingPages
from bot.web.desk.rendering import Rendering
from bot.web.desk.routes import DeskRoute, Section
from bot.web.desk.setup import SetupPages
from bot.web.desk.signing import SigningPages
from bot.web.desk.texts import TextPages
from bot.web.desk.words import Words


class Pages(Protocol):
    """A group of pages."""

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        ...


class DeskParts:
    """Everything of the desk in one process."""

    def __init__(
        self,
        settings: Settings,
        store: PlanStore,
        keyring: Keyring,
        clock: Clock,
        log: Log,
        petitions: PetitionParts | None = None,
        *,
        passwords: Passwords | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._log = log
        self._keyring = keyring
        self._sso = settings.desk.sso
        self._petitions = petitions
        self.book = OfficerBook(store, keyring, clock)
        self._passwords = passwords or Passwords()
        self.accounts = Accounts(self.book, self._passwords, clock)
        self.events = DeskEvents(clock)
        self._guard = Guard(settings.desk, keyring, settings.http.public_url)
        self._roads = Roads(roads_of(settings), {})
        self._renderer = Renderer(office_of(settings), BUILT)
        self._sign_in = SignIn(
            self.book,
            self._passwords,
            clock,
            totp_is_required=settings.desk.totp == "required",
            send_code=self._carried,
        )

    def routes(self) -> list[web.RouteDef]:
        """Every address under ``/desk``."""
        rendering = Rendering(Words(), f"Một Cửa {self._settings.office.province}", self._clock)
        placed = self._petitions.data.placed if self._petitions else None
        desk = Desk(self.book, self._guard, rendering, self._clock, self._log, placed)
        pages = self._pages()
        sections = [section for page in pages for section in getattr(page, "sections", list[Section])()]
        rendering.sections = sorted(sections, key=lambda section: section.order)
        home = Home(rendering.sections_of)
        return desk.serve(route for page in (*pages, home) for route in page.routes())

    def commands(self) -> Mapping[str, Command]:
        """What the command line may ask of the desk."""
        return control_commands(self.book, self.accounts)

    def _pages(self) -> Sequence[Pages]:
        return [
            SigningPages(self._sign_in, self.book, single_sign_on=self._sso.label if self._sso.issuer else ""),
            *self._single_sign_on(),
            ProfilePages(self.book, self.accounts, self._sign_in, self._passwords, self._keyring, self._deep_links()),
            PhoneLinkPages(self.book, self._settings.sms.short_codes[0], self._message),
            ChatConfirmPages(self.book, self._keyring),
            SetupPages(self.book, self.accounts, self._settings.office.agency),
            OfficersPages(self.book, self.accounts),
            DeliveryPages(DeliveryBook(self._store, self._keyring, self._clock), self.book),
            AuditPages(self.book),
            self.events,
            *self._petition_pages(),
        ]

    def _single_sign_on(self) -> list[Pages]:
        if not self._sso.issuer:
            return []
        from bot.access.single_sign_on import SingleSignOn  # noqa: PLC0415 - only who uses it pays for its libraries
        from bot.web.desk.single_sign_on import CALLBACK, SingleSignOnPages  # noqa: PLC0415 - as above

        callback = self._settings.http.public_url + CALLBACK
        provider = SingleSignOn(self._sso, callback, self._keyring, self._clock)
        return [SingleSignOnPages(provider, self._sign_in, self.book, self._guard, self._log)]

    def _petition_pages(self) -> Sequence[Pages]:
        if self._petitions is None:
            return []
        work, data = self._petitions.work, self._petitions.data
        inbox, pages = PetitionList(self._store, work, data), PetitionPages(self._store, work, data)
        folder = AttachmentFolder(self._settings.data_dir / FOLDER_NAME, self._keyring)
        contact = PetitionContact(self._store, pages, self.book, folder)
        loads = AssignmentPages(self._store, data)
        master = MasterPages(self._petitions.master, data, self._store)
        talks = ConversationPages(self._store, self._petitions.talks, data, self.events)
        ratings = RatingPages(self._store, data, self.book)
        steps = PetitionSteps(work, pages, inbox, self.events)
        return [
            inbox,
            PetitionExport(self._store, inbox, data, self.book),
            OnBehalf(work, data, self._keyring, self._settings.sms.short_codes[0]),
            pages,
            contact,
            steps,
            talks,
            master,
            loads,
            ratings,
            self._dossiers(self._petitions),
            self._texts(self._petitions),
            MutePages(self._petitions.master, self._store, data),
        ]

    def _texts(self, parts: PetitionParts) -> TextPages:
        parts.texts.serve(self._renderer)
        office = office_of(self._settings)
        known = frozenset(of_office(office, BUILT, Style(sms=True, language=Language.VIETNAMESE)))
        return TextPages(parts.master, parts.texts, Renderer(office, BUILT), known)

    def _dossiers(self, parts: PetitionParts) -> DossierPages:
        deliveries = DeliveryBook(self._store, self._keyring, self._clock)
        return DossierPages(parts.dossiers, deliveries, self.book, parts.master, self._renderer)

    def _deep_links(self) -> DeepLinks:
        zalo = self._settings.zalo
        return DeepLinks(telegram_bot=self._settings.desk.telegram_bot, zalo_account=zalo.oa_id if zalo.app_id else "")

    async def _carried(self, link: OfficerLink, code: str) -> NewOutbound:
        return self._message(link.destination, "of.code", code)

    def _message(self, to: Destination, template: str, code: str) -> NewOutbound:
        """A message with a code; the sender of its route finds it within a second."""
        now = self._clock.now()
        text = self._renderer.render(Reply(template, {"otp": code}), Language.VIETNAMESE, to.address.channel)
        message = OutboundMessage(
            id=self._store.new_id(),
            to=to.address,
            source=to.source,
            route=to.route,
            text=text,
            kind=OutboundKind.ONE_TIME_CODE,
            created_at=now,
            expires_at=now + CODE_LIFE[CodePurpose.SIGN_IN],
        )
        return NewOutbound(message=self._roads.chosen(message), sending=False)
