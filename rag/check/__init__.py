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

from corpus.citations import find
from corpus.generation.analysis import Analyzer, words
from corpus.models import Passage
from rag.check import logic
from rag.check.lists import words_of_check
from rag.check.quantities import dates, quantities
from rag.check.references import strange_places
from rag.check.segments import Lexicon, Segment, Word, best, coverage, covers, segments
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

    @property
    def supported(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def checks(self) -> dict[str, bool]:
        """Every check and whether it held."""
        failed = {finding.kind for finding in self.findings}
        return {kind.value: kind not in failed for kind in CheckKind}


# Chosen on eval/seeded/dev.jsonl (docs/messungen.md).
_LEAST_CONTENT, _MISSING = 0.5, 2
_NEARLY_BEST = 0.1

_QUOTED = re.compile(r"[„\"“]([^„“”\"]{3,})[“”\"]")
_MONEY = frozenset(("euro", "prozent"))
_PERIODS = frozenset(("monat", "tag", "werktag", "stunde", "minute"))
_SENTENCE = re.compile(r"(?<=[a-zäöüß)“]{2})[.!?]\s+(?=[A-ZÄÖÜ])")


def check_statement(text: str, passages: Sequence[Passage], *, analyzer: Analyzer) -> Verdict:
    """Everything in ``text`` that ``passages`` do not bear out; each sentence is held against them."""
    if _is_satz(text, passages):
        return Verdict(())
    lexicon = Lexicon(analyzer)
    stretches = segments(passages, lexicon)
    findings: list[Finding] = [*_quotes(text, passages), *_references(text, passages)]
    for sentence in _SENTENCE.split(text.strip().rstrip(".")):
        findings += _sentence(sentence, passages, stretches, lexicon)
    return Verdict(tuple(dict.fromkeys(findings)))


def _sentence(
    text: str, passages: Sequence[Passage], stretches: Sequence[Segment], lexicon: Lexicon
) -> Iterator[Finding]:
    content = lexicon.content(_without_citations(text))
    near = best(stretches, content, _NEARLY_BEST)
    everything = " ".join(passage.text for passage in passages)
    yield from _quantities(text, everything)
    yield from _content(content, passages, lexicon)
    if not near:
        return
    yield from _modality(text, near, lexicon)
    yield from _negation(text, near, stretches, lexicon)
    yield from _actors(text, passages)
    yield from _conditions(text, near)
    yield from _connectives(text, near, lexicon)


def _without_citations(text: str) -> str:
    for mention in reversed(find(text)):
        text = f"{text[: mention.span.start]} {text[mention.span.end :]}"
    return text


def _is_satz(text: str, passages: Sequence[Passage]) -> bool:
    """Whether the statement is a whole Satz of a passage, word for word."""
    said = _collapsed(text)
    return any(
        said == _collapsed(without_label(passage, satz.span).of(passage.text))
        for passage in passages
        for satz in passage.saetze
    )


def _quotes(text: str, passages: Sequence[Passage]) -> Iterator[Finding]:
    held = [_collapsed(passage.text) for passage in passages]
    for match in _QUOTED.finditer(text):
        if not any(_collapsed(match[1]) in source for source in held):
            yield Finding(
                CheckKind.QUOTES, match[1], f"„{match[1]}“ steht so nicht in der Fundstelle."
            )


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _references(text: str, passages: Sequence[Passage]) -> Iterator[Finding]:
    for mention in strange_places(text, passages):
        message = f"{mention.text} ist weder die zitierte Stelle noch dort genannt."
        yield Finding(CheckKind.REFERENCES, mention.text, message)


def _quantities(text: str, source: str) -> Iterator[Finding]:
    held = quantities(source)
    exact = {(quantity.value, quantity.unit) for quantity in held}
    values = {quantity.value for quantity in held}
    values |= {quantity.value / 12 for quantity in held if quantity.unit == "monat"}
    mentioned = set(words(source))
    for quantity in quantities(text):
        bare = not quantity.unit
        if quantity.article and words(quantity.written)[-1] in mentioned:
            continue
        if quantity.value in values if bare else (quantity.value, quantity.unit) in exact:
            continue
        kind = CheckKind.NUMBERS
        if quantity.unit in _PERIODS:
            kind = CheckKind.PERIODS
        elif quantity.unit in _MONEY:
            kind = CheckKind.AMOUNTS
        yield Finding(
            kind, quantity.written, f"„{quantity.written}“ steht nicht in der Fundstelle."
        )
    stated = set(dates(source))
    for day in dates(text):
        if day not in stated:
            message = f"Der {day:%d.%m.%Y} steht nicht in der Fundstelle."
            yield Finding(CheckKind.DATES, f"{day:%d.%m.%Y}", message)


def _content(
    content: Sequence[Word], passages: Sequence[Passage], lexicon: Lexicon
) -> Iterator[Finding]:
    surroundings = " ".join(f"{p.text} {p.heading} {p.title} {' '.join(p.path)}" for p in passages)
    stems = lexicon.stems(surroundings)
    missing = [word.written for word in content if not covers(stems, word)]
    if len(missing) >= _MISSING and coverage(stems, content) < _LEAST_CONTENT:
        names = ", ".join(missing)
        yield Finding(CheckKind.CONTENT, names, f"In der Fundstelle fehlen: {names}.")


def _modality(text: str, near: Sequence[Segment], lexicon: Lexicon) -> Iterator[Finding]:
    said = logic.modalities(logic.main_clause(text)) or logic.modalities(text)
    if not said:
        return
    stems = lexicon.stems(text)
    for segment in near:
        main = logic.main_clause(segment.text)
        held = logic.modalities(main) or logic.modalities(segment.text)
        if not held or _agree(said, held) or not _same_consequence(main, stems, lexicon):
            return
    names = {"must": "zwingend", "should": "als Regelfall", "may": "als Möglichkeit"}
    how = " und ".join(names[modality] for modality in sorted(said))
    message = f"Die Aussage stellt die Regel {how} dar; so steht sie nicht in der Fundstelle."
    yield Finding(CheckKind.MODALITY, text, message)


def _same_consequence(main: str, stems: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether a statement speaks of what the main clause orders: of its verb, which stands last."""
    verbs = lexicon.content(main)[-1:]
    return not verbs or any(covers(stems, verb) for verb in verbs)


def _agree(said: frozenset[logic.Modality], held: frozenset[logic.Modality]) -> bool:
    """Whether a statement binds as its source does: nothing new, and no softening left out."""
    if (
        logic.Modality.MAY in held
        and logic.Modality.MAY not in said
        and logic.Modality.MUST not in held
    ):
        return False
    if logic.Modality.SHOULD in held and logic.Modality.SHOULD not in said:
        return False
    return bool(said & held) and not (
        logic.Modality.SHOULD in said and logic.Modality.SHOULD not in held
    )


def _negation(
    text: str, near: Sequence[Segment], stretches: Sequence[Segment], lexicon: Lexicon
) -> Iterator[Finding]:
    said = logic.negations(text, lexicon)
    anywhere = [scope for segment in stretches for scope in logic.negations(segment.text, lexicon)]
    exempt = logic.exempts(text) and any(logic.exempts(segment.text) for segment in stretches)
    if said:
        added = [
            scope
            for scope in said
            if scope and not any(not other or scope & other for other in anywhere)
        ]
        if len(added) == len(said) and not exempt:
            message = "Die Aussage verneint, was dort nicht verneint ist."
            yield Finding(CheckKind.NEGATION, text, message)
        return
    stems = lexicon.stems(text)
    for segment in near:
        dropped = logic.negations(logic.main_clause(segment.text), lexicon, strong=True)
        if not any(len(scope & stems) > 1 for scope in dropped):
            return
    yield Finding(CheckKind.NEGATION, text, "Die Aussage lässt eine Verneinung weg.")


def _actors(text: str, passages: Sequence[Passage]) -> Iterator[Finding]:
    known = words_of_check().actors
    held = {
        known[word]
        for passage in passages
        for word in words(f"{passage.text} {passage.heading} {passage.title}")
        if word in known
    }
    for word in words(text):
        if word in known and known[word] not in held:
            yield Finding(
                CheckKind.ACTORS, word, f"„{word.capitalize()}“ kommt in der Fundstelle nicht vor."
            )


def _conditions(text: str, near: Sequence[Segment]) -> Iterator[Finding]:
    if all(logic.drops_exception(text, segment.text) for segment in near):
        message = "Die Fundstelle schränkt die Regel ein, die Aussage nicht."
        yield Finding(CheckKind.CONDITIONS, text, message)


def _connectives(text: str, near: Sequence[Segment], lexicon: Lexicon) -> Iterator[Finding]:
    for is_and, before, after in logic.connectives(text, lexicon.analyzer):
        # "Flüchtlinge und Asylberechtigte dürfen": of those a rule is for, "und" is what "oder" is.
        if is_and and not logic.requires(text):
            continue
        joined: set[bool] = set()
        for segment in near:
            joined |= logic.joins_between(segment.text, before, after, lexicon.analyzer)
        if joined and is_and not in joined:
            word = "und" if is_and else "oder"
            other = "oder" if is_and else "und"
            message = f"Die Aussage verbindet mit „{word}“, die Fundstelle mit „{other}“."
            yield Finding(CheckKind.CONNECTIVES, word, message)
