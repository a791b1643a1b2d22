from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Span
from ingest.sentences import sentence_spans

ROWS: list[tuple[str, list[str]]] = [
    ("Eins gilt. Zwei gilt nicht.", ["Eins gilt.", "Zwei gilt nicht."]),
    (
        "Nach § 5 Abs. 3 S. 2 i. V. m. § 10 gilt das.",
        ["Nach § 5 Abs. 3 S. 2 i. V. m. § 10 gilt das."],
    ),
    (
        "Das gilt bis 31. Oktober 2022. Danach nicht.",
        ["Das gilt bis 31. Oktober 2022.", "Danach nicht."],
    ),
    (
        "Wer das 27. Lebensjahr vollendet hat, fällt heraus.",
        ["Wer das 27. Lebensjahr vollendet hat, fällt heraus."],
    ),
    (
        "Es gilt Absatz 3. Die Behörde kann abweichen.",
        ["Es gilt Absatz 3.", "Die Behörde kann abweichen."],
    ),
    (
        "Art. 3 G v. 25.10.2024 I Nr. 332 ändert das.",
        ["Art. 3 G v. 25.10.2024 I Nr. 332 ändert das."],
    ),
    (
        "Er zahlt z. B. 100 Euro bzw. mehr. Sie nicht.",
        ["Er zahlt z. B. 100 Euro bzw. mehr.", "Sie nicht."],
    ),
    (
        "Die §§ 27 ff. AufenthG gelten. Mehr nicht.",
        ["Die §§ 27 ff. AufenthG gelten.", "Mehr nicht."],
    ),
    ("„Er darf das.“ So steht es dort.", ["„Er darf das.“", "So steht es dort."]),
    ("Darf er das? Ja! Er darf.", ["Darf er das?", "Ja!", "Er darf."]),
    ("Ohne Punkt am Ende", ["Ohne Punkt am Ende"]),
    (
        "Erteilt wird sie nach Nr. 4. § 9 findet keine Anwendung.",
        ["Erteilt wird sie nach Nr. 4.", "§ 9 findet keine Anwendung."],
    ),
]


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentence_spans(text)] == expected


def test_no_sentence_ends_inside_an_enumeration_but_at_its_end() -> None:
    text = "Es gilt:\n1. Dies gilt. Und das.\n2. Jenes gilt.\nDanach gilt mehr."
    block = Span(text.index("1."), text.index("\nDanach"))
    spans = [span.of(text) for span in sentence_spans(text, blocked=(block,))]
    assert spans == [text[: block.end], "Danach gilt mehr."]


@given(st.text(alphabet="aB1. \n§!?", max_size=80))
def test_nothing_is_lost(text: str) -> None:
    joined = "".join(span.of(text) for span in sentence_spans(text))
    assert "".join(joined.split()) == "".join(text.split())
