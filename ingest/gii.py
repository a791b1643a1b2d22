"""Parse the official XML of gesetze-im-internet.de (gii-norm.dtd 1.01) into norms.

Two invariants, tested over every norm of the mirror: the text without white space equals the
joined text of the source's elements (nothing lost, nothing re-ordered), and every span of the
structure cuts the words it names out of the norm's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from lxml import etree

from corpus.laws import Laws, known_laws
from corpus.models import Absatz, Item, Law, LawText, Norm, Satz, Span
from ingest.errors import SourceError, SourceProblem
from ingest.sentences import sentence_spans

_BLOCKS = frozenset({"P", "Title", "Subtitle", "Ident", "table", "LA", "pre", "kommentar"})
_NOT_NORMS = re.compile(r"Inhalts(?:übersicht|verzeichnis)|Eingangsformel|Schlussformel")
_ABSATZ_LABEL = re.compile(r"\((\d+[a-z]{0,2})\)(?=\s|$)")
_REPEALED = re.compile(r"\(?(?:weggefallen|aufgehoben|gegenstandslos)\)?\.?", re.IGNORECASE)
_BELONGS = re.compile(r"\(zu §§? [^)]*\)")
_ROW_LABEL = re.compile(r"(\d+[a-z]?)\.|([a-z])\)")
_HOSTILE = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]*\[", re.IGNORECASE)


@dataclass(slots=True)
class _Writer:
    """Collects text with collapsed white space and knows the offset it stands at."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    gap: str = ""

    def text(self, raw: str | None) -> None:
        """Append words; runs of white space become one blank, none at the start of a line."""
        if not raw:
            return
        words = re.sub(r"\s+", " ", raw)
        if words.startswith(" "):
            self.gap = self.gap or " "
            words = words[1:]
        if not words:
            return
        trailing = words.endswith(" ")
        self._write(words.rstrip(" "))
        self.gap = " " if trailing else ""

    def _write(self, words: str) -> None:
        if words:
            if self.length:
                self.parts.append(self.gap)
                self.length += len(self.gap)
            self.parts.append(words)
            self.length += len(words)
            self.gap = ""

    def line(self) -> None:
        """The next words begin a line."""
        self.gap = "\n"

    def cell(self) -> None:
        """The next words begin a table cell."""
        if self.gap != "\n":
            self.gap = "\t"

    @property
    def next(self) -> int:
        """Offset at which the next words will stand."""
        return self.length + (len(self.gap) if self.length else 0)


@dataclass(slots=True)
class _Entry:
    labels: tuple[str, ...]
    span: Span


@dataclass(slots=True)
class _Body:
    """What a walk over one Content element yields."""

    out: _Writer = field(default_factory=_Writer)
    blocks: list[tuple[int, bool]] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    lists: list[Span] = field(default_factory=list)
    open_labels: list[str] = field(default_factory=list)
    nummer_row: int | None = None
    """Offset of the table row whose Nummer the rows belong to that follow it."""

    def walk(self, element: etree._Element, top: bool = False) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, top)
            self.out.text(child.tail)

    def _element(self, element: etree._Element, top: bool) -> None:
        tag = element.tag
        if tag == "BR":
            self.out.line()
            return
        if tag == "DL":
            self._list(element)
            return
        if tag == "row":
            self._row(element)
            return
        if tag in _BLOCKS:
            self.out.line()
        elif tag == "entry":
            self.out.cell()
        if top:
            self.blocks.append((self.out.next, tag == "P"))
        self.out.text(element.text)
        self.walk(element)
        if tag == "table":
            self._end_nummer()
        if tag in _BLOCKS:
            self.out.line()

    def _row(self, element: etree._Element) -> None:
        """A row of a table; lists of fees number their rows, with the amount in the last cell."""
        nummer, letter = _row_label(element)
        if nummer is not None:
            self._end_nummer()
        self.out.line()
        begin, known = self.out.next, len(self.entries)
        if nummer is not None:
            self.nummer_row = begin
            self.open_labels.append(nummer)
        self.out.text(element.text)
        self.walk(element)
        if letter is not None and self.nummer_row is not None:
            self.entries.append(_Entry((*self.open_labels, letter), Span(begin, self.out.length)))
        elif len(self.entries) == known + 1:
            # The one entry of a list in a cell takes along the cell behind it.
            entry = self.entries.pop()
            self.entries.append(_Entry(entry.labels, Span(entry.span.start, self.out.length)))
        self.out.line()

    def _end_nummer(self) -> None:
        if self.nummer_row is not None:
            span = Span(self.nummer_row, self.out.length)
            self.entries.append(_Entry(tuple(self.open_labels), span))
            self.open_labels.pop()
            self.nummer_row = None

    def _list(self, element: etree._Element) -> None:
        start: int | None = None
        for term in element.findall("DT"):
            self.out.line()
            begin = self.out.next
            start = begin if start is None else start
            label = "".join(term.itertext())
            self.out.text(label)
            self.out.text(" ")
            self.open_labels.append(label.strip().rstrip(".)").strip("-–— "))
            definition = term.getnext()
            if definition is not None:
                self._definition(definition)
            if self.out.length > begin:
                self.entries.append(_Entry(tuple(self.open_labels), Span(begin, self.out.length)))
            self.open_labels.pop()
            if definition is not None:
                self.out.text(definition.tail)
        self.out.line()
        if start is not None and self.out.length > start:
            self.lists.append(Span(start, self.out.length))

    def _definition(self, element: etree._Element) -> None:
        self.out.text(element.text)
        for index, child in enumerate(element):
            if isinstance(child.tag, str):
                if index:
                    self.out.line()
                self.out.text(child.text)
                self.walk(child)
            self.out.text(child.tail)


def parse_law(data: bytes, law: Law, *, laws: Laws | None = None) -> LawText:
    """Parse one official XML file.

    ``law`` is the law expected under the slug; a file of another law is refused. ``laws``: the list
    that decides which names are another law's (default: ours).

    Raises :class:`SourceError` (``xml_broken``, ``xml_hostile``, ``wrong_law``, ``form_changed``).
    """
    root = _root(data, law.slug)
    norms = root.findall("norm")
    if root.tag != "dokumente" or not norms:
        raise SourceError(
            SourceProblem.FORM_CHANGED, law.slug, detail=f"Wurzelelement <{root.tag}>"
        )
    head = norms[0].find("metadaten")
    if head is None:
        raise SourceError(SourceProblem.FORM_CHANGED, law.slug, detail="Metadaten fehlen")
    _check_name(head, law, laws or known_laws())
    stand, pending = _stand(head)
    parsed: list[Norm] = []
    path: dict[str, str] = {}
    for element in norms:
        meta = element.find("metadaten")
        if meta is None:
            raise SourceError(SourceProblem.FORM_CHANGED, law.slug, detail="Norm ohne Metadaten")
        _descend(path, meta)
        designation = _words(meta.find("enbez"))
        if designation and not _NOT_NORMS.fullmatch(designation):
            parsed.append(_norm(element, law, designation, tuple(path.values())))
    return LawText(
        law=law,
        title=_words(head.find("langue")) or law.name,
        stand=stand,
        pending=pending,
        built_on=_built_on(root, law.slug),
        norms=_distinct(parsed),
    )


def _row_label(row: etree._Element) -> tuple[str | None, str | None]:
    """Nummer or letter that stands alone in the first cell with words; (None, None) without."""
    cells = ("".join(entry.itertext()).strip() for entry in row.findall("entry"))
    match = _ROW_LABEL.fullmatch(next(filter(None, cells), ""))
    return (match[1], match[2]) if match else (None, None)


def _distinct(norms: list[Norm]) -> tuple[Norm, ...]:
    """Tell annexes of the same name apart by the norm they belong to: "Anlage (zu § 28)".

    A repealed one gives way: the name alone stays with the only one in force.
    """
    by_number: dict[str, list[Norm]] = {}
    for norm in norms:
        by_number.setdefault(norm.number, []).append(norm)

    def named(norm: Norm) -> Norm:
        same = by_number[norm.number]
        alive = [other for other in same if not other.repealed]
        belongs = _BELONGS.match(norm.heading)
        if len(same) == 1 or (len(alive) == 1 and norm is alive[0]) or belongs is None:
            return norm
        return replace(norm, number=f"{norm.number} {belongs.group()}")

    return tuple(named(norm) for norm in norms)


def _root(data: bytes, slug: str) -> etree._Element:
    # The official files carry a DOCTYPE without an internal subset; one with a subset, or any
    # entity declaration, is not theirs. The parser itself loads no DTD and resolves no entity.
    if _HOSTILE.search(data[:4096]) or b"<!ENTITY" in data:
        raise SourceError(SourceProblem.XML_HOSTILE, slug)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(SourceProblem.XML_BROKEN, slug, detail=str(error)) from error
    if next(root.iter(etree.Entity), None) is not None:
        # An unresolved entity would leave a hole in the text.
        raise SourceError(SourceProblem.XML_HOSTILE, slug)
    return root


def _check_name(head: etree._Element, law: Law, laws: Laws) -> None:
    """Refuse a file whose own names are known as those of another law."""
    names = [_words(head.find("amtabk")), *(_words(e) for e in head.findall("jurabk"))]
    for name in names:
        bare = re.sub(r"\s+(?:19|20)\d\d$", "", name)
        other = laws.named(bare) if bare else None
        if other is not None and other.slug != law.slug:
            raise SourceError(
                SourceProblem.WRONG_LAW,
                law.slug,
                detail=f"{other.abbreviation} statt {law.abbreviation}",
            )


def _built_on(root: etree._Element, slug: str) -> date:
    stamp = root.get("builddate", "")
    try:
        return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
    except ValueError as error:
        raise SourceError(SourceProblem.FORM_CHANGED, slug, detail="builddate fehlt") from error


def _words(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return " ".join("".join(element.itertext()).split())


def _stand(head: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The Stand lines, and the hints on changes not worked in yet or an end already set."""
    stand: list[str] = []
    pending: list[str] = []
    for entry in head.findall("standangabe"):
        comment = _words(entry.find("standkommentar"))
        kind = _words(entry.find("standtyp"))
        if kind in ("Stand", "Neuf"):
            stand.append(comment)
        elif kind in ("Hinweis", "Aufh"):
            pending.append(comment)
    return "; ".join(part.rstrip(";") for part in stand), tuple(pending)


def _descend(path: dict[str, str], meta: etree._Element) -> None:
    """Keep the section path; the identifier of a level has three digits per depth."""
    unit = meta.find("gliederungseinheit")
    if unit is None:
        return
    code = _words(unit.find("gliederungskennzahl"))
    for known in list(path):
        if not (code.startswith(known) and len(code) > len(known)):
            del path[known]
    title = unit.find("gliederungstitel")
    words = " ".join(" ".join(title.itertext()).split()) if title is not None else ""
    path[code] = " ".join(filter(None, [_words(unit.find("gliederungsbez")), words]))


def _norm(element: etree._Element, law: Law, designation: str, path: tuple[str, ...]) -> Norm:
    meta = element.find("metadaten")
    title = meta.find("titel") if meta is not None else None
    heading = " ".join(" ".join(title.itertext()).split()) if title is not None else ""
    body = _Body()
    content = element.find("textdaten/text/Content")
    if content is not None:
        body.out.text(content.text)
        body.walk(content, top=True)
    text = "".join(body.out.parts)
    footnotes = tuple(
        words
        for note in element.findall("textdaten/fussnoten/Content")
        if (words := " ".join(" ".join(note.itertext()).split()))
    )
    return Norm(
        law=law.abbreviation,
        number=norm_number(designation),
        heading=heading,
        path=path,
        text=text,
        absaetze=_absaetze(text, body),
        footnotes=footnotes,
        repealed=_is_repealed(text, heading),
    )


def norm_number(designation: str) -> str:
    """``§ 18g`` -> ``18g``, ``(XXXX) §§ 7 bis 8`` -> ``7 bis 8``, ``Anlage D14a`` stays."""
    return re.sub(r"^(?:\(X+\)\s*)?§§?\s*", "", designation).strip()


def _is_repealed(text: str, heading: str) -> bool:
    if text.strip():
        return _REPEALED.fullmatch(text.strip()) is not None
    return not heading or _REPEALED.search(heading) is not None


def _absaetze(text: str, body: _Body) -> tuple[Absatz, ...]:
    """Cut the text at paragraphs that begin with "(3)"; others belong to the one before."""
    if not text:
        return ()
    starts: list[tuple[int, str | None]] = []
    for offset, is_paragraph in body.blocks:
        match = _ABSATZ_LABEL.match(text, offset) if is_paragraph else None
        if match:
            starts.append((offset, match.group(1)))
    if not starts or text[: starts[0][0]].strip():
        starts.insert(0, (0, None))
    edges = [*(offset for offset, _ in starts), len(text)]
    return tuple(
        _absatz(text, label, _stripped(text, start, end), body)
        for (_, label), (start, end) in zip(starts, pairwise(edges), strict=True)
    )


def _stripped(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _absatz(text: str, label: str | None, span: Span, body: _Body) -> Absatz:
    inner_lists = tuple(lst.shifted(-span.start) for lst in body.lists if lst.within(span))
    sentences = sentence_spans(span.of(text), blocked=inner_lists)
    saetze = tuple(
        Satz(number, sentence.shifted(span.start)) for number, sentence in enumerate(sentences, 1)
    )
    items = tuple(
        Item(entry.labels, satz.number, entry.span)
        for entry in sorted(body.entries, key=lambda e: (e.span.start, -e.span.end))
        if entry.span.within(span)
        for satz in saetze
        # The rows of a table may hold several Sätze; a Nummer is part of one.
        if entry.span.within(satz.span)
    )
    return Absatz(label, span, saetze, items)
