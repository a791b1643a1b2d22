"""The command line. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.models import Audience
from service import upkeep
from service.gate import inspection
from service.settings import CHECKOUT
from service.shell import ERR, OUT, AsJson, fail, load_settings, print_json, writing_errors

if TYPE_CHECKING:
    from rag.engine import Fundstelle

app = typer.Typer(
    help="Fundstelle: Fragen zum Ausländerrecht, beantwortet mit genauer Fundstelle.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _plugin in entry_points(group="fundstelle.commands"):
    # The evaluation brings its own commands: the service knows nothing of it.
    app.add_typer(_plugin.load(), name=_plugin.name)
app.add_typer(upkeep.generations, name="index")
app.command()(upkeep.backup)
app.command()(upkeep.restore)

Stichtag = Annotated[str, typer.Option("--as-of", help="Stichtag JJJJ-MM-TT")]


@app.command()
def ingest(
    laws: Annotated[str, typer.Option(help="Quelle: „auto“, URL oder Verzeichnis")] = "",
    decrees: Annotated[Path | None, typer.Option(help="Verzeichnis mit eigenen Erlassen")] = None,
    retrain: Annotated[bool, typer.Option("--retrain", help="Sprachmodell neu trainieren")] = False,
    as_json: AsJson = False,
) -> None:
    """Gesetze und Arbeitshilfen einlesen und einen neuen Index veröffentlichen."""
    _ingest(laws, decrees, retrain=retrain, history=None, as_json=as_json)


@app.command()
def history(
    folder: Annotated[Path, typer.Argument(help="Verzeichnis: GESETZ/JJJJ-MM-TT/xml.zip")],
    as_json: AsJson = False,
) -> None:
    """Frühere Fassungen der Gesetze aus datierten Dateien nachtragen."""
    from ingest.fetch import DatedFiles

    if not folder.is_dir():
        fail("not_found", f"Das Verzeichnis „{folder}“ gibt es nicht.")
    if DatedFiles(folder).is_empty:
        fail(
            "no_dated_files",
            f"In „{folder}“ liegen keine datierten Dateien. Erwartet wird die Form "
            "GESETZ/JJJJ-MM-TT/xml.zip oder JJJJ-MM-TT/GESETZ/xml.zip.",
        )
    _ingest("", None, retrain=False, history=folder, as_json=as_json)


def _ingest(
    laws: str, decrees: Path | None, *, retrain: bool, history: Path | None, as_json: bool
) -> None:
    """Run an ingest; what goes wrong becomes a sentence and exit code 1."""
    from corpus.models import Kind
    from ingest.check import GenerationBroken
    from ingest.collect import Folder
    from ingest.embed import EncoderChoice
    from ingest.errors import SourceError
    from ingest.fetch import find_origin
    from ingest.pipeline import IngestConfig, SourceOlder, run_ingest
    from service.terminal import ProgressBar, print_report

    settings = load_settings()
    today = datetime.now(UTC).date()
    folders = [Folder(CHECKOUT / "corpus" / "memos", Kind.MEMO)]
    own = decrees or settings.decrees
    if own is not None:
        folders.append(Folder(own, Kind.DECREE))
    with writing_errors():
        try:
            config = IngestConfig(
                data=settings.folder,
                database=settings.database_url,
                origin=find_origin(laws or settings.laws, CHECKOUT, today),
                folders=tuple(folders),
                encoder=EncoderChoice(
                    settings.encoder, settings.query_prompt, settings.passage_prompt
                ),
                today=today,
                retrain=retrain,
                history=history,
                inspect=inspection(settings, CHECKOUT / "eval" / "cases" / "dev.jsonl"),
            )
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


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adresse")] = "",
    port: Annotated[int, typer.Option(help="Port")] = 0,
) -> None:
    """Den Dienst starten."""
    import uvicorn

    from corpus.store.database import open_database
    from service.app import create_app
    from service.observe import log_to_stderr

    settings = load_settings()
    log_to_stderr()
    with writing_errors():
        open_database(settings.database_url).dispose()
    address, number = host or settings.host, port or settings.port
    OUT.print(f"Fundstelle läuft auf [bold]http://{address}:{number}[/bold] (Ende mit Strg+C)")
    uvicorn.run(
        create_app(settings), host=address, port=number, access_log=False, log_level="warning"
    )


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Die Frage")],
    as_of: Stichtag = "",
    public: Annotated[bool, typer.Option("--public", help="Nur öffentliche Quellen")] = False,
    as_json: AsJson = False,
) -> None:
    """Eine Frage mit Zitaten beantworten."""
    from service.present import answer_out
    from service.terminal import print_answer

    with _engine() as engine:
        answer = engine.ask(question, as_of=_day(as_of), audience=_audience(public))
        if as_json:
            print_json(answer_out(answer, {}))
        else:
            print_answer(answer, OUT)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="Frage oder Suchbegriffe")],
    k: Annotated[int, typer.Option(min=1, max=100, help="Anzahl der Fundstellen")] = 10,
    as_of: Stichtag = "",
    public: Annotated[bool, typer.Option("--public", help="Nur öffentliche Quellen")] = False,
    as_json: AsJson = False,
) -> None:
    """Fundstellen zu einer Frage auflisten."""
    from service.present import search_out
    from service.terminal import print_hits

    day = _day(as_of)
    with _engine() as engine:
        result = engine.search(question, k=k, as_of=day, audience=_audience(public))
        if as_json:
            print_json(search_out(result))
        else:
            print_hits(result, OUT)


@app.command()
def norm(
    reference: Annotated[str, typer.Argument(help="Vorschrift, etwa „§ 18g AufenthG“")],
    as_of: Stichtag = "",
    as_json: AsJson = False,
) -> None:
    """Eine Vorschrift im Wortlaut zeigen."""
    from corpus.citations import parse
    from rag.norms import UnknownNorm, read_norm
    from service.errors import error_of
    from service.present import norm_out
    from service.terminal import print_norm

    ref = parse(reference)
    if ref is None:
        fail(
            "bad_reference",
            f"„{reference}“ ist keine Vorschrift mit Gesetz (etwa „§ 18g AufenthG“).",
        )
    day = _day(as_of)
    with _engine() as engine:
        try:
            page = read_norm(engine.index().reader, ref.law, ref.number, day)
        except UnknownNorm as error:
            body = error_of(error)[1]
            fail(body.code, " ".join((body.message, *body.nearest)))
        if as_json:
            print_json(norm_out(page, day))
        else:
            print_norm(page, OUT)


@app.command("coverage")
def show_coverage(as_json: AsJson = False) -> None:
    """Zeigen, welche Absätze kuratierte Fragen haben und welche Fragen mehrere Normen beanspruchen."""
    from rag.coverage import coverage
    from service.present import coverage_out
    from service.terminal import print_coverage

    with _engine() as engine:
        found = coverage(engine.index())
    if as_json:
        print_json(coverage_out(found))
    else:
        print_coverage(found, OUT)


@contextmanager
def _engine() -> Iterator[Fundstelle]:
    """The engine for one command; its errors become a sentence and exit code 1."""
    from rag.engine import Fundstelle
    from rag.errors import BadQuestion, NotReady

    settings = load_settings()
    with writing_errors():
        engine = Fundstelle(settings.folder, settings.database_url, settings.encoder)
    try:
        yield engine
    except (BadQuestion, NotReady) as error:
        fail(error.code, error.message)
    finally:
        engine.close()


def _audience(public: bool) -> Audience | None:
    return Audience.PUBLIC if public else None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("bad_date", f"„{text}“ ist kein gültiges Datum (Form: JJJJ-MM-TT).")


if __name__ == "__main__":
    app()
