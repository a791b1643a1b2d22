"""How the command line shows progress, reports and answers."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from corpus.citations import render
from corpus.store.reviews import Review
from corpus.store.use import Gap
from ingest.report import IngestReport, SourceReport
from rag.answer import Answer
from rag.changes import ChangeReport
from rag.check.documents import Unborne
from rag.coverage import Coverage
from rag.generated import Reply
from rag.limits import limit_notices
from rag.norms import NormPage
from rag.outcome import Outcome
from rag.reviews import Waiting
from rag.search import SearchResult
from service.changes import affected_line, norm_line, summary_line
from service.memos import DECISION_WORDS
from service.naming import use_title
from service.writer import model_line


class ProgressBar:
    """One bar per stage of the ingest."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn(), console=console
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def stage(self, name: str) -> None:
        """Begin the bar of a stage."""
        self._task = self._progress.add_task(name, total=1.0)

    def share(self, done: float) -> None:
        """Move the current bar."""
        if self._task is not None:
            self._progress.update(self._task, completed=done)


def print_report(report: IngestReport, console: Console) -> None:
    """What an ingest did."""
    if not report.official:
        console.print(
            "[bold red]Die amtlichen Gesetzestexte fehlen.[/bold red] Der Bestand besteht aus "
            "Arbeitshilfen und nichtamtlichen Kurzfassungen.\nAbhilfe: Verbindung zur amtlichen "
            "Seite herstellen oder mit FUNDSTELLE_LAWS einen Spiegel angeben, dann „make ingest“."
        )
    changed = [source for source in report.sources if not source.unchanged]
    if changed:
        table = Table("Quelle", "Stand", "neu", "geändert", "weggefallen", box=None)
        for source in changed:
            table.add_row(Text(source.name), Text(_stand(source)), *_counts(source))
        console.print(table)
    unchanged = len(report.sources) - len(changed)
    console.print(f"{unchanged} Quellen unverändert, {len(report.removed)} entfernt.")
    for problem in report.problems:
        line = Text.assemble(
            ("Nicht übernommen: ", "yellow"), problem.message, (f" ({problem.code})", "dim")
        )
        console.print(line)
    seconds = sum(report.seconds.values())
    if report.published is None:
        console.print(f"Nichts zu tun, der Bestand ist aktuell ({seconds:.1f} s).")
        return
    console.print(
        f"Veröffentlicht: {report.published} mit {report.passages} Fundstellen und "
        f"{report.questions} kuratierten Fragen ({seconds:.1f} s)."
    )


def _stand(source: SourceReport) -> str:
    return source.stand.split("; ")[-1]


def _counts(source: SourceReport) -> tuple[str, str, str]:
    return str(len(source.added)), str(len(source.changed)), str(len(source.repealed))


def print_answer(answer: Answer, console: Console) -> None:
    """An answer with its quotes."""
    if answer.outcome is not Outcome.ANSWERED:
        console.print(Text(answer.message))
    shown = ""
    for statement in answer.statements:
        title = use_title(statement.use, statement.joined)
        if title and title != shown:
            console.print(Text(f"{title}:", style="italic"))
        shown = title
        console.print(Text(statement.pinpoint, style="bold"))
        console.print(Padding(Text(statement.text), (0, 0, 1, 2)))
    for notice in answer.notices:
        console.print(Text(f"Hinweis: {notice}", style="yellow"))
    if not answer.outcome.has_answer and answer.passages:
        nearest = "; ".join(shown.passage.citation for shown in answer.passages[:5])
        console.print(Text(f"Nächstliegend: {nearest}"))
    console.print(Text(answer.label, style="dim"))


def print_reply(reply: Reply, console: Console) -> None:
    """An answer, with what a language model had to do with it."""
    if reply.understood is not None:
        console.print(Text(f"Verstanden als: {reply.understood}"))
    if any(not statement.quote for statement in reply.answer.statements):
        console.print(Text(reply.answer.message))
    print_answer(reply.answer, console)
    if reply.model is not None:
        console.print(Text(model_line(reply.model), style="dim"))


def print_coverage(coverage: Coverage, console: Console) -> None:
    """The catalogue, one line per law, then the questions in doubt."""
    table = Table("Gesetz", "Absätze", "mit Fragen", "Fragen", "ohne Fragen", box=None)
    for law in coverage.laws:
        gaps = str(len(law.without))
        table.add_row(law.law, str(law.absaetze), str(law.covered), str(law.questions), gaps)
    console.print(table)
    console.print(f"{len(coverage.claims)} Fragen, die mehrere Normen beanspruchen:")
    for claim in coverage.claims:
        console.print(Text(f"  {claim.question}: {', '.join(render(n) for n in claim.norms)}"))


_WORD_STYLES = {"same": "", "removed": "red strike", "added": "green underline"}


def print_changes(report: ChangeReport, console: Console) -> None:
    """What changed, law by law, then who is affected."""
    console.print(Text(report.name, style="bold"))
    console.print(Text(summary_line(report)))
    for law in report.laws:
        console.print(Text(f"\n{law.law}: {law.amended_by}", style="bold"))
        for norm in law.norms:
            console.print(Text(norm_line(norm), style="bold"))
            for change in norm.absaetze:
                words = Text.assemble(*((text, _WORD_STYLES[kind]) for kind, text in change.words))
                console.print(Padding(words, (0, 0, 0, 2)))
    for one in report.affected:
        console.print(Text(affected_line(one)))


def print_waiting(found: Sequence[Waiting], console: Console) -> None:
    """The worklist, one document per block."""
    if not found:
        console.print("Zurzeit ist nichts zu prüfen.")
    for one in found:
        console.print(Text.assemble((one.document, "bold"), f"  {one.title}"))
        for reason in one.reasons:
            console.print(Text(f"  zu prüfen: {reason}", style="yellow"))


def print_gaps(found: Sequence[Gap], console: Console) -> None:
    """Questions that found nothing, one line each."""
    if not found:
        console.print("Bisher fand jede Frage etwas.")
    for gap in found:
        line = Text.assemble(
            f"{gap.count:>4}  {gap.example}", (f"  ({gap.outcome}, {gap.day:%d.%m.%Y})", "dim")
        )
        console.print(line)


def print_memo(
    document: str, decided: Sequence[Review], files: Sequence[str], console: Console
) -> None:
    """The history of a document."""
    console.print(Text(document, style="bold"))
    for review in decided:
        console.print(Text(f"{review.opened_on:%d.%m.%Y} zu prüfen: {review.reason}"))
        if review.decision is not None and review.decided_on is not None:
            word = DECISION_WORDS[review.decision]
            line = f"  {review.decided_on:%d.%m.%Y} {word} von {review.decided_by}: {review.note}"
            console.print(Text(line))
    for name in files:
        console.print(Text(f"Frühere Datei: {name}"))


def print_hits(result: SearchResult, console: Console) -> None:
    """Ranked passages, one line each."""
    for rank, hit in enumerate(result.hits, 1):
        why = ", ".join(f"{name} {value:.2f}" for name, value in hit.why.items())
        console.print(Text(f"{rank:>2}. {hit.passage.citation}  {hit.passage.heading}"))
        console.print(Text(f"    {hit.score:.2f} = {why}", style="dim"))
    for notice in limit_notices(result.question):
        console.print(Text(f"Hinweis: {notice}", style="yellow"))


def print_norm(page: NormPage, console: Console) -> None:
    """A norm with its wording."""
    console.print(Text(f"{render(page.norm.ref)} {page.norm.heading}", style="bold"))
    console.print(Text(page.stand, style="dim"))
    console.print(Text(page.norm.text))
    for notice in page.notices:
        console.print(Text(f"Hinweis: {notice}", style="yellow"))


def print_unborne(found: Sequence[Unborne], console: Console) -> None:
    """Sentences of documents that their norms do not bear, one block each."""
    for one in found:
        console.print(Text(one.passage.citation, style="bold"))
        console.print(Padding(Text(one.sentence), (0, 0, 0, 2)))
        for finding in one.findings:
            console.print(Text(f"  {one.cited}: {finding.message}", style="yellow"))
    console.print(f"{len(found)} Sätze, die das zitierte Gesetz so nicht trägt.")
