"""Choose what an answer quotes: the decisive words first, then what belongs to them.

Of the best norms, as many as come near the first; of the first, besides the decisive Satz, the
conditions it introduces and the Sätze that change its result; then the documents that guide on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from corpus.models import HIERARCHY, Kind, NormRef, Passage, Span
from rag.decisive import Judge, Quote, Unit, Use, decisive_units, introduced, quoted
from rag.index import Index, Scope
from rag.personal import bare
from rag.search import Hit, SearchResult, by_norm
from rag.structure import Role, changes_the_result, place_in, scheme, without_label

_STATUTES = (Kind.LAW, Kind.SUMMARY)
# Norms that are quoted: those that come this near to the first. On the dev split the quoted norms are
# then right in .75 of the cases, and a required one is among them in .93 (docs/messungen.md).
_NEAR, _NORMS = 0.87, 4
# The second sentence of the answer comes from the second Absatz if that ranks this near to the first:
# on the dev split the decisive Satz is then among the first two in .78 of the cases, else in .76.
_LEVEL = 0.93
# Whole Sätze of one Absatz that fit this nearly as well as the best are read in the order of the text, up
# to three: none of them is clearly the one. On the dev split .837 instead of .835 of the facts are shown.
_LEVEL_SATZ = 0.8
# Entries of an enumeration that are shown; longer lists are read in the norm.
_ENTRIES, _ENTRIES_LATER = 14, 8
# Sätze that take out of the rule or make another place apply.
_CHANGING = 3
_DOCUMENTS = 2
# A document without any citation of a quoted place must rank this near to the first hit.
_NEAR_DOCUMENT = 0.72
# Characters; a section of a memo up to this length loses by being cut.
_WHOLE_SECTION = 600


def choose_quotes(index: Index, result: SearchResult) -> list[Quote]:
    """The quotes of an answer in the order in which they are read, each stretch once."""
    question = result.question
    judge = Judge(index.analyzer, index.encoder, index.late, question.terms, bare(question.text))
    statutes = [hit for hit in result.hits if hit.passage.kind in _STATUTES]
    norms = [group[0] for group in by_norm(tuple(statutes))]
    best = norms[0].score if norms else 0.0
    norms = [hit for hit in norms if hit.score >= _NEAR * best][:_NORMS]

    # "Was regelt § 5 Abs. 1?" asks for all of it.
    only_named = bool(question.asked_for) and question.words_left <= 1

    def units_of(hit: Hit) -> list[Unit]:
        parts = _parts(index, result, hit.passage)
        if only_named:
            units = decisive_units(parts, None)
            # An entry comes with the words that introduce it.
            return [unit for unit in units if unit.item is None] or units
        return decisive_units(parts, judge)

    chosen: list[Quote] = []
    if norms:
        leading = _leading(statutes, units_of)
        for unit in leading:
            _add(chosen, quoted(unit))
        # The first Satz of an Absatz states its rule; without it the others hang in the air.
        rule = decisive_units(_parts(index, result, leading[0].passage), None)[0]
        _add(chosen, quoted(rule))
        for unit in leading:
            _add(chosen, _entries(unit, _ENTRIES))
        _add(chosen, _changing_result(index, result, leading[0].passage))
        for hit in norms[1:]:
            unit = units_of(hit)[0]
            _add(chosen, (*quoted(unit), *_entries(unit, _ENTRIES_LATER)))
    for hit in _guidance(index, result, [hit.passage for hit in norms]):
        _add(chosen, _document_quotes(hit.passage, judge))
    return chosen


def _parts(index: Index, result: SearchResult, passage: Passage) -> list[Passage]:
    """All passages of the Absatz, which is cut if it is long, in the order of its text."""
    ref = passage.ref
    if ref is None:
        return [passage]
    allowed = index.allowed(Scope(day=result.as_of))
    rows = index.rows_by_norm.get((ref.law, ref.number), ())
    parts = [index.passages[r] for r in rows if allowed[r] and index.passages[r].ref == ref]
    if all(part.id != passage.id for part in parts):
        return [passage]
    shown = [passage if part.id == passage.id else part for part in parts]
    return sorted(shown, key=lambda part: part.span.start)


def _add(chosen: list[Quote], more: Iterable[Quote]) -> None:
    """Append what is not quoted yet."""
    held = {(quote.passage.id, quote.span) for quote in chosen}
    for quote in more:
        if (quote.passage.id, quote.span) not in held:
            held.add((quote.passage.id, quote.span))
            chosen.append(quote)


def _leading(statutes: Sequence[Hit], units_of: Callable[[Hit], list[Unit]]) -> list[Unit]:
    """The most decisive sentences: of the first Absatz, or of the first two if they rank level."""
    best, *others = units_of(statutes[0])
    elsewhere = [hit for hit in statutes[1:] if hit.passage.ref != statutes[0].passage.ref]
    if elsewhere and elsewhere[0].score >= _LEVEL * statutes[0].score:
        return [best, units_of(elsewhere[0])[0], *others[:1]]
    level = [unit for unit in (best, *others[:2]) if unit.weight >= _LEVEL_SATZ * best.weight]
    if any(unit.item is not None for unit in level):
        return [best, *others[:1]]
    in_order = sorted(level, key=lambda unit: unit.passage.span.start + unit.span.start)
    return in_order if len(level) > 1 else [best, *others[:1]]


def _changing_result(index: Index, result: SearchResult, passage: Passage) -> list[Quote]:
    """What changes the result of an Absatz, within its norm."""
    parts = _parts(index, result, passage)
    within = [quote for part in parts for quote in _changing(part)]
    return [*within, *_from_other_absaetze(index, result, passage)][:_CHANGING]


def _entries(unit: Unit, most: int) -> Iterator[Quote]:
    """The list of conditions or cases that the unit introduces."""
    for line in introduced(unit)[:most]:
        use = Use.CASE if line.role is Role.CASE else Use.CONDITION
        yield Quote(unit.passage, line.span, line.place, use, line.joined)


def _changing(passage: Passage) -> Iterator[Quote]:
    """Whole Sätze that take out of a rule or make another place apply."""
    for line in scheme(passage):
        if line.role in (Role.EXCEPTION, Role.REFERENCE) and not line.entry:
            text = line.span.of(passage.text)
            if changes_the_result(text) is line.role:
                yield Quote(passage, line.span, line.place, Use(line.role.value))


def _from_other_absaetze(index: Index, result: SearchResult, passage: Passage) -> Iterator[Quote]:
    """Exceptions that other Absätze of the norm make to this one ("Abweichend von Absatz 1")."""
    allowed = index.allowed(Scope(day=result.as_of))
    for row in index.rows_by_norm.get((passage.law or "", passage.number or ""), ()):
        other = index.passages[row]
        if not allowed[row] or other.absatz == passage.absatz:
            continue
        for satz in other.saetze:
            names = any(
                ref.span.within(satz.span)
                and ref.target.absatz == passage.absatz
                and ref.target.norm == NormRef(passage.law or "", passage.number or "")
                for ref in other.references
            )
            span = without_label(other, satz.span)
            if names and changes_the_result(span.of(other.text)) is Role.EXCEPTION:
                yield Quote(other, span, place_in(other, satz.number), Use.EXCEPTION)


def _guidance(index: Index, result: SearchResult, statutes: Sequence[Passage]) -> list[Hit]:
    """Documents worth quoting: those that cite a quoted Absatz, or rank as high as the norms.

    At most one passage per document; citing the very Absatz counts before everything else. Beside a
    wording that no longer stands none that describes later law.
    """
    changed = any(passage.valid_to is not None for passage in statutes)

    def describes_later_law(hit: Hit) -> bool:
        meta = index.reader.sources[hit.passage.source].meta
        stand = meta.stand if meta else None
        return result.as_of is not None and (stand is None or stand > result.as_of)

    places = {passage.ref for passage in statutes}
    best = result.hits[0].score

    def cites(hit: Hit) -> bool:
        return any(
            NormRef(ref.target.law, ref.target.number, ref.target.absatz) in places
            for ref in hit.passage.references
        )

    chosen: dict[str, Hit] = {}
    for hit in sorted(result.documents, key=cites, reverse=True):
        if changed and describes_later_law(hit):
            continue
        if cites(hit) or hit.score >= _NEAR_DOCUMENT * best:
            chosen.setdefault(hit.passage.source, hit)
    best_first = list(chosen.values())[:_DOCUMENTS]
    return sorted(best_first, key=lambda hit: HIERARCHY.index(hit.passage.kind))


def _document_quotes(passage: Passage, judge: Judge) -> Iterator[Quote]:
    """A short section whole, of a longer one its decisive sentence."""
    span = Span(0, len(passage.text))
    if len(passage.text) > _WHOLE_SECTION:
        span = decisive_units([passage], judge)[0].span
    yield Quote(passage, span, None, Use.GUIDANCE)
