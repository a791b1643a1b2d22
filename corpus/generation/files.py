"""Where everything that ingest makes lies on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class VectorPlace:
    """Where the vectors of one generation are."""

    folder: Path
    """Chroma's own directory, used without a server."""
    generation: str
    server: str = ""
    """URL of a Chroma server; "": embedded, in ``folder``."""


@dataclass(frozen=True, slots=True)
class GenerationFolder:
    """The files of one generation."""

    path: Path
    chroma: str = ""
    """URL of the Chroma server that holds the vectors; "": they are files as well."""

    @property
    def analysis(self) -> Path:
        """Vocabulary of the analyzer (JSON)."""
        return self.path / "analysis.json"

    @property
    def passages(self) -> Path:
        """Ids of the passages, in the order of the lexical index (JSON)."""
        return self.path / "passages.json"

    @property
    def questions(self) -> Path:
        """Catalogue questions with their place, in the order of their index (JSON)."""
        return self.path / "questions.json"

    @property
    def topics(self) -> Path:
        """What the corpus cannot answer, in the order of the lexical index (JSON)."""
        return self.path / "topics.json"

    @property
    def past(self) -> Path:
        """Passages of the past with their days, in the order of their rows (JSON)."""
        return self.path / "past.json"

    @property
    def past_index(self) -> Path:
        """Lexical index of all passages, those of the past last, then of the topics."""
        return self.path / "lexical" / "past"

    @property
    def pieces(self) -> Path:
        """Pieces of passages and questions; only with an encoder that has vectors per piece (npz)."""
        return self.path / "pieces.npz"

    @property
    def passage_index(self) -> Path:
        """Lexical index of the passages, their questions appended, then of the topics."""
        return self.path / "lexical" / "passages"

    @property
    def question_index(self) -> Path:
        """Lexical index of the single questions, then of those of the topics."""
        return self.path / "lexical" / "questions"

    @property
    def vectors(self) -> VectorPlace:
        """Where the vectors are."""
        return VectorPlace(self.path / "chroma", self.path.name, self.chroma)

    @property
    def digests(self) -> Path:
        """SHA-256 of every other file but Chroma's (JSON)."""
        return self.path / "digests.json"

    @property
    def is_complete(self) -> bool:
        """Whether all files but the vectors are there (what stands in them is checked at publishing)."""
        files = (self.analysis, self.passages, self.past, self.questions, self.topics, self.digests)
        return all(file.is_file() for file in files) and self.passage_index.is_dir()


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The data directory of an installation."""

    root: Path
    chroma: str = ""
    """URL of the Chroma server that holds the vectors; "": each generation's are in its directory."""

    @property
    def database(self) -> str:
        """URL of the SQLite file used when no other database is set."""
        return f"sqlite:///{self.root / 'fundstelle.sqlite'}"

    @property
    def generations(self) -> Path:
        """One directory per generation."""
        return self.root / "generations"

    def generation(self, name: str) -> GenerationFolder:
        """The directory of the generation ``name``."""
        return GenerationFolder(self.generations / name, self.chroma)

    def free_name(self, wanted: str) -> str:
        """``wanted``, or with "-2", "-3" ... if a generation of that name exists."""
        names = (wanted, *(f"{wanted}-{number}" for number in range(2, 1000)))
        return next(name for name in names if not self.generation(name).path.exists())

    @property
    def encoders(self) -> Path:
        """One directory per trained encoder, shared by the generations that use it."""
        return self.root / "encoders"

    def encoder(self, digest: str) -> Path:
        """The directory of one trained encoder."""
        return self.encoders / digest

    def has_encoder(self, digest: str) -> bool:
        """Whether the files of a trained encoder are there."""
        folder = self.encoder(digest)
        return all((folder / name).is_file() for name in ("model.safetensors", "tokenizer.json"))

    @property
    def documents(self) -> Path:
        """The office's own memos and decrees."""
        return self.root / "documents"

    @property
    def cases(self) -> Path:
        """The office's own evaluation cases, among them those made of feedback (JSON Lines)."""
        return self.root / "cases"

    def earlier_documents(self, document: str) -> Path:
        """Files that were replaced, of one document."""
        return self.root / "documents-archive" / document

    @property
    def last_report(self) -> Path:
        """What the last ingest did (JSON)."""
        return self.root / "last-report.json"

    @property
    def jobs(self) -> Path:
        """Log, progress and report of each job of the service."""
        return self.root / "jobs"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write."""
        return self.root / "ingest.lock"

    @property
    def lock_owner(self) -> Path:
        """Who holds the lock (JSON)."""
        return self.root / "ingest.owner.json"
