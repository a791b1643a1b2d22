"""The lexical index: BM25 over one list of documents (the only file that imports bm25s)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

# Lucene's BM25. b below the usual .75: a long Absatz is not less relevant, it only rules on more.
_K1 = 1.2
_B = 0.6


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 scores of every document for the terms of a question."""

    _index: bm25s.BM25
    _vocabulary: dict[str, int]
    size: int
    """Count of documents."""

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index lists of terms (see :class:`corpus.generation.analysis.Analyzer`).

        Raises ``ValueError`` if there is no term at all.
        """
        if not any(documents):
            raise ValueError("no terms to index")
        index = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        index.index([list(terms) for terms in documents], show_progress=False)
        return cls(index, dict(index.vocab_dict), len(documents))

    def scores(self, terms: Sequence[str]) -> Scores:
        """BM25 of every document, shape ``(size,)``; zeros where no term is known."""
        known = [self._vocabulary[term] for term in terms if term in self._vocabulary]
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        scores: Scores = self._index.get_scores_from_ids(known)
        return scores

    def save(self, folder: Path) -> None:
        """Write the index into the directory ``folder``."""
        self._index.save(str(folder), show_progress=False)
        (folder / "size.json").write_text(json.dumps(self.size), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what :meth:`save` wrote."""
        index = bm25s.BM25.load(str(folder), load_vocab=True, show_progress=False)
        size = int(json.loads((folder / "size.json").read_text(encoding="utf-8")))
        return cls(index, dict(index.vocab_dict), size)
