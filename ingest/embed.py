"""Get the encoder of a generation: keep what there is, train one, or load a foreign one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.generation.encoder import Encoder, StaticEncoder, TransformerEncoder
from corpus.generation.files import DataFolder
from corpus.generation.foreign import TORCH, Runtime
from corpus.generation.manifest import EncoderSpec, Manifest
from ingest.material import Material, training_material
from ingest.train import DEFAULT_RECIPE, DIMENSIONS, train_encoder

DEFAULT = "default"
"""Name of the encoder that is trained at ingest."""

# An update changes one passage in a hundred; only a corpus that has grown or shrunk by more than a
# tenth, or other curated questions, is worth another training (and new vectors for everything).
_DRIFT = 0.1


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """Which encoder the settings ask for."""

    name: str = DEFAULT
    """``default``, or a name or local path that sentence-transformers can load."""
    query_prompt: str = ""
    passage_prompt: str = ""
    runtime: Runtime = TORCH
    """How a foreign encoder is run."""


@dataclass(frozen=True, slots=True)
class ReadyEncoder:
    """An encoder that can be used, and its card."""

    encoder: Encoder
    spec: EncoderSpec
    trained: bool
    """Whether it was trained in this run."""


def ready_encoder(
    choice: EncoderChoice,
    material: Material,
    catalogue_digest: str,
    before: Manifest | None,
    data: DataFolder,
    *,
    retrain: bool,
    share: Callable[[float], None],
) -> ReadyEncoder:
    """The encoder for ``material``; a trained one is kept while it still fits.

    Raises :class:`corpus.generation.foreign.ModelUnusable` for a foreign one.
    """
    if choice.name != DEFAULT:
        foreign = TransformerEncoder(choice.name, choice.passage_prompt, choice.runtime)
        spec = EncoderSpec(
            name=choice.name,
            digest=foreign_digest(choice.name),
            dimensions=int(foreign.encode(["Aufenthalt"]).shape[1]),
            query_prompt=choice.query_prompt,
            passage_prompt=choice.passage_prompt,
            backend=choice.runtime.backend,
            model_file=choice.runtime.file,
        )
        return ReadyEncoder(foreign, spec, trained=False)
    if before is not None and not retrain and _fits(before, material, catalogue_digest, data):
        return ReadyEncoder(load_encoder(before.encoder, data), before.encoder, trained=False)
    return _train(material, data, share)


def load_encoder(spec: EncoderSpec, data: DataFolder) -> Encoder:
    """The encoder that made the vectors of a generation, as it encodes passages."""
    if spec.name != DEFAULT:
        return TransformerEncoder(spec.name, spec.passage_prompt)
    return StaticEncoder.load(data.encoder(spec.digest))


def foreign_digest(name: str) -> str:
    """Identifies a foreign encoder: its name, and for a local directory the state of its files."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    states = [
        (p.relative_to(folder).as_posix(), p.stat().st_size, p.stat().st_mtime_ns) for p in files
    ]
    return f"{name}#{hashlib.sha256(repr(states).encode()).hexdigest()[:16]}"


def _fits(before: Manifest, material: Material, catalogue_digest: str, data: DataFolder) -> bool:
    drift = abs(len(material.passages) - before.encoder.trained_on)
    return (
        before.encoder.name == DEFAULT
        and before.catalogue_digest == catalogue_digest
        and drift <= _DRIFT * before.encoder.trained_on
        and data.has_encoder(before.encoder.digest)
    )


def _train(material: Material, data: DataFolder, share: Callable[[float], None]) -> ReadyEncoder:
    recipe = DEFAULT_RECIPE
    training = training_material(material)
    digest = recipe.digest(training)
    folder = data.encoder(digest)
    trained = not data.has_encoder(digest)
    if trained:
        shutil.rmtree(folder, ignore_errors=True)
        aside = Path(f"{folder}.new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        train_encoder(training, aside, recipe=recipe, progress=share)
        aside.rename(folder)
    spec = EncoderSpec(
        name=DEFAULT, digest=digest, dimensions=DIMENSIONS, trained_on=len(material.passages)
    )
    return ReadyEncoder(StaticEncoder.load(folder), spec, trained)
