"""Places that a statement names: the cited one, or one that the cited text names itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.citations import Mention, find
from corpus.generation.analysis import fold
from corpus.models import NormRef, Passage
from rag.check.quantities import WITHIN

_LABEL = re.compile(r"\d+[a-z]?\b")


def names_places(text: str) -> bool:
    """Whether a text names a place of a norm at all."""
    return bool(find(text)) or WITHIN.search(text) is not None


def strange_places(text: str, passages: Sequence[Passage]) -> Iterator[Mention]:
    """Places named in ``text`` that are neither a passage's own nor named in one."""
    own = [passage.ref for passage in passages if passage.ref is not None]
    named = [reference.target for passage in passages for reference in passage.references]
    written = [mention for passage in passages for mention in find(passage.text)]
    for mention in find(text):
        if mention.number is None and mention.absatz is None:
            continue
        if any(_same(mention, other) for other in written):
            continue
        if not any(_meets(mention, ref, own_place=True) for ref in own) and not any(
            _meets(mention, ref, own_place=False) for ref in named
        ):
            yield mention


def strange_parts_of_norm(text: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Names like "Absatz 2" or "Nummer 4" that stand alone and fit neither a passage nor its words."""
    for mention in reversed(find(text)):
        text = f"{text[: mention.span.start]} {text[mention.span.end :]}"
    for match in WITHIN.finditer(text):
        kind = _kind(match.group())
        named = {label for passage in passages for label in _named(passage, kind)}
        if any(label not in named for label in _LABEL.findall(match.group())):
            yield match.group()


def _kind(name: str) -> str:
    """What is numbered: "abs" for "Absatz 2" and "Abs. 2", "sat", "num"."""
    beginning = fold(name)[:3]
    return "num" if beginning == "nr." else beginning


def _named(passage: Passage, kind: str) -> frozenset[str]:
    """Numbers of this kind in the words of a passage, or its own.

    A passage that names another Absatz is not meant by "Absatz 2" alone: that would turn it round.
    """
    written = [m.group() for m in WITHIN.finditer(passage.text) if _kind(m.group()) == kind]
    found = {label for name in written for label in _LABEL.findall(name)}
    if kind == "abs":
        found |= {r.target.absatz for r in passage.references if r.target.absatz}
        found |= set() if written or passage.absatz is None else {passage.absatz}
    elif kind == "sat":
        found |= {str(satz.number) for satz in passage.saetze}
    elif kind == "num":
        found |= {label for item in passage.items for label in item.labels}
    else:
        found |= set(_LABEL.findall(f"{passage.text} {' '.join(passage.path)}"))
    return frozenset(found)


def _same(mention: Mention, other: Mention) -> bool:
    """Whether the passage itself names the place, resolved or not; what the mention leaves open fits."""
    pairs = (
        (mention.law, other.law),
        (mention.number, other.number),
        (mention.absatz, other.absatz),
        (mention.satz, other.satz),
        (mention.nummer, other.nummer),
    )
    return all(said is None or said == held for said, held in pairs)


def _meets(mention: Mention, ref: NormRef, *, own_place: bool) -> bool:
    """Whether the mention may name this place; what it leaves open fits."""
    if mention.law is not None and mention.law != ref.law:
        return False
    if mention.number is not None and not _in_range(mention.number, mention.number_to, ref.number):
        return False
    if mention.number is None and not own_place:
        return mention.absatz == ref.absatz
    if mention.absatz is not None and mention.absatz != ref.absatz:
        return not own_place and ref.absatz is None
    if mention.satz is not None and not own_place and ref.satz not in (None, mention.satz):
        return False
    return not (
        mention.nummer is not None and not own_place and ref.nummer not in (None, mention.nummer)
    )


def _in_range(first: str, last: str | None, number: str) -> bool:
    if last is None:
        return first == number
    if first.isdigit() and last.isdigit() and number.isdigit():
        return int(first) <= int(number) <= int(last)
    return number in (first, last)
