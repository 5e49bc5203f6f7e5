"""The process that draws one picture anew: started for it, limited, and ended with it. A picture is a stranger's input to native code.

Standard input: the file. Standard output: a line of JSON, ``{"position": [latitude, longitude] | null}``, then a JPEG.
Exit code 0: drawn; 3: no picture that we read. Anything else: it broke or was killed.
"""

import json
import resource
import sys

CPU_SECONDS = 4
MEMORY = 768 * 1024 * 1024
DRAWN, NO_PICTURE = 0, 3


def main() -> int:
    """Draw one picture."""
    _limit()
    from bot.attachments.picture import shown  # noqa: PLC0415 - nothing that opens pictures is loaded before the limits hold
    from bot.photos.picture import NoPhoto  # noqa: PLC0415 - as above

    try:
        picture, position = shown(sys.stdin.buffer.read())
    except NoPhoto:
        return NO_PICTURE
    sys.stdout.buffer.write(json.dumps({"position": position}).encode() + b"\n" + picture)
    return DRAWN


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
