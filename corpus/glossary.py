"""The glossary: the thesaurus in the order of the alphabet, with an address for each entry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.generation.analysis import fold
from corpus.models import ThesaurusEntry
from corpus.thesaurus import thesaurus

DIGITS = "0-9"
"""The letter under which words stand that begin with a figure."""

# Letters; fewer stand by chance within most words.
_ANYWHERE = 3


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """An entry of the thesaurus with its place in the glossary."""

    slug: str
    """Unique: the anchor of the entry."""
    letter: str
    """Capital of the word without umlaut, or :data:`DIGITS`."""
    entry: ThesaurusEntry

    @property
    def word(self) -> str:
        """The word under which it stands."""
        return self.entry.words[0]


@cache
def glossary() -> tuple[GlossaryEntry, ...]:
    """All entries, umlauts sorted as their vowels, words with figures first."""
    listed = sorted(thesaurus(), key=lambda entry: (_bare(entry.words[0]), entry.words[0]))
    return tuple(
        GlossaryEntry(_slug(entry.words[0]), _letter(entry.words[0]), entry) for entry in listed
    )


@cache
def letters() -> tuple[str, ...]:
    """The letters that have entries, in order."""
    return tuple(dict.fromkeys(entry.letter for entry in glossary()))


def look_up(text: str) -> tuple[GlossaryEntry, ...]:
    """Entries that hold ``text`` (case aside, umlauts in any spelling), the closest first; () for
    white space.

    An entry that is called so comes before one that begins so, then those that hold it in a name,
    in a term of the statute, in the explanation. One or two letters must begin a word.
    """
    wanted = " ".join(text.split())
    if not wanted:
        return ()
    # As it is typed, else as somebody without umlauts may have meant it.
    return _found(wanted, _bare) or _found(wanted, fold)


def _found(wanted: str, spell: Callable[[str], str]) -> tuple[GlossaryEntry, ...]:
    ranked = ((_rank(entry.entry, spell(wanted), spell), entry) for entry in glossary())
    found = [(rank, entry) for rank, entry in ranked if rank is not None]
    return tuple(entry for _, entry in sorted(found, key=lambda pair: pair[0]))


def _rank(entry: ThesaurusEntry, wanted: str, spell: Callable[[str], str]) -> int | None:
    names = [spell(name) for name in entry.words]
    tests = (
        wanted in names,
        any(name.startswith(wanted) for name in names),
        any(_holds(name, wanted) for name in names),
        any(_holds(spell(term), wanted) for term in entry.terms),
        _holds(spell(entry.explain), wanted),
    )
    return next((rank for rank, holds in enumerate(tests) if holds), None)


def _holds(text: str, wanted: str) -> bool:
    if len(wanted) >= _ANYWHERE:
        return wanted in text
    return any(word.startswith(wanted) for word in text.split())


@lru_cache(maxsize=20_000)
def _bare(text: str) -> str:
    """Lower case, umlauts as their vowels, as a dictionary sorts them."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))


def _letter(word: str) -> str:
    first = next((character for character in _bare(word) if character.isalnum()), "")
    return DIGITS if first.isdigit() else first.upper()


def _slug(word: str) -> str:
    return re.sub(r"\W+", "-", word.casefold()).strip("-")
