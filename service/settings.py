"""All settings of an installation, read once from the environment (prefix ``FUNDSTELLE_``)."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.generation.files import DataFolder
from corpus.generation.foreign import Backend, Runtime

CHECKOUT = Path(__file__).resolve().parent.parent
"""The directory that holds the packages; mirrors are looked for beside it."""

CASES = CHECKOUT / "eval" / "cases"
"""Evaluation cases; they watch the places of their gold."""

RUNS = CHECKOUT / "eval" / "results"
"""Where evaluation runs are kept."""


class Settings(BaseSettings):
    """One frozen object, passed down; docs/einstellungen.md describes every field."""

    model_config = SettingsConfigDict(env_prefix="FUNDSTELLE_", frozen=True, extra="ignore")

    data: Path = Field(CHECKOUT / "var", description="Datenverzeichnis")
    database: str = Field("", description="Datenbank-URL; leer: SQLite im Datenverzeichnis")
    chroma: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="URL eines Chroma-Servers; leer: Vektoren im Datenverzeichnis",
    )
    runs: Path = Field(RUNS, description="Verzeichnis der Auswertungsläufe")
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
    reranker: str = Field(
        "", description="Cross-Encoder, der die besten Fundstellen neu ordnet: Name oder Pfad"
    )
    nli: str = Field(
        "",
        description="Cross-Encoder, der formulierte Aussagen auf Widersprüche liest: Name oder Pfad",
    )
    backend: Backend = Field(
        Backend.TORCH, description="Womit fremde Modelle rechnen: „torch“, „onnx“, „openvino“"
    )
    model_file: str = Field(
        "", description="Modelldatei im Verzeichnis, etwa „onnx/model_quint8_avx2.onnx“"
    )
    margin: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Um so viel darf der Anteil beantworteter Probefragen beim Einlesen fallen; 1: jeder",
    )
    host: str = Field("127.0.0.1", description="Adresse, auf der der Dienst lauscht")
    port: int = Field(8000, ge=1, le=65535, description="Port des Dienstes")
    office: str = Field(
        "", description="Name der Behörde, die Fundstelle betreibt; steht auf den Hinweisseiten"
    )
    contact: str = Field(
        "", description="Wohin man sich mit Fragen zur Barrierefreiheit wendet, etwa eine E-Mail"
    )
    admin_token: SecretStr = Field(
        SecretStr(""), description="Kennwort der Verwaltung; leer: bei jedem Start ein neues"
    )
    usage: bool = Field(
        True,
        description="Zählen, welche Vorschriften zitiert werden und welche Fragen nichts fanden",
    )
    update_at: time | None = Field(
        None, description="Uhrzeit, zu der der Dienst täglich aktualisiert, etwa 03:30; leer: nie"
    )

    llm_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="OpenAI-kompatible Schnittstelle eines Sprachmodells; leer: nur Zitate",
    )
    llm_model: str = Field("", validate_default=True, description="Name des Modells dort")
    llm_key: SecretStr = Field(SecretStr(""), description="Schlüssel der Schnittstelle")
    llm_timeout: float = Field(
        30.0, gt=0, le=600, description="Sekunden für eine ganze formulierte Antwort"
    )
    llm_context: int = Field(
        8192, ge=2048, description="Token, die das Modell zusammen lesen und schreiben kann"
    )
    llm_tokens: int = Field(700, ge=50, le=8000, description="Token einer Antwort, höchstens")
    llm_price_in: float = Field(0.0, ge=0, description="Euro je Million gelesener Token")
    llm_price_out: float = Field(0.0, ge=0, description="Euro je Million geschriebener Token")

    @field_validator("llm_model")
    @classmethod
    def _url_and_model_together(cls, value: str, info: ValidationInfo) -> str:
        if bool(value) != bool(info.data.get("llm_url")):
            raise ValueError("FUNDSTELLE_LLM_URL and FUNDSTELLE_LLM_MODEL belong together")
        return value

    @field_validator("update_at", mode="before")
    @classmethod
    def _empty_is_never(cls, value: object) -> object:
        return None if value == "" else value

    def environment(self) -> dict[str, str]:
        """What an ingest in a process of its own needs of these settings, as its environment."""
        own = {"host", "port", "office", "contact", "admin_token", "update_at", "usage"}
        own |= {name for name in type(self).model_fields if name.startswith("llm_")}
        values = self.model_dump(mode="json", exclude=own, exclude_none=True)
        return {f"FUNDSTELLE_{name.upper()}": str(value) for name, value in values.items()}

    @property
    def folder(self) -> DataFolder:
        """The data directory with its parts."""
        return DataFolder(self.data, self.chroma)

    @property
    def runtime(self) -> Runtime:
        """How models of others are run."""
        return Runtime(self.backend, self.model_file)

    @property
    def database_url(self) -> str:
        """The database to use."""
        return self.database or self.folder.database
