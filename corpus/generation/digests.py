"""Checksums over the files of a generation, so that silent damage is found.

Chroma's own files change when they are opened; its vectors are read and counted instead.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from corpus.generation.files import GenerationFolder


def write_digests(folder: GenerationFolder) -> None:
    """Note the checksums of all files that are there now."""
    folder.digests.write_text(json.dumps(_current(folder), indent=2), encoding="utf-8")


def changed_files(folder: GenerationFolder) -> tuple[str, ...]:
    """Names of files that were changed, removed or added since; ``digests.json`` if it is unreadable."""
    try:
        noted = json.loads(folder.digests.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return (folder.digests.name,)
    now = _current(folder)
    return tuple(sorted(k for k in noted.keys() | now.keys() if noted.get(k) != now.get(k)))


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _current(folder: GenerationFolder) -> dict[str, str]:
    return {
        path.relative_to(folder.path).as_posix(): file_digest(path)
        for path in sorted(folder.path.rglob("*"))
        if path.is_file() and path != folder.digests and folder.vectors.folder not in path.parents
    }
