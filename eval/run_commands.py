"""Look at runs from the command line: the list, one run, one case, two runs against each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from eval import names
from eval.export import changes_json, comparison_csv, run_csv
from eval.results import CaseResult, Run
from eval.run_json import rows_json
from eval.shelf import HEADLINE, Card, Shelf, case_of, compared, system_of
from eval.shell import OUT, RUNS, AsJson, RunsDir, chosen_run, fail, print_json, refusals
from eval.summary import METRICS, CaseChange, MetricChange, Row, case_changes, summarise
from eval.verdicts import verdict_of

RunName = Annotated[str, typer.Argument(help="Name des Laufs, oder seine Datei (JSON)")]
System = Annotated[str, typer.Option(help="System; ohne Angabe das erste des Laufs")]
_SHORT = (
    "recall@1",
    "recall@5",
    "ndcg@10",
    "absatz_recall@5",
    "citation_validity",
    "quotes_verbatim",
    "fact_first",
)


def list_runs(runs: RunsDir = RUNS, as_json: AsJson = False) -> None:
    """Alle Läufe auflisten, die neuesten zuerst."""
    cards = Shelf(runs).cards()
    if as_json:
        print_json([_card_json(card) for card in cards])
        return
    table = Table("Lauf", "Fälle", "n", "Bestand", *(METRICS[m] for m in HEADLINE), box=None)
    for card in cards:
        means = [card.estimates[metric].mean for metric in HEADLINE]
        figures = ["n/a" if mean is None else f"{mean:.3f}" for mean in means]
        table.add_row(card.name, card.cases_file, str(card.cases), card.main.version, *figures)
    OUT.print(table if cards else f"In „{runs}“ liegt noch kein Lauf.")


def _card_json(card: Card) -> dict[str, object]:
    settings = card.main.settings
    return {
        "name": card.name,
        "created_at": card.created_at.isoformat(),
        "cases_file": card.cases_file,
        "cases_digest": card.cases_digest,
        "cases": card.cases,
        "systems": card.systems,
        "corpus_version": card.main.version,
        "settings": settings.model_dump() if settings else None,
        "has_details": card.has_details,
        "metrics": {name: asdict(estimate) for name, estimate in card.estimates.items()},
    }


def show_run(run: RunName, runs: RunsDir = RUNS, as_json: AsJson = False) -> None:
    """Die Kennzahlen eines Laufs mit Intervallen, je System und Gruppe."""
    with refusals():
        found = chosen_run(run, runs)
    rows = summarise(found)
    if as_json:
        print_json(rows_json(found.name, rows))
        return
    for system in found.systems:
        settings = system.settings
        how = (
            f"Suche {settings.encoder}, Reranker {settings.reranker or 'keiner'}, "
            f"Antwort {settings.model or 'nur Zitate'}"
            if settings
            else "Einstellungen nicht vermerkt"
        )
        OUT.print(f"{system.system}: Bestand {system.version}, {how}", highlight=False)
    print_rows(rows)


def show_case(
    run: RunName,
    id_: Annotated[str, typer.Argument(metavar="FALL", help="Kennung des Falls")],
    system: System = "",
    runs: RunsDir = RUNS,
    as_json: AsJson = False,
) -> None:
    """Einen Fall eines Laufs ganz zeigen: Frage, Funde mit Begründung, Antwort, was richtig ist."""
    with refusals():
        case = case_of(system_of(chosen_run(run, runs), system), id_)
    if as_json:
        print_json(case.model_dump(mode="json"))
    else:
        _print_case(case)


def compare_runs(
    a: Annotated[str, typer.Argument(help="Lauf A: Name oder Datei (JSON)")],
    b: Annotated[str, typer.Argument(help="Lauf B: Name oder Datei (JSON)")],
    system: Annotated[str, typer.Option(help="Verglichenes System")] = "fundstelle",
    metric: Annotated[
        str, typer.Option(help="Kennzahl, deren Fragen „--answers“ zeigt")
    ] = "recall@5",
    answers: Annotated[
        bool, typer.Option("--answers", help="Gewonnene und verlorene Fragen mit beiden Antworten")
    ] = False,
    runs: RunsDir = RUNS,
    as_json: AsJson = False,
) -> None:
    """Zwei Läufe Fall für Fall vergleichen: gewonnen, verloren, Unterschied mit Intervall."""
    if metric not in METRICS:
        fail("unknown_metric", f"Eine Kennzahl „{metric}“ gibt es nicht.")
    with refusals():
        one, two = chosen_run(a, runs), chosen_run(b, runs)
        changes = compared(one, two, system)
    if as_json:
        print_json(changes_json(changes))
        return
    _print_changes(changes)
    if answers:
        _print_answers(one, two, system, case_changes(one, two, system, (metric,)))


def export(
    run: RunName,
    against: Annotated[
        str, typer.Option(help="Zweiter Lauf: dann der Vergleich, dieser gegen jenen")
    ] = "",
    system: Annotated[str, typer.Option(help="System eines Vergleichs")] = "fundstelle",
    as_csv: Annotated[bool, typer.Option("--csv", help="Tabelle als CSV (Vorgabe)")] = False,
    runs: RunsDir = RUNS,
    as_json: AsJson = False,
) -> None:
    """Einen Lauf oder einen Vergleich auf die Standardausgabe schreiben, als CSV oder JSON."""
    if as_csv and as_json:
        fail("bad_format", "Bitte wählen Sie entweder „--csv“ oder „--json“.")
    with refusals():
        one = chosen_run(run, runs)
        two = chosen_run(against, runs) if against else None
        changes = compared(one, two, system) if two else []
    if two is None:
        text = one.model_dump_json(indent=1) + "\n" if as_json else run_csv(one)
    elif as_json:
        print_json(changes_json(changes))
        return
    else:
        text = comparison_csv(case_changes(one, two, system))
    sys.stdout.write(text)


def print_rows(rows: Sequence[Row]) -> None:
    """The metrics of a run for people."""
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
    OUT.print(table)
    for row in rows:
        if row.group == "alle":
            for name, title in METRICS.items():
                OUT.print(f"{row.system:<12} {title:<24} {row.estimates[name]}", highlight=False)


def _print_case(case: CaseResult) -> None:
    lines = [f"{case.id}: {case.question}", *(f"  davor: {before}" for before in case.history)]
    lines += [
        f"Ergebnis: {verdict_of(case)}, {names.shown(names.OUTCOMES, case.outcome or 'nur Rangfolge')}",
        f"Nötig: {'; '.join(case.gold) or 'nichts'}",
    ]
    lines += [f"  richtig: {fact}" for fact in case.facts]
    lines += [f"  falsch wäre: {fact}" for fact in case.wrong]
    lines += ["Funde:"] if case.hits else [f"Rangfolge: {', '.join(case.ranking) or 'nichts'}"]
    for rank, hit in enumerate(case.hits, 1):
        parts = sorted(hit.why.items(), key=lambda part: -part[1])
        why = ", ".join(f"{names.shown(names.PARTS, name)} {value:.2f}" for name, value in parts)
        lines.append(f"  {rank:>2}. {hit.citation} {hit.score:.2f} ({why})")
    lines += _answer_lines(case)
    lines += [
        f"{title}: {'nicht bewertbar' if value is None else f'{value:.3f}'}"
        for name, title in METRICS.items()
        if name in case.metrics
        for value in (case.metrics[name],)
    ]
    OUT.print(Text("\n".join(lines)), soft_wrap=True)


def _answer_lines(case: CaseResult) -> list[str]:
    if case.answer is None:
        return [f"Zitiert: {'; '.join(case.cited) or 'nichts'}"]
    lines = [f"Antwort: {case.answer.message}"]
    for statement in case.answer.statements:
        checks = (names.shown(names.CHECKS, n) for n, held in statement.checks.items() if not held)
        failed = ", ".join(checks)
        mark = f" [nicht bestanden: {failed}]" if failed else ""
        lines.append(f"  {statement.pinpoint}: {' '.join(statement.text.split())}{mark}")
    return lines


def _print_answers(a: Run, b: Run, system: str, changes: Sequence[CaseChange]) -> None:
    old = {case.id: case for case in system_of(a, system).cases}
    new = {case.id: case for case in system_of(b, system).cases}
    for result, title in (("lost", "verloren"), ("won", "gewonnen")):
        for change in (one for one in changes if one.result == result):
            table = Table("A", "B", title=f"{title}: {change.id} {change.question}", expand=True)
            table.title_justify = "left"
            table.add_row(
                *(
                    Text("\n".join([", ".join(case.ranking[:5]), *_answer_lines(case)]))
                    for case in (old[change.id], new[change.id])
                )
            )
            OUT.print(table)


def _print_changes(changes: Sequence[MetricChange]) -> None:
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
    OUT.print(table)
    for change in changes:
        if change.won or change.lost:
            OUT.print(
                f"{METRICS[change.metric]}: gewonnen {', '.join(change.won) or 'keine'}; "
                f"verloren {', '.join(change.lost) or 'keine'}"
            )
