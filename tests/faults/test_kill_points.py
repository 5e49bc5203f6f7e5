"""Killed at each named point on the way of a text: stored before it is acknowledged, answered after the next start, a repeat flagged."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import processes
from tests.place import place

pytestmark = [pytest.mark.long, pytest.mark.timeout(500)]


@dataclass(frozen=True)
class Death:
    point: str
    acknowledged: bool
    """Whether the operator was told that the text is ours before the process died."""
    submits: tuple[int, ...]
    """How many answers the operator may have seen after the next start."""


DEATHS = [
    Death("in.before_commit", acknowledged=False, submits=(1,)),
    Death("in.after_commit", acknowledged=False, submits=(1,)),
    Death("work.after_claim", acknowledged=True, submits=(1,)),
    Death("work.after_lookup", acknowledged=True, submits=(1,)),
    Death("out.after_decide_commit", acknowledged=True, submits=(1,)),
    Death("out.before_send", acknowledged=True, submits=(1,)),
    Death("out.after_response", acknowledged=True, submits=(2,)),
    Death("out.before_sent_commit", acknowledged=True, submits=(2,)),
]


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: death.point)
async def test_killed_on_the_way(death: Death, tmp_path: Path, unused_tcp_port: int, database_url: str) -> None:
    async with place(tmp_path, unused_tcp_port, database_url=database_url, codes=3) as here:
        first, second, _ = here.codes
        gateway = await here.start(MOTCUA_KILL_AT=death.point)
        delivered = here.deliver_soon("84912345678", first)
        assert await gateway.process.wait() == 137
        await gateway.kill()
        assert (first in here.telco.acknowledged) <= death.acknowledged, "nothing is acknowledged before it is stored"
        gateway = await here.start()
        await delivered
        await here.answered([first], seconds=120)
        await here.telco.deliver("84912345679", second)
        await here.answered([second])
        told = await processes.settled(here.config)
        assert await gateway.stop() == 0
    texts = here.telco.answers[first]
    assert len(texts) in death.submits
    inbound = [row for row in told if row["direction"] == "in" and row["duplicate_of"] is None]
    assert [row["state"] for row in inbound] == ["done", "done"], (
        "one row for each text, however often it was delivered"
    )
    (reply,) = [row for row in told if row["reply_to"] == inbound[0]["id"]]
    assert reply["state"] == "sent"
    assert reply["possible_duplicate"] >= (len(texts) > 1)
