"""Who acts: authorities, courts, employers and others that a statement names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.generation.analysis import words
from corpus.models import Passage
from rag.check.lists import words_of_check
from rag.check.segments import Lexicon, Segment, best

_NEARLY_BEST = 0.05
# "der zuständigen Ausländerbehörde": words between the article and who it names.
_BETWEEN = 2
_FEMININE = re.compile(
    r"(?:behorden?|agentur|vertretung|regierung|einrichtung|schule|polizei|schaft|gemeinde)$"
)
# "durch das Bundesamt", "von der Ausländerbehörde" act as well.
_BY = frozenset(("durch", "von", "vom"))
_RECEIVES = frozenset(("dem", "den", "des", "beim", "zum", "zur", "einem", "einer", "eines"))


def actors_of(text: str) -> dict[str, str]:
    """Actors that a text names, with the word that names each."""
    lists = words_of_check()
    found: dict[str, str] = {}
    for word in words(text):
        name = lists.actors.get(word)
        if name is not None:
            found.setdefault(name, word)
    lowered = text.casefold()
    for phrase, name in lists.actor_phrases.items():
        if phrase in lowered:
            found.setdefault(name, phrase)
    return found


def strange_actors(
    text: str, stretches: Sequence[Segment], passages: Sequence[Passage], lexicon: Lexicon
) -> Iterator[str]:
    """Words for actors that the source does not name, or not where another one acts."""
    said = actors_of(text)
    everywhere = actors_of(" ".join(f"{p.text} {p.heading} {p.title}" for p in passages))
    near = best(stretches, lexicon.content(text), _NEARLY_BEST)
    here = actors_of(" ".join(segment.text for segment in near))
    held = set(words(" ".join(segment.text for segment in near)))
    for name, word in said.items():
        if name not in everywhere:
            if here or not held & words_of_check().actors_implied.get(name, frozenset()):
                yield word
        elif name not in here and here.keys() - said.keys():
            yield word
    acting, affected = _roles(" ".join(segment.text for segment in near))
    # "unterrichtet die Meldebehörde": who acts comes first, the others may be an object.
    for name in list(_roles(text)[0])[:1]:
        if name in affected - acting.keys() and acting.keys() - affected:
            yield said[name]


def _roles(text: str) -> tuple[dict[str, None], set[str]]:
    """Actors that act, in their order, and those to whom something is done or owed.

    Article and preposition tell them apart; who stands in both ways may do either.
    """
    acting: dict[str, None] = {}
    affected: set[str] = set()
    tokens = words(text)
    for at, word in enumerate(tokens):
        name = words_of_check().actors.get(word)
        if name is None:
            continue
        before = tokens[max(0, at - 1 - _BETWEEN) : at]
        if _receives(before, feminine=_FEMININE.search(word) is not None):
            affected.add(name)
        else:
            acting[name] = None
    return acting, affected


def _receives(before: Sequence[str], *, feminine: bool) -> bool:
    for place in range(len(before) - 1, -1, -1):
        word = before[place]
        if word in _BY:
            return False
        if word in _RECEIVES or (word == "der" and feminine):
            return not (place and before[place - 1] in _BY)
        if word in ("die", "das", "der"):
            return False
    return False
