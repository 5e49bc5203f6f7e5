"""All ways to bind, against an SMSC that nobody here wrote."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import smpp34

from sms.channel import SmppChannel
from tests.contract.sms_channels import PHONE, RecordingReceive, message, new_channel, running, send, until_up


class Smsc:
    """Accepts everything; tells which bind each text came on."""

    def __init__(self, server: smpp34.Server) -> None:
        self.binds: asyncio.Queue[smpp34.Esme] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.took: Counter[str] = Counter()
        self._server = server

    async def listen(self) -> None:
        while (event := await self._server.next()) is not None:
            match event:
                case smpp34.Esme():
                    self.binds.put_nowait(event)
                case smpp34.SubmitSmEvent():
                    self.took[event.destination_addr] += 1
                    event.accept(f"{self.took.total():x}")
                case smpp34.Unbound():
                    self.gone.set()


@asynccontextmanager
async def bound(port: int, receive: RecordingReceive, **settings: Any) -> AsyncIterator[tuple[SmppChannel, Smsc]]:
    server = smpp34.Server("127.0.0.1", port, system_id="SMSC")
    await server.start()
    smsc = Smsc(server)
    listening = asyncio.create_task(smsc.listen())
    try:
        async with running(new_channel(port, **settings), receive) as channel:
            yield channel, smsc
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await server.stop()


@pytest.mark.parametrize(
    ("settings", "may_receive"),
    [
        pytest.param({}, [True], id="one for both ways"),
        pytest.param({"binds": 3}, [True] * 3, id="three for both ways"),
        pytest.param({"bind_mode": "tx+rx"}, [False, True], id="one for each way"),
        pytest.param({"bind_mode": "tx+rx", "binds": 2}, [False, False, True, True], id="two for each way"),
    ],
)
async def test_every_bind_does_what_it_may(
    settings: dict[str, Any], may_receive: list[bool], unused_tcp_port: int
) -> None:
    receive = RecordingReceive()
    async with bound(unused_tcp_port, receive, window=50, **settings) as (channel, smsc):
        esmes = [await smsc.binds.get() for _ in may_receive]
        assert sorted(esme.can_receive for esme in esmes) == may_receive
        await until_up(channel, len(may_receive))
        assert channel.health() == {"telco": "bound"}
        receiving = esmes if all(may_receive) else []  # this SMSC nacks every deliver_sm_resp on a bind_receiver
        for number, esme in enumerate(receiving):
            answer = await esme.deliver_sm(
                source_addr=f"{PHONE[:-1]}{number}", destination_addr="8283", short_message=b"HS"
            )
            assert answer.is_success
        assert [stored.sender.id[-1] for stored in receive.messages] == [
            str(number) for number in range(len(receiving))
        ]
        assert len({stored.session for stored in receive.messages}) == len(receiving)
        await asyncio.gather(*(send(channel, message(number=number, to=f"849{number:08}")) for number in range(1, 31)))
        assert smsc.took.total() == 30
        await channel.drain()
        await smsc.gone.wait()
        assert not channel.is_up()


async def test_the_smsc_says_good_bye_and_is_bound_again(unused_tcp_port: int) -> None:
    async with bound(unused_tcp_port, RecordingReceive()) as (channel, smsc):
        esme = await smsc.binds.get()
        await until_up(channel)
        await esme.unbind()
        again = await smsc.binds.get()
        assert again.session_id != esme.session_id
        await until_up(channel)
        assert await send(channel, message()) == ["1"]
