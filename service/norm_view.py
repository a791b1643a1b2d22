"""What the page of a norm shows, as values that a template only prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from corpus.citations import render
from corpus.models import CatalogueEntry, Norm, NormRef, Span
from corpus.store.reading import NormVersion
from rag.days import version_on
from rag.norms import NormPage, SchemeLine
from service.language import is_english
from service.links import PLACE, norm_href
from service.markup import Line, beginning, norm_lines, place_spans
from service.naming import ROLE_NAMES

# Questions that are shown of an Absatz before one asks for more.
_FIRST = 2
# Characters of a title made of first words: a line.
_TITLE = 64


@dataclass(frozen=True, slots=True)
class Marking:
    """The words of a norm that somebody came for."""

    title: str
    """What they are, German."""
    spans: tuple[Span, ...]
    """Into the norm's text."""
    missing: str = ""
    """German: what the wording shown does not have; "" if it has all that was named."""


@dataclass(frozen=True, slots=True)
class DayBanner:
    """What a Stichtag means for the wording shown."""

    text: str
    """German."""
    past: bool
    """Whether what is shown is not the wording in force."""
    now: NormVersion | None
    """The wording in force, to compare with; None if there is no other."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring lines of an Absatz: running text, or the rows of a table."""

    lines: tuple[Line, ...]
    columns: int
    """1: running text. A row with fewer cells has the last one over the rest."""


def absatz_stretches(
    page: NormPage, marking: Marking | None, as_of: date | None
) -> list[tuple[str | None, list[Stretch]]]:
    """Label and content of each Absatz."""
    marks = marking.spans if marking else ()
    links = [(Span(start, end), norm_href(ref, as_of)) for start, end, ref in page.outgoing]
    shown, waiting = [], True
    for part in page.norm.absaetze:
        lines = list(norm_lines(page.norm.text, part, marks, links))
        first = next((at for at, line in enumerate(lines) if line.marked), None)
        if waiting and first is not None:
            lines[first], waiting = _anchored(lines[first]), False
        grouped = (
            tuple(group) for _, group in groupby(lines, key=lambda line: len(line.cells) > 1)
        )
        stretches = [Stretch(group, max(len(line.cells) for line in group)) for group in grouped]
        shown.append((part.label, stretches))
    return shown


def _anchored(line: Line) -> Line:
    """The line with an id at its first marked words."""
    waiting, cells = True, []
    for cell in line.cells:
        runs = list(cell)
        for at, run in enumerate(cell):
            if run.marked and waiting:
                runs[at], waiting = replace(run, anchor=PLACE), False
        cells.append(tuple(runs))
    return replace(line, cells=tuple(cells))


def find_place(norm: Norm, place: NormRef) -> tuple[NormRef, tuple[Span, ...]] | None:
    """The words at ``place`` or, without such a Nummer or Satz, at the next larger place; None: nowhere."""
    for part in norm.absaetze:
        if part.label == place.absatz:
            satz = replace(place, nummer=None, buchstabe=None)
            for named in (place, satz, replace(satz, satz=None)):
                if spans := place_spans(part, named):
                    return named, spans
    return None


def place_marking(norm: Norm, place: NormRef) -> Marking | None:
    """The words at ``place``; None for the whole norm."""
    if place == norm.ref:
        return None
    found = find_place(norm, place)
    title = render(found[0]) if found else ""
    missing = "" if title == render(place) else f"{render(place)} gibt es in dieser Fassung nicht."
    return Marking(title, found[1] if found else (), missing)


def line_marking(page: NormPage, number: str) -> Marking:
    """The words of a line of the scheme, numbered from 1."""
    if not (number.isdecimal() and 1 <= int(number) <= len(page.scheme)):
        return Marking("", (), "Diese Zeile hat das Prüfschema in dieser Fassung nicht.")
    line = page.scheme[int(number) - 1]
    return Marking(
        f"{ROLE_NAMES[line.role]} in {render(line.place or page.norm.ref)}", (line.span,)
    )


def day_banner(page: NormPage, as_of: date | None) -> DayBanner | None:
    """What to say of the day asked for; None without one."""
    if as_of is None:
        return None
    shown, day = page.version, f"{as_of:%d.%m.%Y}"
    now = next((version for version in page.versions if version.current), None)
    past = not shown.current
    if version_on(page.versions, as_of) is None:
        text = f"Am {day} gab es diese Vorschrift nicht. Gezeigt wird die Fassung, die am nächsten liegt."
    elif as_of < shown.first_seen:
        text = f"Älteste vorhandene Fassung, nicht die vom {day}."
    elif past:
        text = f"Fassung vom {day}, nicht die geltende."
    else:
        text = f"Am {day} galt die heutige Fassung."
    return DayBanner(text, past, now if past else None)


@dataclass(frozen=True, slots=True)
class Question:
    """A curated question."""

    text: str
    english: bool


@dataclass(frozen=True, slots=True)
class AskedHere:
    """The curated questions of an Absatz."""

    absatz: str | None
    first: tuple[Question, ...]
    rest: tuple[Question, ...]


def first_and_rest(entries: Iterable[CatalogueEntry]) -> list[AskedHere]:
    """A few questions of each Absatz, and the others: whole German ones before key words and English."""
    shown = []
    for entry in entries:
        asked = [Question(text, is_english(text)) for text in entry.questions]
        ranked = tuple(sorted(asked, key=lambda q: (q.english, not q.text.endswith("?"))))
        shown.append(AskedHere(entry.absatz, ranked[:_FIRST], ranked[_FIRST:]))
    return shown


def scheme_by_absatz(
    scheme: Sequence[SchemeLine],
) -> list[tuple[str | None, list[tuple[int, SchemeLine]]]]:
    """Absatz -> its lines with their number, from 1."""
    numbered = enumerate(scheme, start=1)
    by_absatz = groupby(numbered, key=lambda line: line[1].place and line[1].place.absatz)
    return [(absatz, list(lines)) for absatz, lines in by_absatz]


def title_of(norm: Norm) -> str:
    """The heading of a norm in a list; where the law gives none, its first words."""
    if norm.heading or norm.repealed:
        return norm.heading or "(weggefallen)"
    return beginning(norm.text.removeprefix("(1) ").split("\n")[0], _TITLE)
