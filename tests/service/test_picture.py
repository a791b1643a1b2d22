from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.laws import known_laws
from corpus.models import NormRef
from service.picture import MOST, Box, Form, Picture, draw

LAWS = [law.abbreviation for law in known_laws().items]
refs = st.builds(
    NormRef, st.sampled_from(LAWS), st.sampled_from(["1", "104c", "Anlage D14a", "18 bis 20"])
)
counts = st.dictionaries(refs, st.integers(1, 120), max_size=30)
forms = st.sampled_from(["wide", "narrow"])


def boxes(picture: Picture) -> list[Box]:
    groups = [group.box for side in (picture.incoming, picture.outgoing) for group in side.groups]
    return [*groups, picture.here]


def apart(a: Box, b: Box) -> bool:
    return a.x + a.width <= b.x or b.x + b.width <= a.x or a.bottom <= b.y or b.bottom <= a.y


def inside(a: Box, b: Box) -> bool:
    return b.x <= a.x and a.x + a.width <= b.x + b.width and b.y <= a.y and a.bottom <= b.bottom


@given(counts, counts, forms)
def test_nothing_overlaps_or_leaves_the_picture(
    incoming: dict[NormRef, int], outgoing: dict[NormRef, int], form: Form
) -> None:
    picture = draw(incoming, outgoing, form)
    whole = Box(0, 0, picture.width, picture.height)
    assert all(inside(box, whole) for box in boxes(picture))
    assert all(apart(a, b) for a, b in combinations(boxes(picture), 2))
    for side, norms in ((picture.incoming, incoming), (picture.outgoing, outgoing)):
        assert side.bottom <= picture.height
        chips = [chip for group in side.groups for chip in group.chips]
        assert len(chips) + side.rest == len(norms)
        assert len(chips) <= MOST
        assert {chip.ref: chip.count for chip in chips}.items() <= norms.items()
        assert min((c.count for c in chips), default=0) >= max(
            (n for ref, n in norms.items() if ref not in {c.ref for c in chips}), default=0
        )
        for group in side.groups:
            assert all(inside(chip.box, group.box) for chip in group.chips)
            assert all(apart(a.box, b.box) for a, b in combinations(group.chips, 2))
            assert {chip.ref.law for chip in group.chips} == {group.law}


@pytest.mark.parametrize("form", ["wide", "narrow"])
def test_lines_run_in_the_direction_of_the_reference(form: Form) -> None:
    picture = draw({NormRef("StAG", "1"): 1}, {NormRef("AsylG", "2"): 1}, form)
    (comes,), (goes,) = picture.incoming.groups, picture.outgoing.groups
    for line, start, end in (
        (comes.line, comes.box, picture.here),
        (goes.line, picture.here, goes.box),
    ):
        numbers = [float(number) for number in re.findall(r"[\d.]+", line)]
        assert start.y < numbers[1] < start.bottom
        last = numbers[-1] if form == "wide" else numbers[-2]
        assert end.y < last < end.bottom


def test_the_law_used_most_comes_first() -> None:
    norms = {NormRef("StAG", "1"): 1, NormRef("AsylG", "3"): 2, NormRef("AsylG", "2"): 5}
    groups = draw(norms, {}, "wide").incoming.groups
    assert [(g.law, [c.label for c in g.chips]) for g in groups] == [
        ("AsylG", ["§ 2", "§ 3"]),
        ("StAG", ["§ 1"]),
    ]
