"""Read PDF documents (the only file that imports pypdf)."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from corpus.models import Kind, Memo
from ingest.documents.front_matter import sidecar_meta
from ingest.documents.sections import SectionBuilder
from ingest.errors import SourceError, SourceProblem

MOST_PAGES = 500
"""A decree has a few dozen pages; a file of thousands is a scan of a file cabinet or an attack."""

# A heading is set larger than running text, or bold and short.
_LARGER = 1.12
_LONGEST_HEADING = 120
# Share of the page's height in which running heads and page numbers stand.
_MARGIN = 0.1
# Mean width of a letter, and the gap between cells of a table, both in font sizes.
_WIDTH = 0.5
_GAP = 1.5
# Height of a cell, in font sizes, above which a step upwards is a new column of the page.
_TALLEST_CELL = 12
_PAGE_NUMBER = re.compile(
    r"(?:seite\s*)?[-–—]?\s*\d{1,4}\s*(?:(?:von|/)\s*\d{1,4})?\s*[-–—]?", re.I
)
_LIST = re.compile(r"(?:[-–—•●▪◦‣*]|\d{1,2}[.)]|[a-z]\))\s+")
_BULLET = re.compile(r"^[•●▪◦‣–—*]\s+")
_GERMAN_JOINS = ("und ", "oder ", "bzw. ", "sowie ")


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line."""

    text: str
    page: int
    size: float
    """Font size in points."""
    bold: bool
    x: float
    """Where it begins, in points from the page's left edge."""
    y: float
    """Height above the page's lower edge, in points."""
    marginal: bool
    """Whether it stands where running heads and page numbers stand."""


def read_pdf(path: Path, source: str, kind: Kind) -> Memo:
    """Read one PDF with text: headings, paragraphs without running heads, pages of sections.

    Raises :class:`SourceError` (``pdf_broken``, ``pdf_encrypted``, ``pdf_too_long``,
    ``pdf_no_text``, ``memo_front_matter``).
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(path.read_bytes()), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise SourceError(SourceProblem.PDF_ENCRYPTED, source)
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise SourceError(SourceProblem.PDF_TOO_LONG, source, detail=f"{count} Seiten")
        pages = [_lines(page, number) for number, page in enumerate(reader.pages, 1)]
        title = str((reader.metadata.title if reader.metadata else None) or "")
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise SourceError(SourceProblem.PDF_BROKEN, source, detail=type(error).__name__) from error
    except (OSError, RecursionError, NotImplementedError, ImportError) as error:
        raise SourceError(SourceProblem.PDF_BROKEN, source, detail=type(error).__name__) from error
    lines = [line for page in _without_running_heads(pages) for line in page]
    if not lines:
        raise SourceError(SourceProblem.PDF_NO_TEXT, source)
    sections = _sections(lines).sections()
    if not sections:
        raise SourceError(SourceProblem.PDF_NO_TEXT, source)
    return Memo(sidecar_meta(path, source, kind, title or sections[0].heading), sections, source)


def _lines(page: PageObject, number: int) -> list[_Line]:
    """Printed lines of a page, top to bottom, with their font."""
    pieces: list[tuple[float, float, str, float, bool]] = []

    def visit(
        text: str,
        matrix: Sequence[float],
        text_matrix: Sequence[float],
        font: dict[str, object] | None,
        size: float,
    ) -> None:
        if text.strip():
            x = text_matrix[4] * matrix[0] + matrix[4]
            y = text_matrix[5] * matrix[3] + matrix[5]
            scale = abs(text_matrix[3] * matrix[3]) or 1.0
            name = str((font or {}).get("/BaseFont", "")).lower()
            for offset, part in enumerate(text.split("\n")):
                if part.strip():
                    pieces.append((y - offset * 0.01, x, part, abs(size) * scale, "bold" in name))

    page.extract_text(visitor_text=visit)
    return list(_joined(pieces, number, float(page.mediabox.height)))


def _joined(
    pieces: Sequence[tuple[float, float, str, float, bool]], number: int, height: float
) -> Iterator[_Line]:
    """Join pieces that stand on one line, in the order in which they were printed."""
    row: list[tuple[float, float, str, float, bool]] = []
    for piece in pieces:
        if row and abs(piece[0] - row[-1][0]) > 2.5:
            yield _line(row, number, height)
            row = []
        row.append(piece)
    if row:
        yield _line(row, number, height)


def _line(
    row: Sequence[tuple[float, float, str, float, bool]], number: int, height: float
) -> _Line:
    text = _cells(row)
    longest = max(row, key=lambda piece: len(piece[2]))
    y = row[0][0]
    marginal = not _MARGIN * height < y < (1 - _MARGIN) * height
    return _Line(text, number, longest[3], all(piece[4] for piece in row), row[0][1], y, marginal)


def _cells(row: Sequence[tuple[float, float, str, float, bool]]) -> str:
    """The words of a printed line; a wide gap separates the cells of a table by " | "."""
    text = row[0][2]
    for before, piece in pairwise(row):
        end = before[1] + len(before[2]) * before[3] * _WIDTH
        text += (" | " if piece[1] - end > _GAP * piece[3] else " ") + piece[2]
    return " ".join(text.split())


def _without_running_heads(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Leave out page numbers and lines in the margins that repeat or are set small.

    A line set larger than running text is a heading even where it stands at the top.
    """
    body = _body_size([line for page in pages for line in page])
    marginal: Counter[str] = Counter()
    for page in pages:
        marginal.update({_shape(line) for line in page if line.marginal})
    often = max(2.0, 0.6 * len(pages))

    def is_running(line: _Line) -> bool:
        if not line.marginal or line.size > body * _LARGER:
            return False
        small = line.size * _LARGER < body
        repeated = marginal[_shape(line)] >= often
        return small or repeated or _PAGE_NUMBER.fullmatch(line.text) is not None

    return [[line for line in page if not is_running(line)] for page in pages]


def _body_size(lines: Sequence[_Line]) -> float:
    """The size in which most of the text is set; 0 without any line."""
    return median(
        [line.size for line in lines for _ in range(max(1, len(line.text) // 20))] or [0.0]
    )


def _shape(line: _Line) -> str:
    """A line with its numbers made equal, so that "Seite 2 von 4" repeats."""
    return re.sub(r"\d+", "0", line.text)


def _sections(lines: Sequence[_Line]) -> SectionBuilder:
    body = _body_size(lines)
    sizes = sorted(
        {round(line.size, 1) for line in lines if line.size > body * _LARGER}, reverse=True
    )
    vocabulary = {word for line in lines for word in re.findall(r"\w+", line.text)}
    builder = SectionBuilder()
    paragraph: list[_Line] = []

    def flush() -> None:
        if paragraph:
            builder.line(_flow(paragraph, vocabulary), paragraph[0].page)
            paragraph.clear()

    for before, line in _with_whole_headings(lines, body, sizes, vocabulary):
        level = _heading_level(line, body, sizes)
        if level is not None:
            flush()
            builder.heading(level, _BULLET.sub("", line.text), line.page)
            continue
        if before is not None and paragraph and _begins_paragraph(paragraph, line, body):
            flush()
        paragraph.append(line)
    flush()
    return builder


def _with_whole_headings(
    lines: Sequence[_Line], body: float, sizes: Sequence[float], vocabulary: set[str]
) -> Iterator[tuple[_Line | None, _Line]]:
    """Lines with the one before; a heading over several printed lines is put together."""
    joined: list[_Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        level = _heading_level(line, body, sizes)
        if (
            before is not None
            and level is not None
            and line.size > body * _LARGER
            and level == _heading_level(before, body, sizes)
            and before.page == line.page
            and 0 <= before.y - line.y < 1.6 * line.size
        ):
            joined[-1] = replace(before, text=_join(before.text, line.text, vocabulary), y=line.y)
        else:
            joined.append(line)
    yield from zip((None, *joined), joined, strict=False)


def _heading_level(line: _Line, body: float, sizes: Sequence[float]) -> int | None:
    """1 for the largest print; bold lines of the size of running text come last."""
    if len(line.text) > _LONGEST_HEADING or line.text.endswith((".", ",", ";", ":")):
        return None
    if line.size > body * _LARGER:
        return sizes.index(round(line.size, 1)) + 1
    if line.bold and " | " not in line.text and not _LIST.match(line.text):
        return len(sizes) + 1
    return None


def _begins_paragraph(paragraph: Sequence[_Line], line: _Line, body: float) -> bool:
    before = paragraph[-1]
    if _LIST.match(line.text):
        return True
    if before.page != line.page:
        return before.text.endswith((".", ":", "!", "?"))
    if _is_next_cell(before, line):
        return False
    in_table = any(_is_next_cell(*pair) for pair in pairwise(paragraph))
    return before.y - line.y > 1.75 * body or (in_table and line.x < before.x)


def _is_next_cell(before: _Line, line: _Line) -> bool:
    """Whether a line stands to the right of the one printed before, and not below it.

    A cell of several lines is printed whole before the next one; a new column of the page lies
    further up.
    """
    return (
        before.page == line.page
        and line.x > before.x + line.size
        and -2.5 < line.y - before.y < _TALLEST_CELL * line.size
    )


def _flow(lines: Sequence[_Line], vocabulary: set[str]) -> str:
    """A paragraph as one line: divided words are put together, cells separated by " | "."""
    text = lines[0].text
    for before, line in pairwise(lines):
        if _is_next_cell(before, line):
            text += f" | {line.text}"
        else:
            text = _join(text, line.text, vocabulary)
    return _BULLET.sub("- ", text)


def _join(text: str, following: str, vocabulary: set[str]) -> str:
    """Put two lines together; a hyphen stays where it belongs to the word.

    "Aufenthalts-" + "erlaubnis" is one word; "Ein-" + "und Ausreise" and "EU-" + "Bürger" keep it.
    """
    if text.endswith("\xad"):
        return text[:-1] + following
    match = re.search(r"(\w+)-$", text)
    if match is None or not following:
        return f"{text} {following}"
    if following.startswith(_GERMAN_JOINS):
        return f"{text} {following}"
    head = match.group(1)
    tail = re.match(r"\w+", following)
    compound = f"{head}-{tail.group()}" if tail else ""
    if following[0].islower() and not (head.isupper() and compound not in vocabulary):
        return text[:-1] + following
    return text + following
