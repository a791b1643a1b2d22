"""The command line. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from corpus.models import Audience, Kind
from service.settings import CHECKOUT, Settings

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy import Engine

    from corpus.store.reviews import Decision
    from ingest.fetch import Origin
    from rag.engine import Fundstelle
    from service.job_progress import ProgressFile

app = typer.Typer(
    help="Fundstelle: Fragen zum Ausländerrecht, beantwortet mit genauer Fundstelle.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
memos = typer.Typer(help="Arbeitshilfen und Erlasse prüfen und pflegen.", no_args_is_help=True)
generations = typer.Typer(help="Generationen des Index ansehen und prüfen.", no_args_is_help=True)
for _plugin in entry_points(group="fundstelle.commands"):
    # The evaluation brings its own commands: the service knows nothing of it.
    app.add_typer(_plugin.load(), name=_plugin.name)
app.add_typer(generations, name="index")
app.add_typer(memos, name="memo")

AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
ProgressTo = Annotated[
    Path | None,
    typer.Option("--progress-file", help="Fortschritt als JSON-Zeilen in diese Datei schreiben"),
]
Stichtag = Annotated[str, typer.Option("--as-of", help="Stichtag JJJJ-MM-TT")]
_out = Console()
_err = Console(stderr=True)


@app.command()
def ingest(
    laws: Annotated[str, typer.Option(help="Quelle: „auto“, URL oder Verzeichnis")] = "",
    decrees: Annotated[Path | None, typer.Option(help="Verzeichnis mit eigenen Erlassen")] = None,
    retrain: Annotated[bool, typer.Option("--retrain", help="Sprachmodell neu trainieren")] = False,
    as_json: AsJson = False,
    progress_file: ProgressTo = None,
) -> None:
    """Gesetze und Arbeitshilfen einlesen und einen neuen Index veröffentlichen."""
    with _telling(progress_file) as told:
        _ingest(laws, decrees, retrain=retrain, history=None, as_json=as_json, told=told)


@app.command()
def history(
    folder: Annotated[Path, typer.Argument(help="Verzeichnis: GESETZ/JJJJ-MM-TT/xml.zip")],
    as_json: AsJson = False,
    progress_file: ProgressTo = None,
) -> None:
    """Frühere Fassungen der Gesetze aus datierten Dateien nachtragen."""
    from ingest.fetch import DatedFiles

    with _telling(progress_file) as told:
        if not folder.is_dir():
            _fail("not_found", f"Das Verzeichnis „{folder}“ gibt es nicht.")
        if DatedFiles(folder).is_empty:
            _fail(
                "no_dated_files",
                f"In „{folder}“ liegen keine datierten Dateien. Erwartet wird die Form "
                "GESETZ/JJJJ-MM-TT/xml.zip oder JJJJ-MM-TT/GESETZ/xml.zip.",
            )
        _ingest("", None, retrain=False, history=folder, as_json=as_json, told=told)


@contextmanager
def _telling(path: Path | None) -> Iterator[ProgressFile | None]:
    """The file that a job of the service tells its progress to, and why it failed; None without."""
    from service.job_progress import ProgressFile, tell_failure

    try:
        yield ProgressFile(path) if path else None
    except Failed as error:
        if path:
            tell_failure(path, error.code, error.message)
        raise


def _ingest(
    laws: str,
    decrees: Path | None,
    *,
    retrain: bool,
    history: Path | None,
    as_json: bool,
    told: ProgressFile | None,
) -> None:
    """Read the laws from their source and all documents."""
    from ingest.errors import SourceError
    from ingest.fetch import find_origin

    settings = _settings()
    today = datetime.now(UTC).date()
    try:
        origin = find_origin(laws or settings.laws, CHECKOUT, today)
    except SourceError as error:
        _fail(error.code.value, error.message)
    _run_ingest(origin, decrees, retrain=retrain, history=history, as_json=as_json, told=told)


def _run_ingest(
    origin: Origin,
    decrees: Path | None = None,
    *,
    retrain: bool = False,
    history: Path | None = None,
    as_json: bool = False,
    told: ProgressFile | None = None,
) -> None:
    """Run an ingest; what goes wrong becomes a sentence and exit code 1."""
    from corpus.generation.foreign import ModelUnusable
    from corpus.generation.vectors import VectorsUnreachable
    from corpus.store.database import DatabaseUnreachable
    from ingest.check import GenerationBroken
    from ingest.collect import Folder
    from ingest.embed import EncoderChoice
    from ingest.errors import SourceError
    from ingest.lock import Locked
    from ingest.pipeline import IngestConfig, IngestFailed, SourceOlder, run_ingest
    from service.terminal import ProgressBar, print_report

    settings = _settings()
    today = datetime.now(UTC).date()
    folders = [Folder(CHECKOUT / "corpus" / "memos", Kind.MEMO)]
    own = decrees or settings.decrees
    if own is not None:
        folders.append(Folder(own, Kind.DECREE))
    try:
        config = IngestConfig(
            data=settings.folder,
            database=settings.database_url,
            origin=origin,
            folders=tuple(folders),
            encoder=EncoderChoice(
                settings.encoder, settings.query_prompt, settings.passage_prompt, settings.runtime
            ),
            today=today,
            retrain=retrain,
            history=history,
        )
        if told:
            report = run_ingest(config, told)
            print_report(report, _err)
        else:
            with ProgressBar(_err) as progress:
                report = run_ingest(config, progress)
    except SourceError as error:
        _fail(error.code.value, error.message)
    except ModelUnusable as error:
        _fail(error.code, error.message)
    except Locked as error:
        _fail(error.code, error.message)
    except SourceOlder as error:
        _fail("source_older", error.message)
    except GenerationBroken as error:
        _fail("generation_broken", f"Der neue Index ist fehlerhaft und wurde verworfen: {error}.")
    except (DatabaseUnreachable, VectorsUnreachable) as error:
        _fail(error.code, f"{error.message} Der bisherige Bestand bleibt gültig.")
    except IngestFailed as error:
        _fail(
            "io",
            "Datenverzeichnis oder Datenbank lassen sich nicht schreiben; der bisherige Bestand "
            f"bleibt gültig. Bitte prüfen Sie Platz und Rechte ({error}).",
        )
    if as_json:
        _print_json(report)
    else:
        print_report(report, _out)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adresse")] = "",
    port: Annotated[int, typer.Option(help="Port")] = 0,
) -> None:
    """Den Dienst starten."""
    import uvicorn

    from service.app import create_app
    from service.observe import log_to_stderr

    settings = _settings()
    _database(settings).dispose()
    log_to_stderr()
    address, number = host or settings.host, port or settings.port
    application = create_app(settings)
    _out.print(f"Fundstelle läuft auf [bold]http://{address}:{number}[/bold] (Ende mit Strg+C)")
    if not settings.admin_token.get_secret_value():
        # Not for the log: it goes to standard error.
        _out.print(f"Kennwort der Verwaltung: {application.state.admin_token}", markup=False)
    uvicorn.run(application, host=address, port=number, access_log=False, log_level="warning")


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
            _print_json(answer_out(answer, {}))
        else:
            print_answer(answer, _out)


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
            _print_json(search_out(result))
        else:
            print_hits(result, _out)


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
        _fail(
            "bad_reference",
            f"„{reference}“ ist keine Vorschrift mit Gesetz (etwa „§ 18g AufenthG“).",
        )
    day = _day(as_of)
    with _engine() as engine:
        try:
            page = read_norm(engine.index().reader, ref.law, ref.number, day)
        except UnknownNorm as error:
            body = error_of(error)[1]
            _fail(body.code, " ".join((body.message, *body.nearest)))
        if as_json:
            _print_json(norm_out(page, day))
        else:
            print_norm(page, _out)


@app.command("changes")
def show_changes(
    from_: Annotated[str, typer.Option("--from", help="Nummer des älteren Bestands")] = "",
    to: Annotated[str, typer.Option("--to", help="Nummer des neueren Bestands")] = "",
    since: Annotated[str, typer.Option(help="Statt der Bestände: Tag des älteren Rechts")] = "",
    until: Annotated[str, typer.Option(help="Tag des neueren Rechts; sonst heute")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Ausgabe als Markdown")] = False,
    as_json: AsJson = False,
) -> None:
    """Zeigen, was sich im Recht geändert hat und welche Arbeitshilfen und Fragen das betrifft."""
    from service.changes import as_markdown, wanted_report
    from service.present import changes_out
    from service.terminal import print_changes

    with _engine() as engine:
        report = wanted_report(engine, from_, to, since, until)
    if as_json:
        _print_json(changes_out(report))
    elif markdown:
        sys.stdout.write(as_markdown(report))
    else:
        print_changes(report, _out)


@app.command("gaps")
def show_gaps(as_json: AsJson = False) -> None:
    """Fragen auflisten, auf die der Dienst nichts fand, die häufigsten zuerst."""
    from corpus.store.database import open_database
    from corpus.store.use import gaps
    from service.present import gaps_out
    from service.terminal import print_gaps

    engine = open_database(_settings().database_url)
    found = gaps(engine)
    engine.dispose()
    if as_json:
        _print_json(gaps_out(found))
    else:
        print_gaps(found, _out)


@app.command("coverage")
def show_coverage(as_json: AsJson = False) -> None:
    """Zeigen, welche Absätze kuratierte Fragen haben und welche Fragen mehrere Normen beanspruchen."""
    from rag.coverage import coverage
    from service.present import coverage_out
    from service.terminal import print_coverage

    with _engine() as engine:
        found = coverage(engine.index())
    if as_json:
        _print_json(coverage_out(found))
    else:
        print_coverage(found, _out)


def _settings() -> Settings:
    """The settings; a wrong one becomes a sentence."""
    try:
        return Settings()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).upper()
        _fail("bad_setting", f"Die Einstellung FUNDSTELLE_{name} hat keinen gültigen Wert.")


def _database(settings: Settings) -> Engine:
    """The corpus store; one that cannot be opened becomes a sentence."""
    from corpus.store.database import DatabaseUnreachable, open_database

    try:
        return open_database(settings.database_url)
    except DatabaseUnreachable as error:
        _fail(error.code, error.message)


@contextmanager
def _engine() -> Iterator[Fundstelle]:
    """The engine for one command; its errors become a sentence and exit code 1."""
    from ingest.errors import SourceError
    from rag.engine import Fundstelle
    from rag.errors import BadQuestion, NotReady

    settings = _settings()
    _database(settings).dispose()
    engine = Fundstelle(
        settings.folder,
        settings.database_url,
        settings.encoder,
        settings.reranker,
        settings.runtime,
    )
    try:
        yield engine
    except (BadQuestion, NotReady) as error:
        _fail(error.code, error.message)
    except SourceError as error:
        _fail(error.code.value, error.message)
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
        _fail("bad_date", f"„{text}“ ist kein gültiges Datum (Form: JJJJ-MM-TT).")


def _print_json(value: BaseModel) -> None:
    sys.stdout.write(json.dumps(value.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n")


class Failed(typer.Exit):
    """The command ends with 1; its sentence has been printed."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(1)


def _fail(code: str, message: str) -> NoReturn:
    """Print the sentence and its code to standard error and leave with 1."""
    _err.print(Text.assemble((message, "red"), (f" ({code})", "dim")))
    raise Failed(code, message)


Document = Annotated[str, typer.Argument(help="Kennung des Dokuments")]
Name = Annotated[str, typer.Option("--name", help="Wer entscheidet")]
Reason = Annotated[str, typer.Option("--reason", help="Warum")]


@memos.command("list")
def list_memos(as_json: AsJson = False) -> None:
    """Die Prüfliste: Dokumente, die zu prüfen sind, die wichtigsten zuerst."""
    from rag.reviews import waiting
    from service.present import waiting_out
    from service.terminal import print_waiting

    with _engine() as engine:
        found = waiting(engine.index().reader)
    if as_json:
        _print_json(waiting_out(found))
    else:
        print_waiting(found, _out)


@memos.command("show")
def show_memo(document: Document, as_json: AsJson = False) -> None:
    """Zeigen, was zu einem Dokument entschieden und welche Datei wann ersetzt wurde."""
    from corpus.store.reviews import reviews
    from ingest.office import earlier_files
    from service.memos import require_document
    from service.present import memo_out
    from service.terminal import print_memo

    with _engine() as engine:
        decided = reviews(engine.engine, document)
        if not decided:
            require_document(engine.index().reader, document)
    files = earlier_files(_settings().folder, document)
    if as_json:
        _print_json(memo_out(document, decided, files))
    else:
        print_memo(document, decided, files, _out)


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
    """Ein Dokument zurückziehen: Es wird sofort und auf Dauer nicht mehr gezeigt."""
    from corpus.store.reviews import Decision
    from ingest.fetch import Nowhere

    _decide(document, Decision.WITHDRAWN, name, reason)
    _run_ingest(Nowhere())


def _decide(document: str, decision: Decision, name: str, reason: str) -> None:
    from service.memos import DECISION_WORDS, decide_on

    with _engine() as engine:
        decide_on(engine.index().reader, document, decision, name, reason)
    _out.print(f"{document}: {DECISION_WORDS[decision]}.", markup=False)


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

    with _engine() as engine:
        wanted = Wanted(id_ or None, title or None, audience, kind)
        memo = take_document(engine.index().reader, _settings().folder, file, wanted)
    _out.print(f"Aufgenommen: {memo.meta.id} („{memo.meta.title}“)", markup=False)
    _run_ingest(Nowhere())


@memos.command("replace")
def replace_memo(
    document: Document,
    file: Annotated[Path, typer.Argument(help="Die neue Datei: Markdown, PDF oder DOCX")],
) -> None:
    """Eine neue Datei an die Stelle eines Dokuments setzen; die bisherige bleibt aufbewahrt."""
    from ingest.fetch import Nowhere
    from service.memos import replace_by

    with _engine() as engine:
        replace_by(engine.index().reader, _settings().folder, document, file)
    _out.print(f"Ersetzt: {document}", markup=False)
    _run_ingest(Nowhere())


@generations.command("list")
def list_generations(as_json: AsJson = False) -> None:
    """Alle Generationen, die veröffentlichte markiert."""
    from corpus.store.reading import generations as all_generations
    from corpus.store.reading import published

    engine = _database(_settings())
    current = published(engine)
    rows = [
        {
            "number": g.number,
            "name": g.name,
            "created_at": g.created_at.isoformat(),
            "published": current is not None and g.number == current.number,
            "passages": g.manifest.get("passages"),
            "encoder": g.manifest.get("encoder"),
        }
        for g in all_generations(engine)
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    for row in rows:
        mark = "*" if row["published"] else " "
        _out.print(f"{mark} {row['number']:>3}  {row['name']}  {row['passages']} Fundstellen")


@generations.command("verify")
def verify_generation(as_json: AsJson = False) -> None:
    """Die veröffentlichte Generation gegen den Bestand prüfen."""
    from ingest.check import GenerationBroken, check_generation
    from rag.errors import vectors_of

    with _engine() as engine:
        index = engine.index()
        settings = _settings()
        folder = settings.folder.generation(index.manifest.name)
        now, past = index.passages[: index.today], index.passages[index.today :]
        try:
            with vectors_of(folder.path.name):
                check_generation(folder, index.manifest, now, past, index.encoder)
        except GenerationBroken as error:
            _fail("generation_broken", f"Die Generation ist fehlerhaft: {error}.")
    if as_json:
        _print_json(index.manifest)
    else:
        _out.print(f"Die Generation {index.manifest.name} ist in Ordnung.")


if __name__ == "__main__":
    app()
