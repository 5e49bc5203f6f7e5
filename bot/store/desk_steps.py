"""What decisions about citizens' messages change of the desk's things: petitions, drafts, conversations."""

from collections.abc import Sequence
from datetime import datetime

from bot.model import Contact
from bot.store import conversations, petition_drafts, petitions
from bot.store.statements import Plan

DeskStep = petitions.Step | petition_drafts.DraftStep | conversations.Step


def are_current(steps: Sequence[DeskStep], taken: set[str]) -> Plan[bool]:
    """Whether each step saw what is stored. *taken*: the codes of what others of the group change; those of this one come to them."""
    of_petitions = [step for step in steps if isinstance(step, petitions.Step)]
    current = yield from petitions.are_current(of_petitions, taken)
    taken |= {step.change.after.code for step in of_petitions}
    for step in steps:
        if isinstance(step, conversations.Step):
            is_same = yield from conversations.is_current(step)
            current = current and is_same and step.code not in taken
            taken.add(step.code)
    return current


def apply(steps: Sequence[DeskStep], person: Contact, at: datetime) -> Plan[None]:
    """Store steps that are current."""
    for step in steps:
        match step:
            case petitions.Step():
                yield from petitions.apply([step], person.id)
            case petition_drafts.DraftStep():
                yield from petition_drafts.apply(person.home, step, at)
            case conversations.Step():
                yield from conversations.apply(step, at)
