"""The commands that check what the office's documents say against the law."""

from __future__ import annotations

from typing import Annotated

import typer

from service.shell import OUT, AsJson, print_json, running_engine

checks = typer.Typer(help="Aussagen gegen das Gesetz prüfen.", no_args_is_help=True)


@checks.callback()
def _group() -> None:
    """Aussagen gegen das Gesetz prüfen."""


@checks.command("memos")
def check_memos(
    strict: Annotated[
        bool, typer.Option("--strict", help="Mit Fehlercode enden, wenn etwas gefunden wird")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Arbeitshilfen, Erlasse und Kurzfassungen: Zahlen und Verbindlichkeit gegen die zitierten Normen."""
    from rag.check.documents import unborne
    from service.present import unborne_out
    from service.terminal import print_unborne

    with running_engine() as engine:
        index = engine.index()
        found = tuple(unborne(index, index.passages[: index.today]))
    if as_json:
        print_json(unborne_out(found))
    else:
        print_unborne(found, OUT)
    if strict and found:
        raise typer.Exit(1)
