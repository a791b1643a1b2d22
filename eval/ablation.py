"""What each part of the ranking is worth: the same cases with single weights switched off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from corpus.models import NormRef
from eval.cases import Case
from eval.metrics import absatz_gold, absatz_hits, ndcg_at, recall_at
from eval.stats import Difference, Estimate, estimate, paired_difference
from rag.fuse import WEIGHTS, Weights
from rag.index import Index
from rag.search import search

_DEPTH = 60
MEASURES = ("recall@1", "recall@5", "ndcg@10", "absatz_recall@5")


@dataclass(frozen=True, slots=True)
class Variant:
    """The ranking with other weights, and how much it loses."""

    name: str
    estimates: dict[str, Estimate]
    """By the names in ``MEASURES``."""
    against_full: dict[str, Difference]
    """Case by case, this variant minus the full ranking."""


def variants(*, reranked: bool) -> dict[str, Weights]:
    """Name -> weights: everything, every part alone left out, only words, only meaning.

    ``reranked``: a reranker takes part, and can be left out too.
    """
    only_words = replace(WEIGHTS, dense_text=0.0, dense_question=0.0)
    only_meaning = replace(WEIGHTS, text=0.0, question=0.0, synonym=0.0)
    without = {
        f"ohne {field.name}": replace(WEIGHTS, **{field.name: 0.0})
        for field in fields(WEIGHTS)
        if reranked or field.name != "rerank"
    }
    return {"alles": WEIGHTS, **without, "nur Wörter": only_words, "nur Bedeutung": only_meaning}


def ablate(
    index: Index, cases: Sequence[Case], progress: Callable[[float], None] | None = None
) -> tuple[Variant, ...]:
    """Score the answerable cases with every variant; the full ranking comes first."""
    answerable = [case for case in cases if case.answerable]
    result: list[Variant] = []
    full: dict[str, list[float | None]] = {}
    plan = variants(reranked=index.reranker is not None)
    for number, (name, weights) in enumerate(plan.items(), 1):
        rows = [_score(index, case, weights) for case in answerable]
        scores = {measure: [row[measure] for row in rows] for measure in MEASURES}
        full = full or scores
        result.append(
            Variant(
                name,
                {measure: estimate(scores[measure]) for measure in MEASURES},
                {m: paired_difference(full[m], scores[m]) for m in MEASURES},
            )
        )
        if progress is not None:
            progress(number / len(plan))
    return tuple(result)


def _score(index: Index, case: Case, weights: Weights) -> dict[str, float | None]:
    found = search(index, case.question, k=_DEPTH, history=case.history, weights=weights)
    places = [hit.passage.ref for hit in found.hits]
    ranking = [NormRef(ref.law, ref.number, ref.absatz) for ref in places if ref is not None]
    norms = [ref.norm for ref in ranking]
    wanted = {ref.norm for ref in case.required}
    return {
        "recall@1": recall_at(norms, wanted, 1),
        "recall@5": recall_at(norms, wanted, 5),
        "ndcg@10": ndcg_at(norms, wanted, 10),
        "absatz_recall@5": recall_at(
            absatz_hits(ranking, case.required), absatz_gold(case.required), 5
        ),
    }
