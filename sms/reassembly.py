"""From the stored parts of a long text to one message."""

import hashlib

from bot.model import InboundMessage, PartGroup
from sms import segments


def join_group(group: PartGroup, default_alphabet: str) -> InboundMessage:
    """The text of a group; ``partial`` when a part never came. Octets are joined first and decoded then."""
    last = max(group.parts, key=lambda part: part.received_at)
    return InboundMessage(
        sender=group.sender,
        recipient=group.recipient,
        text=segments.join(group.parts, default_alphabet),
        received_at=last.received_at,
        route=group.route,
        content_hash=hashlib.sha256(b"".join(part.content_hash for part in group.parts)).digest(),
        session=last.session,
        partial=len(group.parts) < group.total,
    )
