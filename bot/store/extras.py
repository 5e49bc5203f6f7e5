"""What an outbound message has besides its text, as JSON in its row."""

import orjson

from bot.model import Button, ButtonKind, OutboundMessage, TemplateMessage


def extras_text(message: OutboundMessage) -> str | None:
    """Buttons and template; None when there are neither."""
    if not message.buttons and message.template is None:
        return None
    template = message.template
    return orjson.dumps(
        {
            "buttons": [(button.label, button.action, button.kind.value) for button in message.buttons],
            "template": None if template is None else (template.key, dict(template.values)),
        }
    ).decode()


def extras_of(text: str | None) -> tuple[tuple[Button, ...], TemplateMessage | None]:
    """What ``extras_text`` wrote."""
    if text is None:
        return (), None
    stored = orjson.loads(text)
    buttons = tuple(Button(label, action, ButtonKind(kind)) for label, action, kind in stored["buttons"])
    return buttons, TemplateMessage(*stored["template"]) if stored["template"] else None
