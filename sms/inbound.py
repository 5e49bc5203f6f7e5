"""From what an SMSC delivered to what the core understands: a text, a part of one, a receipt, or nothing.

Texts that must get no answer are marked here: answers to machines cost money and make loops.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.errors import SendError
from bot.model import (
    Address,
    ChannelName,
    DeliveryReceipt,
    InboundMessage,
    InboundPart,
    LateRefusal,
    LateResponse,
    MessageId,
    ReceiptState,
)
from sms import encoding, msisdn, pdu, receipts, segments
from sms.settings import SmppSettings

KIND_MASK = 0x3C
USER_MESSAGE_REFERENCE = 0x0204
RECEIPTED_MESSAGE_ID = 0x001E
HEADER_OCTETS = 16

Arrived = InboundMessage | InboundPart | DeliveryReceipt | LateResponse | LateRefusal | None


class Inbound:
    """Reads what arrives on one account."""

    def __init__(self, settings: SmppSettings, route: str, short_codes: Sequence[str], clock: Clock) -> None:
        self._settings = settings
        self._route = route
        self._short_codes = sorted(short_codes, key=len, reverse=True)
        self._clock = clock

    def read(self, message: pdu.ShortMessage, frame: bytes, session: str) -> Arrived:
        """What to hand on; None for what is acknowledged and forgotten."""
        if message.is_receipt:
            return self._receipt(message)
        if message.short_message[:3].lower() == b"id:" and (receipt := self._receipt(message)) is not None:
            return receipt
        data = segments.read_user_data(message)
        ignored = self._why_ignored(message, data)
        if ignored is None and data.concatenation is not None:
            return self._part(message, data.concatenation, session)
        return self._whole(message, frame, data, ignored, session)

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

    def late(self, message: MessageId, place: int, message_id: str) -> LateResponse:
        """A submit_sm_resp with status 0 that came after our time-out."""
        provider_id = receipts.canonical_id(message_id, self._settings.dlr_id_format)
        return LateResponse(message=message, place=place, provider_id=provider_id, received_at=self._clock.now())

    def late_refusal(self, message: MessageId, error: SendError) -> LateRefusal:
        """A submit_sm_resp that refused after our time-out."""
        return LateRefusal(
            message=message,
            error=error.code,
            retry=error.retry,
            retry_after=timedelta(seconds=error.retry_after or 0.0),
            uses_attempt=error.uses_attempt,
            received_at=self._clock.now(),
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

    def _why_ignored(self, message: pdu.ShortMessage, data: segments.UserData) -> str | None:
        if message.esm_class & KIND_MASK:
            return "no_text"
        if self._short_code(message.source) is not None:
            return "own_number"
        if not msisdn.is_person(message.source, message.source_ton):
            return "not_a_person"
        return "binary" if data.ported else None

    def _part(self, message: pdu.ShortMessage, part: segments.Concatenation, session: str) -> InboundPart:
        return InboundPart(
            sender=_sender(message),
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
        self, message: pdu.ShortMessage, frame: bytes, data: segments.UserData, ignored: str | None, session: str
    ) -> InboundMessage:
        alphabet = self._settings.default_alphabet
        text = None if data.ported else encoding.decode_text(data.octets, message.data_coding, alphabet)
        content_hash = self._content_hash(message)
        return InboundMessage(
            sender=_sender(message),
            recipient=self._recipient(message),
            text=text or "",
            received_at=self._clock.now(),
            route=self._route,
            content_hash=content_hash,
            external_id=external_id(message, content_hash),
            session=session,
            raw=pdu.blank_addresses(frame),
            ignored=ignored or ("binary" if text is None else None),
        )

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


def _sender(message: pdu.ShortMessage) -> Address:
    return Address(ChannelName.SMS, msisdn.normalise(message.source) or message.source)
