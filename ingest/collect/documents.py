"""Read the memos and decrees whose files changed since the last ingest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from corpus.models import Memo, MemoStatus
from corpus.store.reading import SourceState
from corpus.store.writing import CheckedSource, SourceChange
from ingest.collect.values import Collected, Folder, Held, unchanged
from ingest.documents import SIDECAR_SUFFIX, document_files, read_documents
from ingest.errors import SourceError, SourceProblem
from ingest.passages import memo_passages
from ingest.references import Outline, ReferenceFinder
from ingest.report import Problem, SourceReport


def collect_documents(
    folders: Sequence[Folder],
    held: Held,
    outline: Outline,
    today: date,
    collected: Collected,
    share: Callable[[float], None],
) -> None:
    """Read the memos and decrees whose files changed since the last ingest."""
    references = ReferenceFinder(outline)
    for folder in folders:
        changed: list[Path] = []
        digests: dict[str, str] = {}
        for path in document_files(folder.path):
            name = path.relative_to(folder.path).as_posix()
            digests[name] = file_digest(path)
            state = held.state(held.origins.get(f"{folder.path}/{name}", ""))
            if state is not None and state.digest == digests[name]:
                collected.present.add(state.source)
                collected.reports.append(unchanged(state))
            else:
                changed.append(path)
        for index, result in enumerate(read_documents(changed, folder.path, folder.kind), 1):
            share(index / len(changed))
            if isinstance(result, SourceError):
                collected.problems.append(Problem.of(result))
                _keep_last_state(f"{folder.path}/{result.source}", held, collected)
                continue
            _take_memo(result, folder, digests[result.source], references, today, collected)


def _keep_last_state(origin: str, held: Held, collected: Collected) -> None:
    """A document that has become unreadable stays as it was until it can be read again."""
    source = held.origins.get(origin)
    if source is not None and held.reader is not None and source in held.reader.sources:
        collected.present.add(source)


def file_digest(path: Path) -> str:
    """SHA-256 over a document and its sidecar."""
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    data = path.read_bytes() + (sidecar.read_bytes() if sidecar.exists() else b"")
    return hashlib.sha256(data).hexdigest()


def _take_memo(
    memo: Memo,
    folder: Folder,
    digest: str,
    references: ReferenceFinder,
    today: date,
    collected: Collected,
) -> None:
    meta = memo.meta
    if meta.status is MemoStatus.WITHDRAWN:
        return
    if meta.id in collected.present:
        collected.problems.append(
            Problem.of(SourceError(SourceProblem.MEMO_DUPLICATE_ID, memo.source, detail=meta.id))
        )
        return
    for section in memo.sections:
        for unknown in references.unknown(section.text):
            collected.problems.append(
                Problem.of(
                    SourceError(
                        SourceProblem.MEMO_UNKNOWN_REFERENCE, memo.source, detail=unknown.wanted
                    )
                )
            )
    collected.present.add(meta.id)
    collected.checks.append(CheckedSource(meta.id, f"{folder.path}/{memo.source}", today))
    collected.changes.append(
        SourceChange(
            state=SourceState(
                source=meta.id,
                kind=meta.kind,
                name=meta.title,
                title=meta.title,
                url=f"/dokument/{meta.id}",
                stand=f"Stand {meta.stand.isoformat()}" if meta.stand else "",
                pending=(),
                built_on=meta.approved_on,
                digest=digest,
                meta=meta,
            ),
            seen_on=today,
            sections=memo.sections,
            passages=tuple(memo_passages(memo, references)),
        )
    )
    collected.reports.append(
        SourceReport(
            source=meta.id,
            name=meta.title,
            kind=meta.kind,
            stand=meta.stand.isoformat() if meta.stand else "",
            norms=len(memo.sections),
            added=(meta.id,),
        )
    )
