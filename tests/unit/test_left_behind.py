"""What a killed test run left in the folder for temporary files goes with the next one."""

import os
import subprocess
import sys

from tests.contract.store_postgres import FOLDER, PREFIX, remove_left_behind


def test_only_folders_of_runs_that_ended_are_removed() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, used = (FOLDER / f"{PREFIX}{process}-left-behind" for process in (ended.pid, os.getpid()))
    for folder in (left, used):
        (folder / "data").mkdir(parents=True)
    try:
        remove_left_behind()
        assert not left.exists()
        assert used.exists()
    finally:
        (used / "data").rmdir()
        used.rmdir()
