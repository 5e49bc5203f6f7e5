"""A copy of what is kept of a person: opened once, of all accounts, of nobody else."""

from datetime import timedelta

from bot.intent import RecordLookUp
from bot.linking import CodePurpose, IssueCode, RecordConsent
from bot.store.port import Decision, NewOutbound
from tests.contract.store_engines import CODE, NOON, Engine, claimed, reply, text

HOUR = timedelta(hours=1)
TOKEN = "abcdefghijklmnopqrst12"


async def test_a_copy_opens_once_and_holds_what_is_kept(engine: Engine) -> None:
    store = await engine.open()
    await claimed(store, text("somebody else", sender=1))
    row = await claimed(store, text("DL"))
    message = reply(store, row)
    issue = IssueCode(CodePurpose.DATA, TOKEN, NOON + HOUR)
    writes = (issue, RecordLookUp(CODE, found=True), RecordConsent("link", "link.done"))
    outbound = (NewOutbound(message=message, sending=True),)
    await store.decide(Decision(inbound=row, at=NOON, outbound=outbound, writes=writes))
    assert await store.copy_of("another-token-entirely", NOON) is None
    copy = await store.copy_of(TOKEN, NOON)
    assert copy is not None
    assert [item["code"] for item in copy["codes_looked_up"]] == [CODE]
    assert [item["text"] for item in copy["messages_from_you"]] == ["DL"]
    assert [item["text"] for item in copy["messages_to_you"]] == [message.text]
    assert [item["purpose"] for item in copy["consents"]] == ["link"]
    assert copy["accounts"] == [{"channel": "sms", "address": row.contact.address.id}]
    assert await store.copy_of(TOKEN, NOON) is None, "once"


async def test_a_copy_is_opened_within_its_hour(engine: Engine) -> None:
    store = await engine.open()
    row = await claimed(store, text("DL"))
    await store.decide(Decision(inbound=row, at=NOON, writes=(IssueCode(CodePurpose.DATA, TOKEN, NOON + HOUR),)))
    assert await store.copy_of(TOKEN, NOON + HOUR) is None
