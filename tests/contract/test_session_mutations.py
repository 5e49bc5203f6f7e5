"""Thousands of PDUs with wrong octets in them: the session lives, every request is answered, nothing breaks inside."""

import random
from collections.abc import Iterator

import pytest

from tests.contract.sms_channels import PHONE, RecordingReceive, new_channel, running
from tests.smsc import DATA_SM, ENQUIRE_LINK, GENERIC_NACK, RESPONSE, SUBMIT_SM, UNBIND, deliver_sm, frame, raw_smsc

ROUNDS, AT_ONCE = 400, 5
MARK = 0x7000
SAR = [(0x020C, b"\0\1"), (0x020E, b"\2"), (0x020F, b"\1")]
SEEDS = [
    deliver_sm(5, PHONE, b"HS H05.12-260610-0001"),
    deliver_sm(6, PHONE, bytes((5, 0, 3, 9, 2, 1)) + "hồ sơ".encode("utf-16-be"), esm_class=0x40, data_coding=8),
    deliver_sm(7, PHONE, b"id:0AB1 stat:DELIVRD err:000 text:HS", esm_class=4),
    deliver_sm(8, PHONE, b"x", tlvs=[*SAR, (0x0424, b"yyy"), (0x001E, b"AB\0"), (0x0427, b"\2"), (0x0423, b"\3\0\1")]),
    frame(DATA_SM, 9, body=b"\0\1\1" + PHONE.encode() + b"\0\0\1" + b"8283\0\0\0\0\x04\x24\0\2HS"),
    frame(SUBMIT_SM | RESPONSE, 3, body=b"abc\0"),
    frame(0x80000009, 1, body=b"SMSC\0\x02\x10\0\1\x34"),
    frame(0x102, 1, body=b"\0\0849\0\0\08283\0"),
    frame(0x0B, 1, body=b"SMSC\0pw\0"),
]
LIKELY = (0, 1, 2, 4, 8, 0x40, 0x44, 0x7F, 0x80, 0xFF)
ENDS_THE_SESSION = (UNBIND, GENERIC_NACK)
BROKE = {"pdu_broke", "unreadable", "message_broke", "unbound", "framing_lost"}


def mutated(chance: random.Random) -> bytes:
    """One of the seeds with up to four octets changed, taken out or put in; its length is told rightly."""
    octets = bytearray(chance.choice(SEEDS))
    for _ in range(chance.randint(0, 4)):
        what = chance.random()
        if what < 0.5:
            octets[chance.randrange(4, len(octets))] = chance.choice((*LIKELY, chance.randrange(256)))
        elif what < 0.75 and len(octets) > 17:
            del octets[chance.randrange(16, len(octets))]
        else:
            octets.insert(chance.randrange(16, len(octets) + 1), chance.randrange(256))
    octets[:4] = len(octets).to_bytes(4, "big")
    return bytes(octets)


def harmless(chance: random.Random) -> Iterator[bytes]:
    while True:
        octets = mutated(chance)
        if int.from_bytes(octets[4:8], "big") not in ENDS_THE_SESSION:
            yield octets


@pytest.mark.parametrize("seed", [1, 2])
async def test_wrong_octets_break_nothing(seed: int) -> None:
    receive = RecordingReceive()
    frames = harmless(random.Random(seed))
    async with raw_smsc() as smsc, running(new_channel(smsc.port), receive) as channel:
        peer = await smsc.bound()
        for number in range(ROUNDS):
            peer.send(*(next(frames) for _ in range(AT_ONCE)), frame(ENQUIRE_LINK, MARK + number))
            while (got := await peer.read())[::2] != (ENQUIRE_LINK | RESPONSE, MARK + number):
                assert got.command & RESPONSE, "nothing but answers"
        assert smsc.binds == 1
        assert not BROKE & set(channel.counts)
        assert channel.counts["malformed"]
        assert len(receive.messages) > ROUNDS
