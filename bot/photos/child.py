"""The process that reads one photo: started for it, limited, and ended with it. A picture is a stranger's input to native code.

Standard input: the file. Argument: the day, for codes have a date. Standard output: JSON, ``[[symbology, length, [code, …]], …]``.
Exit code 0: looked at; 3: no photo that we read. Anything else: it broke or was killed.
"""

import json
import resource
import sys
import time
from datetime import date

CPU_SECONDS = 1
MEMORY = 512 * 1024 * 1024
LOOKED, NO_PHOTO = 0, 3
_NO_TRY_AFTER = 0.7
"""Seconds of processor time since the process began: the rest is for the try that is under way."""


def main() -> int:
    """Read one photo."""
    _limit()
    from bot.photos.looking import look  # noqa: PLC0415 - nothing that opens pictures is loaded before the limits hold
    from bot.photos.picture import NoPhoto  # noqa: PLC0415 - as above

    today = date.fromisoformat(sys.argv[1])
    try:
        symbols = look(sys.stdin.buffer.read(), today, lambda: time.process_time() > _NO_TRY_AFTER)
    except NoPhoto:
        return NO_PHOTO
    sys.stdout.write(json.dumps([(symbol.symbology, symbol.length, symbol.codes) for symbol in symbols]))
    return LOOKED


def _limit() -> None:
    """Set by the system, so they hold in native code as well. A core file would hold the picture: there is none."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
