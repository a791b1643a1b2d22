"""Terms that a law defines itself, and where (``definitions.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.models import NormRef


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of art; it holds within the law that defines it."""

    name: str
    """The term as the defining words spell it."""
    terms: tuple[str, ...]
    """All spellings in the law, the name first."""
    place: NormRef
    """The Satz or Nummer that defines it; no Satz where its Absatz has only one."""


@cache
def legal_definitions() -> tuple[Definition, ...]:
    """All definitions, in the order of the file; raises ``ValueError`` for an entry out of form."""
    path = Path(__file__).with_suffix(".toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_definition(entry) for entry in data["definition"])


def _definition(entry: dict[str, object]) -> Definition:
    name, place, terms = entry.get("name"), entry.get("place"), entry.get("terms", [])
    if not (isinstance(name, str) and isinstance(place, str) and isinstance(terms, list)):
        raise ValueError(f"definition out of form: {entry}")
    return Definition(name, (name, *map(str, terms)), NormRef.from_key(place))
