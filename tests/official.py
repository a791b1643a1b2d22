"""Small files in the official form, with text written for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape


def norm_xml(designation: str, title: str = "", *paragraphs: str, section: str = "") -> str:
    """One norm; paragraphs may hold official markup (``<DL>`` ...)."""
    unit = (
        f"<gliederungseinheit><gliederungskennzahl>{section.split('|')[0]}</gliederungskennzahl>"
        f"<gliederungsbez>{section.split('|')[1]}</gliederungsbez>"
        f"<gliederungstitel>{section.split('|')[2]}</gliederungstitel></gliederungseinheit>"
        if section
        else ""
    )
    content = "".join(f"<P>{paragraph}</P>" for paragraph in paragraphs)
    name = f"<enbez>{escape(designation)}</enbez>" if designation else ""
    heading = f'<titel format="XML">{title}</titel>' if title else ""
    return (
        f"<norm><metadaten><jurabk>X</jurabk>{name}{unit}{heading}</metadaten>"
        f'<textdaten><text format="XML"><Content>{content}</Content></text><fussnoten/></textdaten></norm>'
    )


def law_xml(
    abbreviation: str, *norms: str, stand: str = "zuletzt geändert", built: str = "20250301"
) -> bytes:
    """A whole law in the official form."""
    head = (
        f"<norm><metadaten><jurabk>{abbreviation}</jurabk><amtabk>{abbreviation}</amtabk>"
        f"<langue>Langer Name {abbreviation}</langue><standangabe><standtyp>Stand</standtyp>"
        f"<standkommentar>{stand}</standkommentar></standangabe></metadaten>"
        "<textdaten/></norm>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" ?><!DOCTYPE dokumente SYSTEM '
        '"http://www.gesetze-im-internet.de/dtd/1.01/gii-norm.dtd">'
        f'<dokumente builddate="{built}223004" doknr="TEST">{head}{"".join(norms)}</dokumente>'
    ).encode()


def packed(xml: bytes, name: str = "TEST.xml") -> bytes:
    """The official archive of one law."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
    return buffer.getvalue()


def write_mirror(folder: Path, laws: Mapping[str, bytes]) -> Path:
    """A mirror in the form of the site: slug -> XML."""
    for slug, xml in laws.items():
        (folder / slug).mkdir(parents=True, exist_ok=True)
        (folder / slug / "xml.zip").write_bytes(packed(xml))
    return folder


_WORK = norm_xml(
    "§ 16b",
    "Studium",
    "(1) Einem Gast wird zum Zweck des Lernens eine Erlaubnis erteilt, wenn er zugelassen ist. "
    "Die Erlaubnis gilt zwei Jahre.",
    "(3) Die Erlaubnis berechtigt zur Arbeit an bis zu 140 Tagen im Jahr. Kleine Arbeiten in der "
    "Bibliothek zählen nicht. § 5 Absatz 1 gilt entsprechend.",
    section="010|Kapitel 1|Aufenthalt",
)
_GENERAL = norm_xml(
    "§ 5",
    "Allgemeine Bedingungen",
    "(1) Die Erteilung setzt in der Regel voraus, dass <DL><DT>1.</DT><DD><LA>der Unterhalt "
    "gesichert ist,</LA></DD><DT>1a.</DT><DD><LA>die Identität geklärt ist und</LA></DD><DT>2.</DT>"
    "<DD><LA>kein Grund zur Ausweisung besteht.</LA></DD></DL>Satz 1 gilt nicht für Kinder.",
    "(2) Von Absatz 1 kann abgesehen werden.",
)
_GONE = norm_xml("§ 6", "", "(weggefallen)")
_FEES = norm_xml(
    "§ 45",
    "Gebühren für die Erlaubnis",
    "An Gebühren sind zu erheben <DL><DT>1.</DT><DD><LA>für die Erteilung 100 Euro,</LA></DD>"
    "<DT>2.</DT><DD><LA>für die Verlängerung 93 Euro.</LA></DD></DL>",
)
_PASS = norm_xml(
    "§ 3", "Passpflicht", "(1) Gäste brauchen einen gültigen Pass, soweit sie nicht befreit sind."
)

SMALL_LAWS: dict[str, bytes] = {
    "aufenthg_2004": law_xml("AufenthG", _PASS, _GENERAL, _GONE, _WORK),
    "aufenthv": law_xml("AufenthV", _FEES),
}


def reworded(slug: str, old: str, new: str) -> dict[str, bytes]:
    """The small laws with one wording changed."""
    xml = SMALL_LAWS[slug]
    if old.encode() not in xml:
        raise ValueError(f"{old!r} is not in {slug}")
    return {**SMALL_LAWS, slug: xml.replace(old.encode(), new.encode())}
