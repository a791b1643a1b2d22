"""``fundstelle eval``: run cases, compare runs, measure speed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from eval.ablation import MEASURES, Variant, ablate
from eval.cases import Case, CaseError, load_cases
from eval.results import Run
from eval.summary import METRICS, MetricChange, Row, compare, summarise

app = typer.Typer(help="Qualität messen und Läufe vergleichen.", no_args_is_help=True)
DataDir = Annotated[
    Path, typer.Option("--data", envvar="FUNDSTELLE_DATA", help="Datenverzeichnis mit dem Bestand")
]
SEEDED_CASES = Path(__file__).parent / "seeded" / "test.jsonl"
PERSONAL_CASES = Path(__file__).parent / "personal" / "test.jsonl"
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON")]
_out = Console()
_err = Console(stderr=True)
_SHORT = (
    "recall@1",
    "recall@5",
    "ndcg@10",
    "absatz_recall@5",
    "citation_validity",
    "quotes_verbatim",
    "fact_first",
)


@app.command()
def run(
    cases: Annotated[Path, typer.Option(help="Datei mit Fällen (JSON Lines)")],
    url: Annotated[
        str, typer.Option(help="Laufender Dienst; ohne Angabe wird einer gestartet")
    ] = "",
    out: Annotated[Path, typer.Option(help="Verzeichnis für Ergebnisse")] = Path("eval/results"),
    data: DataDir = Path("var"),
    baselines: Annotated[bool, typer.Option(help="Auch die beiden Vergleichssysteme")] = True,
    as_json: AsJson = False,
) -> None:
    """Fälle durchlaufen und bewerten; schreibt JSON und eine lesbare Seite."""
    from eval.facts import facts_for
    from eval.local import open_systems
    from eval.report import write_page
    from eval.runner import run_cases

    loaded = _cases(cases)
    with open_systems(url, data, baselines=baselines) as systems, Progress(console=_err) as bar:
        tasks = {system.name: bar.add_task(system.name, total=1.0) for system in systems}
        result = run_cases(
            loaded,
            cases,
            systems,
            lambda name, share: bar.update(tasks[name], completed=share),
            facts_for(loaded),
        )
    path = result.save(out)
    write_page(result, path.with_suffix(".html"))
    rows = summarise(result)
    if as_json:
        sys.stdout.write(json.dumps(_rows_json(rows), ensure_ascii=False, indent=2) + "\n")
        return
    _print_rows(rows)
    _out.print(f"Gespeichert: {path} und {path.with_suffix('.html')}")


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
        sys.stdout.write(json.dumps(table, ensure_ascii=False, indent=2) + "\n")
    else:
        print_table(table, _out)


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
        with Progress(console=_err) as bar:
            task = bar.add_task("Varianten", total=1.0)
            found = ablate(
                fundstelle.index(), loaded, lambda share: bar.update(task, completed=share)
            )
    finally:
        fundstelle.close()
    if as_json:
        body = [asdict(variant) for variant in found]
        sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
    else:
        _print_ablation(found)


@app.command(name="compare")
def compare_runs(
    a: Annotated[Path, typer.Argument(help="Ergebnis A (JSON)")],
    b: Annotated[Path, typer.Argument(help="Ergebnis B (JSON)")],
    system: Annotated[str, typer.Option(help="Verglichenes System")] = "fundstelle",
    as_json: AsJson = False,
) -> None:
    """Zwei Läufe Fall für Fall vergleichen: gewonnen, verloren, Unterschied mit Intervall."""
    try:
        changes = compare(Run.load(a), Run.load(b), system)
    except (OSError, ValidationError) as error:
        _fail("bad_run", f"Kein lesbares Ergebnis: {error}")
    except (KeyError, ValueError) as error:
        _fail("not_comparable", f"Nicht vergleichbar: {error}")
    if as_json:
        sys.stdout.write(json.dumps(_changes_json(changes), ensure_ascii=False, indent=2) + "\n")
    else:
        _print_changes(changes)


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
        _fail("bad_cases", str(error))
    finally:
        fundstelle.close()
    if as_json:
        sys.stdout.write(to_json(result) + "\n")
    else:
        print_table(result, _out)


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
        _fail("bad_cases", str(error))
    if as_json:
        sys.stdout.write(to_json(result) + "\n")
    else:
        print_table(result, _out)


def _cases(path: Path) -> tuple[Case, ...]:
    try:
        return load_cases(path)
    except CaseError as error:
        _fail("bad_cases", str(error))


def _print_rows(rows: list[Row]) -> None:
    table = Table("System", "Gruppe", "n", *(METRICS[name] for name in _SHORT), box=None)
    for row in rows:
        table.add_row(
            row.system,
            row.group,
            str(row.cases),
            *(
                "n/a" if row.estimates[name].mean is None else f"{row.estimates[name].mean:.3f}"
                for name in _SHORT
            ),
        )
    _out.print(table)
    for row in rows:
        if row.group == "alle":
            for name, title in METRICS.items():
                _out.print(f"{row.system:<12} {title:<24} {row.estimates[name]}", highlight=False)


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
    _out.print(table)


def _print_changes(changes: list[MetricChange]) -> None:
    table = Table("Kennzahl", "n", "A", "B", "B - A", "95 %", "p", box=None)
    for change in changes:
        d = change.difference
        if d.mean is None:
            continue
        interval = "n/a" if d.low is None else f"[{d.low:+.3f}; {d.high:+.3f}]"
        p = "n/a" if d.p is None else f"{d.p:.3f}"
        a, b = change.a.mean or 0.0, change.b.mean or 0.0
        table.add_row(
            METRICS[change.metric], str(d.n), f"{a:.3f}", f"{b:.3f}", f"{d.mean:+.3f}", interval, p
        )
    _out.print(table)
    for change in changes:
        if change.won or change.lost:
            _out.print(
                f"{METRICS[change.metric]}: gewonnen {', '.join(change.won) or 'keine'}; "
                f"verloren {', '.join(change.lost) or 'keine'}"
            )


def _rows_json(rows: list[Row]) -> list[dict[str, object]]:
    return [
        {
            "system": row.system,
            "group": row.group,
            "cases": row.cases,
            "metrics": {
                name: {"n": e.n, "mean": e.mean, "low": e.low, "high": e.high}
                for name, e in row.estimates.items()
            },
        }
        for row in rows
    ]


def _changes_json(changes: list[MetricChange]) -> list[dict[str, object]]:
    return [
        {
            "metric": change.metric,
            "n": change.difference.n,
            "a": change.a.mean,
            "b": change.b.mean,
            "difference": change.difference.mean,
            "low": change.difference.low,
            "high": change.difference.high,
            "p": change.difference.p,
            "won": change.won,
            "lost": change.lost,
        }
        for change in changes
    ]


def _fail(code: str, message: str) -> NoReturn:
    _err.print(f"[red]{message}[/red] [dim]({code})[/dim]", highlight=False)
    raise typer.Exit(1)
