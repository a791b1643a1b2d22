"""German words to index terms: the same way when indexing and when asking.

A term is a folded Snowball stem; long compounds add the stems of their parts as far as the
corpus' own vocabulary knows them. Source of the stemmer: Snowball "german" through PyStemmer.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import Stemmer

_WORD = re.compile(r"[0-9]+[a-z]?(?![\w])|[^\W_]+", re.UNICODE)
# Typed without umlauts, or with e: all three spellings meet in one.
_FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s"})
_DIGRAPHS = re.compile(r"(?<![aeq])(ae|oe|ue)")
# Shorter parts of a compound are more often accidents ("ein", "rat") than words.
_MIN_PART = 4
_MIN_COMPOUND = 9
# The longest word of the 25 laws has 49 letters; anything longer is not German.
_MAX_COMPOUND = 60
# Words kept analysed; a long-lived service meets ever new ones.
_MOST_KNOWN = 100_000
_LINKS = ("", "s", "es", "n", "en", "er", "e")


@dataclass(frozen=True, slots=True)
class _Rules:
    stop_words: frozenset[str]
    keep: dict[str, str]
    unsplit: frozenset[str]
    units: dict[str, str]
    numbers: dict[str, str]


@cache
def _rules() -> _Rules:
    data = tomllib.loads(files("corpus").joinpath("analysis.toml").read_text(encoding="utf-8"))
    return _Rules(
        stop_words=frozenset(fold(word) for word in data["stop_words"].split()),
        keep={
            fold(form): "=" + fold(term) for term, forms in data["keep"].items() for form in forms
        },
        unsplit=frozenset(fold(word) for word in data["unsplit"].split()),
        units={fold(f): fold(u) for u, forms in data["units"].items() for f in (u, *forms)},
        numbers={fold(word): n for n, names in data["numbers"].items() for word in names},
    )


# Texts repeat their words: a corpus of a million has some forty thousand different ones.
@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Lower case, one spelling for umlauts: ``Ausländer``, ``Auslaender``, ``auslander`` agree."""
    bare = word.casefold().replace("ss", "s").translate(_FOLD)
    return _DIGRAPHS.sub(lambda match: match.group()[0], bare)


def words(text: str) -> list[str]:
    """The words of ``text`` in order, folded; numbers with a letter ("18g") stay whole."""
    return [fold(match.group()) for match in _WORD.finditer(text.casefold())]


@dataclass(slots=True)
class Analyzer:
    """Turns text into index terms with a vocabulary for compounds.

    ``vocabulary``: folded words that may be parts of compounds, ``rare``: those seen too seldom for
    that; both from :meth:`learn`.
    """

    vocabulary: frozenset[str]
    rare: frozenset[str] = frozenset()
    surfaces: Mapping[str, str] = field(default_factory=dict, repr=False)
    """How a folded word of the vocabulary is written: ``gebuhr`` -> ``Gebühr``."""
    _stemmer: Stemmer.Stemmer = field(default_factory=lambda: Stemmer.Stemmer("german"), repr=False)
    _memo: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def learn(cls, texts: Iterable[str], *, min_count: int = 3) -> Analyzer:
        """Collect the vocabulary for compounds: every alphabetic word seen ``min_count`` times."""
        written: Counter[str] = Counter()
        for text in texts:
            written.update(word for word in _WORD.findall(text) if word.isalpha())
        counts: Counter[str] = Counter()
        surfaces: dict[str, str] = {}
        for surface, count in written.most_common():
            word = fold(surface)
            counts[word] += count
            surfaces.setdefault(word, surface)
        long = {word: count for word, count in counts.items() if len(word) >= _MIN_PART}
        return cls(
            vocabulary=frozenset(word for word, count in long.items() if count >= min_count),
            rare=frozenset(word for word, count in long.items() if count < min_count),
            surfaces={word: surfaces[word] for word, n in long.items() if n >= min_count},
        )

    def terms(self, text: str) -> list[str]:
        """The index terms of ``text``, in order, with repetitions, stop words left out.

        A number and its unit give a term of their own besides: "drei Jahre" and "3 years" agree.
        """
        result: list[str] = []
        rules = _rules()
        before = ""
        for word in words(text):
            if word in rules.units:
                figure = rules.numbers.get(before, before)
                if figure.isdigit():
                    result.append(f"{figure}~{rules.units[word]}")
            before = word
            known = self._memo.get(word)
            if known is None:
                if len(self._memo) >= _MOST_KNOWN:
                    self._memo.clear()
                known = self._memo[word] = tuple(self._analyse(word))
            result.extend(known)
        return result

    def _analyse(self, word: str) -> list[str]:
        rules = _rules()
        if word in rules.stop_words or (len(word) < 2 and not word.isdigit()):
            return []
        if word in rules.keep:
            return [rules.keep[word]]
        stem = self._stem(word)
        if word in rules.unsplit or not _MIN_COMPOUND <= len(word) <= _MAX_COMPOUND:
            return [stem]
        parts = self.split(word)
        return [stem, *(rules.keep.get(part) or self._stem(part) for part in parts)]

    def stems(self, text: str) -> list[str]:
        """One stem per word, stop words included, compounds uncut: for comparing expressions."""
        keep = _rules().keep
        return [keep.get(word) or self._stem(word) for word in words(text)]

    def knows(self, word: str) -> bool:
        """Whether a folded ``word`` was seen, or is made of words that were."""
        rules = _rules()
        if word in self.vocabulary or word in self.rare or word in rules.stop_words:
            return True
        return word in rules.keep or self._known(word) is not None or bool(self.split(word))

    def _stem(self, word: str) -> str:
        stem: str = self._stemmer.stemWord(word)
        return stem

    def split(self, word: str) -> tuple[str, ...]:
        """Parts of a compound known to the vocabulary; () if it cannot be cut completely."""
        return self._split(word, {})

    def _split(self, word: str, done: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Every ending of the word is cut once: without ``done`` repetitions cost 2 ** n."""
        known = done.get(word)
        if known is not None:
            return known
        best: tuple[str, ...] = ()
        for cut in range(len(word) - _MIN_PART, _MIN_PART - 1, -1):
            head = self._known(word[:cut])
            if head is None:
                continue
            tail = word[cut:]
            rest = (tail,) if self._is_part(tail) else self._split(tail, done)
            if rest and (not best or len(rest) + 1 < len(best)):
                best = (head, *rest)
        done[word] = best
        return best

    def _is_part(self, word: str) -> bool:
        return word in self.vocabulary or self._known(word) is not None

    def _known(self, part: str) -> str | None:
        """``part`` as a word of the vocabulary, without a linking element at its end."""
        for link in _LINKS:
            if part.endswith(link):
                bare = part[: len(part) - len(link)] if link else part
                if len(bare) >= _MIN_PART and bare in self.vocabulary:
                    return bare
        return None

    def save(self, path: Path) -> None:
        """Write both vocabularies to ``path`` (JSON)."""
        lists = {
            "vocabulary": {word: self.surfaces.get(word, word) for word in sorted(self.vocabulary)},
            "rare": sorted(self.rare),
        }
        path.write_text(json.dumps(lists, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Analyzer:
        """Read what :meth:`save` wrote."""
        lists = json.loads(path.read_text(encoding="utf-8"))
        surfaces = lists["vocabulary"]
        return cls(frozenset(surfaces), frozenset(lists["rare"]), surfaces)
