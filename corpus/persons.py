"""Words by which names of persons are told from ordinary words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.catalogue import catalogue
from corpus.elsewhere import elsewhere_topics
from corpus.thesaurus import thesaurus

_WORD = re.compile(r"[^\W\d_]+")
_INNER_NOUN = re.compile(r"(?<=[\w,)] )[A-ZÄÖÜ][^\W\d_]+")
# Once may be an example ("Koch", "Müller"); what the law speaks of comes again.
_SEEN = 2


@dataclass(frozen=True, slots=True)
class PersonWords:
    """Word lists of ``corpus/persons.toml``; all in lower case unless a field says otherwise."""

    titles: tuple[str, ...]
    """Forms of address, as written."""
    sure_titles: frozenset[str]
    """Behind these even an ordinary word is a name."""
    degrees: tuple[str, ...]
    """Academic titles, as written."""
    possessives: frozenset[str]
    """Before "Frau" they say that it means the wife, not a form of address."""
    particles: frozenset[str]
    """Small words inside surnames ("von", "al")."""
    roles: tuple[str, ...]
    """Words for persons that a whole name may follow, as written."""
    introductions: tuple[str, ...]
    """Phrases that a name follows, as written."""
    files: tuple[str, ...]
    """Phrases that a surname often follows ("in Sachen"), as written."""
    places: frozenset[str]
    """Words of places that have several."""
    surnames: frozenset[str]
    """Surnames that are ordinary words as well."""
    no_names: frozenset[str]
    """Never names, even behind a form of address."""
    first_names: frozenset[str]
    counted: frozenset[str]
    """Nouns behind a number of five digits that are no places."""
    no_streets: frozenset[str]
    """Words that end like a street and are none."""


@cache
def person_words() -> PersonWords:
    """The lists of ``corpus/persons.toml``."""
    data: dict[str, list[str]] = tomllib.loads(
        files("corpus").joinpath("persons.toml").read_text(encoding="utf-8")
    )

    def lower(name: str) -> frozenset[str]:
        return frozenset(word.casefold() for word in data[name])

    return PersonWords(
        titles=tuple(data["titles"]),
        sure_titles=lower("sure_titles"),
        degrees=tuple(data["degrees"]),
        possessives=lower("possessives"),
        particles=lower("particles"),
        roles=tuple(data["roles"]),
        introductions=tuple(data["introductions"]),
        files=tuple(data["files"]),
        places=lower("places"),
        surnames=lower("surnames"),
        no_names=lower("no_names"),
        first_names=lower("first_names"),
        counted=lower("counted"),
        no_streets=lower("no_streets"),
    )


@cache
def ordinary_words() -> frozenset[str]:
    """Nouns of the curated knowledge, which names no person; in lower case.

    A word counts that is written with a capital in the middle of a text, twice at least: at the
    beginning every word is.
    """
    seen = Counter(
        word.casefold() for text in _curated_texts() for word in _INNER_NOUN.findall(text)
    )
    entries = (_WORD.findall(text) for term in thesaurus() for text in (*term.words, *term.terms))
    alone = {words[0].casefold() for words in entries if len(words) == 1}
    return frozenset(word for word, count in seen.items() if count >= _SEEN) | alone


@cache
def known_words() -> frozenset[str]:
    """Every word of the curated knowledge, in lower case."""
    return frozenset(word.casefold() for text in _curated_texts() for word in _WORD.findall(text))


def _curated_texts() -> Iterator[str]:
    for entry in catalogue():
        yield from entry.questions
    for topic in elsewhere_topics():
        yield from topic.questions
    for term in thesaurus():
        yield from (*term.words, *term.terms, term.explain)
