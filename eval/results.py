"""What a run leaves behind: every case of every system, and nothing that cannot be recomputed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


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


class SystemResult(_Value):
    """All cases of one system."""

    system: str
    version: str
    cases: tuple[CaseResult, ...]


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
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> Run:
        """Read what :meth:`save` wrote; pydantic's ``ValidationError`` for anything else."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))
