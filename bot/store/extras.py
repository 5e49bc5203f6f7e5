"""What an outbound message has besides its text, as JSON in its row."""

from dataclasses import asdict, dataclass
from typing import Any

import orjson

from bot.model import Attachment, Button, ButtonKind, Charge, Letter, OutboundMessage, TemplateMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """The fields of ``OutboundMessage`` that few messages have."""

    buttons: tuple[Button, ...]
    template: TemplateMessage | None
    reply_key: str
    charge: Charge
    letter: Letter | None


def extras_text(message: OutboundMessage) -> str | None:
    """Only what there is; None when there is nothing."""
    extras: dict[str, Any] = {}
    if message.buttons:
        extras["buttons"] = [(button.label, button.action, button.kind.value) for button in message.buttons]
    if message.template is not None:
        extras["template"] = (message.template.key, dict(message.template.values))
    if message.reply_key:
        extras |= {"reply_key": message.reply_key, "charge": message.charge.value}
    if message.letter is not None:
        extras["letter"] = asdict(message.letter)
    return orjson.dumps(extras).decode() if extras else None


def extras_of(text: str | None) -> Extras:
    """What ``extras_text`` wrote."""
    stored = orjson.loads(text) if text is not None else {}
    template = stored.get("template")
    return Extras(
        buttons=tuple(Button(label, action, ButtonKind(kind)) for label, action, kind in stored.get("buttons") or ()),
        template=TemplateMessage(*template) if template else None,
        reply_key=stored.get("reply_key", ""),
        charge=Charge(stored.get("charge", Charge.FREE.value)),
        letter=_letter_of(stored["letter"]) if "letter" in stored else None,
    )


def _letter_of(stored: dict[str, Any]) -> Letter:
    attachments = tuple(Attachment(**attachment) for attachment in stored.pop("attachments"))
    return Letter(**stored, attachments=attachments)
