"""What a run leaves behind: every case of every system, and nothing that cannot be recomputed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class HitResult(_Value):
    """A passage as it was ranked."""

    citation: str
    heading: str
    why: dict[str, float]
    """What each index contributed; adds up to the score."""
    score: float


class StatementResult(_Value):
    """One statement of an answer."""

    text: str
    quote: bool
    pinpoint: str
    use: str
    """What it does in the answer, as the contract names it."""
    checks: dict[str, bool]
    """Of the service: name of the check -> whether the statement passed it."""
    valid: bool
    """Its pinpoint names a place that exists, and its passages are part of the answer."""
    verbatim: bool
    """The text stands word for word in one of its passages."""


class AnswerResult(_Value):
    """What a system answered, in full."""

    message: str
    statements: tuple[StatementResult, ...]
    notices: tuple[str, ...]
    corpus_version: str
    model: str
    """Language model that took part; "" if none did."""
    milliseconds: float
    """Wall time of the answer."""


class CaseResult(_Value):
    """One case of one system. A metric is None where it cannot be scored."""

    id: str
    question: str
    register_: str
    type: str
    language: str
    """``de`` or ``en``."""
    answerable: bool
    gold: tuple[str, ...]
    """Printed required places."""
    ranking: tuple[str, ...]
    """Printed norms, best first, each once, at most ten."""
    metrics: dict[str, float | None]
    confidence: float | None
    """The system's own estimate; None if it gives none."""
    outcome: str | None
    """Of the answer; None if the system only ranks."""
    cited: tuple[str, ...]
    """Pinpoints of the answer."""
    milliseconds: float
    """Wall time of the search."""
    hits: tuple[HitResult, ...] = ()
    """The best passages with the arithmetic of their rank; () if the system or an older run gives none."""
    answer: AnswerResult | None = None
    """None if the system only ranks, and in runs that kept the pinpoints only."""
    history: tuple[str, ...] = ()
    """The questions before."""
    accepted: tuple[str, ...] = ()
    """Printed places that may be cited beside the required ones."""
    facts: tuple[str, ...] = ()
    """What a right answer says."""
    wrong: tuple[str, ...] = ()
    """What an answer must not say."""
    note: str = ""


class SystemSettings(_Value):
    """What a system worked with."""

    encoder: str
    reranker: str
    """"" for none."""
    model: str
    """Language model that may formulate answers; "" for none."""


class SystemResult(_Value):
    """All cases of one system."""

    system: str
    version: str
    cases: tuple[CaseResult, ...]
    settings: SystemSettings | None = None
    """None for a baseline, and in older runs."""

    @property
    def has_details(self) -> bool:
        """Whether hits and answers were kept; older runs kept citations only."""
        return any(case.hits or case.answer for case in self.cases)


class Run(_Value):
    """One evaluation run."""

    name: str
    created_at: datetime
    cases_file: str
    cases_digest: str
    systems: tuple[SystemResult, ...]

    def system(self, name: str) -> SystemResult:
        """The results of one system; ``KeyError`` if it was not run."""
        for result in self.systems:
            if result.system == name:
                return result
        raise KeyError(name)

    def save(self, folder: Path) -> Path:
        """Write ``<name>.json`` into ``folder`` and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        # Whoever lists the folder meanwhile must not find half a run.
        part = path.with_suffix(".part")
        part.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        part.replace(path)
        return path

    @classmethod
    def load(cls, path: Path) -> Run:
        """Read what :meth:`save` wrote; pydantic's ``ValidationError`` for anything else."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))
