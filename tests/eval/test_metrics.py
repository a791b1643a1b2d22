from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import NormRef
from eval.metrics import absatz_gold, absatz_hits, ndcg_at, precision, recall_at, reciprocal_rank
from eval.stats import estimate, paired_difference

RANKINGS = st.lists(st.sampled_from("abcdefgh"), max_size=12)
RELEVANT = st.sets(st.sampled_from("abcdefgh"), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("ranking", "relevant", "expected"),
    [
        ("abc", "a", (1.0, 1.0, 1.0, 1.0)),
        ("bac", "a", (0.0, 1.0, 0.5, 1 / math.log2(3))),
        ("bbba", "a", (0.0, 1.0, 0.5, 1 / math.log2(3))),
        ("xyz", "a", (0.0, 0.0, 0.0, 0.0)),
        ("ab", "ab", (0.5, 1.0, 1.0, 1.0)),
    ],
)
def test_known_values(ranking: str, relevant: str, expected: tuple[float, ...]) -> None:
    wanted = set(relevant)
    got = (
        recall_at(list(ranking), wanted, 1),
        recall_at(list(ranking), wanted, 5),
        reciprocal_rank(list(ranking), wanted),
        ndcg_at(list(ranking), wanted, 10),
    )
    assert got == pytest.approx(expected)


@given(RANKINGS, RELEVANT)
def test_metrics_stay_between_zero_and_one(ranking: list[str], relevant: set[str]) -> None:
    for k in (1, 5, 10):
        for value in (recall_at(ranking, relevant, k), ndcg_at(ranking, relevant, k)):
            assert value is not None
            assert 0 <= value <= 1 + 1e-9


def test_unscored_is_not_zero() -> None:
    assert recall_at(["a"], set(), 1) is None
    assert ndcg_at(["a"], set(), 1) is None
    assert precision(set(), {"a"}) is None
    assert estimate([None, None]).mean is None
    assert str(estimate([])) == "n/a"


def test_gold_without_an_absatz_is_met_by_any_absatz() -> None:
    gold = [NormRef("AufenthG", "5"), NormRef("AufenthG", "9", "2")]
    ranking = [NormRef("AufenthG", "9", "1"), NormRef("AufenthG", "5", "3")]
    assert recall_at(absatz_hits(ranking, gold), absatz_gold(gold), 5) == 0.5


def test_an_interval_holds_its_mean_and_needs_two_values() -> None:
    several = estimate([0.0, 1.0, 1.0, None, 1.0])
    assert several.n == 4
    assert several.low is not None
    assert several.high is not None
    assert several.low <= 0.75 <= several.high
    assert estimate([1.0]).low is None


def test_pairs_are_compared_case_by_case() -> None:
    same = paired_difference([0.0, 1.0] * 20, [0.0, 1.0] * 20)
    assert (same.mean, same.p) == (0.0, 1.0)
    better = paired_difference([0.0] * 30, [1.0] * 30)
    assert better.mean == 1.0
    assert better.p is not None
    assert better.p < 0.01
    assert paired_difference([None], [1.0]).mean is None
