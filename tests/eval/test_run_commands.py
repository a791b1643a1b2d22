"""The same from the command line, on runs made by hand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.results import Run
from service.cli import app
from tests.eval.made_runs import RUN_A, RUN_B, write_runs

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_runs(tmp_path_factory.mktemp("runs"))


def run(runs: Path, *arguments: str, code: int = 0) -> str:
    env = {"FUNDSTELLE_RUNS": str(runs), "COLUMNS": "160"}
    result = RUNNER.invoke(app, ["eval", *arguments], env=env)
    assert result.exit_code == code, result.output
    return result.output


def test_runs_are_listed_for_people_and_machines(runs: Path) -> None:
    assert "lauf-1" in run(runs, "runs")
    newest, oldest = json.loads(run(runs, "runs", "--json"))
    assert (newest["name"], oldest["name"]) == ("lauf-2", "lauf-1")
    assert newest["metrics"]["recall@5"]["n"] == 3
    assert newest["settings"] == {"encoder": "default", "reranker": "", "model": ""}
    assert "noch kein Lauf" in run(runs / "leer", "runs")


def test_a_run_and_a_case_are_shown(runs: Path) -> None:
    assert "R@5" in run(runs, "show", "lauf-2")
    (everything, *_) = json.loads(run(runs, "show", "lauf-2", "--json"))
    assert (everything["run"], everything["group"]) == ("lauf-2", "alle")
    assert everything["metrics"]["recall@5"]["mean"] == pytest.approx(2.5 / 3)
    shown = run(runs, "case", str(runs / "lauf-2.json"), "T-3")
    assert "teilweise" in shown
    assert "in der Frage genannt 10.00, Wörter im Text 1.50" in shown
    assert "Antwort von B" in shown
    found = json.loads(run(runs, "case", "lauf-2", "T-3", "--json"))
    assert found["hits"][0]["why"] == {"text": 1.5, "named": 10.0}


def test_two_runs_are_compared_with_both_answers(runs: Path) -> None:
    short = run(runs, "compare", "lauf-1", "lauf-2")
    assert "gewonnen T-2; verloren T-3" in short
    assert "Antwort von A" not in short
    long = run(runs, "compare", "lauf-1", "lauf-2", "--answers", "--metric", "recall@5")
    assert "verloren: T-3 Wann gilt der Pass?" in long
    assert "Antwort von A" in long
    assert "Antwort von B" in long
    found = json.loads(run(runs, "compare", "lauf-1", "lauf-2", "--json"))
    assert next(one for one in found if one["metric"] == "recall@5")["won"] == ["T-2"]


def test_a_run_is_exported(runs: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(runs, "export", "lauf-1", "--csv"))))
    assert [row["recall@5"] for row in rows] == ["1.0", "0.0", "1.0", ""]
    assert Run.model_validate_json(run(runs, "export", "lauf-2", "--json")) == RUN_B
    both = list(csv.DictReader(io.StringIO(run(runs, "export", "lauf-1", "--against", "lauf-2"))))
    assert {row["result"] for row in both if row["metric"] == "recall@5"} == {"won", "lost", "same"}
    changes = json.loads(run(runs, "export", "lauf-1", "--against", "lauf-2", "--json"))
    assert next(one for one in changes if one["metric"] == "recall@5")["lost"] == ["T-3"]
    assert RUN_A.name == "lauf-1"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "gibtsnicht"), "unknown_run"),
        (("case", "lauf-1", "x"), "unknown_case"),
        (("case", "lauf-1", "T-1", "--system", "x"), "unknown_system"),
        (("compare", "lauf-1", "x"), "unknown_run"),
        (("compare", "lauf-1", "lauf-2", "--metric", "x"), "unknown_metric"),
        (("export", "lauf-1", "--csv", "--json"), "bad_format"),
        (("run", "--cases", "gibtsnicht.jsonl"), "bad_cases"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_its_code(
    runs: Path, arguments: tuple[str, ...], code: str
) -> None:
    assert f"({code})" in run(runs, *arguments, code=1)


def test_a_job_is_told_why_an_evaluation_failed(runs: Path, tmp_path: Path) -> None:
    told = tmp_path / "fortschritt.jsonl"
    run(runs, "run", "--cases", "gibtsnicht.jsonl", "--progress-file", str(told), code=1)
    assert json.loads(told.read_text(encoding="utf-8"))["code"] == "bad_cases"
