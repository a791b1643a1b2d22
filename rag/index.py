"""One published generation, opened for reading: everything that retrieval looks into."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from sqlalchemy import Engine

from corpus.definitions import Definition, legal_definitions
from corpus.generation.analysis import Analyzer
from corpus.generation.encoder import Encoder, StaticEncoder, TransformerEncoder
from corpus.generation.files import DataFolder, GenerationFolder
from corpus.generation.foreign import ModelUnusable
from corpus.generation.lexical import LexicalIndex
from corpus.generation.manifest import EncoderSpec, Manifest, OtherFormat
from corpus.generation.pieces import PieceIndex
from corpus.generation.vectors import VectorIndex
from corpus.laws import known_laws
from corpus.models import Audience, ElsewhereTopic, Kind, NormRef, Passage
from corpus.store.reading import CorpusReader, Published
from corpus.thesaurus import thesaurus
from rag.errors import ForeignEncoder, ModelNotReady, NotReady, vectors_of
from rag.late import LateInteraction
from rag.nli import Judge
from rag.question import Language
from rag.rerank import Reranker
from rag.spelling import Speller
from rag.suggest import Suggester, Suggestion
from rag.synonyms import Thesaurus

DEFAULT_ENCODER = "default"
Mask: TypeAlias = NDArray[np.bool_]


def on_day(day: date) -> str:
    """What a citation says of the day whose law it quotes."""
    return f"(Fassung am {day:%d.%m.%Y})"


# Memos and decrees stand between the laws of every day and the others.
_EVERYDAY_ELSE = 0.5


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages may answer."""

    audience: Audience | None = None
    """PUBLIC restricts to public documents."""
    laws: tuple[str, ...] | None = None
    """Abbreviations; None: all, memos included."""
    day: date | None = None
    """The law as it stood on this day; None: as it stands now."""


@dataclass(frozen=True, eq=False)
class Index:
    """A generation in memory. Rows number its passages, 0-based: first those that stand now, in the
    order of the generation's files, then those of the past.
    """

    number: int
    manifest: Manifest
    reader: CorpusReader
    passages: tuple[Passage, ...]
    today: int
    """Count of the rows that stand now."""
    places: tuple[str, ...]
    """Per row, the key under which the catalogue knows the place."""
    questions: tuple[str, ...]
    question_places: tuple[str, ...]
    topics: tuple[ElsewhereTopic, ...]
    """What the corpus cannot answer; behind the passages in ``passage_index``, their questions
    behind the catalogue's in ``question_index``."""
    analyzer: Analyzer
    passage_index: LexicalIndex
    """Rows that stand now, then topics."""
    past_index: LexicalIndex | None
    """All rows, then topics; None without a past."""
    question_index: LexicalIndex | None
    vectors: VectorIndex
    encoder: Encoder
    language: Language
    late: LateInteraction | None
    """None with a foreign encoder."""
    reranker: Reranker | None
    """None unless the settings name one."""
    nli: Judge | None
    """Likewise."""

    @cached_property
    def rows_by_place(self) -> dict[str, list[int]]:
        """Rows of each place; a long Absatz has several."""
        rows: dict[str, list[int]] = {}
        for row, place in enumerate(self.places):
            rows.setdefault(place, []).append(row)
        return rows

    @cached_property
    def split_places(self) -> tuple[list[int], ...]:
        """Rows of every place that has several."""
        return tuple(rows for rows in self.rows_by_place.values() if len(rows) > 1)

    @cached_property
    def rows_by_id(self) -> dict[str, list[int]]:
        """Rows of each passage id; a wording that came back has several."""
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            rows.setdefault(passage.id, []).append(row)
        return rows

    @cached_property
    def rows_by_norm(self) -> dict[tuple[str, str], list[int]]:
        """Rows of each norm, (law, number) as key."""
        rows: dict[tuple[str, str], list[int]] = {}
        for row, passage in enumerate(self.passages):
            if passage.law is not None and passage.number is not None:
                rows.setdefault((passage.law, passage.number), []).append(row)
        return rows

    @cached_property
    def suggester(self) -> Suggester:
        """Search as you type over the questions that public passages answer."""
        answers = (self.passages[row] for row in self.question_rows)
        return Suggester(
            [
                Suggestion(question, passage.citation, passage.source)
                for question, passage in zip(self.questions, answers, strict=True)
                if passage.audience is Audience.PUBLIC
            ]
        )

    @cached_property
    def definitions(self) -> tuple[tuple[str, NormRef], ...]:
        """Stems of a term and the place that defines it, for norms headed "Begriffsbestimmungen"."""
        return tuple(
            (" ".join(self.analyzer.stems(term)), entry.place)
            for entry in thesaurus()
            if entry.place is not None
            and any(
                "egriffsbestimmung" in self.passages[row].heading
                for row in self.rows_by_norm.get((entry.place.law, entry.place.number), ())[:1]
            )
            for term in entry.terms
        )

    @cached_property
    def terms_by_law(self) -> dict[str, list[tuple[str, Definition]]]:
        """Law -> the terms that it defines, each as its stems between blanks."""
        terms: dict[str, list[tuple[str, Definition]]] = {}
        for definition in legal_definitions():
            for term in definition.terms:
                stems = f" {' '.join(self.analyzer.stems(term))} "
                terms.setdefault(definition.place.law, []).append((stems, definition))
        return terms

    @cached_property
    def everyday(self) -> NDArray[np.float32]:
        """Per row, how much an office works with its law (``everyday`` in corpus/laws.toml)."""
        weights = {law.abbreviation: law.everyday for law in known_laws().items}
        return np.array(
            [weights.get(passage.law or "", _EVERYDAY_ELSE) for passage in self.passages],
            dtype=np.float32,
        )

    @cached_property
    def question_terms(self) -> tuple[frozenset[str], ...]:
        """Index terms of each catalogue question; seconds of work for the whole catalogue."""
        return tuple(frozenset(self.analyzer.terms(question)) for question in self.questions)

    @cached_property
    def question_rows(self) -> NDArray[np.int64]:
        """Per catalogue question, the first row of its place."""
        firsts = [self.rows_by_place[place][0] for place in self.question_places]
        return np.array(firsts, dtype=np.int64)

    @cached_property
    def rows_by_law(self) -> dict[str, list[int]]:
        """Rows of each law."""
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            if passage.law is not None:
                rows.setdefault(passage.law, []).append(row)
        return rows

    @cached_property
    def rows_by_source(self) -> dict[str, list[int]]:
        """Rows of each law, memo and decree."""
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            rows.setdefault(passage.source, []).append(row)
        return rows

    @cached_property
    def questions_by_place(self) -> dict[str, list[int]]:
        """Numbers of the curated questions of each place."""
        numbers: dict[str, list[int]] = {}
        for number, place in enumerate(self.question_places):
            numbers.setdefault(place, []).append(number)
        return numbers

    @cached_property
    def catalogued(self) -> NDArray[np.bool_]:
        """Per row, whether its place has curated questions."""
        return np.array([place in self.questions_by_place for place in self.places], dtype=np.bool_)

    @cached_property
    def questions_by_topic(self) -> tuple[range, ...]:
        """Per topic, the numbers of its questions, which stand behind those of the catalogue."""
        ends = np.cumsum([len(self.questions), *(len(t.questions) for t in self.topics)])
        return tuple(range(int(a), int(b)) for a, b in pairwise(ends))

    @cached_property
    def topic_questions(self) -> NDArray[np.int64]:
        """Per question of a topic, the position of its topic."""
        positions = [i for i, topic in enumerate(self.topics) for _ in topic.questions]
        return np.array(positions, dtype=np.int64)

    @cached_property
    def topic_signals(self) -> tuple[tuple[int, frozenset[str]], ...]:
        """Position of a topic and the index terms of one of its signals."""
        return tuple(
            (position, frozenset(self.analyzer.terms(signal)))
            for position, topic in enumerate(self.topics)
            for signal in topic.signals
        )

    def allowed(self, scope: Scope) -> Mask:
        """Per row, whether it may answer; what was withdrawn never does, whoever asks."""
        mask = self._standing if scope.day is None else self._stood_on(scope.day)
        withdrawn = self.reader.register.now().withdrawn & self.rows_by_source.keys()
        if withdrawn:
            mask = mask.copy()
            for source in withdrawn:
                mask[self.rows_by_source[source]] = False
        if scope.audience is Audience.PUBLIC:
            mask = mask & self._public
        if scope.laws is not None:
            mask = mask & np.array([p.law in scope.laws for p in self.passages], dtype=np.bool_)
        return mask

    @cached_property
    def _standing(self) -> Mask:
        return np.arange(len(self.passages)) < self.today

    def _stood_on(self, day: date) -> Mask:
        """Rows whose wording stood on ``day``; for days before the oldest text held, the oldest."""
        first, last = self._days
        number = day.toordinal()
        mask: Mask = (first <= number) & (number <= last)
        return mask

    @cached_property
    def _days(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """First and last day of each row as ordinals; memos and summaries stand on any day."""
        oldest = {source: days[0].day for source, days in self.reader.snapshots.items()}
        first = [
            p.valid_from.toordinal() if p.valid_from and p.valid_from != oldest[p.source] else 0
            for p in self.passages
        ]
        last = [
            p.valid_to.toordinal() if p.valid_to else date.max.toordinal() for p in self.passages
        ]
        return np.array(first, dtype=np.int32), np.array(last, dtype=np.int32)

    def stands(self, ref: NormRef, day: date | None) -> bool:
        """Whether the norm of ``ref`` has a wording on ``day`` (None: now)."""
        allowed = self.allowed(Scope(day=day))
        return bool(allowed[self.rows_by_norm.get((ref.law, ref.number), [])].any())

    @lru_cache(maxsize=64)  # noqa: B019 (an index lives as long as its generation)
    def language_on(self, day: date) -> Language:
        """The language with the norms that stood on ``day``."""
        return replace(self.language, inventory=self.reader.outline_on(day))

    def as_on(self, passage: Passage, day: date) -> Passage:
        """A passage of a law with the Stand of ``day``, and the day in its citation."""
        snapshot = self.reader.snapshot_on(passage.source, day)
        if passage.kind is not Kind.LAW or snapshot is None:
            return passage
        return replace(passage, stand=snapshot.stand, citation=f"{passage.citation} {on_day(day)}")

    @cached_property
    def _public(self) -> Mask:
        return np.array([p.audience is Audience.PUBLIC for p in self.passages], dtype=np.bool_)

    @cached_property
    def is_statute(self) -> Mask:
        """Per row, whether it is law (or, without official texts, a summary of it)."""
        return np.array([p.kind in (Kind.LAW, Kind.SUMMARY) for p in self.passages], dtype=np.bool_)

    def close(self) -> None:
        """Release the files."""
        self.vectors.close()


def open_index(
    engine: Engine,
    data: DataFolder,
    current: Published,
    encoder_name: str = DEFAULT_ENCODER,
    reranker: Reranker | None = None,
    nli: Judge | None = None,
) -> Index:
    """Read a published generation into memory (about a second).

    Raises :class:`NotReady` if its files are missing or of another format (as
    :class:`~rag.errors.ChromaUnreachable` if only the server of its vectors does not answer),
    :class:`ForeignEncoder` if it was built with another encoder than ``encoder_name``, and
    :class:`ModelNotReady` if that encoder cannot be loaded.
    """
    folder = data.generation(current.name)
    try:
        manifest = Manifest.load(folder.path)
    except OtherFormat as error:
        raise NotReady("Der Index hat eine ältere Form.") from error
    except (OSError, ValueError) as error:
        raise NotReady(f"Der Index „{current.name}“ ist nicht lesbar.") from error
    if manifest.encoder.name != encoder_name:
        raise ForeignEncoder(manifest.encoder.name, encoder_name)
    try:
        with vectors_of(current.name):
            return _read(
                CorpusReader(engine, current.number), manifest, data, folder, reranker, nli
            )
    except ModelUnusable as error:
        raise ModelNotReady(error) from error
    except KeyError as error:
        raise NotReady(f"Index und Bestand passen nicht zusammen ({error}).") from error
    except (OSError, ValueError) as error:
        raise NotReady(f"Der Index „{current.name}“ ist beschädigt.") from error


def _read(
    reader: CorpusReader,
    manifest: Manifest,
    data: DataFolder,
    folder: GenerationFolder,
    reranker: Reranker | None,
    nli: Judge | None,
) -> Index:
    by_id = {passage.id: passage for passage in reader.passages()}
    listed = json.loads(folder.passages.read_text(encoding="utf-8"))
    past = {(p.id, str(p.valid_from)): p for p in reader.past_passages()}
    past_listed = json.loads(folder.past.read_text(encoding="utf-8"))
    questions = json.loads(folder.questions.read_text(encoding="utf-8"))
    topics = TypeAdapter(tuple[ElsewhereTopic, ...]).validate_json(folder.topics.read_bytes())
    analyzer = Analyzer.load(folder.analysis)
    encoder = _encoder(manifest.encoder, data, folder)
    return Index(
        number=reader.generation,
        manifest=manifest,
        reader=reader,
        passages=(
            *(by_id[row["id"]] for row in listed),
            *(past[row["id"], row["from"]] for row in past_listed),
        ),
        today=len(listed),
        places=tuple(row["place"] for row in (*listed, *past_listed)),
        questions=tuple(row["text"] for row in questions),
        question_places=tuple(row["place"] for row in questions),
        topics=topics,
        analyzer=analyzer,
        passage_index=LexicalIndex.load(folder.passage_index),
        past_index=LexicalIndex.load(folder.past_index) if past_listed else None,
        question_index=LexicalIndex.load(folder.question_index) if questions or topics else None,
        vectors=VectorIndex(folder.vectors),
        encoder=encoder,
        language=Language(analyzer, reader, Thesaurus(thesaurus(), analyzer), Speller(analyzer)),
        late=LateInteraction.of(encoder, PieceIndex.load(folder.pieces))
        if isinstance(encoder, StaticEncoder)
        else None,
        reranker=reranker,
        nli=nli,
    )


def _encoder(spec: EncoderSpec, data: DataFolder, folder: GenerationFolder) -> Encoder:
    if spec.name != DEFAULT_ENCODER:
        return TransformerEncoder(spec.name, spec.query_prompt, spec.runtime)
    if not data.has_encoder(spec.digest):
        raise NotReady(f"Das Sprachmodell des Index „{folder.path.name}“ fehlt.")
    return StaticEncoder.load(data.encoder(spec.digest))
