"""Cut norms, memos and summaries into passages, the unit of retrieval.

A law's passage is one Absatz; a long one is split between its Nummern or Sätze, never across
Absätze. A memo's passage is a section; a long one is split between paragraphs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.citations import render
from corpus.models import (
    Absatz,
    Audience,
    Kind,
    Law,
    Memo,
    Norm,
    NormRef,
    Passage,
    Reference,
    Satz,
    Section,
    Span,
    Summary,
)
from ingest.sentences import sentence_spans

CHUNKER = 2
"""Raised when the rules by which norms are read and cut change, so that the next ingest does it again."""

LONGEST = 2_000
"""Characters after which an Absatz is split; one in sixty is longer."""

References = Callable[[str, NormRef | None], tuple[Reference, ...]]
"""Finds the references of a text; the second argument is the norm the text stands in."""

_EMPTY_ABSATZ = re.compile(
    r"(?:\(\d+[a-z]{0,2}\)\s*)?\(?(?:weggefallen|aufgehoben|gegenstandslos)\)?\.?", re.IGNORECASE
)
_DOCUMENT_NAMES = {Kind.DECREE: "Erlass", Kind.MEMO: "Arbeitshilfe"}


def norm_passages(norm: Norm, law: Law, references: References) -> list[Passage]:
    """The passages of one norm; none for a repealed norm, Absatz by Absatz otherwise."""
    if norm.repealed:
        return []
    result: list[Passage] = []
    for absatz in norm.absaetze:
        if _EMPTY_ABSATZ.fullmatch(absatz.span.of(norm.text).strip()):
            continue
        ref = NormRef(norm.law, norm.number, absatz.label)
        for part, span in enumerate(_parts(absatz), 1):
            text = span.of(norm.text)
            result.append(
                Passage(
                    id=_passage_id(ref.key, part, text),
                    kind=Kind.LAW,
                    source=law.slug,
                    law=norm.law,
                    number=norm.number,
                    absatz=absatz.label,
                    heading=norm.heading,
                    path=norm.path,
                    title=" ".join(filter(None, [render(ref.norm), norm.heading])),
                    text=text,
                    span=span,
                    saetze=tuple(_clip(absatz.saetze, span)),
                    items=tuple(
                        replace(item, span=item.span.shifted(-span.start))
                        for item in absatz.items
                        if item.span.within(span)
                    ),
                    references=references(text, ref),
                    citation=render(ref),
                    url=norm_url(law, norm.number),
                    stand="",
                    valid_from=None,
                    valid_to=None,
                    audience=Audience.PUBLIC,
                )
            )
    return result


def memo_passages(memo: Memo, references: References) -> list[Passage]:
    """The passages of a memo or decree, section by section."""
    meta = memo.meta
    public = meta.audience is Audience.PUBLIC
    name = "Kundeninformation" if public else _DOCUMENT_NAMES[meta.kind]
    result: list[Passage] = []
    for place, section in enumerate(memo.sections, 1):
        for part, span in enumerate(_paragraph_groups(section.text), 1):
            text = span.of(section.text)
            result.append(
                Passage(
                    id=_passage_id(f"{meta.id}#{place}", part, text),
                    kind=meta.kind,
                    source=meta.id,
                    law=None,
                    number=None,
                    absatz=None,
                    heading=section.heading,
                    path=section.path,
                    title=meta.title,
                    text=text,
                    span=span,
                    saetze=_saetze(text),
                    items=(),
                    references=references(text, None),
                    citation=_memo_citation(name, meta.title, section),
                    url=f"/dokument/{meta.id}#abschnitt-{place}",
                    stand="",
                    valid_from=None,
                    valid_to=None,
                    audience=meta.audience,
                    page=section.page,
                )
            )
    return result


def summary_passage(summary: Summary, law: Law, references: References) -> Passage:
    """The one passage of an unofficial summary."""
    ref = NormRef(summary.law, summary.number)
    return Passage(
        id=_passage_id(f"kurz:{ref.key}", 1, summary.text),
        kind=Kind.SUMMARY,
        source=f"summary:{law.slug}",
        law=summary.law,
        number=summary.number,
        absatz=None,
        heading=summary.title,
        path=(),
        title=f"{render(ref)} {summary.title}",
        text=summary.text,
        span=Span(0, len(summary.text)),
        saetze=_saetze(summary.text),
        items=(),
        references=references(summary.text, ref),
        citation=f"{render(ref)} (nichtamtliche Kurzfassung)",
        url=norm_url(law, summary.number),
        stand="",
        valid_from=None,
        valid_to=None,
        audience=Audience.PUBLIC,
    )


def norm_url(law: Law, number: str) -> str:
    """The official page of a norm; the law's page where the site has none of its own."""
    if number[:1].isdigit() and " " not in number:
        return f"{law.url}__{number}.html"
    if number.startswith("Anlage") and "(" not in number:
        return f"{law.url}{number.lower().replace(' ', '_')}.html"
    return law.url


def _passage_id(key: str, part: int, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{key}~{digest}" if part == 1 else f"{key}+{part}~{digest}"


def _parts(absatz: Absatz) -> Iterator[Span]:
    """The Absatz in one piece, or in runs of Sätze and Nummern up to :data:`LONGEST`."""
    whole = absatz.span
    if whole.end - whole.start <= LONGEST:
        yield whole
        return
    top = min((len(item.labels) for item in absatz.items), default=0)
    cuts = {item.span.start for item in absatz.items if len(item.labels) == top}
    cuts |= {satz.span.start for satz in absatz.saetze}
    yield from _grouped(whole, sorted(cut for cut in cuts if whole.start < cut < whole.end))


def _grouped(whole: Span, cuts: Sequence[int]) -> Iterator[Span]:
    """Stretches between ``cuts``, joined as long as they stay within :data:`LONGEST`."""
    start = whole.start
    for cut, following in pairwise([*cuts, whole.end]):
        if following - start > LONGEST and cut > start:
            yield Span(start, cut)
            start = cut
    if start < whole.end:
        yield Span(start, whole.end)


def _clip(saetze: Iterable[Satz], span: Span) -> Iterator[Satz]:
    """The Sätze that touch ``span``, cut to it, relative to its start."""
    for satz in saetze:
        start, end = max(satz.span.start, span.start), min(satz.span.end, span.end)
        if start < end:
            yield Satz(satz.number, Span(start, end).shifted(-span.start))


def _saetze(text: str) -> tuple[Satz, ...]:
    """Sentences of running text; every line ends one, so that list entries stay apart."""
    spans: list[Span] = []
    offset = 0
    for line in text.split("\n"):
        spans.extend(span.shifted(offset) for span in sentence_spans(line))
        offset += len(line) + 1
    return tuple(Satz(number, span) for number, span in enumerate(spans, 1))


def _paragraph_groups(text: str) -> Iterator[Span]:
    cuts = [match.end() for match in re.finditer(r"\n+", text)]
    yield from _grouped(Span(0, len(text)), [cut for cut in cuts if 0 < cut < len(text)])


def _memo_citation(name: str, title: str, section: Section) -> str:
    parts = [f"{name} „{title}“"]
    if section.heading and section.heading != title:
        parts.append(f"Abschnitt „{section.heading}“")
    if section.page is not None:
        parts.append(f"S. {section.page}")
    return ", ".join(parts)
