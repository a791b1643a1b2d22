"""``fundstelle eval``: run cases, measure parts and speed; the other commands are beside it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from httpx import HTTPError
from rich.progress import Progress
from rich.table import Column, Table

from corpus.progress import ProgressFile, tell_failure
from eval import case_commands, run_commands
from eval.ablation import MEASURES, Variant, ablate
from eval.cases import Case, CaseError, load_cases
from eval.results import Run
from eval.run_json import rows_json
from eval.shell import ERR, OUT, RUNS, AsJson, DataDir, Failed, fail, print_json
from eval.summary import METRICS, summarise
from rag.errors import NotReady

app = typer.Typer(help="Qualität messen und Läufe vergleichen.", no_args_is_help=True)
app.command("runs")(run_commands.list_runs)
app.command("show")(run_commands.show_run)
app.command("case")(run_commands.show_case)
app.command("compare")(run_commands.compare_runs)
app.command("export")(run_commands.export)
app.command("cases")(case_commands.list_cases)
SEEDED_CASES = Path(__file__).parent / "seeded" / "test.jsonl"
PERSONAL_CASES = Path(__file__).parent / "personal" / "test.jsonl"


@app.command()
def run(
    cases: Annotated[Path, typer.Option(help="Datei mit Fällen (JSON Lines)")],
    url: Annotated[
        str, typer.Option(help="Laufender Dienst; ohne Angabe wird einer gestartet")
    ] = "",
    out: Annotated[
        Path, typer.Option(envvar="FUNDSTELLE_RUNS", help="Verzeichnis für Ergebnisse")
    ] = RUNS,
    data: DataDir = Path("var"),
    baselines: Annotated[bool, typer.Option(help="Auch die beiden Vergleichssysteme")] = True,
    as_json: AsJson = False,
    progress_file: Annotated[
        Path | None, typer.Option(help="Fortschritt als JSON-Zeilen in diese Datei schreiben")
    ] = None,
) -> None:
    """Fälle durchlaufen und bewerten; schreibt JSON und eine lesbare Seite."""
    from eval.report import write_page

    try:
        result = _run(cases, url, data, baselines=baselines, told=progress_file)
        path = result.save(out)
        write_page(result, path.with_suffix(".html"))
    except Failed as error:
        if progress_file:
            tell_failure(progress_file, error.code, error.message)
        raise
    rows = summarise(result)
    if as_json:
        print_json(rows_json(result.name, rows))
        return
    run_commands.print_rows(rows)
    OUT.print(f"Gespeichert: {path} und {path.with_suffix('.html')}")


def _run(cases: Path, url: str, data: Path, *, baselines: bool, told: Path | None) -> Run:
    from eval.facts import facts_for
    from eval.local import open_systems
    from eval.runner import run_cases

    loaded = _cases(cases)
    file = ProgressFile(told) if told else None
    if file:
        file.stage("Dienst starten")
    try:
        with open_systems(url, data, baselines=baselines) as systems, Progress(console=ERR) as bar:
            tasks = {system.name: bar.add_task(system.name, total=1.0) for system in systems}
            if file:
                file.stage(f"{len(loaded)} Fälle stellen")

            def follow(name: str, share: float) -> None:
                bar.update(tasks[name], completed=share)
                if file:
                    file.share((list(tasks).index(name) + share) / len(tasks))

            return run_cases(loaded, cases, systems, follow, facts_for(loaded))
    except (NotReady, TimeoutError, HTTPError) as error:
        reason = error.message if isinstance(error, NotReady) else str(error)
        fail("not_ready", f"Der Dienst antwortet nicht: {reason}")


@app.command()
def bench(
    data: DataDir = Path("var"),
    ingest: Annotated[bool, typer.Option(help="Auch das Einlesen messen")] = True,
    as_json: AsJson = False,
) -> None:
    """Zeiten und Speicher messen: Einlesen, Start, Antwortzeiten, Durchsatz."""
    from eval.bench import measure, print_table

    table = measure(data, with_ingest=ingest)
    if as_json:
        print_json(table)
    else:
        print_table(table, OUT)


@app.command()
def ablation(
    cases: Annotated[Path, typer.Option(help="Datei mit Fällen (JSON Lines)")],
    data: DataDir = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Messen, was jeder Teil der Rangfolge beiträgt: dieselben Fälle ohne ihn."""
    from eval.local import open_here

    loaded = _cases(cases)
    fundstelle = open_here(data, reranked=True)
    try:
        with Progress(console=ERR) as bar:
            task = bar.add_task("Varianten", total=1.0)
            found = ablate(
                fundstelle.index(), loaded, lambda share: bar.update(task, completed=share)
            )
    finally:
        fundstelle.close()
    if as_json:
        print_json([asdict(variant) for variant in found])
    else:
        _print_ablation(found)


@app.command()
def seeded(
    cases: Annotated[
        Path, typer.Option(help="Datei mit Aussagen, wahren und falschen (JSON Lines)")
    ] = SEEDED_CASES,
    data: DataDir = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Messen, wie gut die Prüfung der Aussagen eingebaute Fehler erkennt und wahre gelten lässt."""
    from eval.local import open_here
    from eval.seeded import load_seeded, measure, print_table, to_json

    fundstelle = open_here(data, reranked=False, judged=True)
    try:
        result = measure(load_seeded(cases), fundstelle.index())
    except CaseError as error:
        fail("bad_cases", str(error))
    finally:
        fundstelle.close()
    if as_json:
        sys.stdout.write(to_json(result) + "\n")
    else:
        print_table(result, OUT)


@app.command()
def personal(
    cases: Annotated[
        Path, typer.Option(help="Datei mit Zeilen {text, spans} (JSON Lines)")
    ] = PERSONAL_CASES,
    as_json: AsJson = False,
) -> None:
    """Messen, wie genau Personendaten erkannt werden: Präzision und Ausbeute je Art."""
    from eval.personal import load_examples, measure, print_table, to_json

    try:
        result = measure(load_examples(cases))
    except CaseError as error:
        fail("bad_cases", str(error))
    if as_json:
        sys.stdout.write(to_json(result) + "\n")
    else:
        print_table(result, OUT)


def _cases(path: Path) -> tuple[Case, ...]:
    try:
        return load_cases(path)
    except CaseError as error:
        fail("bad_cases", str(error))


def _print_ablation(found: Sequence[Variant]) -> None:
    # On a narrow screen the figures wrap, the name of a variant stays whole.
    name_column = Column("Variante", no_wrap=True)
    table = Table(name_column, *(METRICS[name] for name in MEASURES), box=None)
    for variant in found:
        cells = []
        for name in MEASURES:
            mean, change = variant.estimates[name].mean, variant.against_full[name].mean
            cells.append("n/a" if mean is None or change is None else f"{mean:.3f} ({change:+.3f})")
        table.add_row(variant.name, *cells)
    OUT.print(table)
