"""How a rule binds: zwingend, Regelfall or Ermessen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from corpus.generation.analysis import words
from rag.check.clauses import main_text
from rag.check.lists import phrases_of_check
from rag.check.segments import Lexicon, Segment, Word, best, coverage, covers, verb_root


class Modality(StrEnum):
    """How a rule binds."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


_NAMES = {
    Modality.MUST: "zwingend",
    Modality.SHOULD: "als Regelfall",
    Modality.MAY: "als Möglichkeit",
}
# A condition that a statement repeats with "muss" is meant if it holds so much more of its words.
_CONDITION_LEAD = 0.15
_ORDERS, _EQUAL = 0.1, 0.02
# With fewer words in common, a statement must at least have the verb of what is ordered.
_SAME = 0.5
# "ist ... zu erteilen", "hat ... vorzulegen"
_IS_TO = re.compile(
    r"\b(?:ist|sind|hat|haben)\b[^.;]{0,220}?\b(?:zu\s+\w+n|(?:ab|an|auf|aus|bei|ein|entgegen|fest|heraus|mit|nach|vor|weg"
    r"|zurück)zu\w+n)\b",
    re.IGNORECASE,
)
# "kann nicht" and "darf kein" bind.
_CANNOT = re.compile(
    r"\b(?:kann|können|darf|dürfen)\b(?=[^.;,]*?\b(?:nicht|kein\w*)\b)", re.IGNORECASE
)
# "darf fünf Jahre nicht überschreiten" allows them.
_AT_MOST = re.compile(
    r"\b(?:kann|können|darf|dürfen)\b[^.;,]*?\bnicht\s+(?:überschreiten|übersteigen|länger als|mehr als)\b",
    re.IGNORECASE,
)
_SOFTENS = re.compile(
    r"\b(?:ausnahmsweise|abgesehen|abzusehen|es sei denn|Ausnahmen?)\b", re.IGNORECASE
)
# The plain indicative of what is ordered: "wird erteilt".
_PASSIVE = re.compile(r"\b(?:wird|werden|erhält|erhalten|bekommt|bekommen)\b", re.IGNORECASE)
_AUXILIARY = frozenset("werden worden wird wurde sein ist sind konnen muss mussen".split())
# "bedarf keiner Zustimmung" leaves free.
_NEED_NOT = re.compile(
    r"\b(?:bedarf|bedürfen|muss|müssen|braucht|brauchen|benötigt|benötigen|verlangt)\b[^.;,]*?\b(?:nicht|kein\w*)\b",
    re.IGNORECASE,
)


def modalities(text: str) -> frozenset[Modality]:
    """Every way to bind that the words of ``text`` express; weaker words where there is no clear one."""
    phrases = phrases_of_check()
    text = _NEED_NOT.sub("kann", _CANNOT.sub("zwingend", _AT_MOST.sub("kann", text)))
    found = set()
    if phrases.should.search(text):
        found.add(Modality.SHOULD)
    if phrases.may.search(text):
        found.add(Modality.MAY)
    if phrases.must.search(phrases.may.sub(" ", text)) or _IS_TO.search(text):
        found.add(Modality.MUST)
    if not found and phrases.weak_may.search(text):
        found.add(Modality.MAY)
    if not found and (phrases.weak_must.search(text) or phrases.indicative.search(text)):
        found.add(Modality.MUST)
    return frozenset(found)


def misbound(text: str, stretches: Sequence[Segment], lexicon: Lexicon) -> Iterator[str]:
    """How a statement binds (German words) where no stretch that it rests on binds so."""
    phrases = phrases_of_check()
    softened = any(_SOFTENS.search(segment.text) for segment in stretches)
    for chunk in text.split("; "):
        main = main_text(chunk)
        said = modalities(main)
        near = ordering(stretches, main, chunk, lexicon)
        if not near or not said:
            continue
        if phrases.free.search(chunk) and not any(Modality.MAY in modalities(s.text) for s in near):
            yield _NAMES[Modality.MAY]
        elif phrases.bound.search(chunk) and not any(_binding(s) for s in near):
            yield _NAMES[Modality.MUST]
        # "darf kein", "muss nicht": how much is denied is for the check of negations.
        elif phrases.plain_no.search(main):
            continue
        elif not any(_borne(said, main, segment, lexicon, softened=softened) for segment in near):
            yield " und ".join(_NAMES[modality] for modality in sorted(said))


def _binding(segment: Segment) -> bool:
    """Whether a stretch leaves nobody a choice."""
    held = frozenset[Modality]().union(*map(modalities, segment.orders))
    return phrases_of_check().bound.search(segment.text) is not None or held == {Modality.MUST}


def _says_so(text: str) -> bool:
    """Whether a main clause has a word for how it binds, stronger than "erforderlich" or "verliert"."""
    phrases = phrases_of_check()
    return any(
        pattern.search(text) for pattern in (phrases.should, phrases.may, phrases.must, _IS_TO)
    )


def ordering(
    stretches: Sequence[Segment], main: str, chunk: str, lexicon: Lexicon
) -> list[Segment]:
    """The stretches that order what the main clause says, under the conditions of the whole statement."""
    if not stretches:
        return []
    content = lexicon.content(main)
    shares = [coverage(segment.stems, content) for segment in stretches]
    close = [s for s, n in zip(stretches, shares, strict=True) if n >= max(shares) - _ORDERS]
    near = best(close, lexicon.content(chunk), _EQUAL)
    left = [w for w in lexicon.content(chunk) if not any(covers(s.stems, w) for s in near)]
    return near + [
        segment
        for segment in stretches
        if segment not in near
        and any(covers(segment.stems, word) for word in left)
        and all(covers(segment.stems, verb) for verb in content[-1:])
    ]


def _borne(
    said: frozenset[Modality], main: str, segment: Segment, lexicon: Lexicon, *, softened: bool
) -> bool:
    """Whether a stretch binds as said, or does not speak of it."""
    content = lexicon.content(main)
    ordered = max(segment.orders, key=lambda order: coverage(lexicon.stems(order), content))
    held = modalities(ordered)
    if (
        not held
        or phrases_of_check().plain_no.search(ordered)
        or _agree(said, held, softened=softened)
    ):
        return True
    if said == {Modality.MAY} and phrases_of_check().exercised.search(main):
        return True
    stems = lexicon.stems(ordered)
    share = coverage(stems, content)
    orders_it = bool(content) and covers(stems, content[-1]) and _ends_in(main, content[-1])
    if not _says_so(main) and not (orders_it and _PASSIVE.search(main)):
        return True
    conditions = [coverage(part.stems, content) for part in segment.parts if not part.main]
    if (
        not orders_it
        and Modality.MAY not in said
        and max(conditions, default=0.0) >= share + _CONDITION_LEAD
    ):
        return True
    return share < _SAME and not orders_it and not same_consequence(ordered, main, lexicon)


def _ends_in(main: str, word: Word) -> bool:
    """Whether the word ends the clause, as its verb does: "wird verlängert", not "wird Sperre genannt"."""
    return [other for other in words(main) if other not in _AUXILIARY][-1:] == [word.written]


def same_consequence(ordered: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a statement speaks of what is ordered: of its verb, which stands last."""
    verbs = lexicon.content(ordered)[-1:]
    said = {verb_root(word) for word in words(text)}
    stems = lexicon.stems(text)
    return not verbs or any(covers(stems, v) or verb_root(v.written) in said for v in verbs)


def _agree(said: frozenset[Modality], held: frozenset[Modality], *, softened: bool) -> bool:
    """Whether a statement binds as its source does: nothing new, and no softening left out.

    ``softened``: the source has exceptions, of which "in der Regel" is a fair summary.
    """
    if Modality.SHOULD in said and Modality.SHOULD not in held and softened:
        said -= {Modality.SHOULD}
    if Modality.SHOULD in held or Modality.SHOULD in said:
        return Modality.SHOULD in held and Modality.SHOULD in said
    if held == {Modality.MAY} and Modality.MAY not in said:
        return False
    return bool(said & held)
