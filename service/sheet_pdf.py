"""The sheet as a PDF file, set by Typst with the fonts that it brings along."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typst

from service.sheet import Sheet

_TEMPLATES = Path(__file__).parent / "templates"
_TEMPLATE = _TEMPLATES / "sheet.typ"


def as_pdf(sheet: Sheet) -> bytes:
    """The sheet as an accessible PDF (PDF/UA-1, German); the same sheet gives the same bytes."""
    made = _compile(sheet, "pdf")
    assert isinstance(made, bytes)
    return made


def as_pages(sheet: Sheet) -> list[bytes]:
    """The pages of the PDF as PNG images, to look at."""
    made = _compile(sheet, "png")
    return [made] if isinstance(made, bytes) else list(made or ())


def _compile(sheet: Sheet, form: typst.OutputFormat) -> bytes | list[bytes] | None:
    # Everything of the answer is data: the template never reads it as markup.
    compiler = typst.Compiler(
        _TEMPLATE,
        root=_TEMPLATES,
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(asdict(sheet), ensure_ascii=False)},
    )
    return compiler.compile(
        format=form,
        pdf_standards=["ua-1"] if form == "pdf" else [],
        timestamp=datetime.fromisoformat(sheet.day).replace(tzinfo=UTC),
    )
