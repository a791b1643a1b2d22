"""Late interaction: hold every piece of a question against those of the best passages.

MaxSim after ColBERT (Khattab and Zaharia 2020) with the vectors of the static encoder: for each piece
of the question the nearest piece of a passage counts, rare pieces more. A foreign encoder has no
vectors per piece; its rankings do without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.generation.encoder import StaticEncoder, Vectors
from corpus.generation.pieces import PieceIndex

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Interaction:
    """How the pieces of a question meet those of some passages; shape ``(rows asked for,)``."""

    wording: Scores
    """Share of the question found in the passage and its curated questions, 0 to 1."""
    phrasing: Scores
    """Best agreement with a single curated question, both ways (harmonic mean), 0 to 1."""


NO_INTERACTION = Interaction(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32))
"""Of nothing compared."""


@dataclass(frozen=True, slots=True)
class LateInteraction:
    """Compares a question with passages piece by piece."""

    encoder: StaticEncoder
    pieces: PieceIndex
    directions: Vectors
    """Unit vectors of all pieces, shape ``(vocabulary, dimensions)``."""

    @classmethod
    def of(cls, encoder: StaticEncoder, pieces: PieceIndex) -> LateInteraction:
        """Prepare the comparison; the directions are computed once."""
        lengths = np.linalg.norm(encoder.weights, axis=1, keepdims=True)
        return cls(encoder, pieces, encoder.weights / np.maximum(lengths, 1e-6))

    def compare(
        self, text: str, rows: Sequence[int], questions_of: Sequence[Sequence[int]]
    ) -> Interaction:
        """``questions_of``: per row of ``rows``, the numbers of its curated questions."""
        asked = self._cut(text)
        nothing = np.zeros(len(rows), dtype=np.float32)
        if not asked or not rows:
            return Interaction(nothing, nothing)
        # Pieces in rows: those of a passage are then read as whole stretches of memory.
        near = self.directions @ self.directions[asked].T
        weight = self.pieces.rarity[asked]
        weight = weight / weight.sum()
        wording = nothing.copy()
        phrasing = nothing.copy()
        for place, (row, questions) in enumerate(zip(rows, questions_of, strict=True)):
            held = self.pieces.passages.row(row)
            if held.size:
                wording[place] = near[held].max(axis=0) @ weight
            phrasing[place] = self._phrasing(near, weight, questions)
        return Interaction(np.maximum(wording, 0.0), np.maximum(phrasing, 0.0))

    def held(self, text: str, groups: Sequence[Sequence[int]]) -> Scores:
        """Share of ``text`` found piece by piece in the rows of each group together, 0 to 1."""
        asked = self._cut(text)
        result = np.zeros(len(groups), dtype=np.float32)
        if not asked:
            return result
        weight = self.pieces.rarity[asked]
        weight = weight / weight.sum()
        held = [np.concatenate([self.pieces.passages.row(row) for row in rows]) for rows in groups]
        filled = [place for place, pieces in enumerate(held) if pieces.size]
        if not filled:
            return result
        # One product for all: many small ones cost more than they compute.
        starts = np.cumsum([0, *(held[place].size for place in filled[:-1])])
        near = self.directions[np.concatenate(held)] @ self.directions[asked].T
        result[filled] = np.maximum.reduceat(near, starts, axis=0) @ weight
        return np.maximum(result, 0.0)

    def shares(self, text: str, others: Sequence[str]) -> Scores:
        """Share of ``text`` found piece by piece in each of the other texts, 0 to 1."""
        asked = self._cut(text)
        result = np.zeros(len(others), dtype=np.float32)
        if not asked:
            return result
        weight = self.pieces.rarity[asked]
        weight = weight / weight.sum()
        wanted = self.directions[asked].T
        for place, other in enumerate(others):
            held = self._cut(other)
            if held:
                near = np.maximum(self.directions[held] @ wanted, 0.0)
                result[place] = near.max(axis=0) @ weight
        return result

    def _cut(self, text: str) -> list[int]:
        """The different pieces of a text, in order."""
        return list(
            dict.fromkeys(self.encoder.tokenizer.encode(text, add_special_tokens=False).ids)
        )

    def _phrasing(self, near: Scores, weight: Scores, questions: Sequence[int]) -> float:
        """Best harmonic mean over the questions: how much of each is found in the other."""
        rows = [row for number in questions if (row := self.pieces.questions.row(number)).size]
        if not rows:
            return 0.0
        held = np.concatenate(rows)
        starts = np.cumsum([0, *(row.size for row in rows[:-1])])
        met = near[held]
        # Pieces that point away from each other agree on nothing.
        met = np.maximum(met, 0.0)
        there = np.maximum.reduceat(met, starts, axis=0) @ weight
        rare = self.pieces.rarity[held]
        back = np.add.reduceat(met.max(axis=1) * rare, starts) / np.add.reduceat(rare, starts)
        return float((2 * there * back / np.maximum(there + back, 1e-6)).max())
