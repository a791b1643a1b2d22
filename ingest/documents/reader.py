"""Read the documents of a folder: Markdown here, PDF and DOCX in a child process with limits."""

from __future__ import annotations

import json
import pickle
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.models import Kind, Memo
from ingest.documents.front_matter import SIDECAR_SUFFIX
from ingest.documents.markdown import read_markdown
from ingest.errors import SourceError, SourceProblem

TIME_LIMIT = 30.0
"""Seconds of wall time for one document."""
LARGEST = 64 * 1024 * 1024
"""Bytes of one document."""
_SUFFIXES = (".md", ".pdf", ".docx", ".docm")


def document_files(folder: Path) -> list[Path]:
    """All files below ``folder`` that should be documents, in stable order.

    Hidden files, sidecars and Python modules are no documents.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
        and not path.name.endswith(SIDECAR_SUFFIX)
        and path.suffix != ".py"
    )


def read_documents(
    paths: Sequence[Path], folder: Path, kind: Kind, time_limit: float = TIME_LIMIT
) -> Iterator[Memo | SourceError]:
    """Read ``paths`` (below ``folder``) one by one; a broken one yields its error."""
    child = _Child(time_limit)
    try:
        for path in paths:
            source = path.relative_to(folder).as_posix()
            try:
                yield _read(path, source, kind, child)
            except SourceError as error:
                yield error
            except OSError as error:
                yield SourceError(SourceProblem.UNREADABLE, source, detail=error.strerror or "")
    finally:
        child.stop()


def _read(path: Path, source: str, kind: Kind, child: _Child) -> Memo:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise SourceError(SourceProblem.UNKNOWN_FORMAT, source)
    if suffix == ".docm":
        raise SourceError(SourceProblem.DOCX_MACROS, source)
    if path.stat().st_size > LARGEST:
        raise SourceError(SourceProblem.TOO_LARGE, source)
    if suffix == ".md":
        return read_markdown(path, source, kind)
    return child.read(path, source, kind)


@dataclass(slots=True)
class _Child:
    """The process that reads PDF and DOCX; started when first needed, replaced when it fails."""

    time_limit: float
    process: subprocess.Popen[bytes] | None = field(default=None)

    def read(self, path: Path, source: str, kind: Kind) -> Memo:
        process = self.process = self.process or self._start()
        request = json.dumps({"path": str(path), "source": source, "kind": kind.value})
        if process.stdin is None or process.stdout is None:
            raise SourceError(SourceProblem.READER_CRASHED, source)
        try:
            process.stdin.write(request.encode() + b"\n")
            process.stdin.flush()
            deadline = time.monotonic() + self.time_limit
            (size,) = struct.unpack(">Q", self._receive(process, 8, deadline, source))
            result = pickle.loads(self._receive(process, size, deadline, source))
        except (BrokenPipeError, EOFError, struct.error) as error:
            self.stop()
            raise SourceError(SourceProblem.READER_CRASHED, source) from error
        if isinstance(result, Memo):
            return result
        code, where, detail = result
        raise SourceError(SourceProblem(code), where, detail=detail)

    def _receive(
        self, process: subprocess.Popen[bytes], size: int, deadline: float, source: str
    ) -> bytes:
        """Exactly ``size`` bytes before ``deadline``; ``EOFError`` if the process ends."""
        data = bytearray()
        stream = process.stdout
        while stream is not None and len(data) < size:
            ready, _, _ = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.stop()
                raise SourceError(
                    SourceProblem.READER_TIMEOUT, source, detail=f"über {self.time_limit:.0f} s"
                )
            block = stream.read1(size - len(data))  # type: ignore[attr-defined]
            if not block:
                raise EOFError
            data += block
        return bytes(data)

    @staticmethod
    def _start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "ingest.documents.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.process = None
