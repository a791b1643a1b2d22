"""The sheet as a Word file."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from docx import Document
from docx.document import Document as Doc
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from service.sheet import Sheet

# Part names that Office reads in any order; the date of a ZIP entry cannot lie before 1980.
_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
_INK = RGBColor(0x1D, 0x4A, 0x5C)
_SOFT = RGBColor(0x56, 0x62, 0x6A)
# Characters that XML cannot hold; a question may contain them.
_FORBIDDEN = {code: None for code in range(32) if chr(code) not in "\t\n"} | {
    0xFFFE: None,
    0xFFFF: None,
}


def as_docx(sheet: Sheet) -> bytes:
    """The sheet as DOCX with real headings; the same sheet gives the same bytes."""
    document = Document()
    _set_up(document, sheet)
    document.add_heading(sheet.title, 0)
    document.add_paragraph(_clean(sheet.question), style="Subtitle")
    _facts(document, sheet)
    document.add_heading("Antwort", 1)
    if sheet.message:
        document.add_paragraph(_clean(sheet.message))
    for quote in sheet.quotes:
        if quote.title:
            document.add_heading(_clean(quote.title), 2)
        text = f"„{quote.text}“" if quote.verbatim else quote.text
        words = document.add_paragraph(_clean(text))
        words.paragraph_format.left_indent = Cm(0.6)
        words.paragraph_format.space_after = Pt(2)
        words.paragraph_format.keep_with_next = True
        _place(document, quote.place)
    _listed(document, "Nächstliegende Fundstellen", sheet.nearest)
    _listed(document, "Hinweise", sheet.notices)
    _listed(document, "Prüfungen", sheet.checks)
    if sheet.wordings:
        document.add_heading("Wortlaut der zitierten Fundstellen", 1)
    for wording in sheet.wordings:
        document.add_heading(_clean(wording.title), 2)
        for paragraph in wording.paragraphs:
            document.add_paragraph(_clean(paragraph))
        if wording.stand:
            _soft(document, wording.stand)
    return _packed(document)


def _set_up(document: Doc, sheet: Sheet) -> None:
    """A4, German, and nothing in the properties that depends on the machine."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.footer.paragraphs[0].text = _clean(sheet.label)
    section.footer.paragraphs[0].runs[0].font.size = Pt(8)
    properties = document.core_properties
    properties.title = f"{sheet.title}: {_clean(sheet.question)}"[:250]
    properties.author = properties.last_modified_by = "Fundstelle"
    properties.comments = ""
    properties.language = "de-DE"
    properties.created = properties.modified = datetime.fromisoformat(sheet.day)
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "Calibri"
        style.font.color.rgb = None if name == "Normal" else _INK
        properties_of = style.element.get_or_add_rPr()
        fonts = properties_of.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), "Calibri")
        for old in properties_of.findall(qn("w:lang")):
            properties_of.remove(old)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "de-DE")
        properties_of.append(language)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "de-DE")
    document.styles["Normal"].font.size = Pt(11)


def _facts(document: Doc, sheet: Sheet) -> None:
    table = document.add_table(rows=0, cols=2)
    for name, value in sheet.facts:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(3.2), Cm(12.8)
        cells[0].paragraphs[0].add_run(name).font.color.rgb = _SOFT
        cells[1].paragraphs[0].add_run(_clean(value))
        for cell in cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)


def _place(document: Doc, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.6)
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.color.rgb = True, _INK


def _soft(document: Doc, text: str) -> None:
    run = document.add_paragraph().add_run(_clean(text))
    run.font.size, run.font.color.rgb = Pt(9), _SOFT


def _listed(document: Doc, title: str, lines: tuple[str, ...]) -> None:
    if lines:
        document.add_heading(title, 1)
    for line in lines:
        document.add_paragraph(_clean(line), style="List Bullet")


def _clean(text: str) -> str:
    return text.translate(_FORBIDDEN)


def _packed(document: Doc) -> bytes:
    """The file with the same date on every entry, whenever it was made."""
    written = io.BytesIO()
    document.save(written)
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ENTRY_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()
