"""What a citizen's decision stores of petitions, with everything else that answering the message changes."""

from dataclasses import dataclass

from bot.petitions.record import Draft, PetitionChange


@dataclass(frozen=True, slots=True)
class ChangePetition:
    """One step of a petition. When somebody else took a step meanwhile the whole decision is made anew."""

    change: PetitionChange


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """What this person is writing, in place of what was kept."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class DropDraft:
    """The draft was submitted or given up; its files go, but for those that came into a petition."""


PetitionWrite = ChangePetition | KeepDraft | DropDraft
