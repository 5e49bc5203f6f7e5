"""``motcua sandbox telegram``: typed lines become updates, what the bot says is printed."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from tests import processes

CONFIG = """data_dir = "{folder}/data"
[http]
port = {port}
public_url = "https://gateway.example"
[telegram]
token = "123456:stand-in"
secret_token = "secret-of-tests"
base_url = "http://127.0.0.1:{api}/bot"
base_file_url = "http://127.0.0.1:{api}/file/bot"
"""


async def test_a_conversation_at_the_prompt(tmp_path: Path, unused_tcp_port_factory: Callable[[], int]) -> None:
    api, port = unused_tcp_port_factory(), unused_tcp_port_factory()
    config = tmp_path / "motcua.toml"
    config.write_text(CONFIG.format(folder=tmp_path, port=port, api=api))
    options = ("sandbox", "telegram", "--port", str(api), "--config", str(config))
    sandbox = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *options), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert sandbox.stdin
    assert sandbox.stdout
    assert (await sandbox.stdout.readline()).startswith(f"ready http://127.0.0.1:{api};".encode())
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "log")
    try:
        sandbox.stdin.write(b"x\n5400000001 TG\n5400000001 !press bogus\n-100200 /tracuu x\n")
        async with asyncio.timeout(30):
            seen = b""
            while not (b"a line is PERSON TEXT" in seen and b"5400000001 < " in seen and b"-100200 < " in seen):
                seen += await sandbox.stdout.readline()
    finally:
        await gateway.stop()
        sandbox.stdin.close()
        sandbox.terminate()
        await sandbox.communicate()
    assert sandbox.returncode == 0
