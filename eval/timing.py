"""How long a system took, as quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_QUANTILES = (50, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall times of one step over all cases of a run."""

    title: str
    milliseconds: tuple[float, ...]
    quantiles: tuple[tuple[str, float], ...]
    """German name -> milliseconds."""


def timing(title: str, milliseconds: Sequence[float]) -> Timing:
    """Quantiles and the slowest of at least one time."""
    values = np.percentile(milliseconds, _QUANTILES)
    named = [
        ("die Hälfte bis" if q == 50 else f"{q} von 100 bis", float(value))
        for q, value in zip(_QUANTILES, values, strict=True)
    ]
    return Timing(title, tuple(milliseconds), (*named, ("am langsamsten", max(milliseconds))))
