"""What comes out of a question when a model may write: the answer, how it was understood, what it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from rag.answer import Answer, Statement


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a model was used for, and how much."""

    name: str
    prompt_version: str
    """Names, versions and digests of the prompt files."""
    tokens_in: int
    tokens_out: int
    cost: float
    """Euro by the prices set; 0 without any."""
    estimated: bool
    """Whether the tokens were counted here because the endpoint did not count plausibly."""

    def __add__(self, other: ModelUse) -> ModelUse:
        """Two calls for one answer."""
        return ModelUse(
            name=self.name,
            prompt_version=f"{self.prompt_version}, {other.prompt_version}",
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            cost=self.cost + other.cost,
            estimated=self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, extractive or formulated."""

    answer: Answer
    understood: str | None
    """How a follow-up question was read; None for any other."""
    model: ModelUse | None
    """None if no model was asked."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The extractive answer and its passages, before a model writes."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement that has passed its check."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Done:
    """The answer that counts; it may take back what was shown."""

    reply: Reply
    dropped: int
    """Statements that failed their check."""


Event: TypeAlias = Sources | Shown | Done
