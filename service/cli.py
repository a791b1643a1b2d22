"""The command line. Heavy parts are imported by the command that needs them."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from corpus.models import Audience
from service import check_commands, memo_commands, upkeep
from service.settings import CHECKOUT
from service.shell import (
    OUT,
    AsJson,
    fail,
    load_settings,
    print_json,
    running_engine,
    writing_errors,
)
from service.taking_in import ProgressTo, take_in, telling

if TYPE_CHECKING:
    from corpus.progress import ProgressFile

app = typer.Typer(
    help="Fundstelle: Fragen zum Ausländerrecht, beantwortet mit genauer Fundstelle.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _plugin in entry_points(group="fundstelle.commands"):
    # The evaluation brings its own commands: the service knows nothing of it.
    app.add_typer(_plugin.load(), name=_plugin.name)
app.add_typer(upkeep.generations, name="index")
app.add_typer(memo_commands.memos, name="memo")
app.add_typer(check_commands.checks, name="check")
app.command()(upkeep.backup)
app.command()(upkeep.restore)

Stichtag = Annotated[str, typer.Option("--as-of", help="Stichtag JJJJ-MM-TT")]


@app.command()
def ingest(
    laws: Annotated[str, typer.Option(help="Quelle: „auto“, URL oder Verzeichnis")] = "",
    decrees: Annotated[Path | None, typer.Option(help="Verzeichnis mit eigenen Erlassen")] = None,
    retrain: Annotated[bool, typer.Option("--retrain", help="Sprachmodell neu trainieren")] = False,
    as_json: AsJson = False,
    progress_file: ProgressTo = None,
) -> None:
    """Gesetze und Arbeitshilfen einlesen und einen neuen Index veröffentlichen."""
    with telling(progress_file) as told:
        _ingest(laws, decrees, retrain=retrain, history=None, as_json=as_json, told=told)


@app.command()
def history(
    folder: Annotated[Path, typer.Argument(help="Verzeichnis: GESETZ/JJJJ-MM-TT/xml.zip")],
    as_json: AsJson = False,
    progress_file: ProgressTo = None,
) -> None:
    """Frühere Fassungen der Gesetze aus datierten Dateien nachtragen."""
    from ingest.fetch import DatedFiles

    with telling(progress_file) as told:
        if not folder.is_dir():
            fail("not_found", f"Das Verzeichnis „{folder}“ gibt es nicht.")
        if DatedFiles(folder).is_empty:
            fail(
                "no_dated_files",
                f"In „{folder}“ liegen keine datierten Dateien. Erwartet wird die Form "
                "GESETZ/JJJJ-MM-TT/xml.zip oder JJJJ-MM-TT/GESETZ/xml.zip.",
            )
        _ingest("", None, retrain=False, history=folder, as_json=as_json, told=told)


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

    settings = load_settings()
    today = datetime.now(UTC).date()
    try:
        origin = find_origin(laws or settings.laws, CHECKOUT, today)
    except SourceError as error:
        fail(error.code.value, error.message)
    take_in(origin, decrees, retrain=retrain, history=history, as_json=as_json, told=told)


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
    with writing_errors():
        open_database(settings.database_url).dispose()
    log_to_stderr()
    address, number = host or settings.host, port or settings.port
    application = create_app(settings)
    OUT.print(f"Fundstelle läuft auf [bold]http://{address}:{number}[/bold] (Ende mit Strg+C)")
    if not settings.admin_token.get_secret_value():
        # Not for the log: it goes to standard error.
        OUT.print(f"Kennwort der Verwaltung: {application.state.admin_token}", markup=False)
    uvicorn.run(application, host=address, port=number, access_log=False, log_level="warning")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Die Frage")],
    as_of: Stichtag = "",
    public: Annotated[bool, typer.Option("--public", help="Nur öffentliche Quellen")] = False,
    mode: Annotated[
        Literal["auto", "extractive", "generated"],
        typer.Option(
            help="Formuliert, wenn ein Sprachmodell eingerichtet ist; nur Zitate; formuliert"
        ),
    ] = "auto",
    as_json: AsJson = False,
) -> None:
    """Eine Frage mit Zitaten oder geprüften Aussagen eines Sprachmodells beantworten."""
    from rag.generated import Asked, Mode, whole_reply
    from service.present import reply_out
    from service.terminal import print_reply
    from service.writer import endpoint_of

    endpoint = endpoint_of(load_settings())
    asked = Asked(question, as_of=_day(as_of), audience=_audience(public), mode=Mode(mode))
    with running_engine() as engine:
        reply = whole_reply(engine, endpoint, asked).reply
        if as_json:
            print_json(reply_out(reply, {}))
        else:
            print_reply(reply, OUT)


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
    with running_engine() as engine:
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
    with running_engine() as engine:
        try:
            page = read_norm(engine.index().reader, ref.law, ref.number, day)
        except UnknownNorm as error:
            body = error_of(error)[1]
            fail(body.code, " ".join((body.message, *body.nearest)))
        if as_json:
            print_json(norm_out(page, day))
        else:
            print_norm(page, OUT)


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

    with running_engine() as engine:
        report = wanted_report(engine, from_, to, since, until)
    if as_json:
        print_json(changes_out(report))
    elif markdown:
        sys.stdout.write(as_markdown(report))
    else:
        print_changes(report, OUT)


@app.command("gaps")
def show_gaps(as_json: AsJson = False) -> None:
    """Fragen auflisten, auf die der Dienst nichts fand, die häufigsten zuerst."""
    from corpus.store.database import open_database
    from corpus.store.use import gaps
    from service.present import gaps_out
    from service.terminal import print_gaps

    with writing_errors():
        engine = open_database(load_settings().database_url)
        found = gaps(engine)
        engine.dispose()
    if as_json:
        print_json(gaps_out(found))
    else:
        print_gaps(found, OUT)


@app.command("coverage")
def show_coverage(as_json: AsJson = False) -> None:
    """Zeigen, welche Absätze kuratierte Fragen haben und welche Fragen mehrere Normen beanspruchen."""
    from rag.coverage import coverage
    from service.present import coverage_out
    from service.terminal import print_coverage

    with running_engine() as engine:
        found = coverage(engine.index())
    if as_json:
        print_json(coverage_out(found))
    else:
        print_coverage(found, OUT)


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
