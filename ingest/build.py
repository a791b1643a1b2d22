"""Build the files of one index generation in a directory that nobody reads yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np

from corpus.generation.analysis import Analyzer
from corpus.generation.encoder import Encoder, StaticEncoder, Vectors
from corpus.generation.files import GenerationFolder
from corpus.generation.lexical import LexicalIndex
from corpus.generation.manifest import FORMAT, EncoderSpec, Manifest
from corpus.generation.pieces import PieceIndex
from corpus.generation.vectors import Space, VectorIndex, VectorRecord
from corpus.models import Audience, Kind, Passage
from ingest.material import Material, passage_text, place
from ingest.passages import CHUNKER

# A word of the heading names what the norm is about; three mentions measured best in the trial.
_HEADING_WEIGHT = 3


def build_generation(
    folder: GenerationFolder,
    material: Material,
    encoder: Encoder,
    spec: EncoderSpec,
    catalogue_digest: str,
    earlier: VectorIndex | None,
    share: Callable[[float], None],
) -> tuple[Manifest, int]:
    """Write all files of a generation; returns its card and how many vectors were computed.

    ``earlier``: vectors of the same encoder, taken over where the id (and so the text) is known.
    """
    folder.path.mkdir(parents=True)
    analyzer = _analyzer(material)
    analyzer.save(folder.analysis)
    _write_lists(folder, material)
    _lexical(folder, material, analyzer)
    if isinstance(encoder, StaticEncoder):
        _pieces(material, encoder).save(folder.pieces)
    share(0.3)
    vectors = VectorIndex(folder.vectors, new=True)
    try:
        embedded = _passage_vectors(vectors, material.passages, encoder, earlier)
        share(0.5)
        embedded += _question_vectors(vectors, material, encoder, earlier)
        embedded += _topic_vectors(vectors, material, encoder, earlier)
    finally:
        vectors.close()
    manifest = Manifest(
        format=FORMAT,
        name=folder.path.name,
        created_at=datetime.now(UTC),
        corpus_digest=material.digest,
        chunker=CHUNKER,
        catalogue_digest=catalogue_digest,
        encoder=spec,
        passages=len(material.passages),
        questions=len(material.questions),
        topics=len(material.topics),
        unanswerable=len(material.unanswerable),
        official=material.official,
    )
    manifest.save(folder.path)
    return manifest, embedded


def _analyzer(material: Material) -> Analyzer:
    """Compounds are split by the words of the passages and of the curated questions."""
    texts = [f"{p.heading} {p.text}" for p in material.passages]
    curated = (*material.questions, *material.unanswerable)
    return Analyzer.learn([*texts, *(question.text for question in curated)])


def _write_lists(folder: GenerationFolder, material: Material) -> None:
    passages = [{"id": p.id, "place": place(p)} for p in material.passages]
    questions = [{"text": q.text, "place": q.place} for q in material.questions]
    topics = [asdict(topic) for topic in material.topics]
    for path, rows in (
        (folder.passages, passages),
        (folder.questions, questions),
        (folder.topics, topics),
    ):
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _lexical(folder: GenerationFolder, material: Material, analyzer: Analyzer) -> None:
    """Two indexes: passages with their questions appended, and every question alone.

    The topics that the corpus cannot answer stand behind the passages, their questions behind the
    others: one collection, so that their scores can be held against each other.
    """
    terms_of = [analyzer.terms(question.text) for question in material.questions]
    appended: dict[str, list[str]] = {}
    for question, terms in zip(material.questions, terms_of, strict=True):
        appended.setdefault(question.place, []).extend(terms)
    documents = [
        [
            *analyzer.terms(passage.text),
            *analyzer.terms(f"{passage.heading} {_title(passage)}") * _HEADING_WEIGHT,
            *analyzer.terms(" ".join((*passage.path, passage.law or ""))),
            *appended.get(place(passage), ()),
        ]
        for passage in material.passages
    ]
    topics = [
        analyzer.terms(topic.title) * _HEADING_WEIGHT + analyzer.terms(" ".join(topic.questions))
        for topic in material.topics
    ]
    LexicalIndex.build([*documents, *topics]).save(folder.passage_index)
    unanswerable = [analyzer.terms(question.text) for question in material.unanswerable]
    if terms_of or unanswerable:
        LexicalIndex.build([*terms_of, *unanswerable]).save(folder.question_index)


def _pieces(material: Material, encoder: StaticEncoder) -> PieceIndex:
    questions: dict[str, list[str]] = {}
    for question in material.questions:
        questions.setdefault(question.place, []).append(question.text)
    texts = [(passage_text(p), *questions.get(place(p), ())) for p in material.passages]
    return PieceIndex.build(encoder.tokenizer, texts, [q.text for q in material.questions])


def _title(passage: Passage) -> str:
    return passage.title if passage.law is None else ""


def _passage_vectors(
    index: VectorIndex, passages: Sequence[Passage], encoder: Encoder, earlier: VectorIndex | None
) -> int:
    texts = [passage_text(passage) for passage in passages]
    # The digest is of what was encoded: a passage under a new heading needs a new vector.
    records = [
        VectorRecord(p.id, hashlib.sha256(text.encode()).hexdigest()[:8], _keys(p))
        for p, text in zip(passages, texts, strict=True)
    ]
    return _add(index, Space.PASSAGES, records, texts, encoder, earlier)


def _question_vectors(
    index: VectorIndex, material: Material, encoder: Encoder, earlier: VectorIndex | None
) -> int:
    """Vectors of the catalogue, each with the rights of the passages that answer it."""
    keys = {place(passage): _keys(passage) for passage in material.passages}
    records = [VectorRecord(q.place, q.digest, keys[q.place]) for q in material.questions]
    return _add(
        index, Space.QUESTIONS, records, [q.text for q in material.questions], encoder, earlier
    )


def _topic_vectors(
    index: VectorIndex, material: Material, encoder: Encoder, earlier: VectorIndex | None
) -> int:
    everybody = {"law": "", "audience": Audience.PUBLIC.value, "kind": Kind.LAW.value}
    records = [VectorRecord(q.place, q.digest, everybody) for q in material.unanswerable]
    texts = [q.text for q in material.unanswerable]
    return _add(index, Space.ELSEWHERE, records, texts, encoder, earlier)


def _keys(passage: Passage) -> dict[str, str]:
    """What searches for a passage may be restricted by."""
    return {
        "law": passage.law or "",
        "audience": passage.audience.value,
        "kind": passage.kind.value,
    }


def _add(
    index: VectorIndex,
    space: Space,
    records: Sequence[VectorRecord],
    texts: Sequence[str],
    encoder: Encoder,
    earlier: VectorIndex | None,
) -> int:
    """Store one vector per record, computing only those that ``earlier`` does not hold."""
    if not records:
        return 0
    known = earlier.vectors(space, [record.id for record in records]) if earlier else {}
    missing = [i for i, record in enumerate(records) if record.id not in known]
    computed = encoder.encode([texts[i] for i in missing]) if missing else None
    rows: list[Vectors] = []
    position = 0
    for record in records:
        if record.id in known:
            rows.append(known[record.id])
        elif computed is not None:
            rows.append(computed[position])
            position += 1
    index.add(space, records, np.stack(rows))
    return len(missing)
