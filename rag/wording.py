"""The words of one place of the law, cut from its norm: a Satz with its enumeration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from corpus.models import Absatz, Norm, NormRef
from corpus.store.reading import CorpusReader, NormVersion


@dataclass(frozen=True, slots=True)
class Wording:
    """A place with the words that stand there now."""

    place: NormRef
    norm: Norm
    absatz: Absatz
    """The Absatz cut down to the Satz of the place, its label left out; whole without a Satz."""
    stand: str
    """Stand line of the source."""
    since: date
    """Day on which the norm's wording was first seen."""


def standing(reader: CorpusReader, ref: NormRef) -> NormVersion | None:
    """The wording of a norm that stands now; None if the norm is not held or does not stand."""
    versions = reader.versions(ref.law, ref.number)
    return versions[-1] if versions and versions[-1].current else None


def wording(reader: CorpusReader, place: NormRef) -> Wording | None:
    """The words of ``place``; None if it is not held or does not stand."""
    version = standing(reader, place)
    if version is None:
        return None
    norm = version.norm
    absatz = next((part for part in norm.absaetze if part.label == place.absatz), None)
    cut = _satz_of(norm, absatz, place.satz) if absatz else None
    if cut is None:
        return None
    stand = reader.sources[version.source].stand
    return Wording(place, norm, cut, stand, version.first_seen)


def _satz_of(norm: Norm, absatz: Absatz, number: str | None) -> Absatz | None:
    satz = next((s for s in absatz.saetze if str(s.number) == number), None)
    if number is not None and satz is None:
        return None
    span = satz.span if satz else absatz.span
    label = f"({absatz.label}) "
    if span.of(norm.text).startswith(label):
        span = replace(span, start=span.start + len(label))
    return replace(absatz, span=span, items=tuple(i for i in absatz.items if i.span.within(span)))
