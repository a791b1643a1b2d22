"""Check a built generation: before it may answer, and whenever somebody asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TypeVar

import numpy as np

from corpus.generation.digests import changed_files
from corpus.generation.encoder import Encoder, Vectors, passage_text
from corpus.generation.files import GenerationFolder
from corpus.generation.lexical import LexicalIndex
from corpus.generation.manifest import Manifest
from corpus.generation.vectors import (
    Restriction,
    Space,
    VectorIndex,
    VectorsBroken,
    VectorsUnreachable,
)
from corpus.models import Passage

_T = TypeVar("_T")

# Evenly spread self-queries; an index that loses one in fifty of its own texts is broken.
_SAMPLES = 50
# The graph of the vector index against an exact scan, over as many curated questions. With the settings
# of corpus/generation/vectors.py it finds all of them; less is a graph that was not built to its end.
_NEIGHBOURS = 10
_LEAST_RECALL = 0.95
# Similarities this close count as equal: the index computes in another order than the scan.
_TIE = 1e-4


class GenerationBroken(Exception):
    """A built generation does not hold what it should; it is thrown away."""


def check_generation(
    folder: GenerationFolder,
    manifest: Manifest,
    passages: Sequence[Passage],
    past: Sequence[Passage],
    encoder: Encoder,
) -> None:
    """Compare files and vectors with what was noted and with the store's passages.

    Checksums, counts, the passages listed, a sample of passages that must find themselves, and the
    neighbours of a sample of questions against an exact scan. Raises :class:`GenerationBroken` with
    what was expected and what was found, and :class:`VectorsUnreachable` without their server.
    """
    changed = changed_files(folder)
    if changed:
        raise GenerationBroken(f"files differ from their checksums: {', '.join(changed)}")
    _listed(folder, passages, past)
    lexical = LexicalIndex.load(folder.passage_index)
    expected_rows = manifest.passages + manifest.topics
    if lexical.size != expected_rows:
        raise GenerationBroken(f"lexical index: {lexical.size} of {expected_rows} rows")
    expected = {
        Space.PASSAGES: manifest.passages,
        Space.PAST: len({passage.id for passage in past}),
        Space.QUESTIONS: manifest.questions,
        Space.ELSEWHERE: manifest.unanswerable,
    }
    try:
        with closing(VectorIndex(folder.vectors)) as index:
            stored = {space: index.everything(space) for space in Space}
            for space, count in expected.items():
                if len(stored[space]) != count:
                    held = len(stored[space])
                    raise GenerationBroken(f"{space}: {held} of {count} vectors can be read")
            _self_queries(index, passages, encoder)
            _neighbours(index, stored[Space.PASSAGES], stored[Space.QUESTIONS])
    except VectorsUnreachable:
        raise
    except VectorsBroken as error:
        raise GenerationBroken(str(error)) from error


def _listed(folder: GenerationFolder, passages: Sequence[Passage], past: Sequence[Passage]) -> None:
    """The files must name the passages that the store shows, each once, those of the past with days."""
    now = [row["id"] for row in json.loads(folder.passages.read_text(encoding="utf-8"))]
    gone = [(row["id"], row["from"]) for row in json.loads(folder.past.read_text(encoding="utf-8"))]
    if sorted(now) != sorted(passage.id for passage in passages):
        raise GenerationBroken(f"{len(now)} passages listed are not the store's {len(passages)}")
    if sorted(gone) != sorted((passage.id, str(passage.valid_from)) for passage in past):
        raise GenerationBroken(f"{len(gone)} past passages listed are not the store's {len(past)}")


def _self_queries(index: VectorIndex, passages: Sequence[Passage], encoder: Encoder) -> None:
    """Every sampled passage must find its own vector (or an equal one) nearest."""
    sample = _spread(passages)
    vectors = encoder.encode([passage_text(passage) for passage in sample])
    for passage, vector in zip(sample, vectors, strict=True):
        hits = index.nearest(Space.PASSAGES, vector, 5, Restriction())
        best = hits[0].similarity if hits else -1.0
        if np.any(vector) and best < 0.999:
            raise GenerationBroken(f"{passage.id} does not find itself (nearest: {best:.3f})")


def _neighbours(
    index: VectorIndex, passages: Mapping[str, Vectors], questions: Mapping[str, Vectors]
) -> None:
    """The index must find what an exact scan over the stored vectors finds."""
    sample = [questions[id_] for id_ in _spread(sorted(questions)) if questions[id_].any()]
    if not sample or not passages:
        return
    exact = np.stack(sample) @ np.stack(list(passages.values())).T
    most = min(_NEIGHBOURS, len(passages))
    found = 0
    for vector, similarities in zip(sample, exact, strict=True):
        last = np.partition(similarities, -most)[-most]
        hits = index.nearest(Space.PASSAGES, vector, most, Restriction())
        found += sum(hit.similarity >= last - _TIE for hit in hits)
    recall = found / (most * len(sample))
    if recall < _LEAST_RECALL:
        raise GenerationBroken(f"{recall:.3f} of the neighbours of an exact scan are found")


def _spread(items: Sequence[_T]) -> Sequence[_T]:
    """At most about :data:`_SAMPLES` of the items, evenly spread."""
    return items[:: max(1, len(items) // _SAMPLES)]
