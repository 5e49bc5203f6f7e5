"""An operator made of the foreign SMSC: keeps a text until it is acknowledged, remembers every answer."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import smpp34


@dataclass
class Telco:
    """An operator: keeps a text until it is acknowledged, delivers it again over the next bind, remembers every answer."""

    server: smpp34.Server
    acknowledged: set[str] = field(default_factory=set)
    answers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    binds: int = 0
    hold: bool = False
    """Do not answer submit_sm for now."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _esme: smpp34.Esme | None = None
    _bound: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        count = 0
        while (event := await self.server.next()) is not None:
            match event:
                case smpp34.SubmitSmEvent():
                    count += 1
                    self._keep(event.short_message.decode("ascii"))
                    if not self.hold:
                        event.accept(f"{count:x}")
                case smpp34.Esme():
                    self._esme, self.binds = event, self.binds + 1
                    self._bound.set()
                case smpp34.Unbound() if self._esme is not None and event.session_id == self._esme.session_id:
                    self._bound.clear()
                case _:
                    continue

    def _keep(self, text: str) -> None:
        code = next(word.strip(":.,?") for word in text.split() if word.startswith("H05."))
        self.answers[code].append(text)
        self.news.set()

    async def answer_to(self, code: str) -> str:
        """Wait for the first answer about a code."""
        while not self.answers[code]:
            self.news.clear()
            await self.news.wait()
        return self.answers[code][0]

    async def deliver(self, number: str, code: str) -> None:
        """Until it is acknowledged with status 0."""
        while code not in self.acknowledged:
            await self._bound.wait()
            esme = self._esme
            assert esme is not None
            try:
                async with asyncio.timeout(5):
                    response = await esme.deliver_sm(
                        source_addr=number,
                        source_addr_ton=1,
                        source_addr_npi=1,
                        destination_addr="8283",
                        short_message=code.encode(),
                    )
            except (smpp34.SmppError, TimeoutError, RuntimeError, ConnectionError):
                await asyncio.sleep(0.2)
                continue
            if response.command_status == 0:
                self.acknowledged.add(code)
            else:
                await asyncio.sleep(0.2)


@asynccontextmanager
async def telco_on(port: int) -> AsyncIterator[Telco]:
    server = smpp34.Server(host="127.0.0.1", port=port, system_id="SMSC")
    await server.start()
    telco = Telco(server)
    listening = asyncio.create_task(telco.listen())
    try:
        yield telco
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await server.stop()
