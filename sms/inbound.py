"""From what an SMSC delivered to what the core understands: a text, a part of one, a receipt, or nothing.

Texts that must get no answer are marked here (product.md §2.2 rule 1): answers to machines cost money and make loops.
"""

import hashlib
from collections.abc import Sequence

from bot.clock import Clock
from bot.model import Address, ChannelName, DeliveryReceipt, InboundMessage, InboundPart, ReceiptState
from sms import encoding, msisdn, pdu, receipts, segments
from sms.settings import SmppSettings

LONGEST_TEXT = 2000
KIND_MASK = 0x3C
PORT_ELEMENTS = frozenset({0x04, 0x05})
USER_MESSAGE_REFERENCE = 0x0204
RECEIPTED_MESSAGE_ID = 0x001E
HEADER_OCTETS = 16

Arrived = InboundMessage | InboundPart | DeliveryReceipt | None


class Inbound:
    """Reads what arrives on one account."""

    def __init__(self, settings: SmppSettings, route: str, short_codes: Sequence[str], clock: Clock) -> None:
        self._settings = settings
        self._route = route
        self._short_codes = sorted(short_codes, key=len, reverse=True)
        self._clock = clock

    def read(self, message: pdu.ShortMessage, frame: bytes, session: str) -> Arrived:
        """What to hand on; None for what is acknowledged and forgotten."""
        if message.esm_class & KIND_MASK:
            return self._receipt(message) if message.is_receipt else None
        if message.short_message[:3].lower() == b"id:" and (receipt := self._receipt(message)) is not None:
            return receipt
        sender = msisdn.normalise(message.source)
        ignored = self._why_ignored(message, sender)
        part = segments.read_concatenation(message) if ignored is None else None
        if part is not None:
            return self._part(message, part, sender, session)
        return self._whole(message, frame, sender, ignored, session)

    def unreadable(self, frame: bytes, session: str) -> InboundMessage:
        """A PDU that cannot be decoded: kept as it came, answered by nobody."""
        return InboundMessage(
            sender=Address(ChannelName.SMS, ""),
            recipient="",
            text="",
            received_at=self._clock.now(),
            route=self._route,
            content_hash=hashlib.sha256(self._route.encode() + frame[HEADER_OCTETS:]).digest(),
            session=session,
            raw=pdu.blank_addresses(frame),
            ignored="malformed",
        )

    def _receipt(self, message: pdu.ShortMessage) -> DeliveryReceipt | None:
        receipt = receipts.read_receipt(message, self._settings.dlr_id_format)
        if receipt is None:
            return None
        return DeliveryReceipt(
            route=self._route,
            provider_ids=receipt.ids,
            state=ReceiptState(receipt.state),
            error=receipt.error,
            received_at=self._clock.now(),
        )

    def _why_ignored(self, message: pdu.ShortMessage, sender: str | None) -> str | None:
        if self._short_code(message.source) is not None:
            return "own_number"
        if sender is None or not msisdn.is_mobile(sender):
            return "not_a_person"
        if is_port_addressed(message):
            return "binary"
        return None

    def _part(
        self, message: pdu.ShortMessage, part: segments.Concatenation, sender: str | None, session: str
    ) -> InboundPart:
        return InboundPart(
            sender=Address(ChannelName.SMS, sender or message.source),
            recipient=self._recipient(message),
            route=self._route,
            method=part.method,
            reference=part.reference,
            total=part.total,
            index=part.index,
            octets=part.octets,
            data_coding=message.data_coding,
            content_hash=self._content_hash(message),
            received_at=self._clock.now(),
            session=session,
        )

    def _whole(
        self, message: pdu.ShortMessage, frame: bytes, sender: str | None, ignored: str | None, session: str
    ) -> InboundMessage:
        text = self._text(message) if ignored != "binary" else None
        content_hash = self._content_hash(message)
        return InboundMessage(
            sender=Address(ChannelName.SMS, sender or message.source),
            recipient=self._recipient(message),
            text=(text or "")[:LONGEST_TEXT],
            received_at=self._clock.now(),
            route=self._route,
            content_hash=content_hash,
            external_id=external_id(message, content_hash),
            session=session,
            raw=pdu.blank_addresses(frame),
            ignored=ignored or ("binary" if text is None else None),
        )

    def _text(self, message: pdu.ShortMessage) -> str | None:
        """None when the octets are no text."""
        return encoding.decode_text(message.short_message, message.data_coding, self._settings.default_alphabet)

    def _recipient(self, message: pdu.ShortMessage) -> str:
        return self._short_code(message.destination) or message.destination

    def _short_code(self, address: str) -> str | None:
        """Operators write 8283 as 8283, 848283 or 04…8283; a phone number that merely ends so is none of ours."""
        if msisdn.is_mobile(msisdn.normalise(address) or ""):
            return None
        return next((code for code in self._short_codes if address.endswith(code)), None)

    def _content_hash(self, message: pdu.ShortMessage) -> bytes:
        named = f"{self._route}\0{message.source}\0{message.destination}\0{message.esm_class}\0{message.data_coding}\0"
        return hashlib.sha256(named.encode() + message.short_message).digest()


def external_id(message: pdu.ShortMessage, content_hash: bytes) -> str | None:
    """An exact key where the SMSC gives a reference of its own.

    References are as short as 16 bits and some SMSCs never change theirs, so the content belongs to the key.
    """
    for tag in (USER_MESSAGE_REFERENCE, RECEIPTED_MESSAGE_ID):
        value = message.tlv(tag)
        if value and value.strip(b"\0"):
            return f"{tag:04x}.{value.hex()}.{content_hash[:12].hex()}"
    return None


def is_port_addressed(message: pdu.ShortMessage) -> bool:
    """The user data header names application ports: settings, ring tones, WAP push; no text of a person."""
    octets = message.short_message
    if not message.has_udh or not octets:
        return False
    end, at = min(1 + octets[0], len(octets)), 1
    while at + 1 < end:
        if octets[at] in PORT_ELEMENTS:
            return True
        at += 2 + octets[at + 1]
    return False
