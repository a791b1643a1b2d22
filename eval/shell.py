"""What the commands of the evaluation share: options, output, and errors as a sentence with a code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from eval.refusal import Refused
from eval.results import Run
from eval.shelf import Shelf, read_run

RUNS = Path(__file__).parent / "results"
"""Where runs are kept unless a setting says otherwise."""
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
DataDir = Annotated[
    Path, typer.Option("--data", envvar="FUNDSTELLE_DATA", help="Datenverzeichnis mit dem Bestand")
]
RunsDir = Annotated[
    Path, typer.Option("--runs", envvar="FUNDSTELLE_RUNS", help="Verzeichnis der Läufe")
]
OUT = Console()
ERR = Console(stderr=True)


class Failed(typer.Exit):
    """The command ends with 1; its sentence has been printed."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(1)


def fail(code: str, message: str) -> NoReturn:
    """Print the sentence and its code to standard error and leave with 1."""
    ERR.print(f"[red]{message}[/red] [dim]({code})[/dim]", highlight=False)
    raise Failed(code, message)


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused becomes a sentence and exit code 1."""
    try:
        yield
    except Refused as error:
        fail(error.code, error.message)


def print_json(value: object) -> None:
    """Write a value to standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def chosen_run(name: str, runs: Path) -> Run:
    """A run by its name in the folder of runs, or by the path of its file; raises :class:`Refused`."""
    path = Path(name)
    return read_run(path) if path.suffix == ".json" and path.is_file() else Shelf(runs).run(name)
