"""Read Markdown memos: front matter, headings, paragraphs, lists, tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.models import Kind, Memo, Section
from ingest.documents.front_matter import bare_meta, read_front_matter, split_front_matter
from ingest.documents.sections import SectionBuilder
from ingest.errors import SourceError, SourceProblem


def read_markdown(path: Path, source: str, kind: Kind) -> Memo:
    """Read one Markdown file.

    Raises :class:`SourceError` (``memo_encoding``, ``memo_front_matter``, ``memo_empty``).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(SourceProblem.MEMO_ENCODING, source) from error
    if "\x00" in text:
        raise SourceError(SourceProblem.MEMO_ENCODING, source)
    head, body = split_front_matter(text)
    if head is None and kind is not Kind.DECREE:
        raise SourceError(SourceProblem.MEMO_FRONT_MATTER, source, detail="kein Kopf")
    found = markdown_sections(body)
    if not found:
        raise SourceError(SourceProblem.MEMO_EMPTY, source)
    if head is not None:
        meta = read_front_matter(head, source, kind)
    else:
        meta = bare_meta(path, kind, found[0].path[0] if found[0].path else found[0].heading)
    return Memo(meta, found, source)


def markdown_sections(text: str) -> tuple[Section, ...]:
    """The sections of Markdown without front matter."""
    return _sections(MarkdownIt("commonmark").enable("table").parse(text)).sections()


def _sections(tokens: Sequence[Token]) -> SectionBuilder:
    builder = SectionBuilder()
    markers: list[str] = []
    numbers: list[int] = []
    cells: list[str] = []
    prefix = ""
    heading: int | None = None
    in_cell = False
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            markers.append("-" if token.type.startswith("bullet") else "1")
            numbers.append(int(token.attrGet("start") or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            markers.pop()
            numbers.pop()
        elif token.type == "list_item_open":
            prefix = "- " if markers[-1] == "-" else f"{numbers[-1]}. "
            numbers[-1] += 1
        elif token.type == "tr_open":
            cells = []
        elif token.type in ("th_open", "td_open"):
            in_cell = True
        elif token.type in ("th_close", "td_close"):
            in_cell = False
        elif token.type == "tr_close":
            builder.line(" | ".join(cells))
        elif token.type in ("fence", "code_block"):
            builder.line(token.content)
        elif token.type == "inline":
            words = _plain(token)
            if heading is not None:
                builder.heading(heading, words)
                heading = None
            elif in_cell:
                cells.append(words)
            else:
                builder.line(prefix + words)
                prefix = ""
    return builder


def _plain(token: Token) -> str:
    """The words of an inline token without emphasis and links; line breaks become blanks."""
    words: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return " ".join("".join(words).split())
