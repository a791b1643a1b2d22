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
from ingest.documents import LARGEST, SIDECAR_SUFFIX, document_files, read_documents
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
    """Read the memos and decrees whose files changed since the last ingest.

    First every folder is looked through, so that a document that stays keeps its id; then what
    changed is read.
    """
    references = ReferenceFinder(outline)
    looked = [(folder, *_look_through(folder, held, collected)) for folder in folders]
    total = sum(len(changed) for _, changed, _ in looked)
    done = 0
    for folder, changed, digests in looked:
        for result in read_documents(changed, folder.path, folder.kind):
            done += 1
            share(done / total)
            if isinstance(result, SourceError):
                collected.problems.append(Problem.of(result))
                _keep_last_state(f"{folder.path}/{result.source}", held, collected)
                continue
            digest = digests[result.source]
            _take_memo(result, folder, digest, references, today, held, collected)


def _look_through(
    folder: Folder, held: Held, collected: Collected
) -> tuple[list[Path], dict[str, str]]:
    """The files of a folder that changed, and the digest of each; the others are noted as present."""
    changed: list[Path] = []
    digests: dict[str, str] = {}
    if not folder.path.is_dir():
        missing = SourceError(SourceProblem.FOLDER_MISSING, folder.path.name)
        collected.problems.append(Problem.of(missing))
        for origin in held.origins:
            if origin.startswith(f"{folder.path}/"):
                _keep_last_state(origin, held, collected)
        return changed, digests
    for path in document_files(folder.path):
        name = path.relative_to(folder.path).as_posix()
        try:
            digests[name] = file_digest(path)
        except OSError:
            # Reading it will say what is wrong.
            digests[name] = ""
        source = held.origins.get(f"{folder.path}/{name}", "")
        if source in held.withdrawn:
            continue
        state = held.state(source)
        if state is not None and state.digest == digests[name]:
            collected.present.add(state.source)
            if folder.overrides:
                collected.overriding.add(state.source)
            collected.reports.append(unchanged(state))
        else:
            changed.append(path)
    return changed, digests


def _keep_last_state(origin: str, held: Held, collected: Collected) -> None:
    """A document that has become unreadable stays as it was until it can be read again."""
    source = held.origins.get(origin)
    if source is None or held.reader is None or source in held.withdrawn:
        return
    if source in held.reader.sources:
        collected.present.add(source)


def file_digest(path: Path) -> str:
    """SHA-256 over a document and its sidecar."""
    digest = hashlib.sha256()
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    for file in (path, sidecar) if sidecar.is_file() else (path,):
        if file.stat().st_size <= LARGEST:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _take_memo(
    memo: Memo,
    folder: Folder,
    digest: str,
    references: ReferenceFinder,
    today: date,
    held: Held,
    collected: Collected,
) -> None:
    meta = memo.meta
    if meta.status is MemoStatus.WITHDRAWN or meta.id in held.withdrawn:
        return
    if folder.overrides and meta.id not in collected.overriding:
        collected.overriding.add(meta.id)
        collected.reports = [r for r in collected.reports if r.source != meta.id]
    elif meta.id in collected.overriding and not folder.overrides:
        return
    elif meta.id in collected.present:
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
    state = held.state(meta.id)
    if state is not None and state.digest == digest:
        # The same file at another place: nothing to write but where it lies now.
        collected.present.add(meta.id)
        collected.checks.append(CheckedSource(meta.id, f"{folder.path}/{memo.source}", today))
        collected.reports.append(unchanged(state))
        return
    before = held.reader is not None and meta.id in held.reader.sources
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
                stand=f"Stand {meta.stand:%d.%m.%Y}" if meta.stand else "",
                pending=(),
                built_on=meta.approved_on,
                digest=digest,
                meta=meta,
            ),
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
            added=() if before else (meta.id,),
            changed=(meta.id,) if before else (),
        )
    )
