"""The optional reranker and the backends of foreign models, with tiny random models."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from transformers import BertModel
from typer.testing import CliRunner

from corpus.generation.foreign import TORCH, Backend, ModelUnusable, Runtime
from ingest.embed import EncoderChoice
from ingest.pipeline import run_ingest
from rag.engine import Fundstelle
from rag.errors import ModelNotReady
from rag.fuse import WEIGHTS
from rag.rerank import Reranker
from rag.search import SearchResult
from service.app import create_app
from service.cli import app
from service.settings import Settings
from tests.conftest import SmallWorld
from tests.tiny_models import cross_encoder, save, tiny

QUESTION = "Erlaubnis für Gäste"
TEXTS = ["Gäste brauchen einen Pass.", "Die Gebühr beträgt 93 Euro.", ""]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder(tmp_path_factory.mktemp("reranker"))


@pytest.fixture(scope="module")
def reranked(ingested: SmallWorld, model: Path) -> Iterator[Fundstelle]:
    engine = Fundstelle(ingested.data, reranker=str(model))
    yield engine
    engine.close()


def ids(result: SearchResult) -> list[str]:
    return [hit.passage.id for hit in result.hits]


def test_off_by_default(fundstelle: Fundstelle) -> None:
    assert fundstelle.index().reranker is None
    assert all("rerank" not in hit.why for hit in fundstelle.search(QUESTION).hits)


def test_reranking_changes_the_order_and_nothing_else(
    fundstelle: Fundstelle, reranked: Fundstelle
) -> None:
    before, after = (engine.search(QUESTION, k=50) for engine in (fundstelle, reranked))
    assert set(ids(before)) == set(ids(after))
    assert ids(before) != ids(after)
    old = {hit.passage.id: hit.score for hit in before.hits}
    for hit in after.hits:
        assert sum(hit.why.values()) == pytest.approx(hit.score, abs=0.01)
        assert 0 <= hit.why.get("rerank", 0.0) <= WEIGHTS.rerank
        assert hit.score - hit.why.get("rerank", 0.0) == pytest.approx(
            old[hit.passage.id], abs=1e-3
        )
    assert before.confidence == after.confidence


def test_only_the_best_are_read(
    reranked: Fundstelle, fundstelle: Fundstelle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.search._READ_TOGETHER", 2)
    read = {hit.passage.id for hit in reranked.search(QUESTION, k=50).hits if "rerank" in hit.why}
    assert read <= set(ids(fundstelle.search(QUESTION))[:2])


@pytest.mark.parametrize("question", ["§ 5 Abs. 2 AufenthG", "Was steht in § 45 AufenthV?"])
def test_a_norm_asked_for_by_its_number_stays_first(
    fundstelle: Fundstelle, reranked: Fundstelle, question: str
) -> None:
    before, after = (engine.search(question) for engine in (fundstelle, reranked))
    assert ids(before)[0] == ids(after)[0]
    assert after.hits[0].why["rerank"] == max(hit.why.get("rerank", 0.0) for hit in after.hits)


def test_scores_lie_between_zero_and_one_whatever_the_model_says(model: Path) -> None:
    reranker = Reranker(str(model), TORCH)
    scores = reranker.scores(QUESTION, TEXTS)
    assert scores.shape == (3,)
    assert scores.dtype == np.float32
    assert scores.min() >= 0 and scores.max() <= 1
    assert len(set(scores.tolist())) > 1
    assert reranker.scores(QUESTION, []).shape == (0,)


def test_no_number_counts_as_nothing(tmp_path: Path) -> None:
    broken = Reranker(str(cross_encoder(tmp_path, spread=float("nan"))), TORCH)
    np.testing.assert_allclose(broken.scores(QUESTION, TEXTS), 0, atol=1e-9)


def test_several_threads_get_the_same_scores(model: Path) -> None:
    reranker = Reranker(str(model), TORCH)
    expected = reranker.scores(QUESTION, TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(lambda _: reranker.scores(QUESTION, TEXTS), range(20)):
            np.testing.assert_allclose(scores, expected, rtol=1e-4)


def test_a_missing_reranker_is_named_with_its_setting(ingested: SmallWorld) -> None:
    engine = Fundstelle(ingested.data, reranker="/gibt/es/nicht")
    with pytest.raises(ModelNotReady, match=r"/gibt/es/nicht.*FUNDSTELLE_RERANKER") as raised:
        engine.search("Pass")
    engine.close()
    assert raised.value.code == "reranker_missing"


def test_a_damaged_reranker_is_named_too(tmp_path: Path) -> None:
    cross_encoder(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelUnusable, match="FUNDSTELLE_RERANKER"):
        Reranker(str(tmp_path), TORCH)


def test_a_classifier_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="3 Ausgaben"):
        Reranker(str(cross_encoder(tmp_path, "abc")), TORCH)


def test_service_and_command_line_say_which_setting_is_wrong(ingested: SmallWorld) -> None:
    settings = Settings(data=ingested.data.root, reranker="/gibt/es/nicht")
    with TestClient(create_app(settings)) as client:
        answer = client.get("/api/search", params={"q": "Pass"})
        ready = client.get("/readyz")
    assert (answer.status_code, ready.status_code) == (503, 503)
    assert answer.json()["code"] == "reranker_missing"
    environment = {
        "FUNDSTELLE_DATA": str(ingested.data.root),
        "FUNDSTELLE_RERANKER": "/gibt/es/nicht",
    }
    result = CliRunner().invoke(app, ["ask", "Pass"], env=environment)
    assert result.exit_code == 1
    assert "(reranker_missing)" in result.output


def test_the_settings_reach_the_service(ingested: SmallWorld, model: Path) -> None:
    settings = Settings(data=ingested.data.root, reranker=str(model))
    with TestClient(create_app(settings)) as client:
        hits = client.get("/api/search", params={"q": QUESTION}).json()["hits"]
    assert any("rerank" in hit["why"] for hit in hits)


def test_a_backend_without_its_package_names_the_cure(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optimum.onnxruntime", None)
    with pytest.raises(ModelUnusable, match=r"sentence-transformers\[onnx\]") as raised:
        Reranker(str(model), Runtime(Backend.ONNX))
    assert raised.value.code == "backend_missing"


@pytest.mark.parametrize("backend", [Backend.TORCH, Backend.ONNX])
def test_a_model_file_that_is_not_there_is_named(model: Path, backend: Backend) -> None:
    with pytest.raises(ModelUnusable, match=r"fehlt\.onnx.*FUNDSTELLE_MODEL_FILE"):
        Reranker(str(model), Runtime(backend, "fehlt.onnx"))


def test_another_backend_asks_for_other_vectors(
    world: SmallWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(3)
    choice = EncoderChoice(str(save(BertModel(tiny()), tmp_path / "modell")))
    config = replace(world.config(), encoder=choice)
    assert run_ingest(config).published
    assert run_ingest(config).published is None
    monkeypatch.setitem(sys.modules, "optimum.onnxruntime", None)
    with pytest.raises(ModelUnusable, match="FUNDSTELLE_BACKEND=onnx"):
        run_ingest(replace(config, encoder=replace(choice, runtime=Runtime(Backend.ONNX))))


def test_a_missing_foreign_encoder_is_named_at_ingest(world: SmallWorld) -> None:
    environment = {"FUNDSTELLE_DATA": str(world.data.root), "FUNDSTELLE_ENCODER": "/gibt/es/nicht"}
    result = CliRunner().invoke(app, ["ingest", "--laws", str(world.laws)], env=environment)
    assert "(encoder_missing)" in result.output


@pytest.mark.filterwarnings("default")
def test_int8_onnx_encoder_and_reranker_answer(world: SmallWorld, tmp_path: Path) -> None:
    pytest.importorskip(
        "optimum.onnxruntime",
        reason='ONNX is optional (pip install "sentence-transformers[onnx]", docs/sprachmodelle.md)',
    )
    from sentence_transformers import (
        CrossEncoder,
        SentenceTransformer,
        export_dynamic_quantized_onnx_model,
    )

    torch.manual_seed(3)
    folders = (save(BertModel(tiny()), tmp_path / "encoder"), cross_encoder(tmp_path / "reranker"))
    for kind, folder in zip((SentenceTransformer, CrossEncoder), folders, strict=True):
        exported = kind(str(folder), device="cpu", backend="onnx")
        exported.save_pretrained(str(folder))
        export_dynamic_quantized_onnx_model(exported, "avx2", str(folder))
    # The library leaves its temporary directories to the collector, which warns: here, not later.
    del exported
    gc.collect()
    encoder, reranker = map(str, folders)
    runtime = Runtime(Backend.ONNX, "onnx/model_quint8_avx2.onnx")
    choice = EncoderChoice(encoder)
    run_ingest(replace(world.config(), encoder=choice))
    quantized = replace(world.config(), encoder=replace(choice, runtime=runtime))
    assert run_ingest(quantized).published
    assert run_ingest(quantized).published is None
    engine = Fundstelle(world.data, encoder=encoder, reranker=reranker, runtime=runtime)
    hits = engine.search(QUESTION).hits
    spec = engine.index().manifest.encoder
    engine.close()
    assert spec.runtime == runtime
    assert any("rerank" in hit.why for hit in hits)
