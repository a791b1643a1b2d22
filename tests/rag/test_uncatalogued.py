"""A passage without curated questions must not be punished for those that others have.

Measured by Absatz: the norm alone is often found by the questions of its other Absätze.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.catalogue import catalogue
from corpus.generation.files import DataFolder
from corpus.models import CatalogueEntry, NormRef
from eval.cases import Case, load_cases
from eval.metrics import absatz_gold, absatz_hits, recall_at
from eval.stats import estimate
from ingest import pipeline
from ingest.fetch import MirrorFolder
from ingest.pipeline import IngestConfig, run_ingest
from rag.engine import Fundstelle
from rag.search import search
from tests.conftest import CHECKOUT, TODAY

LAWS = ("aufenthg_2004", "aufenthv", "beschv_2013", "stag")
ABBREVIATIONS = ("AufenthG", "AufenthV", "BeschV", "StAG")


def kept(ref: NormRef) -> bool:
    """Whether the place keeps its questions: about half do."""
    return hashlib.sha256(ref.key.encode()).digest()[0] % 2 == 0


def without_questions(case: Case) -> bool:
    return all(ref.law in ABBREVIATIONS and not kept(gold(ref)) for ref in case.required)


def gold(ref: NormRef) -> NormRef:
    return NormRef(ref.law, ref.number, ref.absatz)


@pytest.fixture
def mirror_of_few(mirror: Path, tmp_path: Path) -> Path:
    few = tmp_path / "laws"
    few.mkdir()
    for slug in LAWS:
        (few / slug).symlink_to(mirror / "2025-03-05" / slug)
    return few


def recalls(
    root: Path,
    laws: Path,
    entries: Sequence[CatalogueEntry],
    cases: Sequence[Case],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[float | None]:
    monkeypatch.setattr(pipeline, "catalogue", lambda: tuple(entries))
    data = DataFolder(root)
    origin = MirrorFolder(laws, TODAY)
    run_ingest(IngestConfig(data=data, database=data.database, origin=origin, folders=()))
    engine = Fundstelle(data)
    for case in cases:
        hits = search(engine.index(), case.question, k=60).hits
        places = [hit.passage.ref for hit in hits if hit.passage.ref is not None]
        found = absatz_hits(places, case.required)
        yield recall_at(found, absatz_gold(case.required), 5)
    engine.close()


@pytest.mark.mirror
def test_half_a_catalogue_does_not_hurt_the_other_half(
    mirror_of_few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [
        case
        for case in load_cases(CHECKOUT / "eval" / "cases" / "dev.jsonl")
        if case.answerable and case.type != "exact_ref" and without_questions(case)
    ]
    assert len(cases) >= 40
    half = [entry for entry in catalogue() if kept(entry.ref)]
    found = {
        name: estimate(list(recalls(tmp_path / name, mirror_of_few, entries, cases, monkeypatch)))
        for name, entries in (("none", ()), ("half", half))
    }
    assert found["none"].low is not None
    assert found["half"].mean is not None
    assert found["half"].mean >= found["none"].low, found
