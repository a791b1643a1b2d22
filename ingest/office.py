"""An office's own documents: add one, put another file in its place, keep the earlier files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from corpus.generation.files import DataFolder
from corpus.models import Audience, Kind, Memo, MemoMeta
from ingest.documents import SIDECAR_SUFFIX, read_documents
from ingest.documents.front_matter import slug, split_front_matter
from ingest.errors import SourceError, SourceProblem

_MARKDOWN = ".md"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says of a document; None: what the file says, else the usual."""

    id: str | None = None
    title: str | None = None
    audience: Audience | None = None
    kind: Kind | None = None

    def fields(self) -> dict[str, object]:
        """As front matter."""
        given = (
            ("id", self.id),
            ("title", self.title),
            ("audience", self.audience.value if self.audience else None),
            ("kind", self.kind.value if self.kind else None),
        )
        return {name: value for name, value in given if value is not None}


def add_document(
    data: DataFolder, file: Path, wanted: Wanted, accept: Callable[[str], None]
) -> Memo:
    """Copy ``file`` into the office's documents, with front matter where it has none.

    ``accept`` is given the id and raises what speaks against it. Raises :class:`SourceError` if the
    file cannot be read or its id is taken among the office's documents.
    """
    usual = {"id": slug(file.stem), "title": file.stem}
    with tempfile.TemporaryDirectory() as folder:
        memo, ready = _prepared(Path(folder), file, usual, wanted.fields())
        accept(memo.meta.id)
        if own_file(data, memo.meta.id) is not None:
            raise SourceError(SourceProblem.MEMO_DUPLICATE_ID, file.name, detail=memo.meta.id)
        _move_in(data, memo.meta.id, ready)
        return memo


def replace_document(data: DataFolder, before: MemoMeta, origin: Path | None, file: Path) -> Memo:
    """Let ``file`` stand for the document ``before``; the file it came from is kept.

    ``origin``: that file if it is not one of the office's own; it stays where it lies. What the new
    file does not say of itself is as it was. Raises :class:`SourceError` if it cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        memo, ready = _prepared(Path(folder), file, _fields(before), {"id": before.id})
        own = own_file(data, before.id)
        if own is not None:
            _keep(data, before.id, own)
            for part in _parts(own):
                part.unlink()
        elif origin is not None and origin.is_file():
            _keep(data, before.id, origin)
        _move_in(data, before.id, ready)
        return memo


def own_file(data: DataFolder, document: str) -> Path | None:
    """The office's own file of a document."""
    return next(
        (p for p in data.documents.glob(f"{document}.*") if p.name == f"{document}{p.suffix}"), None
    )


def earlier_files(data: DataFolder, document: str) -> tuple[str, ...]:
    """Names of the files that were replaced, oldest first; each begins with the time (UTC)."""
    folder = data.earlier_documents(document)
    files = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(p.name for p in files if not p.name.endswith(SIDECAR_SUFFIX)))


def _fields(meta: MemoMeta) -> dict[str, object]:
    """Front matter that says what ``meta`` says."""
    fields: dict[str, object] = {
        "id": meta.id,
        "title": meta.title,
        "unit": meta.unit,
        "author_role": meta.author_role,
        "audience": meta.audience.value,
        "kind": meta.kind.value,
        "topics": list(meta.topics),
    }
    days = (("approved_on", meta.approved_on), ("review_by", meta.review_by), ("stand", meta.stand))
    return {**fields, **{name: day for name, day in days if isinstance(day, date)}}


def _prepared(
    folder: Path, file: Path, usual: Mapping[str, object], forced: Mapping[str, object]
) -> tuple[Memo, Path]:
    """A copy of ``file`` in ``folder`` with complete front matter, and what reading it gives."""
    copy = folder / file.name
    shutil.copyfile(file, copy)
    sidecar = copy.with_name(copy.name + SIDECAR_SUFFIX)
    given = file.with_name(file.name + SIDECAR_SUFFIX)
    if copy.suffix.lower() == _MARKDOWN:
        head, body = split_front_matter(_text(copy, file.name))
        matter = _yaml({**usual, **_own_fields(head, file.name), **forced})
        copy.write_text(f"---\n{matter}---\n{body}", encoding="utf-8")
    else:
        head = _text(given, given.name) if given.is_file() else None
        sidecar.write_text(
            _yaml({**usual, **_own_fields(head, given.name), **forced}), encoding="utf-8"
        )
    (result,) = read_documents([copy], folder, Kind.MEMO)
    if isinstance(result, SourceError):
        raise result
    return result, copy


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(SourceProblem.MEMO_ENCODING, name) from error


def _own_fields(head: str | None, name: str) -> dict[str, object]:
    try:
        fields = yaml.safe_load(head) if head is not None else {}
    except yaml.YAMLError as error:
        raise SourceError(SourceProblem.MEMO_FRONT_MATTER, name, detail="kein YAML") from error
    if not isinstance(fields, dict):
        raise SourceError(SourceProblem.MEMO_FRONT_MATTER, name, detail="kein YAML")
    return fields


def _yaml(fields: Mapping[str, object]) -> str:
    return str(yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False))


def _parts(file: Path) -> tuple[Path, ...]:
    """A document and its sidecar, if it has one."""
    sidecar = file.with_name(file.name + SIDECAR_SUFFIX)
    return (file, sidecar) if sidecar.is_file() else (file,)


def _keep(data: DataFolder, document: str, file: Path) -> None:
    folder = data.earlier_documents(document)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    for part in _parts(file):
        shutil.copyfile(part, folder / f"{stamp}-{part.name}")


def _move_in(data: DataFolder, document: str, file: Path) -> None:
    """Sidecar first: a document without one would be refused."""
    data.documents.mkdir(parents=True, exist_ok=True)
    for part in reversed(_parts(file)):
        name = part.name.replace(file.name, f"{document}{file.suffix.lower()}", 1)
        shutil.move(part, data.documents / name)
