"""What was done besides writing, as the text that it stands for, or as something of its own. Pure."""

from bot.buttons import number_chosen
from bot.events import ButtonPressed, Edited, Event, FileSent, Joined, Photo, PhotoLost
from bot.intent import Happened
from bot.model import Contact
from bot.understanding.keywords import COUNTER, keyword_at_head
from bot.understanding.text import normal

LINKED_BY, ASKED_BY = "lk_", "hs_"
"""What a link that leads here may carry: a token that joins two accounts, or a dossier code with ``_`` for its dots; or ``DG-3``, the counter that is
rated."""
LINK_TOKEN = 16
"""So long is a token at least. The six digits are typed by who means it: in a link they would let a stranger, who made it,
join with whoever taps it.
"""


def reading(text: str, event: Event | None, contact: Contact) -> str | Happened:
    """The text to understand, or what happened where no text says it.

    A button means the command that it names; one that names none, or answers a question of before, is out of date,
    whoever made it. The codes of a photograph were read before: what is left of it is its caption.
    """
    match event:
        case None | Edited():
            return text
        case Photo() | PhotoLost() | FileSent() if text.strip():
            return text
        case ButtonPressed(action):
            return number_chosen(action, contact) or _command(action) or Happened(event)
        case Joined(payload) if payload.startswith(LINKED_BY) and len(payload) >= len(LINKED_BY) + LINK_TOKEN:
            return f"LK {payload.removeprefix(LINKED_BY)}"
        case Joined(payload) if payload.startswith(ASKED_BY):
            return f"HS {payload.removeprefix(ASKED_BY).replace('_', '.')}"
        case Joined(payload) if payload.upper().startswith(COUNTER):
            return payload
        case _:
            return Happened(event)


def _command(action: str) -> str | None:
    typed = " ".join(action.replace(":", " ").split())
    return typed if keyword_at_head(normal(typed)) is not None else None
