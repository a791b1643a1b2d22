"""Build the files of one index generation in a directory that nobody reads yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from corpus.generation.analysis import Analyzer
from corpus.generation.digests import write_digests
from corpus.generation.encoder import Encoder, StaticEncoder, Vectors, passage_text
from corpus.generation.files import GenerationFolder, VectorPlace
from corpus.generation.lexical import LexicalIndex
from corpus.generation.manifest import FORMAT, EncoderSpec, Manifest
from corpus.generation.pieces import PieceIndex
from corpus.generation.vectors import Space, VectorIndex, VectorRecord
from corpus.models import Audience, Kind, Passage
from ingest.material import Material, place
from ingest.passages import CHUNKER

# A word of the heading names what the norm is about; three mentions measured best in the trial.
_HEADING_WEIGHT = 3

# Records that may be taken out of copied collections before they are built whole again: a graph keeps
# traces of what was removed, and grows.
_MOST_REMOVED = 0.2


@dataclass(frozen=True, slots=True)
class Earlier:
    """A generation of the same encoder to build upon."""

    vectors: VectorPlace
    records: int
    """Count of its vectors."""
    removed: int
    """Records that its collections lost since they were built whole."""

    @property
    def copy(self) -> bool:
        """Whether its collections are fit to be copied and brought up to date."""
        embedded = not self.vectors.server
        return embedded and self.removed <= _MOST_REMOVED * self.records


def build_generation(
    folder: GenerationFolder,
    material: Material,
    encoder: Encoder,
    spec: EncoderSpec,
    catalogue_digest: str,
    earlier: Earlier | None,
    share: Callable[[float], None],
) -> tuple[Manifest, int]:
    """Write all files of a generation; returns its card and how many vectors were computed.

    ``earlier``: a generation of the same encoder, whose vectors are taken over where the id (and so
    the text) is known.
    """
    folder.path.mkdir(parents=True)
    analyzer = _analyzer(material)
    analyzer.save(folder.analysis)
    _write_lists(folder, material)
    _lexical(folder, material, analyzer)
    if isinstance(encoder, StaticEncoder):
        _pieces(material, encoder).save(folder.pieces)
    share(0.3)
    with ExitStack() as opened:
        vectors = opened.enter_context(closing(_first_vectors(folder, earlier)))
        old = None
        if earlier is not None:
            old = opened.enter_context(closing(VectorIndex(earlier.vectors)))
        writer = _Writer(vectors, encoder, old)
        _passage_vectors(writer, Space.PASSAGES, material.passages)
        _passage_vectors(writer, Space.PAST, material.past)
        share(0.5)
        _question_vectors(writer, material)
        _topic_vectors(writer, material)
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
        removed=writer.removed + (earlier.removed if earlier and earlier.copy else 0),
    )
    manifest.save(folder.path)
    write_digests(folder)
    return manifest, writer.embedded


def _first_vectors(folder: GenerationFolder, earlier: Earlier | None) -> VectorIndex:
    if earlier is not None and earlier.copy:
        return VectorIndex.copied(earlier.vectors, folder.vectors)
    return VectorIndex(folder.vectors, new=True)


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


def _passage_vectors(writer: _Writer, space: Space, passages: Sequence[Passage]) -> None:
    """Vectors of passages; one that stood twice has one."""
    unique = list({passage.id: passage for passage in passages}.values())
    texts = [passage_text(passage) for passage in unique]
    # The digest is of what was encoded: a passage under a new heading needs a new vector.
    records = [
        VectorRecord(p.id, hashlib.sha256(text.encode()).hexdigest()[:8], _keys(p))
        for p, text in zip(unique, texts, strict=True)
    ]
    writer.bring(space, records, texts)


def _question_vectors(writer: _Writer, material: Material) -> None:
    """Vectors of the catalogue, each with the rights of the passages that answer it."""
    keys = {place(passage): _keys(passage) for passage in material.passages}
    records = [VectorRecord(q.place, q.digest, keys[q.place]) for q in material.questions]
    writer.bring(Space.QUESTIONS, records, [q.text for q in material.questions])


def _topic_vectors(writer: _Writer, material: Material) -> None:
    everybody = {"law": "", "audience": Audience.PUBLIC.value, "kind": Kind.LAW.value}
    records = [VectorRecord(q.place, q.digest, everybody) for q in material.unanswerable]
    writer.bring(Space.ELSEWHERE, records, [q.text for q in material.unanswerable])


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


@dataclass(slots=True)
class _Writer:
    """Brings collections to what they have to hold, and counts what that took."""

    index: VectorIndex
    encoder: Encoder
    earlier: VectorIndex | None
    embedded: int = 0
    """Vectors computed."""
    removed: int = 0
    """Records taken out of the collections it began with."""

    def bring(self, space: Space, records: Sequence[VectorRecord], texts: Sequence[str]) -> None:
        """Make a collection hold one vector per record and nothing else.

        Only vectors that no collection of the earlier generation holds are computed.
        """
        wanted = {record.id: record.keys for record in records}
        held = self.index.held(space)
        stale = [id_ for id_, keys in held.items() if wanted.get(id_) != keys]
        self.index.remove(space, stale)
        self.removed += len(stale)
        kept = held.keys() - set(stale)
        new = [place for place, record in enumerate(records) if record.id not in kept]
        if new:
            vectors = self._vectors(
                space, [records[place] for place in new], [texts[place] for place in new]
            )
            self.index.add(space, [records[place] for place in new], vectors)

    def _vectors(
        self, space: Space, records: Sequence[VectorRecord], texts: Sequence[str]
    ) -> Vectors:
        known = self._known(space, [record.id for record in records])
        missing = [
            text for record, text in zip(records, texts, strict=True) if record.id not in known
        ]
        computed = iter(self.encoder.encode(missing) if missing else ())
        self.embedded += len(missing)
        return np.stack(
            [known[record.id] if record.id in known else next(computed) for record in records]
        )

    def _known(self, space: Space, ids: Sequence[str]) -> dict[str, Vectors]:
        known: dict[str, Vectors] = {}
        if self.earlier is not None:
            for other in _TAKEN_FROM.get(space, (space,)):
                wanted = [id_ for id_ in ids if id_ not in known]
                known |= self.earlier.vectors(other, wanted)
        return known
