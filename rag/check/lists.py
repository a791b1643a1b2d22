"""The word lists of the check, read once from ``corpus/statements.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.generation.analysis import fold


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words and what they stand for."""

    numbers: Mapping[str, int]
    units: Mapping[str, tuple[str, int]]
    """Form -> the unit it is compared by, and how many of it it is."""
    actors: Mapping[str, str]
    """Word -> the actor it names."""
    generic: frozenset[str]
    """Words that a statement may add without saying anything of its own."""


@cache
def words_of_check() -> Words:
    """All lists."""
    data = tomllib.loads(files("corpus").joinpath("statements.toml").read_text(encoding="utf-8"))
    return Words(
        numbers={fold(word): number for word, number in data["numbers"].items()},
        units={fold(word): (unit, factor) for word, (unit, factor) in data["units"].items()},
        generic=frozenset(fold(word) for word in data["generic"].split()),
        actors={fold(word): name for name, forms in data["actors"].items() for word in forms},
    )
