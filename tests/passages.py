"""Passages of a norm written for a test, parsed and cut as the ingest does."""

from __future__ import annotations

from corpus.laws import known_laws
from corpus.models import Passage
from ingest.gii import parse_law
from ingest.passages import norm_passages
from ingest.references import Outline, ReferenceFinder
from tests.official import law_xml, norm_xml

LAW = known_laws().items[0]


def entries(*texts: str) -> str:
    """An enumeration in the official form, numbered from 1."""
    rows = "".join(
        f"<DT>{number}.</DT><DD><LA>{text}</LA></DD>" for number, text in enumerate(texts, 1)
    )
    return f"<DL>{rows}</DL>"


def norm_of(*paragraphs: str, heading: str = "Titel") -> list[Passage]:
    """The passages of § 7 AufenthG with these Absätze."""
    text = parse_law(law_xml("AufenthG", norm_xml("§ 7", heading, *paragraphs)), LAW)
    outline = Outline(None)
    outline.add(text)
    return norm_passages(text.norms[0], LAW, ReferenceFinder(outline))
