"""Put placeholders where a text is personal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.personal.addresses import addresses
from rag.personal.names import names
from rag.personal.numbers import numbers
from rag.personal.values import Masked, MaskedSpan, PersonalKind

_PLACEHOLDER = re.compile("|".join(re.escape(kind.placeholder) for kind in PersonalKind))


def mask(text: str) -> Masked:
    """The text with placeholders for what names a person or a person's file.

    Places, dates of the law, periods, amounts, ages and citations of norms stay.
    """
    chosen: list[MaskedSpan] = []
    for one in (*numbers(text), *addresses(text), *names(text)):
        if all(
            one.span.end <= other.span.start or other.span.end <= one.span.start for other in chosen
        ):
            chosen.append(one)
    return _replaced(text, sorted(chosen))


def _replaced(text: str, found: Sequence[MaskedSpan]) -> Masked:
    pieces, start = [], 0
    for one in found:
        pieces += [text[start : one.span.start], one.kind.placeholder]
        start = one.span.end
    return Masked("".join((*pieces, text[start:])), tuple(found))


def bare(masked: str) -> str:
    """A masked text without its placeholders: what can be searched for."""
    return " ".join(_PLACEHOLDER.sub(" ", masked).split())


def hint(kinds: Iterable[PersonalKind]) -> str:
    """German: what was left out of a question, and why."""
    names_ = ", ".join(dict.fromkeys(kind.label for kind in kinds))
    return (
        f"Angaben zu Personen ({names_}) wurden aus Ihrer Frage ausgeblendet, bevor sie verarbeitet wurde. "
        "Fundstelle braucht sie nicht; bitte geben Sie keine Personendaten ein."
    )
