"""Metrics of one case; every one is None where it cannot be scored ("unscored is not zero")."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence, Set
from typing import TypeVar

from corpus.models import NormRef

Key = TypeVar("Key", bound=Hashable)


def distinct(items: Sequence[Key]) -> list[Key]:
    """Items in order, each once."""
    return list(dict.fromkeys(items))


def recall_at(ranking: Sequence[Key], relevant: Set[Key], k: int) -> float | None:
    """Share of ``relevant`` among the first ``k`` distinct items."""
    if not relevant:
        return None
    return len(relevant & set(distinct(ranking)[:k])) / len(relevant)


def reciprocal_rank(ranking: Sequence[Key], relevant: Set[Key]) -> float | None:
    """1 / rank of the first relevant distinct item, 0 if there is none (Voorhees 1999)."""
    if not relevant:
        return None
    for rank, item in enumerate(distinct(ranking), 1):
        if item in relevant:
            return 1 / rank
    return 0.0


def ndcg_at(ranking: Sequence[Key], relevant: Set[Key], k: int) -> float | None:
    """Normalised discounted cumulative gain with binary gain (Järvelin and Kekäläinen 2002)."""
    if not relevant:
        return None
    gain = sum(
        1 / math.log2(rank + 1)
        for rank, item in enumerate(distinct(ranking)[:k], 1)
        if item in relevant
    )
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / ideal


def precision(found: Set[Key], accepted: Set[Key]) -> float | None:
    """Share of ``found`` that is accepted; None if nothing was found."""
    return len(found & accepted) / len(found) if found else None


def absatz_hits(ranking: Sequence[NormRef], gold: Sequence[NormRef]) -> list[NormRef]:
    """The ranking at Absatz level, with places that a gold without Absatz covers mapped onto it.

    Gold that names no Absatz is met by any Absatz of its norm.
    """
    whole = {ref.norm for ref in gold if ref.absatz is None}
    return [
        ref.norm if ref.norm in whole else NormRef(ref.law, ref.number, ref.absatz)
        for ref in ranking
    ]


def absatz_gold(gold: Sequence[NormRef]) -> set[NormRef]:
    """Gold at Absatz level."""
    return {NormRef(ref.law, ref.number, ref.absatz) for ref in gold}
