"""Build the files of one index generation in a directory that nobody reads yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np

from corpus.generation.analysis import Analyzer
from corpus.generation.digests import write_digests
from corpus.generation.encoder import Encoder, StaticEncoder, Vectors, passage_text
from corpus.generation.files import GenerationFolder
from corpus.generation.lexical import LexicalIndex
from corpus.generation.manifest import FORMAT, EncoderSpec, Manifest
from corpus.generation.pieces import PieceIndex
from corpus.generation.vectors import Space, VectorIndex, VectorRecord
from corpus.models import Audience, Kind, Passage
from ingest.material import Material, place
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
        embedded = _passage_vectors(vectors, Space.PASSAGES, material.passages, encoder, earlier)
        embedded += _passage_vectors(vectors, Space.PAST, material.past, encoder, earlier)
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
        past=len(material.past),
        official=material.official,
    )
    manifest.save(folder.path)
    write_digests(folder)
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
    past = [{"id": p.id, "from": str(p.valid_from), "place": place(p)} for p in material.past]
    for path, rows in (
        (folder.passages, passages),
        (folder.past, past),
        (folder.questions, questions),
        (folder.topics, topics),
    ):
        path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _lexical(folder: GenerationFolder, material: Material, analyzer: Analyzer) -> None:
    """Three indexes: passages with their questions appended, those of the past among them, and every
    question alone.

    The topics that the corpus cannot answer stand behind the passages, their questions behind the
    others: one collection, so that their scores can be held against each other. Today's law has an
    index of its own, so that the past does not change how rare a word is.
    """
    terms_of = [analyzer.terms(question.text) for question in material.questions]
    appended: dict[str, list[str]] = {}
    for question, terms in zip(material.questions, terms_of, strict=True):
        appended.setdefault(question.place, []).extend(terms)

    def document(passage: Passage) -> list[str]:
        return [
            *analyzer.terms(passage.text),
            *analyzer.terms(f"{passage.heading} {_title(passage)}") * _HEADING_WEIGHT,
            *analyzer.terms(" ".join((*passage.path, passage.law or ""))),
            *appended.get(place(passage), ()),
        ]

    documents = [document(passage) for passage in material.passages]
    topics = [
        analyzer.terms(topic.title) * _HEADING_WEIGHT + analyzer.terms(" ".join(topic.questions))
        for topic in material.topics
    ]
    LexicalIndex.build([*documents, *topics]).save(folder.passage_index)
    if material.past:
        past = [document(passage) for passage in material.past]
        LexicalIndex.build([*documents, *past, *topics]).save(folder.past_index)
    unanswerable = [analyzer.terms(question.text) for question in material.unanswerable]
    if terms_of or unanswerable:
        LexicalIndex.build([*terms_of, *unanswerable]).save(folder.question_index)


def _pieces(material: Material, encoder: StaticEncoder) -> PieceIndex:
    questions: dict[str, list[str]] = {}
    for question in material.questions:
        questions.setdefault(question.place, []).append(question.text)
    passages = (*material.passages, *material.past)
    texts = [
        *((passage_text(p), *questions.get(place(p), ())) for p in passages),
        *(topic.questions for topic in material.topics),
    ]
    asked = [question.text for question in (*material.questions, *material.unanswerable)]
    return PieceIndex.build(encoder.tokenizer, texts, asked, counted=len(material.passages))


def _title(passage: Passage) -> str:
    return passage.title if passage.law is None else ""


def _passage_vectors(
    index: VectorIndex,
    space: Space,
    passages: Sequence[Passage],
    encoder: Encoder,
    earlier: VectorIndex | None,
) -> int:
    """Vectors of passages; one that stood twice has one."""
    unique = list({passage.id: passage for passage in passages}.values())
    texts = [passage_text(passage) for passage in unique]
    # The digest is of what was encoded: a passage under a new heading needs a new vector.
    records = [
        VectorRecord(p.id, hashlib.sha256(text.encode()).hexdigest()[:8], _keys(p))
        for p, text in zip(unique, texts, strict=True)
    ]
    return _add(index, space, records, texts, encoder, earlier)


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


# A passage that no longer stands keeps its vector, and so does one that is back.
_TAKEN_FROM = {
    Space.PAST: (Space.PAST, Space.PASSAGES),
    Space.PASSAGES: (Space.PASSAGES, Space.PAST),
}


def _known_vectors(earlier: VectorIndex, space: Space, ids: Sequence[str]) -> dict[str, Vectors]:
    known: dict[str, Vectors] = {}
    for other in _TAKEN_FROM.get(space, (space,)):
        known |= earlier.vectors(other, [id_ for id_ in ids if id_ not in known])
    return known


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
    known = _known_vectors(earlier, space, [record.id for record in records]) if earlier else {}
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
