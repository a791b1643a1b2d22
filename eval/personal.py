"""How well personal data is found: precision and recall per kind over annotated strings."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.table import Table

from corpus.models import Span
from eval.cases import CaseError
from eval.stats import Estimate, proportion
from rag.personal import MaskedSpan, PersonalKind, mask

ALL = "alle"
"""Name of the row over all kinds."""


class GoldSpan(BaseModel):
    """Something personal in a string; it occurs there once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PersonalKind
    text: str


class Example(BaseModel):
    """A string as somebody may type it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    spans: tuple[GoldSpan, ...]

    @property
    def gold(self) -> frozenset[MaskedSpan]:
        """The annotated stretches with their places."""
        return frozenset(
            MaskedSpan(Span(start, start + len(span.text)), span.kind)
            for span in self.spans
            for start in (self.text.index(span.text),)
        )


@dataclass(frozen=True, slots=True)
class KindResult:
    """How one kind fared. A stretch is right if kind and both ends agree."""

    kind: str
    precision: Estimate
    """Share of the masked stretches that are right."""
    recall: Estimate
    """Share of the annotated stretches that were found so."""
    hidden: Estimate
    """Share of the annotated stretches of which no character is left, whatever they were taken for."""


@dataclass(frozen=True, slots=True)
class PersonalResult:
    """The result over one file."""

    examples: int
    untouched: Estimate
    """Share of the strings without personal data that stayed as they were."""
    kinds: tuple[KindResult, ...]
    """All kinds together first."""


def load_examples(path: Path) -> tuple[Example, ...]:
    """Read a file; raises :class:`eval.cases.CaseError` for one that nothing can be measured with."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path.name}: nicht lesbar ({error})") from error
    examples = []
    for number, line in enumerate(lines, 1):
        try:
            example = Example.model_validate_json(line)
        except ValidationError as error:
            raise CaseError(f"{path.name}, Zeile {number}: {error.errors()[0]['msg']}") from error
        if any(example.text.count(span.text) != 1 for span in example.spans):
            raise CaseError(f"{path.name}, Zeile {number}: eine Angabe steht nicht genau einmal da")
        examples.append(example)
    if not examples:
        raise CaseError(f"{path.name}: keine Zeilen")
    return tuple(examples)


def measure(examples: Sequence[Example]) -> PersonalResult:
    """Mask every string and compare with its annotation."""
    right: dict[str, list[bool]] = defaultdict(list)
    met: dict[str, list[bool]] = defaultdict(list)
    hidden: dict[str, list[bool]] = defaultdict(list)
    untouched: list[bool] = []
    for example in examples:
        found = frozenset(mask(example.text).found)
        if not example.gold:
            untouched.append(not found)
        for one in found:
            _count(right, one.kind, one in example.gold)
        gone = {place for one in found for place in range(one.span.start, one.span.end)}
        for one in example.gold:
            _count(met, one.kind, one in found)
            _count(hidden, one.kind, gone.issuperset(range(one.span.start, one.span.end)))
    return PersonalResult(
        len(examples),
        proportion(untouched),
        tuple(
            KindResult(
                name, proportion(right[name]), proportion(met[name]), proportion(hidden[name])
            )
            for name in (ALL, *(kind.value for kind in PersonalKind))
        ),
    )


def _count(values: dict[str, list[bool]], kind: PersonalKind, held: bool) -> None:
    for name in (ALL, kind.value):
        values[name].append(held)


def to_json(result: PersonalResult) -> str:
    """The result for scripts."""

    def body(one: Estimate) -> dict[str, float | int | None]:
        return {"n": one.n, "mean": one.mean, "low": one.low, "high": one.high}

    return json.dumps(
        {
            "examples": result.examples,
            "untouched": body(result.untouched),
            "kinds": {
                kind.kind: {
                    "precision": body(kind.precision),
                    "recall": body(kind.recall),
                    "hidden": body(kind.hidden),
                }
                for kind in result.kinds
            },
        },
        ensure_ascii=False,
        indent=2,
    )


def print_table(result: PersonalResult, console: Console) -> None:
    """The result for people."""
    table = Table("Art", "Präzision", "Ausbeute", "verborgen", box=None)
    for kind in result.kinds:
        cells = (str(one) for one in (kind.precision, kind.recall, kind.hidden))
        table.add_row(_title(kind.kind), *cells)
    console.print(table)
    console.print(
        f"{result.examples} Zeilen; ohne Personendaten und unverändert: {result.untouched}",
        highlight=False,
    )


def _title(kind: str) -> str:
    return kind if kind == ALL else PersonalKind(kind).label
