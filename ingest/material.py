"""What a generation is made from: passages, curated questions, what the encoder learns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.generation.encoder import passage_text
from corpus.models import CatalogueEntry, ElsewhereTopic, Kind, MemoMeta, Passage
from ingest.train import Pair, TrainingMaterial


@dataclass(frozen=True, slots=True)
class CuratedQuestion:
    """One catalogue question and the place that answers it."""

    text: str
    place: str
    """Key of the place; passages of this place are its answers."""

    @property
    def digest(self) -> str:
        """Of the wording."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def id(self) -> str:
        """Unique per question and place."""
        return f"{self.place}?{self.digest}"


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that an index generation holds."""

    passages: tuple[Passage, ...]
    questions: tuple[CuratedQuestion, ...]
    topics: tuple[ElsewhereTopic, ...]
    """What people ask that the corpus cannot answer."""
    official: bool
    """Whether official law texts are among the passages."""
    past: tuple[Passage, ...] = ()
    """Passages of laws that no longer stand, each with the days on which it did."""

    @property
    def unanswerable(self) -> tuple[CuratedQuestion, ...]:
        """The questions of the topics, topic by topic; their place is the topic's id."""
        return tuple(CuratedQuestion(q, topic.id) for topic in self.topics for q in topic.questions)

    @property
    def digest(self) -> str:
        """SHA-256 over all passages and questions."""
        curated = (*self.questions, *self.unanswerable)
        lines = [*(passage.id for passage in self.passages), *(q.id for q in curated)]
        lines += [f"{p.id} {p.valid_from} {p.valid_to}" for p in self.past]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def select_material(
    passages: Sequence[Passage],
    entries: Sequence[CatalogueEntry],
    topics: Sequence[ElsewhereTopic],
    documents: Iterable[MemoMeta] = (),
    past: Sequence[Passage] = (),
) -> Material:
    """Choose what is indexed; ``documents`` holds the front matter of memos and decrees.

    Without official texts a norm's questions point to its summary.
    """
    official = any(passage.kind is Kind.LAW for passage in passages)
    chosen = indexed(passages)
    places = {place(passage) for passage in chosen}
    questions: dict[str, CuratedQuestion] = {}
    for entry in entries:
        key = entry.ref.key if official else entry.ref.norm.key
        if key in places:
            for text in entry.questions:
                question = CuratedQuestion(text, key)
                questions.setdefault(question.id, question)
    matters = {meta.id: meta.topics for meta in documents}
    for passage in chosen:
        for text in _own_questions(passage, matters.pop(passage.source, ())):
            question = CuratedQuestion(text, place(passage))
            questions.setdefault(question.id, question)
    return Material(chosen, tuple(questions.values()), tuple(topics), official, tuple(past))


def indexed(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """With official texts the summaries stay out of the index (the norm page shows them); without
    them they stand in for the norms.
    """
    official = any(passage.kind is Kind.LAW for passage in passages)
    return tuple(p for p in passages if not (official and p.kind is Kind.SUMMARY))


# Words of a heading that says what it is about without its title ("Ablauf" does not).
_TELLING = 3


def _own_questions(passage: Passage, topics: Sequence[str]) -> Iterator[str]:
    """What people ask when a section of a memo or decree is the answer: its headings.

    ``topics``: those of the front matter, for the first section of a document.
    """
    if passage.kind not in (Kind.MEMO, Kind.DECREE):
        return
    if topics:
        yield f"{passage.title}: {', '.join(topics)}"
    if len(passage.heading.split()) >= _TELLING:
        yield passage.heading
    if passage.heading != passage.title:
        yield " ".join(part for part in (passage.title, *passage.path[1:], passage.heading) if part)


def place(passage: Passage) -> str:
    """The key under which the catalogue knows a passage's place; its own id for a memo."""
    return passage.ref.key if passage.ref else passage.id


# Partners of a question among those of its place. All pairs of ten questions would let the places
# with many questions rule the training.
_PARTNERS = 3


def _neighbours(questions: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of questions of one place, each with its next ones in a ring; no pair twice."""
    count = len(questions)
    pairs: dict[frozenset[int], tuple[str, str]] = {}
    for first in range(count):
        for step in range(1, _PARTNERS + 1):
            second = (first + step) % count
            if first != second:
                pairs.setdefault(frozenset((first, second)), (questions[first], questions[second]))
    return list(pairs.values())


def training_material(material: Material) -> TrainingMaterial:
    """Pairs of texts that belong together.

    Question and passage, two questions of the same place or topic, heading and passage: the mixture
    that generalised best to unseen wording in the trial (docs/adr/0004).
    """
    questions: dict[str, list[str]] = {}
    for question in (*material.questions, *material.unanswerable):
        questions.setdefault(question.place, []).append(question.text)
    texts: list[str] = [question.text for question in material.unanswerable]
    pairs: list[Pair] = []
    for passage in material.passages:
        text = passage_text(passage)
        here = place(passage)
        own = questions.get(here, [])
        texts += [text, *own]
        pairs += [Pair(question, text, here) for question in own]
        if passage.heading:
            heading = f"{passage.heading} {passage.law or passage.title}"
            pairs.append(Pair(heading, passage.text, here))
    for here, own in questions.items():
        pairs += [Pair(first, second, here) for first, second in _neighbours(own)]
    return TrainingMaterial(tuple(texts), tuple(pairs))
