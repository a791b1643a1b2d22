"""The path through the first weeks: ordered topics with what to read and questions to test oneself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from corpus.citations import parse
from corpus.models import NormRef


@dataclass(frozen=True, slots=True)
class Reading:
    """A norm to read."""

    place: NormRef
    note: str
    """German: what to look out for."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A question of the catalogue and the places that answer it."""

    question: str
    """Word for word as it stands in the catalogue at the Absatz of the first place."""
    answer: tuple[NormRef, ...]
    """As exact as a Satz or an entry of its enumeration."""


@dataclass(frozen=True, slots=True)
class PathTopic:
    """One station of the path; also what documents are sorted by."""

    slug: str
    title: str
    intro: str
    """German, in our own plain words."""
    why: str
    """German: why it matters."""
    words: tuple[str, ...]
    """Topics in the front matter of documents that belong here."""
    memos: tuple[str, ...]
    """Ids of the documents to read."""
    norms: tuple[Reading, ...]
    checks: tuple[SelfTest, ...]


@dataclass(frozen=True, slots=True)
class LearningPath:
    """All topics in the order in which they are learnt."""

    stand: date
    """Day of the law that the texts describe."""
    topics: tuple[PathTopic, ...]

    def topic(self, slug: str) -> PathTopic | None:
        """The topic with this slug."""
        return next((topic for topic in self.topics if topic.slug == slug), None)

    def place_of(self, words: Iterable[str]) -> PathTopic | None:
        """Where a document stands: at the topic of the first of its words that any topic knows."""
        known = {word.casefold(): topic for topic in self.topics for word in topic.words}
        return next((known[w.casefold()] for w in words if w.casefold() in known), None)


@cache
def learning_path() -> LearningPath:
    """The path of ``topics.toml``; raises ``ValueError`` for a place that cannot be read."""
    data = tomllib.loads(files("corpus.path").joinpath("topics.toml").read_text(encoding="utf-8"))
    topics = tuple(
        PathTopic(
            slug=entry["slug"],
            title=entry["title"],
            intro=entry["intro"],
            why=entry["why"],
            words=tuple(entry["words"]),
            memos=tuple(entry["memos"]),
            norms=tuple(Reading(_place(n["place"]), n["note"]) for n in entry["norms"]),
            checks=tuple(
                SelfTest(c["question"], tuple(_place(p) for p in c["answer"]))
                for c in entry["checks"]
            ),
        )
        for entry in data["topic"]
    )
    return LearningPath(data["stand"], topics)


def _place(text: str) -> NormRef:
    place = parse(text)
    if place is None:
        raise ValueError(f"not the place of a norm: {text!r}")
    return place
