"""The picture of the references around a norm: where each box and line stands.

Lengths are CSS pixels at full size; the origin is the upper left corner. A template draws it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.citations import render
from corpus.models import NormRef

# Norms a side names; the lists under the picture name all.
MOST = 12
# A character of the labels in the widest of the fonts that fundstelle.css names, at 13 pixels.
_CHARACTER = 8.6
_CHIP_HEIGHT, _CHIP_PADDING, _GAP = 26.0, 8.0, 6.0
_GROUP_PADDING, _TITLE_HEIGHT, _GROUP_GAP = 8.0, 22.0, 10.0
_CAPTION_HEIGHT, _REST_HEIGHT = 28.0, 24.0
_HERE_HEIGHT = 56.0

Form = Literal["wide", "narrow"]
"""Left to right, or top to bottom for a phone."""
_WIDTH: dict[Form, float] = {"wide": 640.0, "narrow": 300.0}
_SIDE, _BETWEEN = 190.0, 50.0
# Left of the boxes of the narrow form, where its lines run down.
_RAIL, _INDENT = 10.0, 30.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Its vertical middle."""
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Chip:
    """A norm, named without its law."""

    box: Box
    ref: NormRef
    label: str
    count: int
    """How often one refers to the other."""


@dataclass(frozen=True, slots=True)
class Group:
    """The norms of one law, and the line between them and the norm in the middle."""

    box: Box
    law: str
    chips: tuple[Chip, ...]
    line: str = ""
    """Path in the direction of the reference."""


@dataclass(frozen=True, slots=True)
class Side:
    """The norms that refer to the one in the middle, or those that it refers to."""

    x: float
    y: float
    """Upper left corner."""
    groups: tuple[Group, ...]
    rest: int
    """Norms left out."""

    @property
    def end(self) -> float:
        """Its lower edge without the line on what was left out."""
        return self.groups[-1].box.bottom if self.groups else self.y + _CAPTION_HEIGHT

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.end + (_REST_HEIGHT if self.rest else 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn."""

    form: Form
    width: float
    height: float
    here: Box
    incoming: Side
    outgoing: Side


def draw(incoming: Mapping[NormRef, int], outgoing: Mapping[NormRef, int], form: Form) -> Picture:
    """Lay out the norms that refer to a norm and those it refers to, with how often each does."""
    width = _WIDTH[form]
    if form == "wide":
        left = _side(incoming, 0, 0, _SIDE)
        right = _side(outgoing, width - _SIDE, 0, _SIDE)
        height = max(left.bottom, right.bottom, _CAPTION_HEIGHT + _HERE_HEIGHT)
        here = Box(
            _SIDE + _BETWEEN,
            max(_CAPTION_HEIGHT, (height - _HERE_HEIGHT) / 2),
            width - 2 * (_SIDE + _BETWEEN),
            _HERE_HEIGHT,
        )
    else:
        left = _side(incoming, _INDENT, 0, width - _INDENT)
        here = Box(_INDENT, left.bottom + _GROUP_GAP, width - _INDENT, _HERE_HEIGHT)
        right = _side(outgoing, _INDENT, here.bottom + _GROUP_GAP, width - _INDENT)
        height = right.bottom
    return Picture(
        form,
        width,
        height,
        here,
        replace(left, groups=tuple(_lined(g, here, form, comes=True) for g in left.groups)),
        replace(right, groups=tuple(_lined(g, here, form, comes=False) for g in right.groups)),
    )


def _side(norms: Mapping[NormRef, int], x: float, y: float, width: float) -> Side:
    """The most used norms by law, the law used most first."""
    ranked = sorted(norms, key=lambda ref: -norms[ref])[:MOST]
    uses: dict[str, int] = {}
    for ref in ranked:
        uses[ref.law] = uses.get(ref.law, 0) + norms[ref]
    groups: list[Group] = []
    top = y + _CAPTION_HEIGHT
    for law in sorted(uses, key=lambda law: -uses[law]):
        group = _group(law, [(ref, norms[ref]) for ref in ranked if ref.law == law], x, top, width)
        groups.append(group)
        top = group.box.bottom + _GROUP_GAP
    return Side(x, y, tuple(groups), len(norms) - len(ranked))


def _group(
    law: str, norms: Sequence[tuple[NormRef, int]], x: float, y: float, width: float
) -> Group:
    room = width - 2 * _GROUP_PADDING
    chips: list[Chip] = []
    left, top = 0.0, _TITLE_HEIGHT + _GROUP_PADDING
    for ref, count in norms:
        label = render(ref).removesuffix(f" {law}")
        characters = len(f"{label} {count}×" if count > 1 else label)
        wide = min(room, characters * _CHARACTER + 2 * _CHIP_PADDING)
        if left and left + wide > room:
            left, top = 0.0, top + _CHIP_HEIGHT + _GAP
        box = Box(x + _GROUP_PADDING + left, y + top, wide, _CHIP_HEIGHT)
        chips.append(Chip(box, ref, label, count))
        left += wide + _GAP
    height = top + _CHIP_HEIGHT + _GROUP_PADDING
    return Group(Box(x, y, width, height), law, tuple(chips))


def _lined(group: Group, here: Box, form: Form, *, comes: bool) -> Group:
    """The line from a group to the middle if it ``comes`` from there, else the other way."""
    start, end = (group.box, here) if comes else (here, group.box)
    if form == "wide":
        a, b = start.x + start.width, end.x
        bend = (a + b) / 2
        curve = f"{bend:g} {start.middle:g} {bend:g} {end.middle:g} {b:g} {end.middle:g}"
        return replace(group, line=f"M{a:g} {start.middle:g}C{curve}")
    # What comes ends above the middle and what goes begins below it, so that no line runs through.
    door = here.y + here.height * (0.3 if comes else 0.7)
    top, bottom = (group.box.middle, door) if comes else (door, group.box.middle)
    return replace(group, line=f"M{_INDENT:g} {top:g}H{_RAIL:g}V{bottom:g}H{_INDENT:g}")
