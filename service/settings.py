"""All settings of an installation, read once from the environment (prefix ``FUNDSTELLE_``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.generation.files import DataFolder

CHECKOUT = Path(__file__).resolve().parent.parent
"""The directory that holds the packages; mirrors are looked for beside it."""


class Settings(BaseSettings):
    """One frozen object, passed down; docs/einstellungen.md describes every field."""

    model_config = SettingsConfigDict(env_prefix="FUNDSTELLE_", frozen=True, extra="ignore")

    data: Path = Field(CHECKOUT / "var", description="Datenverzeichnis")
    database: str = Field("", description="Datenbank-URL; leer: SQLite im Datenverzeichnis")
    laws: str = Field(
        "auto",
        description="Quelle der Gesetze: „auto“, ein Verzeichnis oder eine URL wie die amtliche Seite",
    )
    decrees: Path | None = Field(
        None, description="Verzeichnis mit eigenen Erlassen (PDF, DOCX, Markdown)"
    )
    encoder: str = Field(
        "default",
        description="Sprachmodell: „default“, Name oder Pfad (sentence-transformers)",
    )
    query_prompt: str = Field("", description="Vorsatz für Fragen, etwa „query: “")
    passage_prompt: str = Field("", description="Vorsatz für Fundstellen, etwa „passage: “")
    margin: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Um so viel darf der Anteil beantworteter Probefragen beim Einlesen fallen; 1: jeder",
    )
    host: str = Field("127.0.0.1", description="Adresse, auf der der Dienst lauscht")
    port: int = Field(8000, ge=1, le=65535, description="Port des Dienstes")

    @property
    def folder(self) -> DataFolder:
        """The data directory with its parts."""
        return DataFolder(self.data)

    @property
    def database_url(self) -> str:
        """The database to use."""
        return self.database or self.folder.database
