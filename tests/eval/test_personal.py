"""How well personal data is found, and that the measure can fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.cases import CaseError
from eval.personal import Example, GoldSpan, load_examples, measure
from eval.stats import proportion
from rag.personal import PersonalKind
from service.cli import app
from tests.conftest import CHECKOUT

FOLDER = CHECKOUT / "eval" / "personal"


def example(text: str, *spans: tuple[PersonalKind, str]) -> Example:
    return Example(text=text, spans=tuple(GoldSpan(kind=kind, text=part) for kind, part in spans))


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [("dev", 0.98, 0.97), ("test", 0.95, 0.9)]
)
def test_the_strings_are_found_as_well_as_reported(
    name: str, precision: float, recall: float
) -> None:
    examples = load_examples(FOLDER / f"{name}.jsonl")
    result = measure(examples)
    overall = result.kinds[0]
    assert len(examples) >= 120
    assert sum(not one.spans for one in examples) >= len(examples) * 0.4
    assert (overall.precision.mean or 0) >= precision
    assert (overall.recall.mean or 0) >= recall
    assert (result.untouched.mean or 0) >= 0.98


def test_a_stretch_of_the_wrong_kind_or_length_is_wrong() -> None:
    rows = [
        example("Frau Muster klagt", (PersonalKind.NAME, "Muster")),
        example("AZR 910203456789", (PersonalKind.PHONE, "910203456789")),
        example("Frau Beispiel klagt", (PersonalKind.NAME, "Frau Beispiel")),
        example("Frau Örnek klagt"),
    ]
    result = measure(rows)
    overall = result.kinds[0]
    assert (overall.precision.n, overall.precision.mean) == (4, 0.25)
    assert overall.recall.n == overall.hidden.n == 3
    assert overall.recall.mean == pytest.approx(1 / 3)
    assert overall.hidden.mean == pytest.approx(2 / 3)
    assert result.untouched.mean == 0.0


def test_what_was_never_annotated_is_not_scored() -> None:
    kinds = {kind.kind: kind for kind in measure([example("Frau Muster")]).kinds}
    assert kinds["iban"].recall.mean is None


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "x"}',
        '{"text": "Frau", "spans": [{"kind": "name", "text": "Muster"}]}',
        '{"text": "aa", "spans": [{"kind": "name", "text": "a"}]}',
        "",
    ],
)
def test_a_file_that_nothing_can_be_measured_with(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(CaseError, match=r"x\.jsonl"):
        load_examples(path)


def test_the_command_prints_each_kind_with_its_interval() -> None:
    shown = CliRunner().invoke(app, ["eval", "personal", "--json"])
    body = json.loads(shown.stdout)
    assert set(body["kinds"]) == {"alle", *(kind.value for kind in PersonalKind)}
    table = CliRunner().invoke(app, ["eval", "personal", "--cases", str(FOLDER / "dev.jsonl")])
    assert "AZR-Nummer" in table.stdout
    missing = CliRunner().invoke(app, ["eval", "personal", "--cases", "nirgends.jsonl"])
    assert missing.exit_code == 1


@pytest.mark.parametrize(
    ("held", "low", "high"),
    [([True] * 5, 0.566, 1.0), ([False] * 5, 0.0, 0.434), ([True, False], 0.095, 0.905)],
)
def test_the_interval_of_a_share(held: list[bool], low: float, high: float) -> None:
    share = proportion(held)
    assert share.low == pytest.approx(low, abs=0.001)
    assert share.high == pytest.approx(high, abs=0.001)


def test_no_share_of_nothing() -> None:
    assert proportion([]).mean is None
