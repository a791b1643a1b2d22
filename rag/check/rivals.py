"""Whether another place of the law bears a statement better: a right sentence with a wrong source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.citations import find
from corpus.models import Kind, Passage
from rag.check.segments import Lexicon, coverage
from rag.index import Index

# The best other passages by their words; one that bears the statement is among them.
_RIVALS = 8
# What the words of the analyzer add to the pieces of the encoder: they know synonyms, not neighbours.
_WORDS = 0.3
_STATUTES = (Kind.LAW, Kind.SUMMARY)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the cited passages hold a statement beside the best other ones."""

    lead: float
    """Share of the statement that the cited ones hold, less that of the best rival: -1.3 to 1.3."""
    rival: Passage
    """The one that holds most of it."""
    near: float
    """Share of its pieces that the cited ones hold, 0 to 1; 0 with a foreign encoder."""


def standing(
    text: str, passages: Sequence[Passage], index: Index, lexicon: Lexicon
) -> Standing | None:
    """Compare the cited passages with those that share most words with a statement.

    Pieces count by how rare they are, and those of curated questions as those of their Absatz: what people
    ask is how people say it. None where there is nothing to compare: documents repeat what the law says.
    """
    if any(passage.kind not in _STATUTES for passage in passages):
        return None
    own = [row for passage in passages for row in index.rows_by_id.get(passage.id, ())]
    text = _elsewhere(text, passages)
    scores = index.passage_index.scores(index.analyzer.terms(text))[: index.today].copy()
    scores[~index.is_statute[: index.today]] = 0
    for row in own:
        held = [r for r in index.rows_by_place[index.places[row]] if r < index.today]
        scores[held] = 0
    rivals = [int(row) for row in np.argsort(-scores)[:_RIVALS] if scores[row] > 0]
    if not own or not rivals:
        return None
    content = lexicon.content(text)
    groups = [own, *([row] for row in rivals)]
    shares = [
        _WORDS * coverage(lexicon.stems(_words(passages_of)), content)
        for passages_of in (passages, *([index.passages[row]] for row in rivals))
    ]
    pieces = (
        [float(piece) for piece in index.late.held(text, groups)]
        if index.late
        else [0.0] * len(groups)
    )
    shares = [share + piece for share, piece in zip(shares, pieces, strict=True)]
    best = max(range(1, len(groups)), key=shares.__getitem__)
    return Standing(shares[0] - shares[best], index.passages[rivals[best - 1]], pieces[0])


def _words(passages: Sequence[Passage]) -> str:
    return " ".join(f"{passage.text} {passage.heading}" for passage in passages)


def _elsewhere(text: str, passages: Sequence[Passage]) -> str:
    """A statement without the names of the norm it cites, which only other norms write out."""
    own = {passage.number for passage in passages}
    for mention in reversed(find(text)):
        if mention.number is None or mention.number in own:
            text = f"{text[: mention.span.start]} {text[mention.span.end :]}"
    return text
