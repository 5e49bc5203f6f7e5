"""Reports of mail servers on letters of ours that came back (RFC 3464), and only those."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from adapters.email.letters import OURS
from adapters.email.outcomes import enhanced, is_broken
from bot.model import ReceiptState

STATES = {"failed": ReceiptState.FAILED, "delivered": ReceiptState.DELIVERED}
"""The word after ``Action:``. Others (delayed, relayed, expanded) say that nothing is decided yet."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of one letter."""

    message_id: str
    """As ``letters.message_id`` made it."""
    state: ReceiptState
    status: str
    """The enhanced status code, ``5.1.1``."""

    @property
    def is_broken(self) -> bool:
        """Nothing will ever arrive at this address."""
        return self.state is ReceiptState.FAILED and is_broken(0, self.status)


def read(octets: bytes) -> Bounce | None:
    """What a report says of a letter of ours; None for every other mail, and while nothing is decided."""
    mail = message_from_bytes(octets, policy=default)
    named = _message_id(mail)
    if named is None:
        return None
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in _blocks(part):
                state = STATES.get(_plain(fields, "Action").casefold())
                if state is not None:
                    return Bounce(named, state, enhanced(_plain(fields, "Status")))
    return None


def _message_id(mail: EmailMessage | Message) -> str | None:
    """Of our letter, in the part that gives it back."""
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            found = OURS.search(_plain_payload(part))
        elif part is not mail and part.get_content_type() != "message/delivery-status":
            found = OURS.fullmatch(_plain(part, "Message-ID"))
        else:
            found = None
        if found:
            return found[1]
    return None


def _blocks(part: EmailMessage | Message) -> Iterator[EmailMessage | Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))


def _plain(part: EmailMessage | Message, name: str) -> str:
    return str(part.get(name, "")).strip()


def _plain_payload(part: EmailMessage | Message) -> str:
    octets = part.get_payload(decode=True)
    return octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
