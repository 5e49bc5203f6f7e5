"""The pages for operators say what is true: every setting is named, the example is accepted, every command is told."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from pydantic import BaseModel

from bot import config
from bot.cli import main
from bot.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
CONFIGURATION = (DOCS / "configuration.md").read_text()
OPERATIONS = (DOCS / "operations.md").read_text()


def sections(kind: object) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from sections(field.annotation)
    for inner in get_args(kind):
        yield from sections(inner)


@pytest.mark.parametrize("section", sorted(set(sections(Settings)), key=lambda kind: kind.__name__))
def test_every_setting_is_on_the_page(section: type[BaseModel]) -> None:
    assert not [name for name in section.model_fields if not re.search(rf"\b{name}\b", CONFIGURATION)]


def test_the_example_is_accepted(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)
    (tmp_path / "telco").write_text("pw")
    path = tmp_path / "motcua.toml"
    path.write_text(example.replace("/etc/motcua/telco.password", str(tmp_path / "telco")))
    assert config.load(path).upstreams[0].name == "bacninh"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_told(name: str) -> None:
    assert isinstance(main.commands[name], click.Command)
    assert f"motcua {name}" in OPERATIONS + CONFIGURATION + (DOCS.parent / "README.md").read_text().replace(
        "make ", "motcua "
    )
