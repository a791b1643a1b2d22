"""Generations of small worlds without an index: what the store says, without training an encoder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from corpus.laws import known_laws
from corpus.reviews import openings
from corpus.store.reading import CorpusReader, published
from corpus.store.writing import Publication, stage, switch
from corpus.summaries import summaries
from ingest.collect import (
    Collected,
    Folder,
    Held,
    collect_documents,
    collect_history,
    collect_laws,
    collect_summaries,
)
from ingest.fetch import DatedFiles, NewestFiles
from tests.conftest import SmallWorld


def take_in(engine: Engine, world: SmallWorld, day: date) -> int:
    """Publish what lies in ``world`` as the state of ``day``; the number of the generation."""
    held, collected = _before(engine), Collected()
    config = world.config(day)
    outline = collect_laws(known_laws(), config.origin, held, collected, _ignore)
    collect_documents(config.folders, held, outline, day, collected, _ignore)
    collect_summaries(summaries(), known_laws(), held, outline, collected)
    return _publish(engine, collected)


def take_in_history(engine: Engine, folder: Path, folders: tuple[Folder, ...] = ()) -> int:
    """Publish the newest of dated files with all earlier ones as its past."""
    held, collected = _before(engine), Collected()
    files = DatedFiles(folder)
    days = {}
    if held.reader is not None:
        days = {source: state.day for source, state in held.reader.newest.items()}
    outline = collect_laws(known_laws(), NewestFiles(files, days), held, collected, _ignore)
    collect_history(known_laws(), files, held, outline, collected, _ignore)
    collect_documents(folders, held, outline, files.newest, collected, _ignore)
    return _publish(engine, collected)


def _before(engine: Engine) -> Held:
    current = published(engine)
    reader = CorpusReader(engine, current.number) if current else None
    return Held(reader, validators={}, origins={}, fresh=reader is None)


def _publish(engine: Engine, collected: Collected) -> int:
    current = published(engine)
    number = stage(
        engine,
        Publication(
            tuple(collected.changes), (), tuple(collected.past), current.number if current else None
        ),
    )
    new = CorpusReader(engine, number)
    base = CorpusReader(engine, current.number) if current else None
    switch(engine, number, openings(base, new) if base else ())
    return number


def _ignore(share: float) -> None:
    """Nobody watches."""
