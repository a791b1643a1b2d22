"""The commands that look after memos and decrees: review, take in, replace, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.models import Audience, Kind
from service.shell import OUT, AsJson, load_settings, print_json, running_engine
from service.taking_in import take_in

if TYPE_CHECKING:
    from corpus.store.reviews import Decision

memos = typer.Typer(help="Arbeitshilfen und Erlasse prüfen und pflegen.", no_args_is_help=True)

Document = Annotated[str, typer.Argument(help="Kennung des Dokuments")]
Name = Annotated[str, typer.Option("--name", help="Wer entscheidet")]
Reason = Annotated[str, typer.Option("--reason", help="Warum")]


@memos.command("list")
def list_memos(as_json: AsJson = False) -> None:
    """Die Prüfliste: Dokumente, die zu prüfen sind, die wichtigsten zuerst."""
    from rag.reviews import waiting
    from service.present import waiting_out
    from service.terminal import print_waiting

    with running_engine() as engine:
        found = waiting(engine.index().reader)
    if as_json:
        print_json(waiting_out(found))
    else:
        print_waiting(found, OUT)


@memos.command("show")
def show_memo(document: Document, as_json: AsJson = False) -> None:
    """Zeigen, was zu einem Dokument entschieden und welche Datei wann ersetzt wurde."""
    from corpus.store.reviews import reviews
    from ingest.office import earlier_files
    from service.memos import require_document
    from service.present import memo_out
    from service.terminal import print_memo

    with running_engine() as engine:
        decided = reviews(engine.engine, document)
        if not decided:
            require_document(engine.index().reader, document)
    files = earlier_files(load_settings().folder, document)
    if as_json:
        print_json(memo_out(document, decided, files))
    else:
        print_memo(document, decided, files, OUT)


@memos.command("confirm")
def confirm_memo(document: Document, name: Name, reason: Reason) -> None:
    """Bestätigen, dass ein Dokument weiterhin stimmt."""
    from corpus.store.reviews import Decision

    _decide(document, Decision.CONFIRMED, name, reason)


@memos.command("revise")
def revise_memo(document: Document, name: Name, reason: Reason) -> None:
    """Festhalten, dass ein Dokument überarbeitet ist."""
    from corpus.store.reviews import Decision

    _decide(document, Decision.REVISED, name, reason)


@memos.command("withdraw")
def withdraw_memo(document: Document, name: Name, reason: Reason) -> None:
    """Ein Dokument zurückziehen: Es wird sofort nicht mehr gezeigt, bis jemand das zurücknimmt."""
    from corpus.store.reviews import Decision
    from ingest.fetch import Nowhere

    _decide(document, Decision.WITHDRAWN, name, reason)
    take_in(Nowhere())


def _decide(document: str, decision: Decision, name: str, reason: str) -> None:
    from service.memos import DECISION_WORDS, decide_on

    with running_engine() as engine:
        decide_on(engine.index().reader, document, decision, name, reason)
    OUT.print(f"{document}: {DECISION_WORDS[decision]}.", markup=False)


@memos.command("add")
def add_memo(
    file: Annotated[Path, typer.Argument(help="Markdown, PDF oder DOCX")],
    id_: Annotated[str, typer.Option("--id", help="Kennung; sonst aus der Datei")] = "",
    title: Annotated[str, typer.Option(help="Titel; sonst aus der Datei")] = "",
    audience: Annotated[Audience | None, typer.Option(help="Für wen")] = None,
    kind: Annotated[Kind | None, typer.Option(help="memo oder decree")] = None,
) -> None:
    """Ein eigenes Dokument aufnehmen und den Bestand neu veröffentlichen."""
    from ingest.fetch import Nowhere
    from ingest.office import Wanted
    from service.memos import take_document

    with running_engine() as engine:
        wanted = Wanted(id_ or None, title or None, audience, kind)
        memo = take_document(engine.index().reader, load_settings().folder, file, wanted)
    OUT.print(f"Aufgenommen: {memo.meta.id} („{memo.meta.title}“)", markup=False)
    take_in(Nowhere())


@memos.command("replace")
def replace_memo(
    document: Document,
    file: Annotated[Path, typer.Argument(help="Die neue Datei: Markdown, PDF oder DOCX")],
) -> None:
    """Eine neue Datei an die Stelle eines Dokuments setzen; die bisherige bleibt aufbewahrt."""
    from ingest.fetch import Nowhere
    from service.memos import replace_by

    with running_engine() as engine:
        replace_by(engine.index().reader, load_settings().folder, document, file)
    OUT.print(f"Ersetzt: {document}", markup=False)
    take_in(Nowhere())
