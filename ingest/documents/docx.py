"""Read Word documents (the only file that imports python-docx)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from corpus.models import Kind, Memo
from ingest.archive import Limits, open_archive, read_member
from ingest.documents.front_matter import sidecar_meta
from ingest.documents.sections import SectionBuilder
from ingest.errors import SourceError, SourceProblem

_LIMITS = Limits(unpacked=32 * 1024 * 1024, ratio=200, members=1_000)
_TOTAL = 128 * 1024 * 1024
_HEADING = re.compile(r"(?:heading|überschrift)\s*(\d)", re.IGNORECASE)


def read_docx(path: Path, source: str, kind: Kind) -> Memo:
    """Read one Word file: headings by style, paragraphs, lists and tables in their order.

    Raises :class:`SourceError` (``docx_broken``, ``docx_macros``, ``docx_bomb``, ``memo_empty``,
    ``memo_front_matter``).
    """
    data = path.read_bytes()
    _refuse_hostile(data, source)
    try:
        document = Document(io.BytesIO(data))
        builder, title = _sections(document)
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        etree.LxmlError,
    ) as error:
        raise SourceError(SourceProblem.DOCX_BROKEN, source) from error
    sections = builder.sections()
    if not sections:
        raise SourceError(SourceProblem.MEMO_EMPTY, source)
    title = title or document.core_properties.title or sections[0].heading
    return Memo(sidecar_meta(path, source, kind, title), sections, source)


def _refuse_hostile(data: bytes, source: str) -> None:
    """Unpack once within limits before the library sees the file."""
    try:
        with open_archive(data, source, _LIMITS) as archive:
            total = 0
            for info in archive.infolist():
                if info.filename.lower().endswith("vbaproject.bin"):
                    raise SourceError(SourceProblem.DOCX_MACROS, source)
                total += len(read_member(archive, info, source, _LIMITS))
                if total > _TOTAL:
                    raise SourceError(SourceProblem.DOCX_BOMB, source)
    except SourceError as error:
        if error.code in (SourceProblem.ZIP_RATIO, SourceProblem.TOO_LARGE):
            raise SourceError(SourceProblem.DOCX_BOMB, source, detail=error.detail) from error
        if error.code is SourceProblem.DOCX_MACROS or error.code is SourceProblem.DOCX_BOMB:
            raise
        raise SourceError(SourceProblem.DOCX_BROKEN, source, detail=error.detail) from error


def _sections(document: WordDocument) -> tuple[SectionBuilder, str]:
    builder = SectionBuilder()
    title = ""
    for block in _blocks(document):
        if isinstance(block, Table):
            for row in block.rows:
                cells = dict.fromkeys(row.cells)
                builder.line(" | ".join(" ".join(cell.text.split()) for cell in cells))
            continue
        text = " ".join(block.text.replace("\xad", "").split())
        style = (block.style.name or "") if block.style is not None else ""
        heading = _HEADING.match(style)
        if style.lower() in ("title", "titel"):
            title = title or text
        elif heading and text:
            builder.heading(int(heading.group(1)), text)
        else:
            listed = style.lower().startswith(("list", "aufzählung", "listen"))
            builder.line(f"- {text}" if listed and text else text)
    return builder, title


def _blocks(document: WordDocument) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables of the body in their order."""
    yield from document.iter_inner_content()
