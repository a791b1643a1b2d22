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
from rag.check.segments import Lexicon, Segment, Word, best, coverage, covers, segments, verb_root
from rag.structure import Joined, joined_by, top_entries, without_label

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
_NEARLY_BEST = 0.04
_CLOSE = 0.6
# Words of a statement by which an entry of a list is recognised.
_ENTRY_WORDS = 2
_AROUND = 0.34

_QUOTED = re.compile(r"[„\"“]([^„“”\"]{3,})[“”\"]")
_HALF_A_UNIT = re.compile(r"\bhalbe[nsr]?\s+(?:Jahr|Stunde|Monat)\w*", re.IGNORECASE)
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
    around = best(stretches, content, _AROUND)
    yield from _quantities(text, " ".join(segment.text for segment in around))
    yield from _content(content, passages, lexicon)
    if not near:
        return
    yield from _modality(text, near, lexicon)
    yield from _negation(text, near, stretches, lexicon)
    yield from _actors(text, passages)
    yield from _conditions(text, near)
    yield from _connectives(text, near, passages, lexicon)


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
    parts = words_of_check().parts
    known = {parts[word] for word in mentioned & parts.keys()}
    known |= {"halb"} if (50.0, "prozent") in exact else set()
    for word in words(_HALF_A_UNIT.sub(" ", text)):
        if word in parts and parts[word] not in known:
            message = f"„{word}“ steht nicht in der Fundstelle."
            yield Finding(CheckKind.NUMBERS, word, message)
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
    for segment in near:
        main = logic.main_clause(segment.text)
        held = logic.modalities(main) or logic.modalities(segment.text)
        if not held or _agree(said, held) or not _same_consequence(main, text, lexicon):
            return
    names = {"must": "zwingend", "should": "als Regelfall", "may": "als Möglichkeit"}
    how = " und ".join(names[modality] for modality in sorted(said))
    message = f"Die Aussage stellt die Regel {how} dar; so steht sie nicht in der Fundstelle."
    yield Finding(CheckKind.MODALITY, text, message)


def _same_consequence(main: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a statement speaks of what the main clause orders: of its verb, which stands last."""
    verbs = lexicon.content(main)[-1:]
    said = {verb_root(word) for word in words(text)}
    stems = lexicon.stems(text)
    return not verbs or any(covers(stems, v) or verb_root(v.written) in said for v in verbs)


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
    if logic.denial(text):
        close = coverage(near[0].stems, lexicon.content(text)) >= _CLOSE
        if close and not any(logic.denies(segment.text) for segment in stretches):
            message = "Die Aussage verneint, was dort nicht verneint ist."
            yield Finding(CheckKind.NEGATION, text, message)
        return
    if logic.denies_openly(text):
        return
    stems = lexicon.stems(text)
    if not any(word.stems & stems for word in logic.negated_words(near[0].text, lexicon)):
        return
    yield Finding(CheckKind.NEGATION, text, "Die Aussage lässt eine Verneinung weg.")


def _actors(text: str, passages: Sequence[Passage]) -> Iterator[Finding]:
    lists = words_of_check()
    source = " ".join(f"{p.text} {p.heading} {p.title}" for p in passages)
    held = words(source)
    for word in words(text):
        if word not in lists.actors:
            continue
        forms = [form for form, name in lists.actors.items() if name == lists.actors[word]]
        if not any(other.startswith(form) for form in forms for other in held):
            said = word.capitalize()
            yield Finding(CheckKind.ACTORS, word, f"„{said}“ kommt in der Fundstelle nicht vor.")
    named = {name for phrase, name in lists.actor_phrases.items() if phrase in source.casefold()}
    for phrase, name in lists.actor_phrases.items():
        if phrase in text.casefold() and name not in named:
            yield Finding(
                CheckKind.ACTORS, phrase, f"„{phrase}“ kommt in der Fundstelle nicht vor."
            )


def _conditions(text: str, near: Sequence[Segment]) -> Iterator[Finding]:
    if all(logic.drops_exception(text, segment.text) for segment in near):
        message = "Die Fundstelle schränkt die Regel ein, die Aussage nicht."
        yield Finding(CheckKind.CONDITIONS, text, message)


def _connectives(
    text: str, near: Sequence[Segment], passages: Sequence[Passage], lexicon: Lexicon
) -> Iterator[Finding]:
    # "Kein Titel, wenn a fehlt oder b fehlt" is what "Titel, wenn a und b" is.
    if logic.denial(text):
        return
    both = logic.insists_on_both(text)
    for junction in logic.connectives(text, lexicon):
        # "Flüchtlinge und Asylberechtigte dürfen": of those a rule is for, "und" is what "oder" is.
        if junction.is_and and not logic.requires(text):
            continue
        joined: set[bool] = set()
        for segment in near:
            joined |= logic.joins_between(
                segment.text, junction.before.stems, junction.after.stems, lexicon.analyzer
            )
        listed = _joined_entries(junction, passages, lexicon)
        joined = {listed is Joined.ALL} if listed else joined
        unclear = both and junction.is_and and not joined and any(" oder" in s.text for s in near)
        if unclear or (joined and junction.is_and not in joined):
            word = "und" if junction.is_and else "oder"
            other = "oder" if junction.is_and else "und"
            message = f"Die Aussage verbindet mit „{word}“, die Fundstelle mit „{other}“."
            yield Finding(CheckKind.CONNECTIVES, word, message)


def _joined_entries(
    junction: logic.Junction, passages: Sequence[Passage], lexicon: Lexicon
) -> Joined | None:
    """How the source joins the two entries of a list that the statement joins; None if it joins none."""
    for passage in passages:
        for satz in passage.saetze:
            listed = top_entries(passage, satz.number)
            stems = [lexicon.stems(entry.span.of(passage.text)) for entry in listed]
            left = [len(junction.left & own) for own in stems]
            right = [len(junction.right & own) for own in stems]
            if not stems or min(max(left), max(right)) < _ENTRY_WORDS:
                continue
            if left.index(max(left)) != right.index(max(right)):
                return joined_by(passage, listed)
    return None
