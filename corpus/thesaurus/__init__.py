"""The thesaurus: office jargon, lay and English words, and what the statutes call the same thing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from corpus.citations import parse
from corpus.models import NormRef, ThesaurusEntry, WordKind


@cache
def thesaurus() -> tuple[ThesaurusEntry, ...]:
    """All entries of ``corpus/thesaurus/*.toml``, kind by kind, in the order of each file.

    Raises ``ValueError`` for a place that cannot be read.
    """
    return tuple(entry for kind in WordKind for entry in _entries(kind))


def _place(text: str) -> NormRef:
    place = parse(text)
    if place is None:
        raise ValueError(f"not the place of a norm: {text!r}")
    return place


def _entries(kind: WordKind) -> Iterator[ThesaurusEntry]:
    file = files("corpus").joinpath("thesaurus", f"{kind.value}.toml")
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["entry"]:
        place = entry.get("place")
        yield ThesaurusEntry(
            kind=kind,
            words=tuple(entry["words"]),
            terms=tuple(entry["terms"]),
            place=_place(place) if place else None,
            explain=entry["explain"],
        )
