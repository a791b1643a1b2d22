"""The list of laws, read from ``laws.toml``: which exist here and what people call them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from corpus.models import Law


@dataclass(frozen=True, slots=True)
class Laws:
    """An ordered list of laws with look-up by every name they have."""

    items: tuple[Law, ...]
    _by_spelling: dict[str, Law] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, Law] = {}
        for law in self.items:
            for spelling in (law.abbreviation, law.name, *law.spellings):
                other = names.setdefault(spelling.casefold(), law)
                if other is not law:
                    raise ValueError(f"{spelling!r} names {other.slug} and {law.slug}")
        object.__setattr__(self, "_by_spelling", names)

    def named(self, spelling: str) -> Law | None:
        """The law with this abbreviation, name or spelling (case ignored), or None."""
        return self._by_spelling.get(" ".join(spelling.split()).casefold())

    def with_slug(self, slug: str) -> Law | None:
        """The law that stands under ``slug`` on the official site, or None."""
        return next((law for law in self.items if law.slug == slug), None)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every known spelling, longest first (so that a search finds the longest)."""
        every = {s for law in self.items for s in (law.abbreviation, law.name, *law.spellings)}
        return tuple(sorted(every, key=lambda s: (-len(s), s)))


@cache
def known_laws() -> Laws:
    """The laws listed in ``corpus/laws.toml``."""
    data = tomllib.loads(files("corpus").joinpath("laws.toml").read_text(encoding="utf-8"))
    return Laws(
        tuple(
            Law(
                slug=entry["slug"],
                abbreviation=entry["abbreviation"],
                name=entry["name"],
                area=entry["area"],
                spellings=tuple(entry.get("spellings", ())),
                everyday=float(entry.get("everyday", 0.5)),
            )
            for entry in data["law"]
        )
    )
