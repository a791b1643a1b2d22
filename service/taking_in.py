"""Run an ingest as a command: its configuration, its progress, its report, its errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.models import Kind
from service.gate import inspection
from service.settings import CHECKOUT
from service.shell import ERR, OUT, Failed, fail, load_settings, print_json, writing_errors

if TYPE_CHECKING:
    from corpus.progress import ProgressFile
    from ingest.fetch import Origin

ProgressTo = Annotated[
    Path | None,
    typer.Option("--progress-file", help="Fortschritt als JSON-Zeilen in diese Datei schreiben"),
]


@contextmanager
def telling(path: Path | None) -> Iterator[ProgressFile | None]:
    """The file that a job of the service tells its progress to, and why it failed; None without."""
    from corpus.progress import ProgressFile, tell_failure

    try:
        yield ProgressFile(path) if path else None
    except Failed as error:
        if path:
            tell_failure(path, error.code, error.message)
        raise


def take_in(
    origin: Origin,
    decrees: Path | None = None,
    *,
    retrain: bool = False,
    history: Path | None = None,
    as_json: bool = False,
    told: ProgressFile | None = None,
) -> None:
    """Run an ingest; what goes wrong becomes a sentence and exit code 1."""
    from ingest.check import GenerationBroken
    from ingest.collect import Folder
    from ingest.embed import EncoderChoice
    from ingest.errors import SourceError
    from ingest.pipeline import IngestConfig, SourceOlder, run_ingest
    from service.terminal import ProgressBar, print_report

    settings = load_settings()
    folders = [Folder(CHECKOUT / "corpus" / "memos", Kind.MEMO)]
    own = decrees or settings.decrees
    if own is not None:
        folders.append(Folder(own, Kind.DECREE))
    config = IngestConfig(
        data=settings.folder,
        database=settings.database_url,
        origin=origin,
        folders=tuple(folders),
        encoder=EncoderChoice(
            settings.encoder, settings.query_prompt, settings.passage_prompt, settings.runtime
        ),
        today=datetime.now(UTC).date(),
        retrain=retrain,
        history=history,
        inspect=inspection(settings, CHECKOUT / "eval" / "cases" / "dev.jsonl"),
    )
    with writing_errors():
        try:
            if told:
                report = run_ingest(config, told)
                print_report(report, ERR)
            else:
                with ProgressBar(ERR) as progress:
                    report = run_ingest(config, progress)
        except SourceError as error:
            fail(error.code.value, error.message)
        except SourceOlder as error:
            fail(error.code, error.message)
        except GenerationBroken as error:
            fail(
                "generation_broken", f"Der neue Index ist fehlerhaft und wurde verworfen: {error}."
            )
    if as_json:
        print_json(report)
    else:
        print_report(report, OUT)
