"""Evaluation cases: questions with the places that answer them, one JSON object per line.

They also watch the law: where the text at their gold changes, they may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.models import NormRef

# Function words that German questions do not use.
_ENGLISH = frozenset(
    "the my is are do does did i can could have has how what when which who with for of to from if it "
    "and or be been being were would as than that this there their his not".split()
)
_MOSTLY_ENGLISH = 0.2


class CaseError(ValueError):
    """A case file that cannot be read; the message names file and line."""

    code = "bad_cases"

    @property
    def message(self) -> str:
        """German, for people."""
        return f"{self}."


class Gold(BaseModel):
    """A place that answers the question, or helps to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    law: str
    par: str
    """Number of the norm."""
    abs: str | None = None
    satz: str | None = None
    nr: str | None = None
    required: bool = True
    """Whether the answer is incomplete without it."""

    @property
    def ref(self) -> NormRef:
        """The place as a reference."""
        return NormRef(self.law, self.par, self.abs, self.satz, self.nr)


class Case(BaseModel):
    """One question with its gold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    history: tuple[str, ...] = ()
    """The questions before, oldest first; for follow-ups."""
    register_: str = Field(alias="register")
    type: str
    answerable: bool
    gold: tuple[Gold, ...] = ()
    facts: tuple[str, ...] = ()
    """What a right answer says."""
    wrong: tuple[str, ...] = ()
    """What an answer must not say."""
    note: str = ""
    checked: date | None = None
    """Day on which a person last held the gold against the law; None: the file says it, or nobody did."""

    @property
    def language(self) -> str:
        """``en`` if at least a fifth of the words are English function words, else ``de``."""
        words = re.findall(r"[a-zäöüß]+", self.question.casefold())
        english = sum(word in _ENGLISH for word in words)
        return "en" if words and english / len(words) >= _MOSTLY_ENGLISH else "de"

    @property
    def required(self) -> tuple[NormRef, ...]:
        """Places without which the answer is incomplete."""
        return tuple(gold.ref for gold in self.gold if gold.required)


def case_line(case: Case) -> str:
    """The case as a line of a file."""
    return case.model_dump_json(
        by_alias=True, exclude={"checked"} if case.checked is None else None
    )


def read_cases(path: Path) -> Iterator[tuple[int, Case]]:
    """The cases of a file with the numbers of their lines.

    Raises :class:`CaseError` for anything that is not in the form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path.name}: nicht lesbar ({error})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, Case.model_validate_json(line)
        except ValidationError as error:
            raise CaseError(f"{path.name}, Zeile {number}: {error.errors()[0]['msg']}") from error


def watching_cases(folder: Path) -> tuple[tuple[str, tuple[NormRef, ...]], ...]:
    """Id and places of every case in the files of ``folder``; () without such a folder."""
    return tuple(
        (case.id, tuple(gold.ref for gold in case.gold))
        for path in sorted(folder.glob("*.jsonl"))
        for _, case in read_cases(path)
    )
