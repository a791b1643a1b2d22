"""Turn stored text and spans into runs that a template can print without knowing offsets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from corpus.models import Absatz, Item, NormRef, Span


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one style."""

    text: str
    marked: bool = False
    href: str | None = None
    anchor: str = ""
    """Its id on the page; "" for none."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a norm with its depth in the enumeration."""

    depth: int
    """0: running text, 1: Nummer, 2: Buchstabe, ..."""
    label: str
    """"2." or "a)", "" for running text."""
    cells: tuple[tuple[Run, ...], ...]
    """One entry for running text, several for the row of a table."""

    @property
    def marked(self) -> bool:
        """Whether any of its words is."""
        return any(run.marked for cell in self.cells for run in cell)


def marked_runs(
    text: str, span: Span, marks: Sequence[Span], links: Sequence[tuple[Span, str]] = ()
) -> Iterator[Run]:
    """The words of ``span``, cut wherever a mark or a link begins or ends.

    All spans point into ``text``; overlapping links keep the first.
    """
    edges = {span.start, span.end}
    for other in (*marks, *(link for link, _ in links)):
        edges.update(edge for edge in (other.start, other.end) if span.start < edge < span.end)
    points = sorted(edges)
    for start, end in pairwise(points):
        piece = Span(start, end)
        href = next((url for link, url in links if piece.within(link)), None)
        yield Run(piece.of(text), any(piece.within(mark) for mark in marks), href)


def norm_lines(
    text: str, absatz: Absatz, marks: Sequence[Span], links: Sequence[tuple[Span, str]]
) -> Iterator[Line]:
    """The lines of an Absatz, enumerations with their depth and label, table rows in cells."""
    starts = {item.span.start: item for item in absatz.items}
    start = absatz.span.start
    open_items: list[Item] = []
    for raw in absatz.span.of(text).split("\n"):
        end = start + len(raw)
        open_items = [item for item in open_items if start < item.span.end]
        item = starts.get(start)
        if item is not None:
            open_items.append(item)
        label_end = start
        label = ""
        if item is not None:
            label = raw.split(" ", 1)[0] if item.labels[-1] else "–"
            if item.labels[-1] or raw[:1] in "-–—":
                label_end = min(end, start + len(raw.split(" ", 1)[0]) + 1)
        cells = tuple(
            tuple(marked_runs(text, cell, marks, links)) for cell in _cells(raw, start, label_end)
        )
        yield Line(len(open_items), label, cells)
        start = end + 1


def _cells(raw: str, start: int, label_end: int) -> Iterator[Span]:
    offset = start
    for cell in raw.split("\t"):
        begin = max(offset, label_end)
        yield Span(min(begin, offset + len(cell)), offset + len(cell))
        offset += len(cell) + 1


def place_spans(absatz: Absatz, place: NormRef) -> tuple[Span, ...]:
    """What of ``absatz`` the place names: a Nummer, a Satz, or all of it; () if it has no such part."""
    if place.satz is None and place.nummer is None and place.buchstabe is None:
        return (absatz.span,)
    if place.nummer is not None or place.buchstabe is not None:
        return tuple(
            item.span
            for item in absatz.items
            if (item.nummer, item.buchstabe) == (place.nummer, place.buchstabe)
            and (place.satz is None or str(item.satz) == place.satz)
        )
    return tuple(satz.span for satz in absatz.saetze if str(satz.number) == place.satz)


def beginning(text: str, most: int) -> str:
    """The first words, with "…" where more follow; ``most`` in characters."""
    words = text.replace("\t", " ").strip()
    return words if len(words) <= most else f"{words[:most].rpartition(' ')[0]} …"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item or a table of a memo's section."""

    kind: Literal["text", "item", "table"]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    """Rows of cells of runs; one row of one cell for text and items."""


CELL = " | "
"""What the readers of Markdown, PDF and DOCX put between the cells of a row."""
_ITEM = "- "


def section_blocks(text: str, links: Sequence[tuple[Span, str]] = ()) -> Iterator[Block]:
    """The lines of a section; neighbouring rows of cells become one table.

    ``links`` point into ``text``.
    """
    for is_row, group in groupby(_lines(text), key=lambda line: CELL in line.of(text)):
        lines = list(group)
        if is_row and len(lines) > 1:
            rows = (tuple(_split_at_cells(text, line)) for line in lines)
            cells = tuple(
                tuple(tuple(marked_runs(text, cell, (), links)) for cell in row) for row in rows
            )
            yield Block("table", cells)
            continue
        for line in lines:
            item = line.of(text).startswith(_ITEM)
            words = Span(line.start + len(_ITEM), line.end) if item else line
            runs = tuple(marked_runs(text, words, (), links))
            yield Block("item" if item else "text", ((runs,),))


def _lines(text: str) -> Iterator[Span]:
    """The lines that hold more than white space."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield Span(start, start + len(line))
        start += len(line) + 1


def _split_at_cells(text: str, line: Span) -> Iterator[Span]:
    start = line.start
    for cell in line.of(text).split(CELL):
        yield Span(start, start + len(cell))
        start += len(cell) + len(CELL)
