"""The curated data files: their form, and whether the places they name exist."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.catalogue import catalogue
from corpus.citations import Resolved, find, resolve
from corpus.definitions import Definition, legal_definitions
from corpus.elsewhere import elsewhere_topics
from corpus.generation.analysis import Analyzer, words
from corpus.laws import known_laws
from corpus.models import Kind, Memo, NormRef, Section
from corpus.summaries import summaries
from corpus.thesaurus import thesaurus
from corpus.transitions import transitions
from ingest.documents import document_files, read_documents
from ingest.fetch import MirrorFolder
from ingest.references import Outline
from ingest.sentences import sentence_spans
from tests.conftest import CHECKOUT, TODAY
from tests.official_texts import OfficialTexts

MEMOS = CHECKOUT / "corpus" / "memos"
ANALYZER = Analyzer(frozenset())
OUR_AREAS = ("Aufenthalt", "Asyl", "Staatsangehörigkeit", "Freizügigkeit")


@pytest.fixture(scope="module")
def texts(mirror: Path) -> OfficialTexts:
    return OfficialTexts(MirrorFolder(mirror / "2025-03-05", TODAY))


@pytest.fixture(scope="module")
def memos() -> list[Memo]:
    results = list(read_documents(document_files(MEMOS), MEMOS, Kind.MEMO))
    assert all(isinstance(result, Memo) for result in results), [
        result for result in results if not isinstance(result, Memo)
    ]
    return [result for result in results if isinstance(result, Memo)]


def test_catalogue_entries_have_a_form() -> None:
    places = [entry.ref for entry in catalogue()]
    assert len(set(places)) == len(places)
    laws = {law.abbreviation for law in known_laws().items}
    for entry in catalogue():
        assert entry.law in laws
        assert entry.questions
        assert all(q.strip() == q and 3 <= len(q) <= 400 for q in entry.questions), entry.ref


@pytest.mark.mirror
def test_catalogue_places_exist(texts: OfficialTexts) -> None:
    for entry in catalogue():
        assert entry.absatz in texts.outline.absaetze(entry.law, entry.number), entry.ref.key


@pytest.mark.mirror
def test_the_most_used_absaetze_have_eight_questions(texts: OfficialTexts) -> None:
    """Most used are the norms that have a summary."""
    counts = {entry.ref: len(entry.questions) for entry in catalogue()}
    used = [
        NormRef(summary.law, summary.number, absatz.label)
        for summary in summaries()
        for norm in (texts.norm(summary.law, summary.number),)
        if norm is not None
        for absatz in norm.absaetze
        if "weggefallen" not in absatz.span.of(norm.text)
    ]
    assert len(used) >= 600
    few = {ref.key: counts.get(ref, 0) for ref in used if counts.get(ref, 0) < 8}
    assert few == {}


def test_the_catalogue_has_its_size() -> None:
    assert sum(len(entry.questions) for entry in catalogue()) >= 18_000
    few = [
        entry.ref.key
        for entry in catalogue()
        if len(entry.questions) < 4 and known_laws().named(entry.law).area in OUR_AREAS  # type: ignore[union-attr]
    ]
    assert few == []


def test_no_question_stands_at_two_places() -> None:
    questions = [q.casefold() for entry in catalogue() for q in entry.questions]
    assert [q for q, count in Counter(questions).items() if count > 1] == []


def test_the_thesaurus_has_a_form() -> None:
    entries = thesaurus()
    assert len(entries) >= 600
    words = [word.casefold() for entry in entries for word in entry.words]
    assert [word for word, count in Counter(words).items() if count > 1] == []
    for entry in entries:
        assert entry.words
        assert entry.terms
        assert entry.explain.endswith("."), entry.words
        assert len(entry.explain) <= 160, entry.words


@pytest.mark.mirror
def test_the_thesaurus_speaks_the_words_of_the_law(texts: OfficialTexts) -> None:
    known = {
        stem for norm in texts.norms() for stem in ANALYZER.stems(f"{norm.heading} {norm.text}")
    }
    for entry in thesaurus():
        for term in entry.terms:
            stems = [stem for word in words(term) for stem in ANALYZER.stems(word) if len(stem) > 3]
            assert not stems or any(stem in known for stem in stems), (entry.words, term)
        if entry.place is not None:
            place = entry.place
            assert place.absatz is None or place.absatz in texts.outline.absaetze(
                place.law, place.number
            ), entry.words
            assert texts.norm(place.law, place.number) is not None, entry.words


def test_topics_of_others_have_a_form() -> None:
    topics = elsewhere_topics()
    assert len(topics) >= 250
    assert len({topic.id for topic in topics}) == len(topics)
    for topic in topics:
        assert topic.referral.endswith("."), topic.id
        assert len(topic.questions) >= 3, topic.id
        assert len(set(topic.questions)) == len(topic.questions), topic.id


def test_no_question_is_both_ours_and_not() -> None:
    ours = {question.casefold() for entry in catalogue() for question in entry.questions}
    theirs = {question.casefold() for topic in elsewhere_topics() for question in topic.questions}
    assert ours & theirs == set()


def test_summaries_have_a_form() -> None:
    laws = {law.abbreviation for law in known_laws().items}
    keys = [(summary.law, summary.number) for summary in summaries()]
    assert len(set(keys)) == len(keys)
    for summary in summaries():
        assert summary.law in laws
        assert 0 < len(summary.title) <= 90
        assert 20 <= len(summary.text.split()) <= 230, (summary.law, summary.number)


def test_there_are_memos_of_every_form(memos: list[Memo]) -> None:
    assert len({memo.meta.id for memo in memos}) == len(memos)
    assert all(memo.meta.kind is Kind.MEMO and memo.meta.stand for memo in memos)


@pytest.mark.mirror
def test_summaries_describe_existing_norms_with_their_numbers(texts: OfficialTexts) -> None:
    for summary in summaries():
        norm = texts.norm(summary.law, summary.number)
        assert norm is not None, (summary.law, summary.number)
        assert not norm.repealed
        home = NormRef(summary.law, summary.number)
        missing = unsupported(summary.text, [home], texts)
        assert not missing, f"§ {summary.number} {summary.law}: {missing}"
        for mention in find(summary.text, home=home):
            found = resolve(mention, texts.outline)
            assert isinstance(found, Resolved), f"§ {summary.number} {summary.law}: {found}"


@pytest.mark.mirror
def test_every_reference_of_a_memo_exists(memos: list[Memo], texts: OfficialTexts) -> None:
    for memo, section in sections_of(memos):
        for mention in find(section.text):
            if mention.law is None and mention.law_written is not None:
                continue
            found = resolve(mention, texts.outline)
            assert isinstance(found, Resolved), f"{memo.source}, {section.heading}: {found}"


@pytest.mark.mirror
def test_numbers_of_a_memo_stand_in_the_norms_it_cites(
    memos: list[Memo], texts: OfficialTexts
) -> None:
    problems = []
    for memo, section in sections_of(memos):
        for line in section.text.split("\n"):
            for span in sentence_spans(line):
                sentence = span.of(line)
                refs = resolved(sentence, texts.outline)
                if refs:
                    missing = unsupported(sentence, refs, texts)
                    if missing:
                        problems.append(f"{memo.source}: {missing} in: {sentence}")
    assert not problems, "\n".join(problems)


def sections_of(memos: list[Memo]) -> Iterator[tuple[Memo, Section]]:
    for memo in memos:
        for section in memo.sections:
            yield memo, section


def resolved(text: str, outline: Outline) -> list[NormRef]:
    found = (resolve(mention, outline) for mention in find(text))
    return [
        ref for resolution in found if isinstance(resolution, Resolved) for ref in resolution.refs
    ]


WORDS = {
    word: str(value)
    for value, word in enumerate(
        "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
        "sechzehn siebzehn achtzehn neunzehn zwanzig einundzwanzig".split(),
        1,
    )
}
UNITS = "jahr monat woche tag stunde euro prozent lebensjahr punkt arbeitstag werktag kalendertag"
MEASURE = re.compile(
    r"(?<![\w§])(\d+(?:[.,]\d+)?|" + "|".join(WORDS) + r")(?:e|en|er|em|te[nrsm]?|\.)?\s+"
    r"(?:(?:volle[nrs]?|weitere[nrs]?|aufeinanderfolgende[nrs]?|vollendete[nrs]?)\s+)?"
    r"(" + "|".join(UNITS.split()) + r")(?:e|es|en|s|n)?\b",
    re.IGNORECASE,
)


def measures(text: str) -> set[tuple[str, str]]:
    """Numbers with a unit, words as digits: ("3", "jahr")."""
    plain = re.sub(r"(\d) (\d{3})\b", r"\1\2", text.replace("\xa0", " "))
    found = set()
    for number, unit in MEASURE.findall(plain):
        value = WORDS.get(number.lower(), number)
        if not re.match(r"ein$", number, re.IGNORECASE):
            found.add((value, unit.lower()))
    return found


def unsupported(text: str, refs: list[NormRef], texts: OfficialTexts) -> set[tuple[str, str]]:
    """Measures of ``text`` that none of the cited norms has."""
    known: set[tuple[str, str]] = set()
    for ref in refs:
        norm = texts.norm(ref.law, ref.number)
        if norm is not None:
            known |= measures(f"{norm.heading} {norm.text}") | ordinal_measures(norm.text)
    return {measure for measure in measures(text) if measure not in known}


ORDINALS = {
    "ersten": "1",
    "zweiten": "2",
    "dritten": "3",
    "vierten": "4",
    "fünften": "5",
    "sechsten": "6",
    "siebten": "7",
    "siebenten": "7",
    "achten": "8",
    "neunten": "9",
    "zehnten": "10",
    "zwölfte": "12",
    "vierzehnte": "14",
    "fünfzehnte": "15",
    "sechzehnte": "16",
    "achtzehnte": "18",
    "einundzwanzigste": "21",
}


def ordinal_measures(text: str) -> set[tuple[str, str]]:
    """Ordinals in words: "das fünfzehnte Lebensjahr"."""
    return {
        (ORDINALS[word.lower()], "lebensjahr")
        for word in re.findall(r"(\w+) Lebensjahr", text)
        if word.lower() in ORDINALS
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("höchstens drei Jahre und 6 Monate", {("3", "jahr"), ("6", "monat")}),
        ("mit Vollendung des 16. Lebensjahres", {("16", "lebensjahr")}),
        ("insgesamt 1 000 Euro", {("1000", "euro")}),
        ("nach § 3, Tage später, ein Jahr", set()),
        ("eine Gebühr von 100 Euro", {("100", "euro")}),
    ],
)
def test_measures_are_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert measures(text) == expected


def test_transitional_rules_name_places_that_exist(texts: OfficialTexts) -> None:
    outline = texts.outline
    for rule in transitions():
        for ref in (rule.place, *rule.norms):
            labels = outline.absaetze(ref.law, ref.number)
            assert labels, ref
            assert ref.absatz is None or ref.absatz in labels, ref
        assert set(rule.laws) <= set(outline.laws())
        assert rule.hint.endswith(".")
        assert rule.norms or rule.laws


@pytest.mark.mirror
@pytest.mark.parametrize("definition", legal_definitions(), ids=lambda d: d.place.key)
def test_the_place_of_a_definition_names_its_term(
    texts: OfficialTexts, definition: Definition
) -> None:
    place = definition.place
    norm = texts.norm(place.law, place.number)
    assert norm is not None
    (absatz,) = [part for part in norm.absaetze if part.label == place.absatz]
    # A Satz is named only where there are several; "2/3" would be open to doubt otherwise.
    assert (place.satz is not None) == (len(absatz.saetze) > 1)
    satz = absatz.saetze[int(place.satz or 1) - 1]
    spans = [satz.span]
    if place.nummer is not None:
        spans = [item.span for item in absatz.items if item.labels == (place.nummer,)]
    (text,) = [f" {' '.join(ANALYZER.stems(span.of(norm.text)))} " for span in spans]
    assert f" {' '.join(ANALYZER.stems(definition.name))} " in text


def test_no_law_defines_a_term_twice() -> None:
    terms = Counter((d.place.law, term) for d in legal_definitions() for term in d.terms)
    assert max(terms.values()) == 1
