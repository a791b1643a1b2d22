"""Read PDF and DOCX files in a process of its own, so that a hostile one harms nobody.

The parent writes one path per line (JSON) to standard input and reads one pickled result per
document from standard output. Run as ``python -m ingest.documents.child``.
"""

from __future__ import annotations

import json
import pickle
import struct
import sys
from pathlib import Path

from corpus.models import Kind, Memo
from ingest.documents.docx import read_docx
from ingest.documents.pdf import read_pdf
from ingest.errors import SourceError

MEMORY_LIMIT = 1024 * 1024 * 1024
"""Bytes of address space beyond what the interpreter has at its start."""
CPU_LIMIT = 60
"""Seconds of processor time for one document."""


def main() -> None:
    """Serve requests until standard input ends."""
    _limit_memory()
    out = sys.stdout.buffer
    for line in sys.stdin:
        request = json.loads(line)
        path, source, kind = Path(request["path"]), request["source"], Kind(request["kind"])
        result: Memo | SourceError
        _limit_time()
        try:
            reader = read_pdf if path.suffix.lower() == ".pdf" else read_docx
            result = reader(path, source, kind)
        except SourceError as error:
            result = error
        data = pickle.dumps(_plain(result))
        out.write(struct.pack(">Q", len(data)) + data)
        out.flush()


def _plain(result: Memo | SourceError) -> Memo | tuple[str, str, str]:
    """Errors travel as their parts: exceptions with keyword arguments do not pickle."""
    if isinstance(result, SourceError):
        return (result.code.value, result.source, result.detail)
    return result


def _limit_memory() -> None:
    """Limit the memory of this process, where the platform has such limits."""
    try:
        import resource
    except ImportError:
        return
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_LIMIT, used + MEMORY_LIMIT))


def _limit_time() -> None:
    """Give the next document its own share of processor time."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + CPU_LIMIT
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
