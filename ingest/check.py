"""Check a built generation before it may answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import numpy as np

from corpus.generation.encoder import Encoder, passage_text
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

# Evenly spread self-queries; an index that loses one in fifty of its own texts is broken.
_SAMPLES = 50


class GenerationBroken(Exception):
    """A built generation does not hold what it should; it is thrown away."""


def check_generation(
    folder: GenerationFolder,
    manifest: Manifest,
    passages: Sequence[Passage],
    past: Sequence[Passage],
    encoder: Encoder,
) -> None:
    """Count everything and let a sample of passages find themselves.

    Raises :class:`GenerationBroken` with what was expected and what was found, and
    :class:`VectorsUnreachable` without their server.
    """
    lexical = LexicalIndex.load(folder.passage_index)
    expected_rows = manifest.passages + manifest.topics
    if lexical.size != expected_rows:
        raise GenerationBroken(f"lexical index: {lexical.size} of {expected_rows} rows")
    try:
        with closing(VectorIndex(folder.vectors)) as index:
            _count(index, manifest, past)
            _self_queries(index, passages, encoder)
    except VectorsUnreachable:
        raise
    except VectorsBroken as error:
        raise GenerationBroken(str(error)) from error


def _count(index: VectorIndex, manifest: Manifest, past: Sequence[Passage]) -> None:
    expected = {
        Space.PASSAGES: manifest.passages,
        Space.PAST: len({passage.id for passage in past}),
        Space.QUESTIONS: manifest.questions,
        Space.ELSEWHERE: manifest.unanswerable,
    }
    for space, count in expected.items():
        held = index.readable(space)
        if held != count:
            raise GenerationBroken(f"{space}: {held} of {count} vectors can be read")


def _self_queries(index: VectorIndex, passages: Sequence[Passage], encoder: Encoder) -> None:
    """Every sampled passage must find its own vector (or an equal one) nearest."""
    step = max(1, len(passages) // _SAMPLES)
    sample = passages[::step]
    vectors = encoder.encode([passage_text(passage) for passage in sample])
    for passage, vector in zip(sample, vectors, strict=True):
        hits = index.nearest(Space.PASSAGES, vector, 5, Restriction())
        best = hits[0].similarity if hits else -1.0
        if np.any(vector) and best < 0.999:
            raise GenerationBroken(f"{passage.id} does not find itself (nearest: {best:.3f})")
