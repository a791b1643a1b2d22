"""Look at the cases from the command line, and see which are to be checked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from corpus.cases import CaseError
from corpus.generation.files import DataFolder
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, published
from eval import names
from eval.casebook import Casebook
from eval.due import DueCases
from eval.shell import OUT, AsJson, DataDir, fail, print_json, refusals


def list_cases(
    file: Annotated[str, typer.Option(help="Nur diese Datei, etwa „dev“ oder „eigene“")] = "",
    due: Annotated[
        bool, typer.Option("--due", help="Nur die zu prüfenden: ihre Stelle lautet jetzt anders")
    ] = False,
    data: DataDir = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Die Fälle auflisten, mitgelieferte und eigene, mit denen, die zu prüfen sind."""
    folder = DataFolder(data)
    engine = open_database(os.environ.get("FUNDSTELLE_DATABASE") or folder.database)
    current = published(engine)
    if current is None:
        fail("not_ready", "Es gibt noch keinen Bestand. Bitte führen Sie „make ingest“ aus.")
    book = Casebook(folder.cases)
    check = DueCases(CorpusReader(engine, current.number))
    try:
        with refusals():
            files = [book.file(file)] if file else book.files()
        found = [(one, case, check.reasons(one, case)) for one in files for case in one.cases()]
    except CaseError as error:
        fail(error.code, error.message)
    finally:
        engine.dispose()
    found = [entry for entry in found if entry[2] or not due]
    if as_json:
        print_json(
            [
                {
                    "file": one.name,
                    **case.model_dump(mode="json", by_alias=True),
                    "due": reasons,
                }
                for one, case, reasons in found
            ]
        )
        return
    for one, case, reasons in found:
        kind = names.shown(names.TYPES, case.type)
        lines = [f"{one.name}/{case.id} ({kind}): {case.question}"]
        lines += [f"    zu prüfen: {reason}" for reason in reasons]
        OUT.print(Text("\n".join(lines)), soft_wrap=True)
    OUT.print(f"{len(found)} Fälle" + (" sind zu prüfen." if due else "."), highlight=False)
