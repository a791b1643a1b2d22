from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.laws import Laws, known_laws
from corpus.models import Item, Law, NormRef, Span, norm_order

LABEL = st.from_regex(r"\A[1-9][0-9]{0,2}[a-z]?\Z")
REFS = st.builds(
    NormRef,
    st.sampled_from([law.abbreviation for law in known_laws().items]),
    LABEL | st.sampled_from(["Anlage", "Anlage D14a", "Anlage (zu § 28)", "Art 2"]),
    st.none() | LABEL,
    st.none() | LABEL,
    st.none() | LABEL,
    st.none() | st.from_regex(r"\A[a-z]{1,2}\Z"),
)


@given(REFS)
def test_keys_round_trip(ref: NormRef) -> None:
    assert NormRef.from_key(ref.key) == ref


def test_key_escapes_the_slash_of_a_law() -> None:
    assert NormRef("FreizügG/EU", "2", "1").key == "FreizügG%2FEU/2/1"
    assert NormRef("AufenthG", "26", "3", "1").key == "AufenthG/26/3/1"


@pytest.mark.parametrize("key", ["", "AufenthG", "/5", "a/b/c/d/e/f/g"])
def test_a_wrong_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        NormRef.from_key(key)


@given(REFS)
def test_a_norm_covers_its_places(ref: NormRef) -> None:
    assert ref.norm.covers(ref)
    assert ref.covers(ref)
    assert not NormRef(ref.law, ref.number + "x").covers(ref)


def test_norms_sort_as_a_law_counts() -> None:
    numbers = ["Anlage", "10", "9a", "9", "100", "18g", "18"]
    assert sorted(numbers, key=norm_order) == ["9", "9a", "10", "18", "18g", "100", "Anlage"]


@pytest.mark.parametrize(
    ("labels", "nummer", "buchstabe"),
    [
        (("2",), "2", None),
        (("2", "a"), "2", "a"),
        (("a",), None, "a"),
        (("",), None, None),
        (("1", "", "b"), "1", "b"),
    ],
)
def test_entries_are_cited_by_nummer_and_buchstabe(
    labels: tuple[str, ...], nummer: str | None, buchstabe: str | None
) -> None:
    item = Item(labels, 1, Span(0, 1))
    assert (item.nummer, item.buchstabe) == (nummer, buchstabe)


def test_a_span_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="span"):
        Span(3, 2)


@pytest.mark.parametrize(
    ("spelling", "abbreviation"),
    [
        ("AufenthG", "AufenthG"),
        ("aufenthaltsgesetz", "AufenthG"),
        ("SGB 2", "SGB II"),
        ("FreizügG", "FreizügG/EU"),
        ("RuStAG", "StAG"),
    ],
)
def test_laws_are_found_by_every_name(spelling: str, abbreviation: str) -> None:
    law = known_laws().named(spelling)
    assert law is not None
    assert law.abbreviation == abbreviation


def test_two_laws_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="names"):
        Laws((Law("a", "A", "Gesetz", "x"), Law("b", "B", "Gesetz", "x")))
