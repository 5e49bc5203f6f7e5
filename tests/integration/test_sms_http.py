"""HTTP providers before the whole gateway: replies in responses, in one process and in two, through a kill, and who pays."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest

from sms.http.dialect import load
from sms.http.settings import HttpAccount
from sms.http.stand_in import ACCEPTED, Answer, Brought, Provider
from tests import processes
from tests.contract.sessions import until
from tests.gateways import one_stop

KNOWN, UNKNOWN = "H05.12-260610-0001", "H05.12-260610-0999"
PHONE = "84912345678"
FIBO = HttpAccount(name="fibo", dialect=load("fibo"), user="CL1", password="pw", ip_allow=(ip_network("127.0.0.0/8"),))
VMG = HttpAccount(name="vmg", dialect=load("cp-soap"), user="gw", password="pw")
ONEPAY = HttpAccount(name="onepay", dialect=load("onepay"), user="ak", secret="sk")

pytestmark = pytest.mark.timeout(400)


@dataclass
class Place:
    """A configuration with three providers that are there."""

    config: Path
    fibo: Provider
    vmg: Provider
    onepay: Provider

    async def start(self, role: str, **environment: str) -> processes.Program:
        return await processes.start(
            role, "--config", str(self.config), log=self.config.parent / "log", environment=environment
        )


@contextlib.asynccontextmanager
async def place(folder: Path, database_url: str = "", wait: float = 8) -> AsyncIterator[Place]:
    async with contextlib.AsyncExitStack() as stack:
        upstream = await stack.enter_async_context(one_stop([{"code": KNOWN, "status": 4}]))
        found = Place(
            folder / "motcua.toml",
            Provider(FIBO, ACCEPTED["fibo"]),
            Provider(VMG, ACCEPTED["cp-soap"]),
            Provider(ONEPAY, ""),
        )
        addresses = {}
        for name in ("fibo", "vmg", "onepay"):
            provider = getattr(found, name)
            addresses[name] = await provider.start()
            stack.push_async_callback(provider.stop)
        found.config.write_text(
            f'data_dir = "{folder / "data"}"\ndatabase_url = "{database_url}"\n[http]\nport = 0\n'
            f'[[upstreams]]\nname = "bacninh"\nbase_url = "{upstream}"\nheads = ["H05"]\n'
            f'[[sms.http]]\nname = "fibo"\ndialect = "fibo"\nuser = "CL1"\npassword = "pw"\n'
            f'ip_allow = ["127.0.0.0/8"]\nsend_url = "{addresses["fibo"]}"\nreply_wait_s = {wait}\n'
            f'[[sms.http]]\nname = "vmg"\ndialect = "cp-soap"\nuser = "gw"\npassword = "pw"\nsend_url = "{addresses["vmg"]}"\n'
            f'[[sms.http]]\nname = "onepay"\ndialect = "onepay"\nuser = "ak"\nsecret = "sk"\n',
            encoding="utf-8",
        )
        yield found


async def test_replies_go_where_each_provider_wants_them(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        gateway = await here.start("serve")
        try:
            status, body = await here.fibo.bring(gateway.address, Brought(text=f"HS {KNOWN}", message_id="1"))
            assert (status, f"<Message>HS {KNOWN}:" in body) == (200, True)
            status, body = await here.onepay.bring(gateway.address, Brought(text=f"HS {KNOWN}", message_id="1"))
            assert (status, f'"sms":"HS {KNOWN}:' in body) == (200, True)
            for number, code in (("2", KNOWN), ("3", UNKNOWN)):
                await here.vmg.bring(gateway.address, Brought(text=f"HS {code}", message_id=number))
            await until(lambda: len(here.vmg.taken) == 2)
            paid = {taken.fields["request_id"]: taken.fields["message_type"] for taken in here.vmg.taken}
            assert paid == {"2": "1", "3": "2"}, "what is not found is refunded"
            assert here.fibo.taken == []
        finally:
            assert await gateway.stop() == 0
        told = await processes.messages(here.config)
        assert {row["state"] for row in told} == {"done", "sent"}


async def test_web_and_worker_as_processes_of_their_own(tmp_path: Path, postgres_url: str) -> None:
    async with place(tmp_path, postgres_url) as here:
        web, worker = await here.start("web"), await here.start("worker")
        try:
            _, body = await here.fibo.bring(web.address, Brought(text=f"HS {KNOWN}", message_id="1"))
            assert f"<Message>HS {KNOWN}:" in body, "the reply comes back to the process whose response is open"
            await here.vmg.bring(web.address, Brought(text=f"HS {KNOWN}", message_id="2"))
            await until(lambda: len(here.vmg.taken) == 1)
        finally:
            assert await worker.stop() == 0
            assert await web.stop() == 0


async def test_killed_between_storing_and_replying_the_person_gets_one_reply(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        text = Brought(text=f"HS {KNOWN}", message_id="1")
        gateway = await here.start("serve", MOTCUA_KILL_AT="in.after_commit")
        with pytest.raises(aiohttp.ClientError):
            await here.fibo.bring(gateway.address, text)
        await gateway.kill()
        gateway = await here.start("serve")
        try:
            status, body = await here.fibo.bring(gateway.address, text)
            assert status == 200
            await until(lambda: "<Message>" in body or len(here.fibo.taken) == 1)
            assert ("<Message>" in body) + len(here.fibo.taken) == 1
        finally:
            assert await gateway.stop() == 0


async def test_a_reply_that_takes_too_long_goes_by_call_once_the_provider_takes_it(tmp_path: Path) -> None:
    async with place(tmp_path, wait=0.001) as here:
        here.fibo.next_answers.append(Answer("", 429, {"Retry-After": "1"}))
        gateway = await here.start("serve")
        try:
            _, body = await here.fibo.bring(gateway.address, Brought(text=f"HS {KNOWN}", message_id="1"))
            assert "<Message>" not in body
            await until(lambda: len(here.fibo.taken) == 1)
            assert here.fibo.taken[0].fields["phonenumber"] == PHONE
        finally:
            assert await gateway.stop() == 0


async def test_secrets_of_providers_never_reach_the_log(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        gateway = await here.start("serve")
        try:
            forged = Provider(replace(ONEPAY, secret="guessed-secret"), "")
            await forged.start()
            status, _ = await forged.bring(gateway.address, Brought(text="TC", message_id="1"))
            await forged.stop()
            assert status == 401
        finally:
            assert await gateway.stop() == 0
        log = (tmp_path / "log").read_text()
        assert not [word for word in ("guessed-secret", "access_key", PHONE) if word in log]


async def test_replies_take_another_road_while_theirs_is_away(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        here.vmg.next_answers.append(Answer("", 401))
        gateway = await here.start("serve")
        try:
            await here.vmg.bring(gateway.address, Brought(text=f"HS {KNOWN}", message_id="0"))
            for number in range(1, 60):  # it counts as away after five seconds
                if here.fibo.taken:
                    break
                person = f"849{20_000_000 + number}"
                await here.vmg.bring(gateway.address, Brought(sender=person, text="TG", message_id=str(number)))
                await asyncio.sleep(0.25)
            assert here.fibo.taken[0].fields["phonenumber"].startswith("8492")
            assert len(here.vmg.taken) <= 1, "one may have been on its way"
        finally:
            assert await gateway.stop() == 0
        told = await processes.messages(here.config)
        assert "failed" not in {row["state"] for row in told}, "those that were stored before wait on their own road"
