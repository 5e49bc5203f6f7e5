"""What the tests of the whole flow share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.lines import Line, running


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    """A running gateway without its edges."""
    async with running(tmp_path) as started:
        yield started
