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
    from corpus.models import Kind
    from corpus.summaries import summaries
    from rag.check.documents import unborne
    from service.present import unborne_out
    from service.terminal import print_unborne

    with running_engine() as engine:
        index = engine.index()
        # Where the official texts are there, nobody finds the summaries; norms show them all the same.
        norms = dict.fromkeys((summary.law, summary.number) for summary in summaries())
        held = [p for norm in norms for p in index.reader.passages_of(*norm)]
        short = [p for p in held if p.kind is Kind.SUMMARY]
        documents = [p for p in index.passages[: index.today] if p.kind is not Kind.SUMMARY]
        found = tuple(unborne(index, (*documents, *short)))
    if as_json:
        print_json(unborne_out(found))
    else:
        print_unborne(found, OUT)
    if strict and found:
        raise typer.Exit(1)
