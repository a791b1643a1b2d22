"""The curated questions: per Absatz, what people really type when this Absatz is the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from corpus.models import CatalogueEntry


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """All entries of ``corpus/questions/*.jsonl``, file by file, in the order of the file."""
    return tuple(_entries())


def _entries() -> Iterator[CatalogueEntry]:
    folder = files("corpus").joinpath("questions")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".jsonl"):
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            yield CatalogueEntry(
                law=entry["law"],
                number=entry["number"],
                absatz=entry["absatz"],
                questions=tuple(entry["questions"]),
            )
