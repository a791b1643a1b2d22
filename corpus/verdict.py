"""How people ask for a decision on a certain person: a closed list of forms."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class VerdictForm:
    """One way to ask for a decision."""

    name: str
    pattern: re.Pattern[str]
    """Its group ``pronoun`` is set where a pronoun stands for the person."""


@dataclass(frozen=True, slots=True)
class VerdictForms:
    """The list of ``corpus/verdict.toml``."""

    forms: tuple[VerdictForm, ...]
    indefinite: re.Pattern[str]
    """Somebody: a pronoun behind it stands for nobody in particular."""
    filler: frozenset[str]
    """Words that say nothing about the law, in lower case."""
    topics: frozenset[str]
    """Ids of the topics that refer those who want a decision elsewhere."""


# Between the parts of a form, within one sentence: at most twelve words, abbreviations among them.
_GAP = r"(?:(?:[^\s.?!;:]+|(?:Abs|Nr|S|Art|gem|bzw|Buchst)\.) ){0,12}?"


@cache
def verdict_forms() -> VerdictForms:
    """Every form, in the order of the file.

    Raises ``KeyError`` or ``re.error`` for a file that is not in the form.
    """
    data = tomllib.loads(files("corpus").joinpath("verdict.toml").read_text(encoding="utf-8"))
    slots: dict[str, list[str]] = data["slots"]
    filled = {
        "{who}": rf"(?<!\w)(?:{'|'.join(slots['person'])}|(?P<pronoun>{'|'.join(slots['pronoun'])}))(?!\w)",
        "{decide}": f"(?:{'|'.join(slots['decide'])})",
        "{decided}": f"(?:{'|'.join(slots['decided'])})",
        "{gap}": f" ?{_GAP}",
    }
    return VerdictForms(
        tuple(
            VerdictForm(form["name"], _compiled(form["pattern"], filled)) for form in data["form"]
        ),
        re.compile(rf"(?<!\w)(?:{'|'.join(slots['indefinite'])})(?!\w)", re.IGNORECASE),
        frozenset(word.casefold() for word in data["filler"]["words"]),
        frozenset(data["elsewhere"]["topics"]),
    )


def _compiled(pattern: str, filled: dict[str, str]) -> re.Pattern[str]:
    for slot, value in filled.items():
        pattern = pattern.replace(slot, value)
    return re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)
