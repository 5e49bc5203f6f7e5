"""Drawing pictures anew in processes of their own: few at a time, each limited."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

import bot
from bot.attachments.child import DRAWN

AT_ONCE = 2
SECONDS = 10.0
"""Of wall-clock time; the process may use four of processor time."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as it may be shown."""

    picture: bytes
    """JPEG."""
    latitude: float | None
    longitude: float | None


class Drawer:
    """Draws pictures. Who calls while so many are drawn waits."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._seconds = seconds

    async def draw(self, octets: bytes) -> Drawn | None:
        """None for a file that is no whole picture, or that needs more than a picture may. Never raises."""
        async with self._places:
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-B", "-P", "-m", "bot.attachments.child"),
                    stdin=PIPE,
                    stdout=PIPE,
                    stderr=DEVNULL,
                    env={"PYTHONPATH": str(Path(bot.__file__).parent.parent)},
                    start_new_session=True,
                )
            except OSError:
                return None
            try:
                async with asyncio.timeout(self._seconds):
                    answer, _ = await process.communicate(octets)
                    return _read(answer) if process.returncode == DRAWN else None
            except (TimeoutError, ConnectionError):
                return None
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()


def _read(answer: bytes) -> Drawn | None:
    header, _, picture = answer.partition(b"\n")
    try:
        position = orjson.loads(header)["position"]
        latitude, longitude = (float(position[0]), float(position[1])) if position else (None, None)
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    return Drawn(picture, latitude, longitude) if picture.startswith(b"\xff\xd8\xff") else None
