"""Letters in the store, on both engines: what they hold, and what a bounce does."""

import pytest

from bot.model import Address, Attachment, ChannelName, DeliveryReceipt, Letter, ReceiptState
from tests.contract.store_engines import NOON, Engine, answered, text

OFFICER = Address(ChannelName.EMAIL, "officer@example.gov.vn")
LETTER = Letter(
    subject="Tổng hợp",
    html="<p>3 việc</p>",
    attachments=(Attachment(name="a.pdf", media_type="application/pdf", path="a.pdf"),),
)
NAMED = "motcua.42.0011223344556677@example.gov.vn"


async def test_a_letter_is_taken_as_it_was_written(engine: Engine) -> None:
    store = await engine.open()
    written = await answered(store, text(), sending=False, to=OFFICER, route="email", letter=LETTER)
    (taken,) = await store.claim_outbound("email", 10, NOON)
    assert taken == written
    assert taken.letter == LETTER


@pytest.mark.parametrize(
    ("state", "broken", "ends"),
    [
        pytest.param(ReceiptState.FAILED, True, "undelivered", id="no such mailbox"),
        pytest.param(ReceiptState.FAILED, False, "undelivered", id="mailbox full"),
        pytest.param(ReceiptState.DELIVERED, False, "delivered", id="arrived"),
    ],
)
async def test_a_report_ends_the_letter_and_may_mark_the_address(
    engine: Engine, state: ReceiptState, ends: str, *, broken: bool
) -> None:
    store = await engine.open()
    letter = await answered(store, text(), to=OFFICER, route="email", letter=LETTER)
    await store.record_sent(letter, [NAMED], NOON)
    receipt = DeliveryReceipt(
        route="email", provider_ids=(NAMED,), state=state, error="5.1.1", received_at=NOON, unreachable=broken
    )
    assert await store.record_receipt(receipt)
    assert await engine.rows("SELECT state FROM outbox") == [(ends,)]
    marked = await engine.rows(
        "SELECT channel, unreachable_at IS NOT NULL FROM contact JOIN outbox ON outbox.contact = contact.id"
    )
    assert [(channel, bool(gone)) for channel, gone in marked] == [("email", broken)]
