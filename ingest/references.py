"""Which places a passage refers to, resolved against the norms that exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from corpus.citations import Inventory, Resolved, Unknown, find, resolve
from corpus.models import LawText, NormRef, Reference, norm_order


@dataclass(slots=True)
class Outline:
    """What norms there are: those just parsed, and what the store held of all other laws."""

    held: Inventory | None
    """The corpus before this ingest, None at the first one."""
    parsed: dict[str, dict[str, dict[str | None, int]]] = field(default_factory=dict)

    def add(self, text: LawText) -> None:
        """Let ``text`` replace what was held of its law."""
        self.parsed[text.law.abbreviation] = {
            norm.number: {absatz.label: len(absatz.saetze) for absatz in norm.absaetze}
            for norm in sorted(text.norms, key=lambda norm: norm_order(norm.number))
        }

    def laws(self) -> Sequence[str]:
        """Abbreviations of all laws, parsed ones first."""
        held = self.held.laws() if self.held else ()
        return tuple(dict.fromkeys(chain(self.parsed, held)))

    def numbers(self, law: str) -> Sequence[str]:
        """Numbers of the norms of ``law`` in order."""
        if law in self.parsed:
            return tuple(self.parsed[law])
        return self.held.numbers(law) if self.held else ()

    def absaetze(self, law: str, number: str) -> Sequence[str | None]:
        """Labels of the Absätze."""
        if law in self.parsed:
            return tuple(self.parsed[law].get(number, {}))
        return self.held.absaetze(law, number) if self.held else ()

    def saetze(self, law: str, number: str, absatz: str | None) -> int:
        """Count of Sätze."""
        if law in self.parsed:
            return self.parsed[law].get(number, {}).get(absatz, 0)
        return self.held.saetze(law, number, absatz) if self.held else 0


@dataclass(frozen=True, slots=True)
class ReferenceFinder:
    """Finds references in a text and keeps those that exist."""

    inventory: Inventory

    def __call__(self, text: str, home: NormRef | None) -> tuple[Reference, ...]:
        """References of ``text``; ``home`` is the norm it stands in, None for a memo."""
        return tuple(self._references(text, home))

    def _references(self, text: str, home: NormRef | None) -> Iterator[Reference]:
        for mention in find(text, home=home):
            resolution = resolve(mention, self.inventory)
            if isinstance(resolution, Resolved):
                for ref in resolution.refs:
                    yield Reference(mention.span, ref)

    def unknown(self, text: str) -> tuple[Unknown, ...]:
        """References of a memo to norms that do not exist in a law we hold."""
        resolutions = (resolve(mention, self.inventory) for mention in find(text))
        return tuple(r for r in resolutions if isinstance(r, Unknown) and r.reason != "law")
