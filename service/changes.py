"""The change report in German words, and which one somebody wants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from corpus.cases import watching_cases
from corpus.changes import ChangedNorm, ChangeKind, LawChange
from corpus.citations import render
from corpus.diff import AbsatzDiff
from rag.changes import Affected, ChangeReport, report_of_days, report_of_generations
from rag.engine import Fundstelle
from rag.errors import BadQuestion
from service.settings import CASES

KIND_WORDS = {
    ChangeKind.ADDED: "neu",
    ChangeKind.REWORDED: "geändert",
    ChangeKind.REPEALED: "weggefallen",
    ChangeKind.MOVED: "umnummeriert",
}
ABSATZ_WORDS = {"added": "neu", "removed": "entfallen", "changed": "geändert"}
NOTHING = "Nichts zu vergleichen: Dieser Bestand brachte keinen neueren Gesetzestext."


def wanted_report(
    fundstelle: Fundstelle, old: str = "", new: str = "", since: str = "", until: str = ""
) -> ChangeReport:
    """The report on two generations (numbers), or on two days if there is a ``since``.

    Raises :class:`BadQuestion` for what is neither, and :class:`rag.errors.NotReady` for days before
    the first ingest.
    """
    cases = watching_cases(CASES)
    if not since:
        if until:
            raise BadQuestion("bad_date", "Zum Enddatum fehlt das Anfangsdatum („since“).")
        return report_of_generations(fundstelle.engine, cases, _number(old), _number(new))
    if old or new:
        raise BadQuestion("bad_range", "Bitte wählen Sie entweder zwei Bestände oder zwei Tage.")
    last = _day(until) if until else datetime.now(UTC).date()
    return report_of_days(fundstelle.index().reader, cases, _day(since), last)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuestion("bad_generation", f"„{text}“ ist keine Nummer eines Bestands.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadQuestion("bad_date", f"„{text}“ ist kein gültiges Datum (JJJJ-MM-TT).") from error


def summary_line(report: ChangeReport) -> str:
    """One sentence on how much changed."""
    if not report.laws:
        return NOTHING
    count = sum(len(law.norms) for law in report.laws)
    laws = "einem Gesetz" if len(report.laws) == 1 else f"{len(report.laws)} Gesetzen"
    norms = "eine Vorschrift lautet" if count == 1 else f"{count} Vorschriften lauten"
    return f"Neuer Text in {laws}; {norms} anders."


def norm_line(norm: ChangedNorm) -> str:
    """Norm, heading and what happened: "§ 16b AufenthG Studium: geändert"."""
    name = " ".join(filter(None, [render(norm.ref), norm.heading]))
    origin = f", bisher {render(norm.moved_from)}" if norm.moved_from else ""
    return f"{name}: {KIND_WORDS[norm.kind]}{origin}"


def absatz_line(change: AbsatzDiff) -> str:
    """Absatz and what happened: "Absatz 3: geändert"."""
    name = f"Absatz {change.absatz}" if change.absatz else "Wortlaut"
    return f"{name}: {ABSATZ_WORDS[change.change]}"


def affected_line(one: Affected) -> str:
    """Norm and counts of what rests on it, documents by name."""
    parts = [f"{one.use}-mal zitiert"] if one.use else []
    parts += [
        f"{document.passage.title} ({', '.join(render(place) for place in document.places)})"
        for document in one.documents
    ]
    if one.questions:
        parts.append(f"{one.questions} kuratierte Fragen")
    if one.cases:
        parts.append(f"Testfälle {', '.join(one.cases)}")
    if one.answers:
        parts.append(f"{len(one.answers)} freigegebene Antworten")
    return f"{render(one.ref)}: {'; '.join(parts)}"


def as_markdown(report: ChangeReport) -> str:
    """The report as a Markdown file: what is new stands bold, what is gone struck out."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: ChangeReport) -> Iterator[str]:
    yield f"# Änderungen: {_plain(report.name)}"
    yield summary_line(report)
    if report.affected:
        yield "## Wer betroffen ist"
        yield "\n".join(f"- {_plain(affected_line(one))}" for one in report.affected)
    for law in report.laws:
        yield from _law_blocks(law)


def _law_blocks(law: LawChange) -> Iterator[str]:
    yield f"## {_plain(law.law)}"
    yield (
        f"- Bisher (Text vom {law.old_day:%d.%m.%Y}): {_plain(law.old_stand)}\n"
        f"- Jetzt (Text vom {law.new_day:%d.%m.%Y}): {_plain(law.new_stand)}"
    )
    for norm in law.norms:
        yield f"### {_plain(norm_line(norm))}"
        if norm.old_heading is not None:
            yield f"Überschrift bisher: ~~{_plain(norm.old_heading)}~~"
        for change in norm.absaetze:
            yield f"**{absatz_line(change)}**"
            yield _quoted("".join(_marked(kind, text) for kind, text in change.words))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _marked(kind: str, text: str) -> str:
    """Mark every line for itself: emphasis does not reach over line ends."""
    mark = {"added": "**", "removed": "~~"}.get(kind, "")
    return "\n".join(_emphasised(line, mark) for line in text.split("\n"))


def _emphasised(line: str, mark: str) -> str:
    """White space stays outside of the marks, or they would be printed."""
    words = line.strip()
    if not words or not mark:
        return _plain(line)
    before, after = line.split(words, 1)
    return f"{before}{mark}{_plain(words)}{mark}{after}"


def _plain(text: str) -> str:
    r"""Escape what Markdown would read: ``*`` becomes ``\*``."""
    return re.sub(r"([\\`*_~\[\]<>#|])", r"\\\1", text)
