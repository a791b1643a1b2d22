"""Fuse what the indexes say into one ranking, and keep the arithmetic for whoever asks why."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from rag.candidates import Evidence, Scores


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each index counts. Chosen on the dev splits, see docs/adr/0005."""

    text: float = 1.0
    question: float = 0.5
    dense_text: float = 6.0
    dense_question: float = 6.0
    named: float = 10.0
    """More than any other: what speaks for another place must be found by several of them."""
    synonym: float = 0.4
    law: float = 1.0
    everyday: float = 0.6
    wording: float = 3.0
    phrasing: float = 3.0
    rerank: float = 3.0
    """As much as each comparison piece by piece; not yet chosen by a run, see docs/adr/0009."""


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Fused:
    """The fused score of every row and its parts."""

    total: Scores
    parts: dict[str, Scores]
    """Weighted part of each index by its name in :class:`Weights`; they add up to the total."""

    def why(self, row: int) -> dict[str, float]:
        """The parts of one row that are not zero."""
        return {
            name: round(float(part[row]), 4) for name, part in self.parts.items() if part[row] > 0
        }


def fuse(evidence: Evidence, weights: Weights = WEIGHTS) -> Fused:
    """Weighted sum; BM25 scores are divided by the best one, cosines count as they are."""
    factors: dict[str, float] = asdict(weights)
    parts = {
        "text": _relative(evidence.text) * factors["text"],
        "question": _relative(evidence.question) * factors["question"],
        "dense_text": evidence.dense_text * factors["dense_text"],
        "dense_question": evidence.dense_question * factors["dense_question"],
        "named": evidence.named * factors["named"],
        "synonym": _relative(evidence.synonym) * factors["synonym"],
        "law": evidence.law * factors["law"],
        "everyday": evidence.everyday * factors["everyday"],
        "wording": evidence.wording * factors["wording"],
        "phrasing": evidence.phrasing * factors["phrasing"],
        "rerank": evidence.rerank * factors["rerank"],
    }
    total = np.stack(list(parts.values())).sum(axis=0).astype(np.float32)
    return Fused(total, parts)


def _relative(scores: Scores) -> Scores:
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else scores
