"""The installed program works from any folder: templates, migrations and data are inside the wheel. Needs no network."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2]
PARTS = ("bot", "sms", "adapters", "dossier_client", "templates")
SECONDS = 90


def run(*words: str | Path, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 0, (words, ended.stdout, ended.stderr)
    return ended.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``motcua`` in a virtual environment of its own, which only borrows the libraries of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in PARTS:
        shutil.copytree(SOURCE / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(SOURCE / name, source)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source, folder=folder)
    (wheel,) = folder.glob("*.whl")
    home = folder / "venv"
    venv.create(home, with_pip=False)
    run(*pip, "--python", home / "bin" / "python", "install", "--no-deps", "--no-index", wheel, folder=folder)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "motcua"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--version",), "motcua, version 0."),
        (("check-config",), "configuration is good"),
        (("migrate",), "schema is at 0"),
        (("explain", "H05.12-260610-0001"), "lookup_status"),
        (("say", "sms", "0912345678", "H29.5-260610-0001"), "thuoc TP Ho Chi Minh"),
        (("demo", "--once"), "Text to 8283"),
    ],
)
def test_the_installed_program_works_from_any_folder(
    words: tuple[str, ...], told: str, program: Path, tmp_path: Path
) -> None:
    assert told in run(program, *words, folder=tmp_path)


def test_it_is_the_installed_one(program: Path, tmp_path: Path) -> None:
    where = run(program.with_name("python"), "-c", "import bot; print(bot.__file__)", folder=tmp_path)
    assert Path(where.strip()).is_relative_to(program.parents[1])


def test_the_pages_of_the_web_chat_are_inside(program: Path, tmp_path: Path) -> None:
    listing = "from importlib.resources import files as f; w = f('adapters.webchat'); print(*sorted(p.name for d in ('static', 'pages') for p in (w / d).iterdir()))"
    here = SOURCE / "adapters" / "webchat"
    wanted = sorted(path.name for folder in ("static", "pages") for path in (here / folder).iterdir())
    assert run(program.with_name("python"), "-c", listing, folder=tmp_path).split() == wanted
