"""The project's own short summaries of norms ("Kurz erklärt"), one TOML file per law."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from corpus.models import Summary


@cache
def summaries() -> tuple[Summary, ...]:
    """All summaries, law by law, in the order of the files.

    Raises ``KeyError`` or ``tomllib.TOMLDecodeError`` for a file that is not in the form.
    """
    result: list[Summary] = []
    for file in sorted(files("corpus.summaries").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            result.extend(
                Summary(
                    law=data["law"],
                    number=entry["number"],
                    title=entry["title"],
                    text=entry["text"].strip(),
                    stand=date.fromisoformat(data["stand"]),
                )
                for entry in data["summary"]
            )
    return tuple(result)
