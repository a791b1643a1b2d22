"""What all commands share: settings, output, and errors as a sentence with a stable code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from service.settings import Settings

if TYPE_CHECKING:
    from pydantic import BaseModel

    from rag.engine import Fundstelle

AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
OUT = Console()
ERR = Console(stderr=True)


def load_settings() -> Settings:
    """The settings; a wrong one becomes a sentence."""
    try:
        return Settings()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).upper()
        fail("bad_setting", f"Die Einstellung FUNDSTELLE_{name} hat keinen gültigen Wert.")


def print_json(value: BaseModel | Sequence[BaseModel]) -> None:
    """Write a value, or a list of them, to standard output."""
    body = (
        [item.model_dump(mode="json") for item in value]
        if isinstance(value, Sequence)
        else value.model_dump(mode="json")
    )
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


class Failed(typer.Exit):
    """The command ends with 1; its sentence has been printed."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(1)


def fail(code: str, message: str) -> NoReturn:
    """Print the sentence and its code to standard error and leave with 1."""
    ERR.print(Text.assemble((message, "red"), (f" ({code})", "dim")))
    raise Failed(code, message)


@contextmanager
def writing_errors() -> Iterator[None]:
    """Errors of everything that changes the data directory become a sentence and exit code 1."""
    from sqlalchemy.exc import SQLAlchemyError

    from corpus.generation.foreign import ModelUnusable
    from corpus.generation.vectors import VectorsBroken, VectorsUnreachable
    from corpus.store.database import DatabaseOutdated, DatabaseUnreachable
    from ingest.backup import BackupFailed
    from ingest.generations import GenerationUnavailable
    from ingest.lock import Locked
    from ingest.pipeline import IngestFailed

    try:
        yield
    except (BackupFailed, DatabaseOutdated, GenerationUnavailable, Locked, ModelUnusable) as error:
        fail(error.code, error.message)
    except (DatabaseUnreachable, VectorsUnreachable) as error:
        fail(error.code, f"{error.message} Der bisherige Bestand bleibt gültig.")
    except (IngestFailed, OSError, SQLAlchemyError, VectorsBroken) as error:
        fail(
            "io",
            "Datenverzeichnis oder Datenbank lassen sich nicht schreiben; der bisherige Bestand "
            f"bleibt gültig. Bitte prüfen Sie Platz und Rechte ({error}).",
        )


@contextmanager
def running_engine() -> Iterator[Fundstelle]:
    """The engine for one command; its errors become a sentence and exit code 1."""
    from ingest.errors import SourceError
    from rag.engine import Fundstelle
    from rag.errors import BadQuestion, NotReady

    settings = load_settings()
    with writing_errors():
        engine = Fundstelle(
            settings.folder,
            settings.database_url,
            settings.encoder,
            settings.reranker,
            settings.runtime,
            settings.nli,
        )
    try:
        yield engine
    except (BadQuestion, NotReady) as error:
        fail(error.code, error.message)
    except SourceError as error:
        fail(error.code.value, error.message)
    finally:
        engine.close()
