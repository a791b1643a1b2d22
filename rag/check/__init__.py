"""Hold a statement against the passages it cites: deterministic, without a model (docs/adr/0012).

Every check can only object: what it does not find in the cited words is a finding with a reason. A
statement without findings is not thereby true, but nothing in it goes beyond its passages in the respects
that are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.generation.analysis import Analyzer
from corpus.models import Passage
from rag.check.actors import actors_of, strange_actors
from rag.check.claims import (
    contradictions,
    strange_dates,
    strange_parts,
    strange_quantities,
    strange_terms,
)
from rag.check.content import unheld
from rag.check.joins import CONNECTIVE, misjoined
from rag.check.limits import dropped_limit
from rag.check.modality import misbound
from rag.check.negation import turned_round
from rag.check.quantities import Quantity, dates, quantities
from rag.check.references import names_places, strange_parts_of_norm, strange_places
from rag.check.rivals import standing
from rag.check.segments import Lexicon, Segment, segments, without_citations
from rag.index import Index
from rag.nli import Judge
from rag.structure import without_label

__all__ = ["CheckKind", "Finding", "Verdict", "check_statement"]


class CheckKind(StrEnum):
    """What is checked."""

    QUOTES = "quotes"
    NUMBERS = "numbers"
    PERIODS = "periods"
    AMOUNTS = "amounts"
    DATES = "dates"
    REFERENCES = "references"
    MODALITY = "modality"
    NEGATION = "negation"
    ACTORS = "actors"
    CONDITIONS = "conditions"
    CONNECTIVES = "connectives"
    CONTENT = "content"
    ENTAILMENT = "entailment"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the cited passages do not bear out."""

    kind: CheckKind
    said: str
    """The words of the statement."""
    message: str
    """German sentence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check."""

    findings: tuple[Finding, ...]
    applied: frozenset[CheckKind]
    """What there was to check: a statement without a date has no date to be wrong."""

    @property
    def supported(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def checks(self) -> dict[str, bool]:
        """Every check that applied and whether it held."""
        failed = {finding.kind for finding in self.findings}
        return {k.value: k not in failed for k in CheckKind if k in self.applied | failed}


# A model that is not sure is not heard: its objection costs a statement that may be true.
_CONTRADICTED = 0.9

_QUOTED = re.compile(r"[„\"“]([^„“”\"]{3,})[“”\"]")
_MONEY = frozenset(("euro", "prozent"))
_PERIODS = frozenset(("monat", "tag", "werktag", "stunde", "minute"))
_SENTENCE = re.compile(r"(?<=[a-zäöüß)“]{2})[.!?]\s+(?=[A-ZÄÖÜ])")


def check_statement(
    text: str, passages: Sequence[Passage], *, analyzer: Analyzer, index: Index | None = None
) -> Verdict:
    """Everything in ``text`` that ``passages`` do not bear out; each sentence is held against them.

    With an ``index`` also whether another place of the law bears a sentence much better.
    """
    applied = frozenset(_applicable(text))
    if index and index.nli:
        applied |= {CheckKind.ENTAILMENT}
    if _is_satz(text, passages):
        return Verdict((), applied)
    lexicon = Lexicon(analyzer)
    stretches = segments(passages, lexicon)
    findings: list[Finding] = [*_quotes(text, passages), *_references(text, passages)]
    for whole in _SENTENCE.split(text.strip().rstrip(".")):
        sentence = without_citations(whole)
        findings += _figures(sentence, stretches, lexicon)
        findings += _meaning(sentence, passages, stretches, lexicon)
        place = standing(whole, passages, index, lexicon) if index else None
        for said, message in unheld(sentence, passages, place, lexicon):
            findings.append(Finding(CheckKind.CONTENT, said, message))
    if index and index.nli:
        findings += _contradicted(text, passages, index.nli)
    return Verdict(tuple(dict.fromkeys(findings)), applied)


def _applicable(text: str) -> Iterator[CheckKind]:
    """The checks that have something to look at."""
    yield from (CheckKind.MODALITY, CheckKind.NEGATION, CheckKind.CONDITIONS, CheckKind.CONTENT)
    if _QUOTED.search(text):
        yield CheckKind.QUOTES
    yield from {_kind_of(quantity) for quantity in quantities(text)}
    if dates(text):
        yield CheckKind.DATES
    if names_places(text):
        yield CheckKind.REFERENCES
    if actors_of(text):
        yield CheckKind.ACTORS
    if CONNECTIVE.search(text):
        yield CheckKind.CONNECTIVES


def _kind_of(quantity: Quantity) -> CheckKind:
    if quantity.unit in _PERIODS:
        return CheckKind.PERIODS
    return CheckKind.AMOUNTS if quantity.unit in _MONEY else CheckKind.NUMBERS


def _is_satz(text: str, passages: Sequence[Passage]) -> bool:
    """Whether the statement is a whole Satz of a passage, word for word."""
    said = _collapsed(text)
    return any(
        said == _collapsed(without_label(passage, satz.span).of(passage.text))
        for passage in passages
        for satz in passage.saetze
    )


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _quotes(text: str, passages: Sequence[Passage]) -> Iterator[Finding]:
    held = [_collapsed(passage.text) for passage in passages]
    for match in _QUOTED.finditer(text):
        if not any(_collapsed(match[1]) in source for source in held):
            message = f"„{match[1]}“ steht so nicht in der Fundstelle."
            yield Finding(CheckKind.QUOTES, match[1], message)


def _contradicted(text: str, passages: Sequence[Passage], nli: Judge) -> Iterator[Finding]:
    """What a model calls a contradiction; one passage may be silent where another bears a statement."""
    judgements = nli.judge([passage.text for passage in passages], text)
    against = max((judged.contradiction for judged in judgements), default=0.0)
    if against >= _CONTRADICTED and against > max(judged.entailment for judged in judgements):
        message = f"Ein Sprachmodell sieht einen Widerspruch zur Fundstelle ({against:.0%})."
        yield Finding(CheckKind.ENTAILMENT, text, message)


def _references(text: str, passages: Sequence[Passage]) -> Iterator[Finding]:
    for mention in strange_places(text, passages):
        yield _strange(mention.text)
    for named in strange_parts_of_norm(text, passages):
        yield _strange(named)


def _strange(place: str) -> Finding:
    message = f"{place} ist weder die zitierte Stelle noch dort genannt."
    return Finding(CheckKind.REFERENCES, place, message)


def _figures(text: str, stretches: Sequence[Segment], lexicon: Lexicon) -> Iterator[Finding]:
    source = " ".join(segment.text for segment in stretches)
    for quantity in strange_quantities(text, stretches, lexicon):
        message = f"„{quantity.written}“ steht nicht in der Fundstelle."
        yield Finding(_kind_of(quantity), quantity.written, message)
    for word in strange_parts(text, source):
        yield Finding(CheckKind.NUMBERS, word, f"„{word}“ steht nicht in der Fundstelle.")
    for day in strange_dates(text, source):
        yield Finding(CheckKind.DATES, day, f"Der {day} steht nicht in der Fundstelle.")


def _meaning(
    text: str, passages: Sequence[Passage], stretches: Sequence[Segment], lexicon: Lexicon
) -> Iterator[Finding]:
    for how in misbound(text, stretches, lexicon):
        message = f"Die Aussage stellt die Regel {how} dar; so steht sie nicht in der Fundstelle."
        yield Finding(CheckKind.MODALITY, text, message)
    if (clause := turned_round(text, stretches, lexicon)) is not None:
        message = "Die Aussage verneint, was dort nicht verneint ist, oder umgekehrt."
        yield Finding(CheckKind.NEGATION, clause, message)
    for word in strange_actors(text, stretches, passages, lexicon):
        message = f"„{word.capitalize()}“ ist in der Fundstelle hierfür nicht genannt."
        yield Finding(CheckKind.ACTORS, word, message)
    if dropped_limit(text, stretches, lexicon):
        message = "Die Fundstelle schränkt die Regel ein, die Aussage nicht."
        yield Finding(CheckKind.CONDITIONS, text, message)
    for said, held in misjoined(text, stretches, passages, lexicon):
        message = f"Die Aussage verbindet mit „{said}“, die Fundstelle mit „{held}“."
        yield Finding(CheckKind.CONNECTIVES, said, message)
    source = " ".join(f"{p.text} {p.heading}" for p in passages)
    for word in strange_terms(text, source):
        yield Finding(
            CheckKind.CONTENT, word, f"„{word.capitalize()}“ kommt in der Fundstelle nicht vor."
        )
    for said, held in contradictions(text, stretches, lexicon):
        message = f"Die Aussage sagt „{said}“, die Fundstelle „{held}“."
        yield Finding(CheckKind.CONTENT, said, message)
