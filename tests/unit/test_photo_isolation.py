"""The gateway itself never opens a picture, and the process that does is limited before it loads what can."""

import subprocess
import sys

from bot.photos.child import CPU_SECONDS, MEMORY

LIMITS = """
import resource, sys
from bot.photos import child
assert not {"PIL", "zxingcpp"} & set(sys.modules)
child._limit()
print(*(resource.getrlimit(getattr(resource, "RLIMIT_" + name))[1] for name in ("CPU", "AS", "CORE", "FSIZE")))
"""


def output(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def test_the_gateway_loads_no_decoder() -> None:
    assert output('import bot.app, sys; print({"PIL", "zxingcpp"} & set(sys.modules) or "none")') == "none"


def test_the_process_limits_itself_first() -> None:
    assert output(LIMITS) == f"{CPU_SECONDS} {MEMORY} 0 0"
