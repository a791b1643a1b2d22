from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from eval.ablation import ablate
from eval.baselines import DefaultLlamaIndex, PlainBm25
from eval.cases import Case, CaseError, load_cases
from eval.facts import CaseFacts
from eval.local import running_service
from eval.report import write_page
from eval.results import Run, SystemSettings
from eval.runner import run_cases
from eval.summary import compare, summarise
from eval.systems import FundstelleHttp, GivenAnswer, Ranking, System
from rag.engine import Fundstelle
from rag.outcome import Outcome
from service.cli import app
from tests.conftest import CHECKOUT, SmallWorld

CASES = [
    {
        "id": "T-1", "question": "Was regelt § 16b Abs. 3 AufenthG?", "register": "staff",
        "type": "exact_ref", "answerable": True, "facts": ["140 Tage"],
        "gold": [{"law": "AufenthG", "par": "16b", "abs": "3", "satz": None, "nr": None,
                  "required": True}],
    },
    {
        "id": "T-2", "question": "Wie viel Euro kostet die Verlängerung?", "register": "lay",
        "type": "direct", "answerable": True, "facts": [],
        "gold": [{"law": "AufenthV", "par": "45", "abs": None, "satz": None, "nr": "2",
                  "required": True}],
    },
    {
        "id": "T-3", "question": "qwertz asdfgh", "register": "lay", "type": "unanswerable",
        "answerable": False, "gold": [], "facts": [], "note": "kein Wort bekannt",
    },
    {
        "id": "T-4", "question": "And how much is it for the extension?", "register": "lay",
        "type": "follow_up", "answerable": True, "facts": [],
        "history": ["Was kostet die Erteilung in Euro?"],
        "gold": [{"law": "AufenthV", "par": "45", "abs": None, "satz": None, "nr": "2",
                  "required": True}],
    },
]  # fmt: skip
FACTS = {
    "T-1": CaseFacts.model_validate({"case": "T-1", "facts": [{"vital": True, "any": ["140 Tag"]}]})
}


@pytest.fixture(scope="module")
def cases_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "faelle.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in CASES), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(ingested: SmallWorld, fundstelle: Fundstelle, cases_file: Path) -> Run:
    index = fundstelle.index()
    statutes = [passage for passage in index.passages if passage.law]
    with (
        running_service(ingested.data.root) as (url, _, _),
        httpx.Client(base_url=url) as client,
    ):
        systems: list[System] = [
            FundstelleHttp(client, index.reader),
            DefaultLlamaIndex(statutes, index.encoder),
            PlainBm25(statutes),
        ]
        return run_cases(load_cases(cases_file), cases_file, systems, facts=FACTS)


def test_fundstelle_is_scored_over_http(run: Run) -> None:
    exact, _, nothing, follow_up = run.system("fundstelle").cases
    assert exact.metrics["recall@1"] == 1.0
    assert exact.metrics["citation_validity"] == 1.0
    assert exact.metrics["quotes_verbatim"] == 1.0
    assert exact.metrics["citation_recall"] == 1.0
    assert exact.metrics["fact_first"] == exact.metrics["facts_shown"] == 1.0
    assert follow_up.metrics["facts_shown"] is None
    assert nothing.metrics["recall@1"] is None
    assert nothing.metrics["wrongly_answered"] == 0.0
    assert follow_up.metrics["recall@1"] == 1.0
    assert (exact.language, follow_up.language) == ("de", "en")
    assert all(case.confidence is not None for case in (exact, nothing, follow_up))


class Outcomes:
    """A system that ends every question the same way, without statements."""

    name, version, names_absatz = "outcomes", "", True
    settings: SystemSettings | None = None

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def rank(self, case: Case, k: int) -> Ranking:
        return Ranking(())

    def answer(self, case: Case) -> GivenAnswer:
        return GivenAnswer(self._outcome, ())


@pytest.mark.parametrize(
    ("outcome", "refused"),
    [
        (Outcome.ANSWERED, 0.0),
        (Outcome.UNVERIFIED, 0.0),
        (Outcome.MODEL_ERROR, 0.0),
        (Outcome.NO_SOURCE, 1.0),
        (Outcome.CASE_DECISION_REFUSED, 1.0),
    ],
)
def test_the_quotes_that_stand_in_for_a_model_are_an_answer(
    cases_file: Path, outcome: Outcome, refused: float
) -> None:
    result = run_cases(load_cases(cases_file), cases_file, [Outcomes(outcome)])
    answerable, _, nothing, _ = result.system("outcomes").cases
    assert answerable.metrics["wrongly_refused"] == refused
    assert nothing.metrics["wrongly_answered"] == 1.0 - refused


def test_both_baselines_rank_and_do_not_answer(run: Run) -> None:
    for name in ("llama-index", "bm25"):
        cases = run.system(name).cases
        assert any(case.ranking for case in cases)
        assert all(case.outcome is None for case in cases)
        assert all("citation_recall" not in case.metrics for case in cases)


def test_a_run_is_summed_up_with_n_and_interval(run: Run) -> None:
    everything = next(r for r in summarise(run) if (r.system, r.group) == ("fundstelle", "alle"))
    assert everything.cases == 4
    assert everything.estimates["recall@5"].n == 3
    assert everything.estimates["wrongly_answered"].n == 1


def test_a_run_survives_saving_and_has_a_page(run: Run, tmp_path: Path) -> None:
    path = run.save(tmp_path)
    assert Run.load(path) == run
    write_page(run, path.with_suffix(".html"))
    html = path.with_suffix(".html").read_text(encoding="utf-8")
    assert "T-2" in html
    assert "R@5" in html
    assert "Risiko und Abdeckung: fundstelle" in html
    assert "Risiko und Abdeckung: bm25" not in html


def test_runs_are_compared_with_the_questions_won_and_lost(run: Run) -> None:
    worse = run.model_copy(
        update={
            "systems": tuple(
                result.model_copy(
                    update={
                        "cases": tuple(
                            case.model_copy(update={"metrics": {**case.metrics, "recall@1": 0.0}})
                            for case in result.cases
                        )
                    }
                )
                for result in run.systems
            )
        }
    )
    change = next(c for c in compare(worse, run) if c.metric == "recall@1")
    assert "T-1" in change.won
    assert change.lost == ()
    assert next(c for c in compare(run, worse) if c.metric == "recall@1").lost == change.won


@pytest.mark.parametrize(
    "line",
    [
        "kein json",
        json.dumps({**CASES[0], "gold": []}),
        json.dumps({**CASES[0], "farbe": "rot"}),
        "\n".join([json.dumps(CASES[0])] * 2),
        "",
    ],
)
def test_a_broken_case_file_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kaputt.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(CaseError, match=r"kaputt\.jsonl"):
        load_cases(path)


def test_the_command_starts_a_service_and_writes_json_and_page(
    ingested: SmallWorld, cases_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CHECKOUT)
    arguments = ["eval", "run", "--cases", str(cases_file), "--out", str(tmp_path), "--json"]
    arguments += ["--data", str(ingested.data.root), "--no-baselines"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    (saved,) = tmp_path.glob("*.json")
    assert saved.with_suffix(".html").exists()
    again = CliRunner().invoke(app, ["eval", "compare", str(saved), str(saved)])
    assert again.exit_code == 0, again.output


def test_an_unreachable_service_is_an_error(cases_file: Path, ingested: SmallWorld) -> None:
    with pytest.raises(httpx.ConnectError), httpx.Client(base_url="http://127.0.0.1:9") as client:
        FundstelleHttp(client, Fundstelle(ingested.data).index().reader)


def test_an_ablation_says_what_each_part_is_worth(
    fundstelle: Fundstelle, cases_file: Path, ingested: SmallWorld
) -> None:
    full, *others = ablate(fundstelle.index(), load_cases(cases_file))
    assert full.name == "alles"
    assert full.estimates["recall@5"].n == 3
    assert all(difference.mean == 0 for difference in full.against_full.values())
    unnamed = next(variant for variant in others if variant.name == "ohne named")
    assert unnamed.against_full["recall@1"].n == 3
    arguments = ["eval", "ablation", "--cases", str(cases_file), "--data", str(ingested.data.root)]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    assert "ohne dense_text" in result.output
