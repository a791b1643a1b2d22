"""Which cases are to be checked because the law at their gold reads differently by now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from corpus.cases import Case
from corpus.citations import render
from corpus.diff import diff_norms
from corpus.models import NormRef
from corpus.store.reading import CorpusReader
from eval.casebook import BookFile


class DueCases:
    """What has changed since cases were checked, as one state of the corpus knows it."""

    def __init__(self, reader: CorpusReader) -> None:
        self._reader = reader
        self._changed: dict[tuple[str, str, date], frozenset[str | None] | None] = {}

    def reasons(self, file: BookFile, case: Case) -> tuple[str, ...]:
        """German sentences; () if nothing is to be checked."""
        day = case.checked or file.checked
        if day is None:
            return ("Noch niemand hat diesen Fall geprüft.",)
        return tuple(self._reasons(case, day))

    def _reasons(self, case: Case, day: date) -> Iterator[str]:
        for ref in dict.fromkeys(NormRef(g.law, g.par, g.abs) for g in case.gold):
            changed = self._since(ref, day)
            if changed is None:
                yield f"{render(ref)} gibt es im Bestand nicht."
            elif changed and (ref.absatz is None or ref.absatz in changed):
                yield f"{render(ref)} lautet anders als am {day:%d.%m.%Y}, dem Tag der Prüfung."

    def _since(self, ref: NormRef, day: date) -> frozenset[str | None] | None:
        """The Absätze of a norm that differ; None: it does not stand. A law not held cannot be judged."""
        key = (ref.law, ref.number, day)
        if key not in self._changed:
            self._changed[key] = self._compare(ref, day)
        return self._changed[key]

    def _compare(self, ref: NormRef, day: date) -> frozenset[str | None] | None:
        source = self._reader.slugs.get(ref.law)
        now = self._reader.newest.get(source) if source else None
        if source is None or now is None:
            return frozenset()
        if ref.number not in now.norms:
            return None
        # What stands on the oldest day held counts as what stood before it.
        then = self._reader.snapshot_on(source, day) or now
        old, new = then.norms.get(ref.number), now.norms[ref.number]
        if old == new:
            return frozenset()
        wordings = self._reader.wordings(source, {new} if old is None else {old, new})
        before = None if old is None else wordings[old]
        return frozenset(change.absatz for change in diff_norms(before, wordings[new]))
