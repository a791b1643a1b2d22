"""Late interaction: the pieces of a question against those of passages and curated questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.generation.encoder import StaticEncoder
from corpus.generation.pieces import PieceIndex, Ragged
from ingest.embed import EncoderChoice
from ingest.pipeline import run_ingest
from ingest.train import Pair, Recipe, TrainingMaterial, train_encoder
from rag.engine import Fundstelle
from rag.late import LateInteraction
from tests.conftest import SmallWorld

TEXTS = ("Pass und Visum an der Grenze", "Arbeit neben dem Studium", "Gebühr der Verlängerung")
QUESTIONS = ("Wer braucht einen Pass?", "Darf ich jobben?", "Was kostet das?", "Arbeit erlaubt?")
PLACES = (0, 1, 2, 1)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modell")
    pairs = tuple(
        Pair(q, TEXTS[place], str(place)) for q, place in zip(QUESTIONS, PLACES, strict=True)
    )
    material = TrainingMaterial((*TEXTS, *QUESTIONS) * 3, pairs)
    train_encoder(material, folder, recipe=Recipe(dimensions=16, vocabulary=200, epochs=2, batch=2))
    return folder


@pytest.fixture(scope="module")
def late(model: Path) -> LateInteraction:
    encoder = StaticEncoder.load(model)
    rows = [
        (text, *(q for q, place in zip(QUESTIONS, PLACES, strict=True) if place == row))
        for row, text in enumerate(TEXTS)
    ]
    return LateInteraction.of(
        encoder, PieceIndex.build(encoder.tokenizer, rows, QUESTIONS, len(rows))
    )


def test_the_same_words_agree_wholly_and_others_less(late: LateInteraction) -> None:
    met = late.compare(QUESTIONS[0], [0, 1, 2], [[0], [1, 3], [2]])
    assert met.wording[0] == pytest.approx(1.0, abs=1e-5)
    assert met.phrasing[0] == pytest.approx(1.0, abs=1e-5)
    assert max(met.wording[1:]) < 1.0
    assert max(met.phrasing[1:]) < 1.0


def test_the_best_question_of_a_place_counts(late: LateInteraction) -> None:
    both, other = (late.compare(QUESTIONS[3], [1], [numbers]) for numbers in ([1, 3], [1]))
    assert both.phrasing[0] == pytest.approx(1.0, abs=1e-5)
    assert other.phrasing[0] < both.phrasing[0]


def test_rows_of_a_group_hold_a_text_together(late: LateInteraction) -> None:
    text = f"{TEXTS[0]} {TEXTS[1]}"
    first, second, both = late.held(text, [[0], [1], [0, 1]])
    assert both == pytest.approx(1.0, abs=1e-5)
    assert max(first, second) < both
    assert late.held("", [[0]]).tolist() == [0.0]


def test_nothing_to_compare_is_zero(late: LateInteraction) -> None:
    assert late.compare("", [0], [[0]]).wording.tolist() == [0.0]
    assert late.compare("Pass", [], []).wording.size == 0
    assert late.compare("Pass", [0], [[]]).phrasing.tolist() == [0.0]


def test_pieces_survive_saving_and_damage_is_a_value_error(
    late: LateInteraction, tmp_path: Path
) -> None:
    path = tmp_path / "pieces.npz"
    late.pieces.save(path)
    again = PieceIndex.load(path)
    np.testing.assert_array_equal(again.passages.row(1), late.pieces.passages.row(1))
    np.testing.assert_array_equal(again.questions.row(3), late.pieces.questions.row(3))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ValueError, match="pieces"):
        PieceIndex.load(path)


def test_a_foreign_encoder_searches_without_pieces(world: SmallWorld, model: Path) -> None:
    choice = EncoderChoice(name=str(model))
    report = run_ingest(replace(world.config(), encoder=choice))
    assert report.encoder == str(model)
    engine = Fundstelle(world.data, encoder=str(model))
    index = engine.index()
    hits = engine.search("§ 16b Abs. 3 AufenthG").hits
    engine.close()
    assert index.late is None
    assert hits[0].passage.citation == "§ 16b Abs. 3 AufenthG"
    assert not {"wording", "phrasing"} & hits[0].why.keys()


def test_pieces_that_point_away_from_each_other_agree_on_nothing(late: LateInteraction) -> None:
    asked = late.encoder.tokenizer.encode(QUESTIONS[0], add_special_tokens=False).ids
    other = next(piece for piece in range(len(late.directions)) if piece not in asked)
    directions = np.zeros_like(late.directions)
    directions[asked, 0], directions[other, 0] = 1.0, -1.0
    rows = Ragged.of([asked[:1], [other]])
    pieces = replace(late.pieces, passages=rows, questions=rows)
    met = replace(late, directions=directions, pieces=pieces).compare(
        QUESTIONS[0], [0, 1], [[0], [1]]
    )
    assert list(met.phrasing) == pytest.approx([1.0, 0.0], abs=1e-5)
