"""What people ask here that the corpus cannot answer, and where they should turn instead."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from corpus.models import ElsewhereTopic


@cache
def elsewhere_topics() -> tuple[ElsewhereTopic, ...]:
    """All topics of ``corpus/elsewhere.toml``, in the order of the file."""
    data = tomllib.loads(files("corpus").joinpath("elsewhere.toml").read_text(encoding="utf-8"))
    return tuple(
        ElsewhereTopic(
            id=entry["id"],
            title=entry["title"],
            referral=entry["referral"],
            questions=tuple(entry["questions"]),
            signals=tuple(entry.get("signals", ())),
        )
        for entry in data["topic"]
    )
