"""A message as a letter: headers, text, HTML, attachments. The same message always makes the same letter."""

import re
from collections.abc import Callable
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from adapters.email.addresses import bare, is_address
from adapters.email.settings import EmailSettings
from bot.errors import RecipientRefused
from bot.model import MessageId, OutboundMessage

MOST_ATTACHED_OCTETS = 10 * 1024 * 1024
SEVEN_BIT = SMTP.clone(cte_type="7bit")
MARK_OCTETS = 8
OURS = re.compile(r"<?(motcua\.\d+\.[0-9a-f]{16}@[^\s<>]+)>?")
"""A Message-ID that we gave."""
Mark = Callable[[bytes], bytes]
"""A keyed hash: who has not seen the letter cannot name it, so nobody can invent a bounce of it."""


def message_id(number: MessageId, settings: EmailSettings, mark: Mark) -> str:
    """The Message-ID without its brackets: ours, the same for a repeat."""
    shown = mark(f"email.{number}".encode())[:MARK_OCTETS].hex()
    return f"motcua.{number}.{shown}@{bare(settings.sender).rpartition('@')[2]}"


def compose(message: OutboundMessage, settings: EmailSettings, mark: Mark) -> bytes:
    """The letter, 7-bit clean. Reads attachments from disk. Raises ``RecipientRefused`` when it cannot be written."""
    if not is_address(message.to.id):
        raise RecipientRefused("not an e-mail address")
    letter = message.letter
    mail = EmailMessage(policy=SEVEN_BIT)
    name, address = parseaddr(settings.sender)
    mail["From"] = Mailbox(display_name=name, addr_spec=address)
    mail["To"] = Mailbox(addr_spec=message.to.id)
    mail["Subject"] = _one_line(letter.subject if letter and letter.subject else message.text)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message_id(message.id, settings, mark)}>"
    mail["Auto-Submitted"] = "auto-generated"
    if settings.reply_to:
        mail["Reply-To"] = settings.reply_to
    mail.set_content(message.text)
    if letter is not None:
        if letter.html:
            mail.add_alternative(letter.html, subtype="html")
        _attach(mail, message, settings.attachments_in)
    return mail.as_bytes()


def _one_line(text: str) -> str:
    """The first line: what follows a line end would be a header of its own."""
    return " ".join(text.split("\n", 1)[0].split())[:120]


def _attach(mail: EmailMessage, message: OutboundMessage, folder: Path) -> None:
    room = MOST_ATTACHED_OCTETS
    for attachment in message.letter.attachments if message.letter else ():
        path = (folder / attachment.path).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise RecipientRefused("an attachment lies outside the folder of attachments")
        try:
            octets = path.read_bytes()
        except OSError as error:
            raise RecipientRefused(f"an attachment cannot be read: {error.strerror}") from error
        room -= len(octets)
        if room < 0:
            raise RecipientRefused(f"attachments of more than {MOST_ATTACHED_OCTETS} octets")
        main, _, sub = attachment.media_type.partition("/")
        mail.add_attachment(octets, maintype=main, subtype=sub, filename=attachment.name)
