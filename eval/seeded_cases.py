"""Statements with and without a seeded error: their form."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpus.models import NormRef


class SeededKind(StrEnum):
    """What is wrong with a statement."""

    NUMBER = "number"
    PERIOD = "period"
    UNIT = "unit"
    PARAGRAPH = "paragraph"
    ABSATZ = "absatz"
    NEGATION = "negation"
    MODALITY = "modality"
    ACTOR = "actor"
    EXCEPTION = "exception"
    CONNECTIVE = "connective"
    OLD_VERSION = "old_version"
    WRONG_SOURCE = "wrong_source"


class SeededCase(BaseModel):
    """A statement on some passages."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    text: str
    passages: tuple[str, ...] = Field(min_length=1)
    """Keys of the cited places: ``AufenthG/16b/3``."""
    is_true: bool = Field(alias="true")
    kind: SeededKind | None
    """None: the statement is true."""
    note: str = ""
    """What was changed."""

    @model_validator(mode="after")
    def _agree(self) -> SeededCase:
        if self.is_true != (self.kind is None):
            raise ValueError("a true statement has no kind of error, a wrong one has")
        return self

    @property
    def places(self) -> tuple[NormRef, ...]:
        """The cited places."""
        return tuple(NormRef.from_key(key) for key in self.passages)


def read_seeded(path: Path) -> Iterator[SeededCase]:
    """The statements of a file; raises ``OSError`` or pydantic's ``ValidationError``."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield SeededCase.model_validate_json(line)
