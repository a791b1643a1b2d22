"""Means with their uncertainty, and comparisons pair by pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Enough for two stable digits of a 95 % interval; seeded, so that a report can be reproduced.
_RESAMPLES = 2_000
_SEED = 7
# Quantile of the normal distribution for 95 %.
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval."""

    n: int
    """Scored cases; unscored ones are left out."""
    mean: float | None
    """None if nothing was scored."""
    low: float | None
    high: float | None
    """Bounds of the interval; None with fewer than two cases."""

    def __str__(self) -> str:
        """Mean and interval, "n/a" where there is none."""
        if self.mean is None:
            return "n/a"
        if self.low is None or self.high is None:
            return f"{self.mean:.3f} (n={self.n}, kein Intervall)"
        return f"{self.mean:.3f} [{self.low:.3f}; {self.high:.3f}] (n={self.n})"


def estimate(values: Sequence[float | None]) -> Estimate:
    """Mean over the scored values with a bootstrap percentile interval (Efron 1979)."""
    scored = np.array([value for value in values if value is not None], dtype=float)
    if scored.size == 0:
        return Estimate(0, None, None, None)
    mean = float(scored.mean())
    if scored.size < 2:
        return Estimate(1, mean, None, None)
    low, high = _interval(scored)
    return Estimate(int(scored.size), mean, low, high)


def proportion(held: Sequence[bool]) -> Estimate:
    """Share of what held with Wilson's 95 % interval (1927): also where all of a few did."""
    n = len(held)
    if n == 0:
        return Estimate(0, None, None, None)
    share = sum(held) / n
    middle = share + _Z**2 / (2 * n)
    spread = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return Estimate(
        n, share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
    )


def _interval(values: np.ndarray) -> tuple[float, float]:
    generator = np.random.default_rng(_SEED)
    picks = generator.integers(0, values.size, size=(_RESAMPLES, values.size))
    low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much B differs from A on the same cases."""

    n: int
    mean: float | None
    """Mean of B minus A; None without pairs."""
    low: float | None
    high: float | None
    p: float | None
    """Two-sided sign-flip permutation test; None with fewer than two pairs."""


def paired_difference(a: Sequence[float | None], b: Sequence[float | None]) -> Difference:
    """Compare two systems case by case; pairs with an unscored side are left out."""
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    if not pairs:
        return Difference(0, None, None, None, None)
    differences = np.array([y - x for x, y in pairs])
    mean = float(differences.mean())
    if len(pairs) < 2:
        return Difference(1, mean, None, None, None)
    generator = np.random.default_rng(_SEED)
    signs = generator.choice([-1.0, 1.0], size=(_RESAMPLES, differences.size))
    flipped = np.abs((signs * differences).mean(axis=1))
    p = float((np.sum(flipped >= abs(mean) - 1e-12) + 1) / (_RESAMPLES + 1))
    low, high = _interval(differences)
    return Difference(len(pairs), mean, low, high, p)
