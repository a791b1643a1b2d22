"""The commands that look after an installation: generations of the index, backup and restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict

from service.shell import OUT, AsJson, fail, load_settings, print_json, writing_errors

generations = typer.Typer(
    help="Generationen des Index ansehen, prüfen, wechseln und aufräumen.", no_args_is_help=True
)
_FILES = {
    "complete": "vollständig",
    "pruned": "aufgeräumt oder unvollständig",
    "other_format": "andere Form",
}


class GenerationOut(BaseModel):
    """A line of ``index list``."""

    model_config = ConfigDict(frozen=True)

    number: int
    name: str
    created_at: datetime
    published_at: datetime | None
    """When it first answered; None: never."""
    base: int | None
    """The generation it was built from."""
    published: bool
    """Whether it answers now."""
    files: str
    """``complete``, ``pruned`` or ``other_format``."""
    can_answer: bool
    """Whether ``index rollback`` can go back to it."""
    passages: int | None
    """None: its index was never finished."""


class GenerationNames(BaseModel):
    """The answer of ``index prune``."""

    removed: tuple[str, ...]


class GenerationNumber(BaseModel):
    """The answer of ``index rollback``."""

    number: int


@generations.command("list")
def list_generations(as_json: AsJson = False) -> None:
    """Alle Generationen: welche antwortet, zu welchen man zurückkehren kann."""
    rows = _rows()
    if as_json:
        print_json(rows)
        return
    for row in rows:
        mark = "*" if row.published else " "
        base = "" if row.base is None else f", gebaut auf {row.base}"
        way = ", Rückkehr möglich" if row.can_answer else ""
        OUT.print(
            f"{mark} {row.number:>3}  {row.name}  {row.created_at:%d.%m.%Y %H:%M}{base}: "
            f"{row.passages or 0} Fundstellen, Dateien {_FILES[row.files]}{way}",
            soft_wrap=True,
        )


def _rows() -> list[GenerationOut]:
    from corpus.store.database import open_database
    from ingest.generations import list_generations as all_generations

    settings = load_settings()
    with writing_errors():
        engine = open_database(settings.database_url)
        held = all_generations(settings.folder, engine)
        engine.dispose()
    return [
        GenerationOut(
            number=g.record.number,
            name=g.record.name,
            created_at=g.record.created_at,
            published_at=g.record.published_at,
            base=g.record.base,
            published=g.answering,
            files=g.condition.value,
            can_answer=g.can_answer,
            passages=g.record.passages,
        )
        for g in held
    ]


@generations.command("rollback")
def go_back(
    number: Annotated[int, typer.Argument(help="Nummer der Generation (siehe „index list“)")],
    as_json: AsJson = False,
) -> None:
    """Eine frühere Generation wieder antworten lassen; ein laufender Dienst folgt von selbst."""
    from ingest.generations import rollback

    settings = load_settings()
    with writing_errors():
        rollback(settings.folder, settings.database_url, number)
    if as_json:
        print_json(GenerationNumber(number=number))
    else:
        OUT.print(f"Die Generation {number} antwortet.")


@generations.command("prune")
def clear_away(
    keep: Annotated[int, typer.Option(min=1, help="So viele bleiben, die antwortende immer")] = 3,
    as_json: AsJson = False,
) -> None:
    """Dateien alter Generationen löschen."""
    from ingest.generations import prune

    settings = load_settings()
    with writing_errors():
        removed = prune(settings.folder, settings.database_url, keep)
    if as_json:
        print_json(GenerationNames(removed=removed))
    else:
        OUT.print(f"Gelöscht: {', '.join(removed)}." if removed else "Es gab nichts zu löschen.")


@generations.command("verify")
def verify_generation(
    number: Annotated[
        int | None, typer.Argument(help="Nummer der Generation; ohne: die antwortende")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Eine Generation prüfen: Prüfsummen, Fundstellen gegen den Bestand, Nachbarn der Vektoren."""
    from ingest.check import GenerationBroken
    from ingest.generations import verify

    settings = load_settings()
    with writing_errors():
        try:
            manifest = verify(settings.folder, settings.database_url, number)
        except GenerationBroken as error:
            fail(
                "generation_broken",
                f"Die Generation ist fehlerhaft: {error}. „fundstelle index rollback“ lässt eine andere "
                "antworten, „fundstelle ingest --retrain“ baut sie neu.",
            )
    if as_json:
        print_json(manifest)
    else:
        OUT.print(f"Die Generation {manifest.name} ist in Ordnung.")


def backup(
    file: Annotated[Path, typer.Argument(help="Zieldatei (.tar.gz)")], as_json: AsJson = False
) -> None:
    """Bestand, Index, Sprachmodell und eigene Dokumente in eine Datei sichern; der Dienst läuft weiter."""
    from ingest.backup import backup as write

    settings = load_settings()
    with writing_errors():
        card = write(settings.folder, settings.database_url, settings.folder.documents, file)
    if as_json:
        print_json(card)
    else:
        size = file.stat().st_size / 1_000_000
        OUT.print(f"Gesichert: Generation {card.number}, {len(card.files)} Dateien, {size:.1f} MB.")
        if settings.decrees is not None:
            OUT.print("Nicht enthalten ist das Verzeichnis aus FUNDSTELLE_DECREES.")


def restore(
    file: Annotated[Path, typer.Argument(help="Datei von „fundstelle backup“")],
    force: Annotated[
        bool, typer.Option("--force", help="Ersetzen, was im Datenverzeichnis liegt")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Eine Sicherung einspielen; was da war, bleibt, wenn etwas misslingt."""
    from ingest.backup import restore as read

    settings = load_settings()
    with writing_errors():
        card = read(settings.folder, settings.database_url, file, force=force)
    if as_json:
        print_json(card)
        return
    OUT.print(f"Wiederhergestellt: Generation {card.number} vom {card.created_at:%d.%m.%Y}.")
