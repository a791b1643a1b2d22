"""The word lists of the check, read once from ``corpus/statements.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.generation.analysis import fold


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words and what they stand for."""

    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    """Those that are not formed from their number."""
    units: Mapping[str, tuple[str, int]]
    """Form -> the unit it is compared by, and how many of it it is."""
    actors: Mapping[str, str]
    """Word -> the actor it names."""
    actors_implied: Mapping[str, frozenset[str]]
    """Actor -> words that stand for it where no other one is named."""
    actor_phrases: Mapping[str, str]
    """Name of several words, in lower case -> the actor it names."""
    synonyms: Mapping[str, tuple[str, ...]]
    """Word of everyday language -> words of statutes."""
    forms: tuple[tuple[str, ...], ...]
    """Forms and nouns of a verb that share no stem."""
    parts: Mapping[str, str]
    """Word for a part of a whole -> the part."""
    strict: frozenset[str]
    """Requirements that no other word of a source stands for."""
    generic: frozenset[str]
    """Words that a statement may add without saying anything of its own."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of the phrases that decide how a rule is meant."""

    should: re.Pattern[str]
    may: re.Pattern[str]
    must: re.Pattern[str]
    weak_may: re.Pattern[str]
    """Count only where none of the patterns before is found; so do the next."""
    weak_must: re.Pattern[str]
    indicative: re.Pattern[str]
    """The plain indicative binds as well: "wird erteilt"."""
    free: re.Pattern[str]
    """Say that the authority is free."""
    exercised: re.Pattern[str]
    """What a person may do towards an authority."""
    bound: re.Pattern[str]
    """Say that nobody has a choice."""
    plain_no: re.Pattern[str]
    """"nicht", "kein": each counts."""
    lexical_no: re.Pattern[str]
    """"versagen", "entfallen": a statement may use another one than its source."""
    blurs: re.Pattern[str]
    """Where one of these stands, counting what is denied says nothing."""
    exception: re.Pattern[str]
    only: re.Pattern[str]
    said: re.Pattern[str]
    """What a statement shows with that it knows of an exception."""
    said_only: re.Pattern[str]
    """The same of a "nur"."""
    absolute: re.Pattern[str]
    override: re.Pattern[str]
    """"auch wenn": what follows makes no difference."""


@dataclass(frozen=True, slots=True)
class Opposites:
    """Things of which a rule names one and a statement may not name the other."""

    adjectives: tuple[tuple[tuple[str, ...], ...], ...]
    """Groups of qualities, each with the beginnings of its adjectives; they count with the noun behind."""
    limits: tuple[re.Pattern[str], ...]
    """Before a number: at least, at most."""
    phrases: tuple[tuple[re.Pattern[str], ...], ...]


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words, longer ones first; a star stands for letters."""
    ordered = sorted(phrases, key=len, reverse=True)
    joined = "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in ordered)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("corpus").joinpath("statements.toml").read_text(encoding="utf-8"))


@cache
def words_of_check() -> Words:
    """The lists of single words."""
    data = _data()
    return Words(
        numbers={fold(word): number for word, number in data["numbers"].items()},
        ordinals={fold(word): number for word, number in data["ordinals"].items()},
        units={fold(word): (unit, factor) for word, (unit, factor) in data["units"].items()},
        generic=frozenset(fold(word) for word in data["generic"].split()),
        actors_implied={
            name: frozenset(fold(word) for word in forms)
            for name, forms in data["actors_implied"].items()
        },
        actor_phrases={
            phrase: name for name, forms in data["actor_phrases"].items() for phrase in forms
        },
        synonyms={fold(word): tuple(said) for word, said in data["synonyms"].items()},
        strict=frozenset(fold(word) for word in data["terms"]["strict"]),
        forms=tuple(tuple(group) for group in data["forms"]["same"]),
        parts={fold(word): name for name, forms in data["parts"].items() for word in forms},
        actors={fold(word): name for name, forms in data["actors"].items() for word in forms},
    )


@cache
def phrases_of_check() -> Phrases:
    """The patterns of phrases."""
    data = _data()
    modality, negation, limits = data["modality"], data["negation"], data["limits"]
    return Phrases(
        should=pattern(modality["should"]),
        may=pattern(modality["may"]),
        must=pattern(modality["must"]),
        weak_may=pattern(modality["weak_may"]),
        weak_must=pattern(modality["weak_must"]),
        indicative=pattern(modality["indicative"]),
        free=pattern(modality["free"]),
        exercised=pattern(modality["exercised"]),
        bound=pattern(modality["bound"]),
        plain_no=pattern(negation["plain"]),
        lexical_no=pattern(negation["lexical"]),
        blurs=pattern(negation["blurs"]),
        exception=pattern(limits["exception"]),
        only=pattern(limits["only"]),
        said=pattern(limits["said"]),
        said_only=pattern(limits["said_only"]),
        absolute=pattern(limits["absolute"]),
        override=pattern(limits["override"]),
    )


@cache
def opposites() -> Opposites:
    """Things that exclude each other."""
    data = _data()["opposites"]
    return Opposites(
        adjectives=tuple(
            tuple(tuple(fold(word) for word in quality.split("|")) for quality in group)
            for group in data["adjectives"]
        ),
        limits=tuple(pattern(group) for group in data["limits"]),
        phrases=tuple(tuple(pattern(side) for side in group) for group in data["phrases"]),
    )
