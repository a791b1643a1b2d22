"""The path through the first weeks: what it names exists, and its words say what the norms say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from corpus.catalogue import catalogue
from corpus.models import Kind, NormRef
from corpus.path import learning_path
from ingest.documents import document_files, read_documents
from ingest.fetch import MirrorFolder
from tests.conftest import CHECKOUT, TODAY
from tests.corpus.test_curated import MEMOS, unsupported
from tests.official_texts import OfficialTexts

TOPICS = learning_path().topics


@pytest.fixture(scope="module")
def texts(mirror: Path) -> OfficialTexts:
    return OfficialTexts(MirrorFolder(mirror / "2025-03-05", TODAY))


def memo_topics() -> dict[str, tuple[str, ...]]:
    held = read_documents(document_files(MEMOS), MEMOS, Kind.MEMO)
    return {memo.meta.id: memo.meta.topics for memo in held if hasattr(memo, "meta")}


def test_the_path_has_a_form() -> None:
    assert 12 <= len(TOPICS) <= 15
    assert len({topic.slug for topic in TOPICS}) == len(TOPICS)
    for topic in TOPICS:
        assert topic.intro.endswith("."), topic.slug
        assert topic.why.endswith("."), topic.slug
        assert 40 <= len(topic.intro.split()) <= 120, topic.slug
        assert 4 <= len(topic.checks) <= 6, topic.slug
        assert topic.memos, topic.slug
        assert all(reading.note.endswith(".") for reading in topic.norms), topic.slug


def test_no_word_belongs_to_two_topics() -> None:
    words = Counter(word.casefold() for topic in TOPICS for word in topic.words)
    assert [word for word, count in words.items() if count > 1] == []


def test_every_document_has_its_place_and_every_memo_named_exists() -> None:
    held = memo_topics()
    homeless = [id_ for id_, topics in held.items() if not learning_path().place_of(topics)]
    assert homeless == []
    assert {memo for topic in TOPICS for memo in topic.memos} <= held.keys()


def test_a_document_stands_at_the_topic_of_its_first_known_word() -> None:
    path = learning_path()
    place = path.place_of(("unbekannt", "DULDUNG", "Ausbildung"))
    assert place is not None
    assert place.slug == "humanitaer"
    assert path.place_of(("unbekannt",)) is None


def test_questions_stand_in_the_catalogue_at_the_absatz_that_answers() -> None:
    places = {question: entry.ref for entry in catalogue() for question in entry.questions}
    asked = [check.question for topic in TOPICS for check in topic.checks]
    assert len(set(asked)) == len(asked)
    for topic in TOPICS:
        for check in topic.checks:
            first = check.answer[0]
            expected = NormRef(first.law, first.number, first.absatz)
            assert places.get(check.question) == expected, check.question


def test_answers_are_as_exact_as_a_satz_of_a_norm_to_read() -> None:
    for topic in TOPICS:
        to_read = {reading.place.norm for reading in topic.norms}
        for check in topic.checks:
            assert all(place.satz for place in check.answer), check.question
            assert {place.norm for place in check.answer} <= to_read, check.question


@pytest.mark.mirror
def test_every_place_exists(texts: OfficialTexts) -> None:
    for topic in TOPICS:
        for reading in topic.norms:
            norm = texts.norm(reading.place.law, reading.place.number)
            assert norm is not None, reading.place
            assert not norm.repealed, reading.place
        for check in topic.checks:
            for place in check.answer:
                norm = texts.norm(place.law, place.number)
                assert norm is not None, place
                absatz = next(part for part in norm.absaetze if part.label == place.absatz)
                assert place.satz in {str(satz.number) for satz in absatz.saetze}, place
                items = {item.nummer for item in absatz.items if str(item.satz) == place.satz}
                assert place.nummer is None or place.nummer in items, place


@pytest.mark.mirror
def test_numbers_in_the_texts_stand_in_the_norms_of_the_topic(texts: OfficialTexts) -> None:
    for topic in TOPICS:
        refs = [reading.place for reading in topic.norms]
        assert not unsupported(f"{topic.intro} {topic.why}", refs, texts), topic.slug


def test_the_text_is_packed_with_the_project() -> None:
    packed = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"path/*.toml"' in packed
