"""What a generation is made of: its recipe, its files, its counts."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.generation.foreign import Backend, Runtime

FORMAT = 5
"""Raised when the files of a generation change their form; an older one is then rebuilt."""


class OtherFormat(ValueError):
    """The generation was built by another version of this project."""


class EncoderSpec(BaseModel):
    """Which encoder made the vectors of a generation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """``default`` for the one trained at ingest, else the name or path given as a setting."""
    digest: str
    """Identifies the weights (default) or repeats the name (a foreign encoder)."""
    dimensions: int
    trained_on: int = 0
    """Count of passages it was trained on; 0 for a foreign encoder."""
    query_prompt: str = ""
    """Put before questions, as some models want it ("query: ")."""
    passage_prompt: str = ""
    backend: Backend = Backend.TORCH
    """What computed the vectors; the same backend then encodes the questions."""
    model_file: str = ""
    """Model file inside the directory of a foreign encoder; "" for the usual one."""

    @property
    def runtime(self) -> Runtime:
        """How the encoder is run."""
        return Runtime(self.backend, self.model_file)


class Manifest(BaseModel):
    """The card of one generation; stored with it and in the corpus store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    name: str
    created_at: datetime
    corpus_digest: str
    """SHA-256 over the ids of all passages and all catalogue questions."""
    chunker: int
    """Version of the rules that cut passages."""
    catalogue_digest: str
    encoder: EncoderSpec
    passages: int
    questions: int
    topics: int
    """Count of topics that the corpus cannot answer."""
    unanswerable: int
    """Count of their questions."""
    past: int
    """Count of passages that no longer stand; they answer for days of the past."""
    official: bool
    """Whether official law texts are in it; False: memos and unofficial summaries only."""
    removed: int = 0
    """Records taken out of its vector collections since they were last built whole."""

    def save(self, folder: Path) -> None:
        """Write ``manifest.json`` into ``folder``."""
        (folder / "manifest.json").write_text(self.model_dump_json(indent=2), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read ``manifest.json`` of ``folder``.

        Raises ``OSError`` without one, :class:`OtherFormat` for one of another version, and
        ``ValueError`` for anything else.
        """
        data = _raw(folder)
        if data.get("format") != FORMAT:
            raise OtherFormat(f"format {data.get('format')} instead of {FORMAT}")
        return cls.model_validate(data)


def encoder_digest(folder: Path) -> str:
    """Which weights a generation of any format needs; "" if it does not say."""
    try:
        spec = _raw(folder).get("encoder")
    except (OSError, ValueError):
        return ""
    return str(spec.get("digest", "")) if isinstance(spec, dict) else ""


def _raw(folder: Path) -> dict[str, object]:
    data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ValueError("manifest.json holds no object")
    return data
