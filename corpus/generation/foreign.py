"""Models of others (sentence-transformers), by name or local path, on the backend of the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

Model = TypeVar("Model")


class Backend(StrEnum):
    """What computes a model of others."""

    TORCH = "torch"
    ONNX = "onnx"
    OPENVINO = "openvino"


@dataclass(frozen=True, slots=True)
class Runtime:
    """How a model of others is run."""

    backend: Backend = Backend.TORCH
    file: str = ""
    """Model file inside its directory; "" for the usual one of the backend."""


TORCH = Runtime()


class Role(StrEnum):
    """What a model of others is used for."""

    ENCODER = "encoder"
    RERANKER = "reranker"
    NLI = "nli"


_NAMES = {
    Role.ENCODER: "Das Sprachmodell",
    Role.RERANKER: "Der Reranker",
    Role.NLI: "Das Modell für Widersprüche",
}


class ModelUnusable(Exception):
    """A model of others cannot be loaded: missing, damaged, or without its backend."""

    def __init__(self, code: str, reason: str, cure: str) -> None:
        self.code = code
        self.reason = reason
        self.cure = cure
        self.message = f"{reason} {cure}"
        super().__init__(self.message)


def load_model(kind: Callable[..., Model], name: str, runtime: Runtime, role: Role) -> Model:
    """``kind`` (a class of sentence-transformers) on the CPU; only an encoder may be fetched.

    Raises :class:`ModelUnusable`.
    """
    _check_file(name, runtime)
    arguments: dict[str, str] = {}
    if runtime.file:
        arguments["file_name"] = runtime.file
    if runtime.backend is Backend.ONNX:
        # The library would take the first provider in the list, which may be a remote one.
        arguments["provider"] = "CPUExecutionProvider"
    _import_backend(runtime.backend)
    try:
        return kind(
            name,
            device="cpu",
            backend=runtime.backend.value,
            model_kwargs=arguments,
            local_files_only=role is not Role.ENCODER,
        )
    except Exception as error:
        # Over a damaged model the libraries raise nearly anything.
        raise _unloadable(name, role) from error


def _unloadable(name: str, role: Role) -> ModelUnusable:
    return ModelUnusable(
        f"{role}_missing",
        f"{_NAMES[role]} „{name}“ lässt sich nicht laden.",
        f"Bitte prüfen Sie FUNDSTELLE_{role.upper()}: Name oder Verzeichnis eines gespeicherten Modells.",
    )


def _check_file(name: str, runtime: Runtime) -> None:
    """Without the file it is told to read, the library would quietly export another one."""
    folder = Path(name)
    if not runtime.file or not folder.is_dir():
        return
    places = (folder / runtime.file, folder / runtime.backend / runtime.file)
    if runtime.backend is Backend.TORCH or not any(place.is_file() for place in places):
        raise ModelUnusable(
            "model_file_missing",
            f"Im Modell „{name}“ gibt es für „{runtime.backend}“ keine Datei „{runtime.file}“.",
            "Bitte prüfen Sie FUNDSTELLE_MODEL_FILE und FUNDSTELLE_BACKEND.",
        )


def _import_backend(backend: Backend) -> None:
    """Look whether the packages of ``backend`` are there and fit the others."""
    try:
        if backend is Backend.ONNX:
            from optimum.onnxruntime import ORTModelForFeatureExtraction  # noqa: F401
        elif backend is Backend.OPENVINO:
            from optimum.intel.openvino import OVModelForFeatureExtraction  # noqa: F401
    except ImportError as error:
        raise ModelUnusable(
            "backend_missing",
            f"Für FUNDSTELLE_BACKEND={backend} fehlt ein Paket, oder es passt nicht zu den anderen.",
            f'Bitte führen Sie aus: pip install "sentence-transformers[{backend}]" '
            "(siehe docs/sprachmodelle.md).",
        ) from error
