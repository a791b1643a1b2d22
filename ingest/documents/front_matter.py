"""What a document says about itself: YAML at the head of Markdown, or a sidecar file beside it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.models import Audience, Kind, MemoMeta, MemoStatus
from ingest.errors import SourceError, SourceProblem

SIDECAR_SUFFIX = ".meta.yaml"
"""``erlass.pdf`` is described by ``erlass.pdf.meta.yaml``."""

_HEAD = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,99}$")
    title: str = Field(min_length=1)
    unit: str = ""
    author_role: str = ""
    approved_on: date | None = None
    review_by: date | None = None
    audience: Audience = Audience.INTERNAL
    status: MemoStatus = MemoStatus.CURRENT
    stand: date | None = None
    topics: tuple[str, ...] = ()
    kind: Literal[Kind.DECREE, Kind.MEMO] | None = None


def split_front_matter(text: str) -> tuple[str | None, str]:
    """The YAML at the head of ``text`` (None without any) and what follows it."""
    match = _HEAD.match(text)
    return (match.group(1), text[match.end() :]) if match else (None, text)


def read_front_matter(source_yaml: str, source: str, kind: Kind) -> MemoMeta:
    """Validate front matter; ``kind`` holds unless it names one itself.

    Raises :class:`SourceError` (``memo_front_matter``) with the key at fault.
    """
    try:
        data = yaml.safe_load(source_yaml)
        matter = _FrontMatter.model_validate(data)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        if isinstance(error, ValidationError):
            raise _at_fault(error, source) from error
        raise SourceError(SourceProblem.MEMO_FRONT_MATTER, source, detail="kein YAML") from error
    return MemoMeta(
        id=matter.id,
        title=matter.title,
        kind=matter.kind or kind,
        unit=matter.unit,
        author_role=matter.author_role,
        approved_on=matter.approved_on,
        review_by=matter.review_by,
        audience=matter.audience,
        status=matter.status,
        stand=matter.stand,
        topics=matter.topics,
    )


def _at_fault(error: ValidationError, source: str) -> SourceError:
    """The problem with the first key that is wrong."""
    key = ".".join(str(part) for part in error.errors()[0]["loc"]) or "Kopf"
    return SourceError(SourceProblem.MEMO_FRONT_MATTER, source, detail=key)


def sidecar_meta(path: Path, source: str, kind: Kind, title: str) -> MemoMeta:
    """The sidecar of a PDF or DOCX; an office's own decree may come without one.

    Raises :class:`SourceError` (``memo_front_matter``) if a memo has none.
    """
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    if sidecar.is_file():
        try:
            head = sidecar.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise SourceError(SourceProblem.MEMO_ENCODING, f"{source}{SIDECAR_SUFFIX}") from error
        return read_front_matter(head, source, kind)
    if kind is not Kind.DECREE:
        raise SourceError(SourceProblem.MEMO_FRONT_MATTER, source, detail=f"{sidecar.name} fehlt")
    return bare_meta(path, kind, title)


def bare_meta(path: Path, kind: Kind, title: str) -> MemoMeta:
    """What is known of a document without any front matter: internal, current, named by its file."""
    return MemoMeta(
        id=slug(path.stem),
        title=title.strip() or path.stem,
        kind=kind,
        unit="",
        author_role="",
        approved_on=None,
        review_by=None,
        audience=Audience.INTERNAL,
        status=MemoStatus.CURRENT,
        stand=None,
    )


def slug(name: str) -> str:
    """A name as an identifier: lower case ASCII, words joined by hyphens."""
    spelled = name.lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "dokument"
