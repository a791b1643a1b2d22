"""What the words of an Absatz do: consequences, conditions, exceptions."""

from __future__ import annotations

import pytest

from rag.marks import figures
from rag.structure import Binding, Joined, Role, binding_of, changes_the_result, scheme
from tests.passages import entries, norm_of


def lines(*paragraphs: str) -> list[tuple[Role, str, Binding | None, Joined | None]]:
    return [
        (line.role, line.span.of(passage.text), line.binding, line.joined)
        for passage in norm_of(*paragraphs)
        for line in scheme(passage)
    ]


def test_conditions_follow_the_consequence() -> None:
    found = lines(
        "(1) Dem Gast ist die Karte zu erteilen, wenn er einen Pass hat, es sei denn, er droht."
    )
    assert found == [
        (Role.CONSEQUENCE, "Dem Gast ist die Karte zu erteilen,", Binding.MUST, None),
        (Role.CONDITION, "wenn er einen Pass hat,", None, None),
        (Role.EXCEPTION, "es sei denn, er droht.", None, None),
    ]


@pytest.mark.parametrize(
    ("last", "joined"),
    [("er zahlt und", Joined.ALL), ("er zahlt oder", Joined.ONE), ("er zahlt,", None)],
)
def test_the_word_before_the_last_entry_joins_them(last: str, joined: Joined | None) -> None:
    found = lines(f"(1) Die Karte kann erteilt werden, wenn {entries(last, 'er bleibt.')}")
    assert [role for role, *_ in found] == [Role.CONSEQUENCE, Role.CONDITION, Role.CONDITION]
    assert found[0][2] is Binding.MAY
    assert {row[3] for row in found[1:]} == {joined}


def test_persons_of_a_list_are_no_conditions() -> None:
    found = lines(f"(1) Die Karte erhalten {entries('Gäste und', 'Freunde.')}")
    assert [role for role, *_ in found[1:]] == [Role.CASE, Role.CASE]


def test_what_forbids_has_grounds_of_refusal() -> None:
    found = lines("(1) Die Karte darf nicht erteilt werden, wenn der Gast droht.")
    assert [role for role, *_ in found] == [Role.REFUSAL, Role.REFUSAL]
    assert found[0][2] is Binding.MUST_NOT


@pytest.mark.parametrize(
    ("satz", "role"),
    [
        ("Dies gilt nicht für Gäste.", Role.EXCEPTION),
        ("Abweichend von Absatz 1 genügt ein Ausweis.", Role.EXCEPTION),
        ("Von der Frist kann in Härtefällen abgesehen werden.", Role.EXCEPTION),
        ("§ 9 findet keine Anwendung.", Role.EXCEPTION),
        ("Absatz 2 Satz 1 gilt entsprechend.", Role.REFERENCE),
        ("§ 47 bleibt unberührt.", Role.REFERENCE),
        ("Die Karte wird erteilt.", None),
    ],
)
def test_saetze_that_change_the_result(satz: str, role: Role | None) -> None:
    assert changes_the_result(satz) is role


@pytest.mark.parametrize(
    ("text", "binding"),
    [
        ("Die Karte ist zu erteilen.", Binding.MUST),
        ("Die Karte soll erteilt werden.", Binding.SHOULD),
        ("Die Karte wird in der Regel erteilt.", Binding.SHOULD),
        ("Die Karte kann erteilt werden.", Binding.MAY),
        ("Die Karte darf nicht erteilt werden.", Binding.MUST_NOT),
        ("Der Antrag ist abzulehnen.", Binding.MUST_NOT),
        ("Gäste im Sinne dieser Vorschrift.", None),
    ],
)
def test_how_much_room_is_left(text: str, binding: Binding | None) -> None:
    assert binding_of(text) is binding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bis zu 140 Arbeitstage im Jahr", ["140 Arbeitstage"]),
        ("seit drei Jahren und 36 Monate", ["drei Jahren", "36 Monate"]),
        ("nach Vollendung des 16. Lebensjahres", ["16. Lebensjahres"]),
        ("eine Gebühr von 100 Euro", ["100 Euro"]),
        ("zwei bis vier Wochen", ["zwei bis vier Wochen"]),
        ("nach § 16b Abs. 3", []),
    ],
)
def test_figures_are_found(text: str, found: list[str]) -> None:
    assert [span.of(text) for span in figures(text)] == found
