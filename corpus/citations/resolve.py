"""Decide which existing places a mention names; doubt is a value, never the first guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rapidfuzz.distance import Levenshtein

from corpus.citations.render import render
from corpus.citations.values import Ambiguous, Inventory, Mention, Resolution, Resolved, Unknown
from corpus.models import NormRef, norm_order

_NEAREST = 3
_NUMBER = re.compile(r"(?P<digits>\d+)(?P<letter>[a-z]?)")
# No Absatz has more Sätze; where their count is unknown a range ends here.
_MOST_SAETZE = 50


def resolve(mention: Mention, inventory: Inventory, default_laws: Sequence[str] = ()) -> Resolution:
    """Match a mention against the norms that exist.

    Without a law it is resolved only if exactly one of ``default_laws`` (or, without those, exactly
    one law at all) has such a norm; else all laws that have one are candidates.
    """
    if mention.number is None:
        return Unknown(mention.text, (), "norm")
    if mention.law is not None:
        return _in_law(mention, mention.law, inventory)
    if mention.law_written is not None:
        return Unknown(mention.law_written, (), "law")
    holders = [law for law in inventory.laws() if mention.number in inventory.numbers(law)]
    preferred = [law for law in default_laws if law in holders]
    if len(holders) == 1:
        return _in_law(mention, holders[0], inventory)
    if len(preferred) == 1:
        return _in_law(mention, preferred[0], inventory)
    if not holders:
        return Unknown(mention.text, (), "norm")
    rest = [law for law in holders if law not in preferred]
    return Ambiguous(tuple(_ref(mention, law) for law in (*preferred, *rest)))


def _ref(mention: Mention, law: str) -> NormRef:
    return NormRef(
        law,
        mention.number or "",
        mention.absatz,
        mention.satz,
        mention.nummer,
        mention.buchstabe,
    )


def _in_law(mention: Mention, law: str, inventory: Inventory) -> Resolution:
    numbers = inventory.numbers(law)
    if not numbers:
        return Unknown(law, (), "law")
    ref = _ref(mention, law)
    if ref.number not in numbers:
        return _missing(ref, inventory, "norm")
    if mention.number_to is not None:
        return _norm_range(mention, ref, numbers, inventory)
    labels = inventory.absaetze(law, ref.number)
    if ref.absatz is not None and ref.absatz not in labels:
        return _missing(ref, inventory, "absatz")
    if mention.absatz_to is not None and mention.absatz_to in labels:
        first, last = labels.index(ref.absatz), labels.index(mention.absatz_to)
        refs = tuple(NormRef(law, ref.number, label) for label in labels[first : last + 1])
        return Resolved(refs or (ref,), mention.open_ended)
    count = inventory.saetze(law, ref.number, ref.absatz)
    for satz in (ref.satz, mention.satz_to):
        if satz is not None and satz.isdigit() and count and int(satz) > count:
            return _missing(replace(ref, satz=satz), inventory, "satz")
    return Resolved((ref, *_further_saetze(mention, ref)), mention.open_ended)


def _norm_range(
    mention: Mention, ref: NormRef, numbers: Sequence[str], inventory: Inventory
) -> Resolution:
    if mention.number_to not in numbers:
        return _missing(NormRef(ref.law, mention.number_to or ""), inventory, "norm")
    first, last = numbers.index(ref.number), numbers.index(mention.number_to)
    refs = tuple(NormRef(ref.law, number) for number in numbers[first : last + 1])
    return Resolved(refs or (ref,), mention.open_ended)


def _further_saetze(mention: Mention, ref: NormRef) -> tuple[NormRef, ...]:
    """The Sätze after the first one of "Satz 1 bis 3"."""
    first, last = mention.satz or "", mention.satz_to or ""
    if not (first.isdigit() and last.isdigit()):
        return ()
    return tuple(
        NormRef(ref.law, ref.number, ref.absatz, str(satz))
        for satz in range(int(first) + 1, min(int(last), int(first) + _MOST_SAETZE) + 1)
    )


def _missing(
    ref: NormRef, inventory: Inventory, reason: Literal["norm", "absatz", "satz"]
) -> Unknown:
    if reason == "norm":
        return Unknown(render(ref), nearest_norms(ref.law, ref.number, inventory), reason)
    if reason == "absatz":
        labels = [label for label in inventory.absaetze(ref.law, ref.number) if label is not None]
        near = sorted(labels, key=lambda label: Levenshtein.distance(label, ref.absatz or ""))
        places = [NormRef(ref.law, ref.number, label) for label in near[:_NEAREST]]
        nearest = tuple(places) or (ref.norm,)
        return Unknown(render(NormRef(ref.law, ref.number, ref.absatz)), nearest, reason)
    return Unknown(render(ref), (NormRef(ref.law, ref.number, ref.absatz),), reason)


def nearest_norms(law: str, number: str, inventory: Inventory) -> tuple[NormRef, ...]:
    """Existing norms of ``law`` whose numbers are nearest to ``number``, in the law's order."""
    ranked = sorted(
        inventory.numbers(law), key=lambda n: (number_distance(n, number), norm_order(n))
    )
    return tuple(NormRef(law, n) for n in sorted(ranked[:_NEAREST], key=norm_order))


def number_distance(number: str, other: str) -> tuple[int, int]:
    """How far two numbers of norms lie apart: of "18h" comes "18g" first, then "18f", then "19".

    Characters that differ, after these letters between the last ones; with the same digits the first
    part is 0 or, where only one has a letter, 1.
    """
    match, wanted = _NUMBER.fullmatch(number), _NUMBER.fullmatch(other)
    if match is None or wanted is None or match["digits"] != wanted["digits"]:
        # Further than all that share the digits.
        return (1 + Levenshtein.distance(number, other), 0)
    one, two = match["letter"], wanted["letter"]
    return (0, abs(ord(one) - ord(two))) if one and two else (1, 0)
