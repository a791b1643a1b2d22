from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fpdf import FPDF
from pypdf import PdfWriter

from corpus.models import Audience, Kind, Memo
from ingest.documents import SIDECAR_SUFFIX, document_files, read_documents
from ingest.documents.front_matter import slug
from ingest.errors import SourceError, SourceProblem
from tests.conftest import write_memo
from tests.unreadable import broken_off, encrypted, scanned

SIDECAR = "id: test-memo\ntitle: Prüfung des Übergangs\naudience: public\nstand: 2025-03-05\n"
LETTERS = (
    "Die Aufenthalts-",
    "erlaubnis wird für zwei Jahre erteilt. Ein-",
    "und Ausreise sind frei, auch für EU-",
    "Bürger und ihre Angehörigen.",
)


def read(path: Path, kind: Kind = Kind.MEMO) -> Memo | SourceError:
    (result,) = read_documents([path], path.parent, kind)
    return result


def memo(path: Path, kind: Kind = Kind.MEMO) -> Memo:
    result = read(path, kind)
    assert isinstance(result, Memo), result
    return result


def problem(path: Path, kind: Kind = Kind.MEMO) -> SourceProblem:
    result = read(path, kind)
    assert isinstance(result, SourceError), result
    assert result.source == path.name
    return result.code


def with_sidecar(path: Path) -> Path:
    path.with_name(path.name + SIDECAR_SUFFIX).write_text(SIDECAR, encoding="utf-8")
    return path


class Office(FPDF):
    """A document as an office writes it."""

    def header(self) -> None:
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, "Stadt - Arbeitshilfe", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, f"Seite {self.page_no()} von 3")

    def title_line(self, text: str, size: int = 15) -> None:
        self.set_font("Helvetica", "B", size)
        self.cell(0, 10, text, new_x="LMARGIN", new_y="NEXT")

    def line(self, text: str) -> None:  # type: ignore[override]
        self.set_font("Helvetica", size=11)
        self.cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")


def write_pdf(path: Path, pages: int = 3) -> Path:
    pdf = Office()
    for page in range(1, pages + 1):
        pdf.add_page()
        pdf.title_line(f"Abschnitt {page} Übergang")
        for letters in LETTERS:
            pdf.line(letters)
        pdf.line("- erster Punkt der Liste")
        pdf.line("- zweiter Punkt")
    path.write_bytes(bytes(pdf.output()))
    return path


def test_a_pdf_gives_headings_flowing_text_and_pages(tmp_path: Path) -> None:
    found = memo(with_sidecar(write_pdf(tmp_path / "a.pdf")))
    assert [(s.heading, s.page) for s in found.sections] == [
        ("Abschnitt 1 Übergang", 1),
        ("Abschnitt 2 Übergang", 2),
        ("Abschnitt 3 Übergang", 3),
    ]
    assert found.sections[1].text == (
        "Die Aufenthaltserlaubnis wird für zwei Jahre erteilt. Ein- und Ausreise sind frei, auch "
        "für EU-Bürger und ihre Angehörigen.\n- erster Punkt der Liste\n- zweiter Punkt"
    )
    assert found.meta.audience is Audience.PUBLIC


def test_a_pdf_table_keeps_its_cells_apart(tmp_path: Path) -> None:
    rows = (
        ("Leistung", "Betrag", "Fundstelle"),
        ("Niederlassungserlaubnis in allen übrigen Fällen", "113 Euro", "Nr. 3"),
        ("Wechsel des Aufenthaltszwecks", "98 Euro", "nach der Nummer 3 der Vorschrift"),
    )
    pdf = Office()
    pdf.add_page()
    pdf.title_line("Gebühren")
    pdf.set_font("Helvetica", size=11)
    with pdf.table(width=150, col_widths=(3, 2, 2), line_height=5, padding=2) as table:
        for row in rows:
            line = table.row()
            for cell in row:
                line.cell(cell)
    pdf.line("Nach der Tabelle folgt Text.")
    path = tmp_path / "a.pdf"
    path.write_bytes(bytes(pdf.output()))
    (section,) = memo(with_sidecar(path)).sections
    assert section.text.split("\n") == [
        *(" | ".join(row) for row in rows),
        "Nach der Tabelle folgt Text.",
    ]


def test_running_heads_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    text = " ".join(s.text for s in memo(with_sidecar(write_pdf(tmp_path / "a.pdf"))).sections)
    assert "Seite" not in text
    assert "Stadt" not in text


def test_a_decree_needs_no_sidecar(tmp_path: Path) -> None:
    found = memo(write_pdf(tmp_path / "Erlaß Übergang 2024.pdf"), Kind.DECREE)
    assert (found.meta.id, found.meta.kind) == ("erlass-uebergang-2024", Kind.DECREE)
    assert found.meta.audience is Audience.INTERNAL


def too_long(path: Path) -> None:
    writer = PdfWriter()
    for _ in range(3_000):
        writer.add_blank_page(200, 200)
    with path.open("wb") as target:
        writer.write(target)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (encrypted, SourceProblem.PDF_ENCRYPTED),
        (scanned, SourceProblem.PDF_NO_TEXT),
        (too_long, SourceProblem.PDF_TOO_LONG),
        (lambda path: path.write_bytes(b"\x00\x01kein PDF"), SourceProblem.PDF_BROKEN),
        (lambda path: path.write_bytes(b""), SourceProblem.PDF_BROKEN),
    ],
)
def test_pdfs_that_cannot_be_read_are_refused(
    tmp_path: Path, make: Callable[[Path], object], code: SourceProblem
) -> None:
    path = with_sidecar(tmp_path / "schlecht.pdf")
    make(path)
    assert problem(path) is code


def test_a_truncated_pdf_is_refused_by_name(tmp_path: Path) -> None:
    path = with_sidecar(tmp_path / "halb.pdf")
    broken_off(path)
    assert problem(path) in (SourceProblem.PDF_BROKEN, SourceProblem.PDF_NO_TEXT)


def write_docx(path: Path) -> Path:
    document = docx.Document()
    document.add_heading("Übersicht", 1)
    document.add_paragraph("Ein Absatz mit Umlauten: äöüß.")
    document.add_heading("Fristen", 2)
    document.add_paragraph("Erster Punkt", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, cells in enumerate((("Fall", "Frist"), ("Antrag", "drei Monate"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph("Nach dem Umbruch.")
    document.save(str(path))
    return path


def test_a_docx_keeps_headings_lists_and_tables_in_order(tmp_path: Path) -> None:
    found = memo(with_sidecar(write_docx(tmp_path / "a.docx")))
    assert [(s.heading, s.path) for s in found.sections] == [
        ("Übersicht", ()),
        ("Fristen", ("Übersicht",)),
    ]
    assert found.sections[1].text == (
        "- Erster Punkt\nFall | Frist\nAntrag | drei Monate\nNach dem Umbruch."
    )


def with_member(path: Path, name: str, data: bytes) -> None:
    write_docx(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, data)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda p: with_member(p, "word/vbaProject.bin", b"x"), SourceProblem.DOCX_MACROS),
        (lambda p: with_member(p, "word/media/a.bin", b"0" * 40_000_000), SourceProblem.DOCX_BOMB),
        (lambda p: p.write_bytes(b"kein Archiv"), SourceProblem.DOCX_BROKEN),
        (lambda p: p.write_bytes(empty_zip()), SourceProblem.DOCX_BROKEN),
    ],
)
def test_word_files_that_cannot_be_read_are_refused(
    tmp_path: Path, make: Callable[[Path], object], code: SourceProblem
) -> None:
    path = with_sidecar(tmp_path / "schlecht.docx")
    make(path)
    assert problem(path) is code


def empty_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w"):
        pass
    return buffer.getvalue()


def test_markdown_gives_sections_lists_and_tables(tmp_path: Path) -> None:
    body = (
        "Vorweg.\n\n## Fristen\n\n- eins\n- zwei **fett**\n\n1. erst\n2. dann\n\n"
        "| Fall | Frist |\n|---|---|\n| A | 3 Monate |\n\n### Mehr\n\nEnde [hier](http://x)."
    )
    found = memo(write_memo(tmp_path, body=body))
    assert [(s.heading, s.path) for s in found.sections] == [
        ("Arbeiten neben dem Studium", ()),
        ("Fristen", ("Arbeiten neben dem Studium",)),
        ("Mehr", ("Arbeiten neben dem Studium", "Fristen")),
    ]
    assert found.sections[1].text == (
        "- eins\n- zwei fett\n1. erst\n2. dann\nFall | Frist\nA | 3 Monate"
    )
    assert found.sections[2].text == "Ende hier."


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.md", b"# Ohne Kopf\n\nText", SourceProblem.MEMO_FRONT_MATTER),
        ("a.md", b"---\nid: A B\ntitle: x\n---\nText", SourceProblem.MEMO_FRONT_MATTER),
        ("a.md", b"---\nid: ab\ntitle: x\nfarbe: rot\n---\nText", SourceProblem.MEMO_FRONT_MATTER),
        ("a.md", b"---\nid: ab\n title: [x\n---\nText", SourceProblem.MEMO_FRONT_MATTER),
        ("a.md", "---\nid: ab\ntitle: x\n---\nÜ".encode("latin-1"), SourceProblem.MEMO_ENCODING),
        ("a.md", b"---\nid: ab\ntitle: x\n---\n\x00\x01", SourceProblem.MEMO_ENCODING),
        ("a.md", b"---\nid: ab\ntitle: x\n---\n", SourceProblem.MEMO_EMPTY),
        ("a.xlsx", b"x", SourceProblem.UNKNOWN_FORMAT),
        ("a.docm", b"x", SourceProblem.DOCX_MACROS),
    ],
)
def test_files_with_a_wrong_form_are_refused(
    tmp_path: Path, name: str, data: bytes, code: SourceProblem
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert problem(path) is code


def test_a_pdf_memo_without_sidecar_is_refused(tmp_path: Path) -> None:
    assert problem(write_pdf(tmp_path / "a.pdf")) is SourceProblem.MEMO_FRONT_MATTER


def test_one_broken_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"kaputt")
    write_pdf(tmp_path / "b.pdf", pages=1)
    write_docx(tmp_path / "c.docx")
    results = list(read_documents(document_files(tmp_path), tmp_path, Kind.DECREE))
    assert [isinstance(result, Memo) for result in results] == [False, True, True]


def test_reading_is_stopped_by_the_clock(tmp_path: Path) -> None:
    path = with_sidecar(write_pdf(tmp_path / "a.pdf"))
    (result,) = read_documents([path], tmp_path, Kind.MEMO, time_limit=0.0)
    assert isinstance(result, SourceError)
    assert result.code is SourceProblem.READER_TIMEOUT


def test_sidecars_and_hidden_files_are_no_documents(tmp_path: Path) -> None:
    with_sidecar(write_pdf(tmp_path / "b.pdf", pages=1))
    (tmp_path / ".versteckt.md").write_text("x", encoding="utf-8")
    write_memo(tmp_path / "unter")
    names = [path.relative_to(tmp_path).as_posix() for path in document_files(tmp_path)]
    assert names == ["b.pdf", "unter/vh-studium.md"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Erlaß Übergang (2)", "erlass-uebergang-2"), ("???", "dokument"), ("A_b", "a-b")],
)
def test_names_become_identifiers(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_mark_of_byte_order_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = write_memo(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert memo(path).meta.id == "vh-studium"


@pytest.mark.parametrize(
    "head",
    ["id: [", "id: 2025-02-31", "- " * 50 + "x", "kind: law\nid: a\ntitle: b", "? !!python/x y"],
)
def test_a_front_matter_that_is_none_is_refused(tmp_path: Path, head: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\n{head}\n---\n# A\n\nText", encoding="utf-8")
    assert problem(path) is SourceProblem.MEMO_FRONT_MATTER


def test_a_sidecar_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    path.with_name(path.name + SIDECAR_SUFFIX).write_bytes(b"id: \xff")
    result = read(path)
    assert isinstance(result, SourceError)
    assert (result.code, result.source) == (SourceProblem.MEMO_ENCODING, "a.pdf" + SIDECAR_SUFFIX)


def test_a_file_that_is_gone_meanwhile_is_named(tmp_path: Path) -> None:
    assert problem(tmp_path / "weg.md") is SourceProblem.UNREADABLE
