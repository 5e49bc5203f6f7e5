"""The petition that a draft becomes. One that was written down at the counter may have nobody to tell."""

from bot.model import ChannelName
from bot.petitions import clocks
from bot.petitions.around import Around
from bot.petitions.categories import category_of
from bot.petitions.commands import Submit
from bot.petitions.record import Petition


def submitted(command: Submit, around: Around) -> Petition:
    """As it is received now. All of its dates count from this moment."""
    draft, agency = command.draft, command.agency
    days = category_of(around.categories, command.category).days
    return Petition(
        code=command.code,
        person=command.person,
        told_at=draft.told_at,
        channel=draft.told_at[0].address.channel if draft.told_at else ChannelName.SMS,
        sent_at=around.now,
        text=draft.text,
        category=command.category,
        place=draft.place,
        confidentiality=draft.confidentiality,
        is_emergency=draft.is_emergency,
        is_abusive=command.is_abusive,
        dossier=command.dossier,
        agency=agency,
        state_since=around.now,
        changed_at=around.now,
        days=days,
        classify_due=clocks.classify_due(around),
        accept_due=clocks.accept_due(agency, around) if agency else None,
        answer_due=clocks.answer_due(agency, days, around),
        files=len(draft.files),
    )
