"""``/desk/petitions/new``: what somebody says at the phone or the counter, written down by the reception office."""

from bot.model import Address, ChannelName, Destination
from bot.officers import OfficerRole
from bot.petition_data import PetitionData
from bot.petition_work import Done, PetitionWork
from bot.petitions.commands import Submit
from bot.petitions.record import Confidentiality, Draft, Place
from bot.privacy import Keyring
from bot.web.desk.petitions import views
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import Answer, DeskRoute, Missing, Page, Redirect, desk_route
from dossier_client.codes import parse
from sms import msisdn

WRITERS = frozenset({OfficerRole.RECEPTION, OfficerRole.LEAD})
LONGEST = 2_500
FIELDS = ("phone", "text", "ward", "place", "category", "confidentiality", "dossier")


class OnBehalf:
    """The form. Who leaves a number gets the same messages as one who texted."""

    def __init__(self, work: PetitionWork, data: PetitionData, keyring: Keyring, short_code: str) -> None:
        """*short_code* is what such people are written to from."""
        self._work = work
        self._data = data
        self._keyring = keyring
        self._short_code = short_code

    def routes(self) -> list[DeskRoute]:
        """The form."""
        return [
            desk_route("GET", "/desk/petitions/new", WRITERS, self.page),
            desk_route("POST", "/desk/petitions/new", WRITERS, self.submit),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """Empty."""
        return await self._shown(request)

    async def submit(self, request: DeskRequest) -> Answer:
        """Keep it; 422 with what was typed when something does not do."""
        if not request.officer.at_reception:
            raise Missing
        form = request.form
        typed, code = form.text("phone", 20), form.text("dossier", 40).upper()
        number = msisdn.normalise(typed) if typed else None
        if typed and number is None:
            return await self._shown(request, 422, "phone_wrong")
        if code and parse(code, request.now.date()) is None:
            return await self._shown(request, 422, "dossier_wrong")
        address = Address(ChannelName.SMS, number) if number else None
        category, ward = form.text("category", 20), form.text("ward", 60)
        command = Submit(
            draft=Draft(
                texts=(form.text("text", LONGEST),),
                place=Place(ward=ward, text=form.text("place", 200)),
                confidentiality=Confidentiality(
                    form.choice("confidentiality", set(Confidentiality), Confidentiality.NOT_PUBLIC)
                ),
                told_at=(Destination(address, self._short_code, ""),) if address else (),
                opened_at=request.now,
                changed_at=request.now,
            ),
            code="",
            person=self._keyring.contact_id(address) if address else b"",
            category=category,
            agency=await self._data.agency_for(category, ward),
            dossier=code or None,
        )
        outcome = await self._work.submit(command, request.actor)
        if isinstance(outcome, Done):
            kept = outcome.change.after.code
            return Redirect(to=f"/desk/petitions/{kept}", notice="new_petition.kept", values={"code": kept})
        return await self._shown(request, 422, outcome.reason)

    async def _shown(self, request: DeskRequest, status: int = 200, problem: str = "") -> Page:
        if not request.officer.at_reception:
            raise Missing
        around = await self._data.around(request.now)
        wards = sorted({agency.ward for agency in around.agencies.values() if agency.ward and agency.is_open})
        return Page(
            template="petition_new.html.j2",
            data={"error": problem} if problem else {},
            shown={
                "problem": problem,
                "typed": {name: request.form.raw(name) for name in FIELDS},
                "categories": [
                    (code, views.category_name(code, around, request.language)) for code in around.categories
                ],
                "wards": [(ward, ward) for ward in wards],
                "choices": [one.value for one in Confidentiality],
            },
            status=status,
        )
