"""The README's commands exist and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess

from typer.testing import CliRunner

from service.cli import app
from tests.conftest import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_two_commands_stand_at_the_top() -> None:
    head = README.split("## ")[0]
    assert head.index("make run") < head.index("make test")


def test_every_make_target_named_in_the_readme_exists_and_has_help() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert f"make {target}" in shown


def test_every_command_named_in_the_readme_exists() -> None:
    for command in set(re.findall(r"fundstelle (ask|search|norm|ingest|serve|eval)\b", README)):
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_links_and_pictures_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (CHECKOUT / target).exists(), target
