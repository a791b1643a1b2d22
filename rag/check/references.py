"""Places that a statement names: the cited one, or one that the cited text names itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.citations import Mention, find
from corpus.models import NormRef, Passage


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
