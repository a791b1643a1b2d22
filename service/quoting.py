"""How a page shows an answer: quotes by passage, each tied to its words in the source beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from corpus.models import Kind, Passage, Span
from rag.answer import Answer, CitedPassage, Statement
from rag.decisive import Use
from service.links import norm_href, passage_href
from service.markup import CELL, Run, marked_runs
from service.naming import use_title


@dataclass(frozen=True, slots=True)
class QuotePart:
    """A paragraph of a quote, or neighbouring rows of a table; its figures marked."""

    kind: Literal["text", "table"]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    """Rows of cells of runs; one row of one cell for text."""


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """One quote."""

    parts: tuple[QuotePart, ...]
    pinpoint: str
    anchor: str
    """Id of its first word in the source beside it."""
    href: str
    """The same place on the page of its norm or document."""


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """Quotes that do the same for the answer."""

    title: str
    """"Voraussetzungen (alle müssen vorliegen)"; "" for what answers."""
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True)
class PassageBlock:
    """A passage with what is quoted from it; without quotes it is only a near one."""

    passage: Passage
    groups: tuple[QuoteGroup, ...]
    review: str | None
    """"zu prüfen: ..."."""
    href: str
    runs: tuple[Run, ...]
    """Its whole text with the quoted words marked."""


def passage_blocks(answer: Answer) -> tuple[PassageBlock, ...]:
    """The passages of an answer in its order."""
    return tuple(_block(answer, number, shown) for number, shown in enumerate(answer.passages, 1))


def _block(answer: Answer, number: int, shown: CitedPassage) -> PassageBlock:
    passage = shown.passage
    own = [s for s in answer.statements if s.quote and passage.id in s.citations]
    spans = sorted({s.span for s in own if s.span is not None})
    anchors = {span.start: f"stelle-{number}-{at}" for at, span in enumerate(spans, 1)}
    groups = groupby(_read_in_order(own), key=lambda s: (s.use, s.joined))
    return PassageBlock(
        passage,
        tuple(
            QuoteGroup(
                use_title(use, joined), tuple(_quote(answer, passage, s, anchors) for s in group)
            )
            for (use, joined), group in groups
        ),
        answer.reviews.get(passage.document),
        passage_href(passage, answer.as_of),
        tuple(_anchored(passage.text, shown.highlight, anchors)),
    )


def _quote(
    answer: Answer, passage: Passage, statement: Statement, anchors: Mapping[int, str]
) -> ShownQuote:
    place = statement.place
    return ShownQuote(
        tuple(_parts(statement)),
        statement.pinpoint,
        anchors[statement.span.start] if statement.span else "",
        norm_href(place, answer.as_of) if place else passage_href(passage, answer.as_of),
    )


def _parts(statement: Statement) -> Iterator[QuotePart]:
    lines = groupby(_lines(statement), key=lambda cells: len(cells) > 1)
    for is_row, group in lines:
        rows = tuple(group)
        if is_row and len(rows) > 1:
            yield QuotePart("table", rows)
        else:
            yield from (QuotePart("text", ((cell,),)) for row in rows for cell in row)


def _lines(statement: Statement) -> Iterator[tuple[tuple[Run, ...], ...]]:
    """Each line as its cells; a memo's table keeps one row a line."""
    text, start = statement.text, 0
    for line in text.split("\n"):
        cells = []
        for cell in line.split(CELL) if statement.kind is not Kind.LAW else [line]:
            end = start + len(cell)
            cells.append(tuple(marked_runs(text, Span(start, end), statement.figures)))
            start = end + len(CELL)
        yield tuple(cells)
        start += 1 - len(CELL)


def _anchored(text: str, marks: Sequence[Span], anchors: Mapping[int, str]) -> Iterator[Run]:
    """The marked text; the first run of each quote carries its anchor."""
    start = 0
    for run in marked_runs(text, Span(0, len(text)), marks):
        yield replace(run, anchor=anchors.get(start, "") if run.marked else "")
        start += len(run.text)


def _read_in_order(statements: Sequence[Statement]) -> list[Statement]:
    """The entries of an enumeration behind the words that introduce it, all else as it is."""
    entries = [s for s in statements if s.use in (Use.CONDITION, Use.CASE)]
    others = [s for s in statements if s not in entries]

    def rank(statement: Statement) -> int:
        if statement in others:
            return others.index(statement)
        return max(
            (at for at, other in enumerate(others) if _of_one_satz(other, statement)),
            default=len(others),
        )

    return sorted((*others, *entries), key=rank)


def _of_one_satz(statement: Statement, entry: Statement) -> bool:
    """Whether a quote introduces the enumeration of the entry, or is another entry that answers."""
    if statement.place is None or entry.place is None or statement.use is not Use.ANSWER:
        return False
    satz, other = (
        replace(place, nummer=None, buchstabe=None) for place in (entry.place, statement.place)
    )
    return satz == other
