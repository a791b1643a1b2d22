"""PDF files that nobody can read: protected, scanned, broken off."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter


def printed(path: Path) -> Path:
    """A sound PDF of one page."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.multi_cell(0, text="Eine Dienstanweisung, die man lesen kann. " * 20)
    path.write_bytes(bytes(pdf.output()))
    return path


def encrypted(path: Path) -> None:
    """With a password that nobody knows."""
    writer = PdfWriter(clone_from=PdfReader(printed(path)))
    writer.encrypt("geheim", algorithm="RC4-128")
    with path.open("wb") as target:
        writer.write(target)


def scanned(path: Path) -> None:
    """A picture without text."""
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50)
    path.write_bytes(bytes(pdf.output()))


def broken_off(path: Path) -> None:
    """Its first third."""
    data = printed(path).read_bytes()
    path.write_bytes(data[: len(data) // 3])


def write_unreadable(folder: Path) -> None:
    """One of each, named as people name such files."""
    folder.mkdir(parents=True, exist_ok=True)
    encrypted(folder / "Dienstanweisung vertraulich.pdf")
    scanned(folder / "Erlass eingescannt.pdf")
    broken_off(folder / "Merkblatt halb hochgeladen.pdf")
