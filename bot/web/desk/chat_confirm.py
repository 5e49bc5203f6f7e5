"""The second proof of an officer in a chat: a link that is good once leads here, where one button confirms the account."""

from bot.access.records import CodePurpose, OfficerLink
from bot.privacy import Keyring, masked
from bot.store.officer_book import OfficerBook
from bot.web.desk.profile import CHANNELS
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import EVERYBODY, Answer, DeskRoute, Missing, Page, Redirect, desk_route

HERE = "/desk/chat/{token}"


class ChatConfirmPages:
    """``/desk/chat/…``. Only the officer for whom the link was made finds it, signed in."""

    def __init__(self, book: OfficerBook, keyring: Keyring) -> None:
        self._book = book
        self._keyring = keyring

    def routes(self) -> list[DeskRoute]:
        """The page, and its button."""
        return [
            desk_route("GET", HERE, EVERYBODY, self.page),
            desk_route("POST", HERE, EVERYBODY, self.confirm),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """Which account it is; looking does not use up the link."""
        found = await self._book.peek_code(CodePurpose.PROOF, request.part("token"))
        link = await self._link(request, found)
        address = link.destination.address
        shown = {"channel": CHANNELS.get(address.channel, address.channel.value), "account": masked(address.id)}
        return Page(template="chat_confirm.html.j2", shown=shown)

    async def confirm(self, request: DeskRequest) -> Answer:
        """From now on steps can be taken there, for half a day."""
        token = request.part("token")
        await self._link(request, await self._book.peek_code(CodePurpose.PROOF, token))
        link = await self._link(request, await self._book.spend_code(CodePurpose.PROOF, token))
        await self._book.confirm_link(link.destination.address)
        channel = link.destination.address.channel.value
        await self._book.record(request.entry("proof_given", request.officer.user_name, channel=channel))
        return Redirect(to="/desk/profile", notice="chat.confirmed")

    async def _link(self, request: DeskRequest, found: tuple[int, str] | None) -> OfficerLink:
        """The account that the link is about. Raises ``Missing`` when it is another officer's, used, or too old."""
        if found is None or found[0] != request.officer.id:
            raise Missing
        for link in await self._book.links_of(request.officer.id):
            if self._keyring.contact_id(link.destination.address).hex() == found[1]:
                return link
        raise Missing
