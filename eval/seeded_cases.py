"""Statements made from real passages, half of them with one seeded error.

They measure a check that decides whether a statement is borne out by the passages it cites.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.models import NormRef

SeededKind: TypeAlias = Literal[
    "number",
    "period",
    "unit",
    "paragraph",
    "absatz",
    "negation",
    "modality",
    "actor",
    "exception",
    "connective",
    "old_version",
    "wrong_source",
]


class SeededError(ValueError):
    """A file of statements that nothing can be measured with; the message names file and line."""


class SeededCase(BaseModel):
    """One statement and whether the passages it cites bear it out."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern=r"^S-\d{4}$")
    text: str = Field(min_length=10, max_length=400)
    """German, one sentence or two."""
    passages: tuple[str, ...] = Field(min_length=1)
    """Keys of the places cited: ``AufenthG/16b/3``, ``AufenthV/45`` for a norm without Absätze."""
    as_of: date | None = None
    """Day of the law the statement is about; None: the newest."""
    true: bool
    """Whether the cited passages alone bear the whole statement out."""
    kind: SeededKind | None = None
    """What was made wrong; None for a true statement."""
    note: str = ""
    """German: what was changed; "" for a true statement."""

    @model_validator(mode="after")
    def _error_is_named(self) -> SeededCase:
        if self.true and (self.kind is not None or self.note):
            raise ValueError("a true statement has neither kind nor note")
        if not self.true and (self.kind is None or not self.note):
            raise ValueError("a false statement has its kind and a note")
        for key in self.passages:
            if NormRef.from_key(key).key != key:
                raise ValueError(f"not the key of a place: {key}")
        return self

    @property
    def places(self) -> tuple[NormRef, ...]:
        """The places cited, as references."""
        return tuple(NormRef.from_key(key) for key in self.passages)


def read_seeded(path: Path) -> tuple[SeededCase, ...]:
    """The statements of a file, in its order; raises :class:`SeededError` for a bad one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SeededError(f"{path.name}: nicht lesbar ({error})") from error
    cases: list[SeededCase] = []
    for number, line in enumerate(lines, 1):
        try:
            cases.append(SeededCase.model_validate_json(line))
        except ValidationError as error:
            raise SeededError(f"{path.name}, Zeile {number}: {error.errors()[0]['msg']}") from error
    if not cases:
        raise SeededError(f"{path.name}: keine Aussagen")
    return tuple(cases)
