"""What differs between two states of the laws, norm by norm and Absatz by Absatz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.diff import AbsatzDiff, diff_norms
from corpus.models import Kind, Norm, NormRef, Passage, norm_order
from corpus.store.reading import CorpusReader, Snapshot

_DOCUMENTS = (Kind.DECREE, Kind.MEMO, Kind.SUMMARY)


class ChangeKind(StrEnum):
    """What happened to a norm."""

    ADDED = "added"
    REWORDED = "reworded"
    REPEALED = "repealed"
    MOVED = "moved"
    """Its text stood under another number before."""


@dataclass(frozen=True, slots=True)
class ChangedNorm:
    """A norm that reads differently."""

    ref: NormRef
    kind: ChangeKind
    heading: str
    """The new one; of a repealed norm the last one."""
    old_heading: str | None
    """None: it is the same, or there was none to compare with."""
    absaetze: tuple[AbsatzDiff, ...]
    """What differs; () if only the heading does, or if the norm moved to a free number."""
    moved_from: NormRef | None = None

    @property
    def places(self) -> tuple[NormRef, ...]:
        """Every Absatz that no longer says what it said; whole norms of one that moved."""
        moved = (self.moved_from,) if self.moved_from else ()
        changed = (NormRef(self.ref.law, self.ref.number, a.absatz) for a in self.absaetze)
        return (*moved, *changed)

    def concerns(self, cited: NormRef) -> tuple[NormRef, ...]:
        """Those of :attr:`places` that a reference to ``cited`` means.

        One to the whole norm means every Absatz, and every one means a norm without Absätze.
        """
        return tuple(
            place
            for place in self.places
            if place.norm == cited.norm
            and (place.absatz == cited.absatz or None in (place.absatz, cited.absatz))
        )


@dataclass(frozen=True, slots=True)
class LawChange:
    """A law whose text is another one."""

    source: str
    law: str
    old_stand: str
    new_stand: str
    """Names the amending act."""
    old_day: date
    """Day on which the older text was seen."""
    new_day: date
    norms: tuple[ChangedNorm, ...]
    """In the order of the law; () if no wording and no heading differs."""

    @property
    def amended_by(self) -> str:
        """The line of the new Stand that names the last amending act; "" if none does."""
        return last_line(self.new_stand)


def last_line(stand: str) -> str:
    """The last of the lines that a Stand joins: the one that names the last act."""
    return stand.split("; ")[-1].removeprefix("Stand: ")


def changes_between(old: CorpusReader, new: CorpusReader) -> tuple[LawChange, ...]:
    """What the laws of two generations say differently; laws that only one holds are left out."""
    reader = max(old, new, key=lambda one: one.generation)
    pairs = ((old.newest.get(source), state) for source, state in new.newest.items())
    return tuple(_changes(reader, new, pairs))


def changes_of_days(reader: CorpusReader, since: date, until: date) -> tuple[LawChange, ...]:
    """What the laws of two days say differently, as far as their texts reach."""
    pairs = (
        (reader.snapshot_on(source, since), reader.snapshot_on(source, until))
        for source in reader.snapshots
    )
    return tuple(_changes(reader, reader, pairs))


def _changes(
    reader: CorpusReader,
    names: CorpusReader,
    pairs: Iterable[tuple[Snapshot | None, Snapshot | None]],
) -> Iterator[LawChange]:
    """``reader`` holds the wordings of both states, ``names`` what the laws are called."""
    for old, new in pairs:
        if old is None or new is None or (old.norms, old.stand) == (new.norms, new.stand):
            continue
        yield LawChange(
            source=new.source,
            law=names.sources[new.source].name,
            old_stand=old.stand,
            new_stand=new.stand,
            old_day=old.day,
            new_day=new.day,
            norms=tuple(_changed_norms(reader, old, new)),
        )


def _changed_norms(reader: CorpusReader, old: Snapshot, new: Snapshot) -> Iterator[ChangedNorm]:
    before, after = dict(old.norms), dict(new.norms)
    differ = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
    digests = {states[n] for states in (before, after) for n in differ if n in states}
    bodies = reader.wordings(new.source, digests)
    was = _standing(before, differ, bodies)
    now = _standing(after, differ, bodies)
    moved = _moves(was, now)
    origins = {origin for origin in moved.values() if origin not in now}
    for number in sorted(differ, key=norm_order):
        if number in origins:
            continue
        changed = _changed_norm(was.get(number), now.get(number), was.get(moved.get(number, "")))
        if changed is not None:
            yield changed


def _standing(
    state: Mapping[str, str], differ: Iterable[str], bodies: Mapping[str, Norm]
) -> dict[str, Norm]:
    """The norms of a state that are in force; "(weggefallen)" is no wording."""
    norms = {number: bodies[state[number]] for number in differ if number in state}
    return {number: norm for number, norm in norms.items() if not norm.repealed}


def _moves(was: Mapping[str, Norm], now: Mapping[str, Norm]) -> dict[str, str]:
    """New number -> old number of norms whose text is the same and stood under one number only."""
    by_text: dict[str, list[str]] = {}
    for number, norm in was.items():
        if number not in now or now[number].text != norm.text:
            by_text.setdefault(norm.text, []).append(number)
    return {
        number: by_text[norm.text][0]
        for number, norm in now.items()
        if (number not in was or was[number].text != norm.text)
        and len(by_text.get(norm.text, ())) == 1
    }


def _changed_norm(old: Norm | None, new: Norm | None, origin: Norm | None) -> ChangedNorm | None:
    """None if neither text nor heading differ (a footnote or the place in the law may)."""
    shown = new or old
    if shown is None:
        return None
    same_norm = origin or old
    heading = same_norm.heading if same_norm and same_norm.heading != shown.heading else None
    absaetze = () if origin and old is None else diff_norms(old, new)
    if old and new and not absaetze and heading is None:
        return None
    if origin:
        kind = ChangeKind.MOVED
    elif old is None:
        kind = ChangeKind.ADDED
    else:
        kind = ChangeKind.REPEALED if new is None else ChangeKind.REWORDED
    return ChangedNorm(
        shown.ref, kind, shown.heading, heading, absaetze, origin.ref if origin else None
    )


@dataclass(frozen=True, slots=True)
class CitingDocument:
    """A memo, decree or summary that rests on what changed."""

    passage: Passage
    """The first of its passages that does."""
    places: tuple[NormRef, ...]
    """The changed places that it rests on, each once."""


def citing_documents(reader: CorpusReader, norm: ChangedNorm) -> tuple[CitingDocument, ...]:
    """The documents that cite what changed of a norm, and the summary of the norm.

    Withdrawn ones are left out.
    """
    withdrawn = reader.register.now().withdrawn
    found: dict[str, tuple[Passage, dict[NormRef, None]]] = {}
    for ref in dict.fromkeys(place.norm for place in norm.places):
        own = [p for p in reader.passages_of(ref.law, ref.number) if p.kind is Kind.SUMMARY]
        for passage in (*reader.citing(ref, _DOCUMENTS), *own):
            cited = [reference.target for reference in passage.references]
            if passage.ref is not None:
                cited.append(passage.ref)
            places = {place: None for target in cited for place in norm.concerns(target)}
            if places and passage.document not in withdrawn:
                found.setdefault(passage.document, (passage, {}))[1].update(places)
    return tuple(CitingDocument(passage, tuple(places)) for passage, places in found.values())
