"""Transitional rules: what carries old cases over a change of law (``transitions.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from corpus.models import NormRef


@dataclass(frozen=True, slots=True)
class Transition:
    """A rule for cases that began before a change."""

    place: NormRef
    before: date
    """First day of the new law: the rule concerns days before it."""
    norms: tuple[NormRef, ...]
    """Norms whose change it governs."""
    laws: tuple[str, ...]
    """Laws whose every norm it may concern."""
    hint: str
    """One German sentence on what it does."""


@cache
def transitions() -> tuple[Transition, ...]:
    """All rules, in the order of the file; raises ``ValueError`` for an entry out of form."""
    path = Path(__file__).with_suffix(".toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_transition(entry) for entry in data["transition"])


def _transition(entry: dict[str, object]) -> Transition:
    place, before, hint, governs = (entry.get(k) for k in ("place", "before", "hint", "governs"))
    if not (isinstance(place, str) and isinstance(before, date) and isinstance(hint, str)):
        raise ValueError(f"transition out of form: {entry}")
    if not isinstance(governs, list) or not governs:
        raise ValueError(f"transition without what it governs: {place}")
    targets = [str(target) for target in governs]
    return Transition(
        place=NormRef.from_key(place),
        before=before,
        norms=tuple(NormRef.from_key(target) for target in targets if "/" in target),
        laws=tuple(target for target in targets if "/" not in target),
        hint=hint,
    )
