"""Who acts: authorities, courts, employers and others that a statement names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.generation.analysis import words
from corpus.models import Passage
from rag.check.lists import words_of_check
from rag.check.segments import Lexicon, Segment, best

_NEARLY_BEST = 0.05


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
    for name, word in said.items():
        if name not in everywhere or (name not in here and here.keys() - said.keys()):
            yield word
