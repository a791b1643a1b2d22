"""The optional model that judges whether a passage contradicts a statement, with tiny models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.generation.foreign import TORCH, ModelUnusable
from corpus.models import Kind
from rag.check import CheckKind, check_statement
from rag.engine import Fundstelle
from rag.nli import Judge
from service.app import create_app
from service.settings import Settings
from tests.conftest import SmallWorld
from tests.tiny_models import cross_encoder, opinionated

LABELS = ("entailment", "neutral", "contradiction")
PREMISES = ["Gäste brauchen einen Pass.", "Die Gebühr beträgt 93 Euro. " * 200, ""]


@pytest.fixture
def engine(ingested: SmallWorld, tmp_path: Path) -> Iterator[Fundstelle]:
    folder = opinionated(tmp_path, LABELS, "contradiction")
    engine = Fundstelle(ingested.data, nli=str(folder))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("labels", "opinion"),
    [
        *((LABELS, opinion) for opinion in LABELS),
        *((LABELS[::-1], opinion) for opinion in LABELS),
        *(
            (("CONTRADICTION", "ENTAILMENT"), opinion)
            for opinion in ("CONTRADICTION", "ENTAILMENT")
        ),
    ],
)
def test_outputs_are_read_by_their_labels(
    tmp_path: Path, labels: tuple[str, ...], opinion: str
) -> None:
    judge = Judge(str(opinionated(tmp_path, labels, opinion)), TORCH)
    for judged in judge.judge(PREMISES, "Gäste brauchen keinen Pass."):
        assert (judged.entailment > 0.9) == (opinion.casefold() == "entailment")
        assert (judged.contradiction > 0.9) == (opinion.casefold() == "contradiction")


def test_probabilities_add_up_to_one_at_most(tmp_path: Path) -> None:
    judge = Judge(str(cross_encoder(tmp_path, LABELS)), TORCH)
    judged = judge.judge(PREMISES, "Gäste brauchen einen Pass.")
    assert len({judgement.contradiction for judgement in judged}) > 1
    assert all(0 <= j.entailment + j.contradiction <= 1 for j in judged)
    assert judge.judge([], "Gäste brauchen einen Pass.") == []


def test_no_number_speaks_for_nothing(tmp_path: Path) -> None:
    judge = Judge(str(cross_encoder(tmp_path, LABELS, spread=float("nan"))), TORCH)
    assert {judgement.contradiction for judgement in judge.judge(PREMISES, "Nein.")} == {0.0}


@pytest.mark.parametrize(
    "labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("entailment", "not_entailment"), ("LABEL_0",)]
)
def test_a_model_without_the_labels_is_refused(tmp_path: Path, labels: tuple[str, ...]) -> None:
    with pytest.raises(ModelUnusable, match=f"{labels[-1]}.*FUNDSTELLE_NLI") as raised:
        Judge(str(cross_encoder(tmp_path, labels)), TORCH)
    assert raised.value.code == "nli_unfit"


def test_a_contradiction_is_a_finding_of_its_own(engine: Fundstelle) -> None:
    index = engine.index()
    passage = next(p for p in index.passages if p.kind is Kind.LAW and p.saetze)
    said = f"Es gilt: {passage.text}"
    with_model = check_statement(said, [passage], analyzer=index.analyzer, index=index)
    without = check_statement(said, [passage], analyzer=index.analyzer)
    assert CheckKind.ENTAILMENT in {finding.kind for finding in with_model.findings}
    assert with_model.checks["entailment"] is False
    assert "entailment" not in without.checks


def test_agreement_is_no_finding(ingested: SmallWorld, tmp_path: Path) -> None:
    engine = Fundstelle(ingested.data, nli=str(opinionated(tmp_path, LABELS, "entailment")))
    index = engine.index()
    passage = next(p for p in index.passages if p.kind is Kind.LAW and p.saetze)
    verdict = check_statement(
        f"Es gilt: {passage.text}", [passage], analyzer=index.analyzer, index=index
    )
    engine.close()
    assert verdict.checks["entailment"] is True


def test_off_by_default(fundstelle: Fundstelle) -> None:
    assert fundstelle.index().nli is None


def test_service_says_which_setting_is_wrong(ingested: SmallWorld) -> None:
    settings = Settings(data=ingested.data.root, nli="/gibt/es/nicht")
    with TestClient(create_app(settings)) as client:
        answer = client.get("/api/search", params={"q": "Pass"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "nli_missing"
    assert "FUNDSTELLE_NLI" in answer.json()["message"]
