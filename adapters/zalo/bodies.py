"""Our messages in Zalo's words.

https://docs.zaloplatforms.com/docs/OA/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban and its appendix on buttons.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from adapters.zalo.events import ANONYMOUS
from adapters.zalo.settings import ZaloTemplate
from bot.model import Button, ButtonKind, TemplateMessage

LONGEST_TEXT = 2000
"""Characters; a longer text is refused, not cut."""
MOST_BUTTONS = 5
MARK = "#"
"""Begins what a button posts in the person's name, so that it is never taken for a sentence."""
CHOICE = "chon:"
"""Begins the action of an answer to an open question, which ends with its number."""
BREAKS = ("\n\n", "\n", " ")
SHARE_TITLE = "Chia sẻ số điện thoại"
SHARE_SUBTITLE = "Để xem hồ sơ nộp bằng số điện thoại của Ông/Bà"
Body = dict[str, Any]


def pages(text: str) -> Sequence[str]:
    """The text in pieces that Zalo takes, cut at a paragraph, a line or a word where there is one."""
    return tuple(_pages(normalize("NFC", text)))


def _pages(text: str) -> Iterator[str]:
    while len(text) > LONGEST_TEXT:
        end = _break(text)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _break(text: str) -> int:
    for mark in BREAKS:
        end = text.rfind(mark, LONGEST_TEXT // 2, LONGEST_TEXT)
        if end > 0:
            return end
    return LONGEST_TEXT


def recipient(address_id: str) -> Body:
    """Whom a message is for."""
    if address_id.startswith(ANONYMOUS):
        _, who, conversation = address_id.split(ANONYMOUS, 2)
        return {"anonymous_id": who, "conversation_id": conversation}
    return {"user_id": address_id}


def text_message(text: str, buttons: Sequence[Button]) -> Body:
    """A text, with the buttons that Zalo has."""
    shown = [item for button in buttons if (item := _button(button))][:MOST_BUTTONS]
    if not shown:
        return {"text": text}
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": shown}}}


def _button(button: Button) -> Body | None:
    match button.kind:
        case ButtonKind.ACTION:
            return {"title": button.label, "type": "oa.query.hide", "payload": f"{MARK}{button.action}"}
        case ButtonKind.LINK:
            return {"title": button.label, "type": "oa.open.url", "payload": {"url": button.action}}
        case ButtonKind.SHARE_PHONE | ButtonKind.SHARE_LOCATION:
            return None


def phone_form() -> Body:
    """Zalo's own form for a name and a number; its answer is an event."""
    element = {"title": SHARE_TITLE, "subtitle": SHARE_SUBTITLE}
    payload = {"template_type": "request_user_info", "elements": [element]}
    return {"attachment": {"type": "template", "payload": payload}}


def with_commands(text: str, buttons: Sequence[Button]) -> str:
    """For an account whose buttons Zalo refuses: what each means is told as what to type."""
    lines = [line for button in buttons if (line := _as_line(button, text))]
    return "\n".join((text, *lines))


def _as_line(button: Button, text: str) -> str:
    """A choice is answered by its number, which most questions show themselves; all else by the command."""
    match button.kind:
        case ButtonKind.LINK:
            return f"• {button.label}: {button.action}"
        case ButtonKind.SHARE_PHONE | ButtonKind.SHARE_LOCATION:
            return ""
        case ButtonKind.ACTION if button.action.startswith(CHOICE):
            numbered = f"\n{button.action.rpartition(':')[2]}. "
            return "" if numbered in f"\n{text}" else f"{numbered.strip()} {button.label}"
        case ButtonKind.ACTION:
            return f"• {button.label}: {button.action.replace(':', ' ').upper()}"


def template_values(template: TemplateMessage, registered: ZaloTemplate) -> dict[str, str]:
    """Our values under the names of the approved template; with names given, only those."""
    if registered.fields:
        return {theirs: template.values.get(ours, "") for ours, theirs in registered.fields.items()}
    return dict(template.values)


def by_uid(address_id: str, template: TemplateMessage, registered: ZaloTemplate) -> Mapping[str, Any]:
    """A template to a person who has written to the account."""
    return {
        "user_id": address_id,
        "template_id": registered.id,
        "template_data": template_values(template, registered),
    }


def by_phone(phone: str, template: TemplateMessage, registered: ZaloTemplate, tracking_id: str) -> Mapping[str, Any]:
    """A template to a phone number; the same notice always has the same tracking id."""
    return {
        "phone": phone,
        "template_id": registered.id,
        "template_data": template_values(template, registered),
        "tracking_id": tracking_id,
    }
