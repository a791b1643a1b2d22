from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.generation.encoder import StaticEncoder, TransformerEncoder
from ingest.train import Pair, Recipe, TrainingMaterial, train_encoder

TEXTS = ("Pass und Visum", "Arbeit neben dem Studium", "Gebühr für die Verlängerung", "Duldung")
MATERIAL = TrainingMaterial(
    texts=TEXTS * 3,
    pairs=(Pair("Wer braucht einen Pass?", TEXTS[0], "3"), Pair("Darf ich jobben?", TEXTS[1], "16b"),
           Pair("Was kostet das?", TEXTS[2], "45"), Pair("geduldet", TEXTS[3], "60a")),
)  # fmt: skip
SMALL = Recipe(dimensions=16, vocabulary=200, epochs=3, batch=2)


def test_training_is_deterministic(tmp_path: Path) -> None:
    weights = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        train_encoder(MATERIAL, tmp_path / name, recipe=SMALL)
        weights.append((tmp_path / name / "model.safetensors").read_bytes())
    assert weights[0] == weights[1]


def test_our_reader_agrees_with_the_library(tmp_path: Path) -> None:
    train_encoder(MATERIAL, tmp_path, recipe=SMALL)
    questions = ["Wer braucht einen Pass?", "", "völlig Unbekanntes", *TEXTS]
    ours = StaticEncoder.load(tmp_path).encode(questions)
    theirs = TransformerEncoder(str(tmp_path)).encode(questions)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_the_name_of_an_encoder_follows_recipe_and_material() -> None:
    other = TrainingMaterial(TEXTS, MATERIAL.pairs)
    names = {SMALL.digest(MATERIAL), Recipe().digest(MATERIAL), SMALL.digest(other)}
    assert len(names) == 3


def test_nothing_to_learn_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pairs"):
        train_encoder(TrainingMaterial(TEXTS, ()), tmp_path)
