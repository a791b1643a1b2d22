"""Resolve references anew where the norms that they may name came or went.

A passage whose own text is untouched may refer to a norm that a new state of some law adds or drops; an
update must then read like a fresh ingest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.models import Passage
from corpus.store.reading import CorpusReader
from corpus.store.writing import NormChange, SourceChange
from ingest.collect.values import Collected, Held
from ingest.references import Outline, ReferenceFinder

# What stands before the number of a norm, and what names several with one sign ("§ 27 ff.").
_SIGN = r"(?:§|\bart(?:ikel\w*)?\.?|\banlagen?|\bparagra\w+)\s*"
_SEVERAL = re.compile(rf"§§|{_SIGN}\d+\s?[a-z]?\s*(?:ff?\b|[,/–-]|(?:und|oder|bis|sowie)\b)", re.I)


def relink(held: Held, outline: Outline, collected: Collected) -> None:
    """Add the norms and documents whose references differ now to what is written."""
    if held.reader is None or held.fresh:
        return
    numbers = _changed_numbers(held.reader, outline)
    if not numbers:
        return
    named = _naming(numbers)
    references = ReferenceFinder(outline)

    def may_name(passage: Passage) -> bool:
        """By its number, as one of several, or as its own norm ("Absatz 1")."""
        text = passage.text
        if passage.number in numbers:
            return True
        return _SEVERAL.search(text) is not None or named.search(text) is not None

    for source, passages in _kept(held.reader, collected).items():
        renewed = [
            replace(passage, references=references(passage.text, passage.ref))
            if may_name(passage)
            else passage
            for passage in passages
        ]
        if renewed != passages:
            _write(held.reader, source, passages, renewed, collected)


def _naming(numbers: set[str]) -> re.Pattern[str]:
    """What finds a norm of one of these numbers; that of an annex is its name ("Anlage 2")."""
    words = {number for number in numbers if number[:1].isalpha()}
    signed = "|".join(map(re.escape, sorted(numbers - words)))
    alone = "|".join(map(re.escape, sorted(words)))
    parts = [rf"{_SIGN}(?:{signed})(?!\w)"] if signed else []
    parts += [rf"(?<!\w)(?:{alone})(?!\w)"] if alone else []
    return re.compile("|".join(parts), re.IGNORECASE)


def _changed_numbers(before: CorpusReader, after: Outline) -> set[str]:
    """Numbers of norms that came, went, or have other Absätze or Sätze."""

    def shape(inventory: CorpusReader | Outline, law: str) -> dict[str, tuple[object, ...]]:
        return {
            number: tuple(
                (label, inventory.saetze(law, number, label))
                for label in inventory.absaetze(law, number)
            )
            for number in inventory.numbers(law)
        }

    numbers: set[str] = set()
    for law in after.parsed:
        old, new = shape(before, law), shape(after, law)
        numbers |= {n for n in old.keys() | new.keys() if old.get(n) != new.get(n)}
    return numbers


def _kept(reader: CorpusReader, collected: Collected) -> dict[str, list[Passage]]:
    """The passages that this run does not write anyway, by source."""
    written: set[tuple[str, str | None]] = set()
    for change in collected.changes:
        source = change.state.source
        written |= {(source, number) for number in _numbers(change)}
        if change.sections:
            written.add((source, None))
    kept: dict[str, list[Passage]] = {}
    for passage in reader.passages():
        whole = (passage.source, None) in written
        if not whole and (passage.source, passage.number) not in written:
            kept.setdefault(passage.source, []).append(passage)
    return {source: kept[source] for source in kept if source in collected.present}


def _numbers(change: SourceChange) -> Iterator[str]:
    yield from change.gone
    yield from (norm.norm.number for norm in change.norms)


def _write(
    reader: CorpusReader,
    source: str,
    passages: list[Passage],
    renewed: list[Passage],
    collected: Collected,
) -> None:
    sections = reader.sections(source)
    if sections:
        state = reader.sources[source]
        collected.changes.append(
            SourceChange(state=state, sections=sections, passages=tuple(renewed))
        )
        return
    touched = {n.number for o, n in zip(passages, renewed, strict=True) if o != n}
    law = passages[0].law or ""
    norms = tuple(
        NormChange(norm, tuple(p for p in renewed if p.number == norm.number))
        for norm in reader.norms(law)
        if norm.number in touched
    )
    for place, change in enumerate(collected.changes):
        if change.state.source == source:
            collected.changes[place] = replace(change, norms=(*change.norms, *norms))
            return
    collected.changes.append(SourceChange(state=reader.sources[source], norms=norms))
