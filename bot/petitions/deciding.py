"""What a command makes of a petition. Pure: the store keeps the change, the service sends what is told."""

from bot.petitions.around import Around, Refused
from bot.petitions.commands import Command
from bot.petitions.record import Actor, Petition, PetitionChange


def decide(petition: Petition | None, command: Command, actor: Actor, around: Around) -> PetitionChange | Refused:
    """The step that *command* is, by the table in ``transitions.py``. *petition* is None for ``Submit`` alone."""
    raise NotImplementedError
