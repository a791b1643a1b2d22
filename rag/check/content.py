"""Whether the cited passages speak of what a statement says at all: its words, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.models import Passage
from rag.check.rivals import Standing
from rag.check.segments import Lexicon, coverage, covers

# Chosen on eval/seeded/dev.jsonl, and on the sentences of the summaries, which are true and freer in their
# words (docs/messungen.md).
# Words that may be missing, and the share that must be there if two, or more, are missing: what two missing
# words say of a short statement is less.
_MISSING, _LEAST_CONTENT, _LEAST_OF_LONG = 2, 0.5, 0.6
# So much less of a sentence than the best rival the cited passages may hold; twice as much where it has
# no more content words than these.
_BEHIND, _FEW = 0.18, 3
# So much of the pieces of a sentence is near to the passages' where it only uses words of its own.
_LEAST_NEAR = 0.5


def unheld(
    text: str, passages: Sequence[Passage], place: Standing | None, lexicon: Lexicon
) -> Iterator[tuple[str, str]]:
    """What of a sentence the passages do not speak of, with a German reason.

    ``place``: how they stand beside the rest of the law; None if that is not known, then words alone count.
    """
    content = lexicon.content(text)
    if place is not None and place.lead < -(_BEHIND if len(content) > _FEW else 2 * _BEHIND):
        yield text, f"Das steht eher in {place.rival.citation} als in der zitierten Stelle."
        return
    # Words of its own are no objection where nothing else in the law is nearer to what they mean.
    if place is not None and place.near >= _LEAST_NEAR:
        return
    surroundings = " ".join(f"{p.text} {p.heading} {p.title} {' '.join(p.path)}" for p in passages)
    stems = lexicon.stems(surroundings)
    missing = [word.written for word in content if not covers(stems, word)]
    least = _LEAST_OF_LONG if len(missing) > _MISSING else _LEAST_CONTENT
    if len(missing) >= _MISSING and coverage(stems, content) < least:
        names = ", ".join(missing)
        yield names, f"In der Fundstelle fehlen: {names}."
