"""What differs between two wordings of a norm, Absatz by Absatz and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.models import Norm

Change = Literal["added", "removed", "changed"]
WordChange = tuple[Literal["same", "removed", "added"], str]


@dataclass(frozen=True, slots=True)
class AbsatzDiff:
    """One Absatz that differs."""

    absatz: str | None
    change: Change
    words: tuple[WordChange, ...]
    """Runs of words that stayed, went or came; joined they give the old or the new wording."""


def diff_norms(old: Norm | None, new: Norm | None) -> tuple[AbsatzDiff, ...]:
    """Differences in the order of the new wording, removed Absätze at the end.

    None: the norm did not stand; all of the other wording then came or went.
    """
    return tuple(_absaetze(_texts(old), _texts(new)))


def _texts(norm: Norm | None) -> dict[str | None, str]:
    if norm is None:
        return {}
    return {absatz.label: absatz.span.of(norm.text) for absatz in norm.absaetze}


def _absaetze(before: dict[str | None, str], after: dict[str | None, str]) -> Iterator[AbsatzDiff]:
    for label, text in after.items():
        if label not in before:
            yield AbsatzDiff(label, "added", (("added", text),))
        elif before[label] != text:
            yield AbsatzDiff(label, "changed", tuple(_words(before[label], text)))
    for label, text in before.items():
        if label not in after:
            yield AbsatzDiff(label, "removed", (("removed", text),))


def _words(old: str, new: str) -> Iterator[WordChange]:
    a, b = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(a[i1:i2])
            continue
        if i2 > i1:
            yield "removed", "".join(a[i1:i2])
        if j2 > j1:
            yield "added", "".join(b[j1:j2])
