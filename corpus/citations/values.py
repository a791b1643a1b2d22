"""What the grammar yields: mentions, and what they turn out to mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from corpus.models import NormRef, Span


@dataclass(frozen=True, slots=True)
class Mention:
    """One place named in a text; an enumeration of places yields one mention each."""

    span: Span
    text: str
    """``source[span.start:span.end]``."""
    law: str | None
    """Abbreviation of a law of our list, as written or as the context says; None: not known."""
    law_written: str | None
    """The law as written, also one that is not on our list ("BGB"); None if none is written."""
    number: str | None
    """None: a law alone, or a relative place without a norm."""
    absatz: str | None = None
    satz: str | None = None
    nummer: str | None = None
    buchstabe: str | None = None
    number_to: str | None = None
    """Last norm of a range ("§§ 27 bis 36"); None if it is no range."""
    absatz_to: str | None = None
    satz_to: str | None = None
    nummer_to: str | None = None
    open_ended: bool = False
    """True for "ff." and "f."."""


class Inventory(Protocol):
    """The norms that exist."""

    def laws(self) -> Collection[str]:
        """Abbreviations of the laws held."""
        ...

    def numbers(self, law: str) -> Sequence[str]:
        """Numbers of a law's norms in its order; () for a law not held."""
        ...

    def absaetze(self, law: str, number: str) -> Sequence[str | None]:
        """Labels of the Absätze; ``(None,)`` for a norm without any."""
        ...

    def saetze(self, law: str, number: str, absatz: str | None) -> int:
        """Count of Sätze of an Absatz, 0 if unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """The mention names these existing places; several for a range."""

    refs: tuple[NormRef, ...]
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The mention may mean any of these."""

    candidates: tuple[NormRef, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The mention names nothing that exists here."""

    wanted: str
    """Printed form of what was named."""
    nearest: tuple[NormRef, ...]
    """The most similar existing norms, in the order of the law."""
    reason: Literal["law", "norm", "absatz", "satz"]
    """What is missing."""


Resolution: TypeAlias = Resolved | Ambiguous | Unknown
