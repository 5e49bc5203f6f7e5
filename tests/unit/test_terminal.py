"""Lines from a pipe, as they come."""

import asyncio
import os

import pytest

from bot.terminal import lines_of


async def given(*chunks: bytes, longest: int = 100) -> list[bytes]:
    reading, writing = os.pipe()

    def write() -> None:
        for chunk in chunks:
            os.write(writing, chunk)
        os.close(writing)

    task = asyncio.create_task(asyncio.to_thread(write))
    lines = [line async for line in lines_of(reading, longest)]
    await task
    os.close(reading)
    return lines


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ((), []),
        ((b"a\nb\n",), [b"a", b"b"]),
        ((b"a\nb",), [b"a", b"b"]),
        ((b"a", b"b\n", b"\n"), [b"ab", b""]),
        ((b"x" * 101 + b"\nb\n",), [b"x" * 101, b"b"]),
        ((b"x" * 300, b"y" * 300 + b"\nb\n"), [b"x" * 101, b"b"]),
    ],
)
async def test_lines(chunks: tuple[bytes, ...], lines: list[bytes]) -> None:
    assert await given(*chunks) == lines


async def test_a_line_is_given_while_the_pipe_stays_open() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"one\ntw")
    lines = lines_of(reading, 100)
    assert await anext(lines) == b"one"
    os.write(writing, b"o\n")
    assert await anext(lines) == b"two"
    os.close(writing)
    with pytest.raises(StopAsyncIteration):
        await anext(lines)
    os.close(reading)


async def test_a_big_input_is_not_read_far_ahead() -> None:
    assert len(await given(*[b"z" * 99 + b"\n"] * 20_000)) == 20_000
