"""The pages of the office's knowledge: documents to browse and to read, and what is new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.models import Section, Span
from corpus.path import learning_path
from corpus.store.arrivals import arrivals
from rag.documents import (
    Document,
    Found,
    documents,
    find_documents,
    kin_of,
    read_wanted,
    section_number,
)
from rag.errors import BadQuestion, NotReady
from rag.index import Index
from rag.news import news_since
from service.api import engine_of
from service.changes import norm_line
from service.links import norm_href
from service.markup import Block, section_blocks
from service.rendering import error_page, failure, render_page
from service.wire import ErrorOut

router = APIRouter(include_in_schema=False)

_OTHER = "Weitere Dokumente"


@dataclass(frozen=True, slots=True)
class _Group:
    """Documents under one heading."""

    title: str
    slug: str
    """Of the topic of the path; "" without one."""
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of a document as it is printed."""

    number: int
    """1-based."""
    heading: str
    level: int
    """Of its heading on the page: 2 to 4."""
    blocks: tuple[Block, ...]


@router.get("/wissen", response_class=HTMLResponse)
def knowledge_page(
    request: Request,
    q: Annotated[str, Query()] = "",
    art: Annotated[str, Query()] = "",
    thema: Annotated[str, Query()] = "",
    fuer: Annotated[str, Query()] = "",
    status: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """All documents by topic; with a text the best first."""
    shown: dict[str, object] = {"q": q, "art": art, "thema": thema, "fuer": fuer, "status": status}
    try:
        index = engine_of(request).index()
        wanted = read_wanted(q, art, thema, fuer, status)
    except (NotReady, BadQuestion) as error:
        return failure(request, error)
    held = documents(index)
    found = find_documents(held, wanted, index.analyzer)
    shown |= {
        "manifest": index.manifest,
        "wanted": wanted,
        "total": len(held),
        "count": len(found),
        "groups": [_Group("", "", found)] if wanted.text else list(_groups(found)),
        "topics": learning_path().topics,
        "topic": learning_path().topic(thema),
    }
    return render_page(request, "knowledge.html", shown)


def _groups(found: Sequence[Found]) -> Iterator[_Group]:
    """By topic of the path, in its order; the documents come sorted so."""
    for topic, group in groupby(found, key=lambda one: one.document.topic):
        title, slug = (topic.title, topic.slug) if topic else (_OTHER, "")
        yield _Group(title, slug, tuple(group))


@router.get("/wissen/neu", response_class=HTMLResponse)
def news_page(request: Request, seit: Annotated[str, Query()] = "") -> HTMLResponse:
    """What changed in documents and in the law since a day."""
    try:
        index = engine_of(request).index()
        news = news_since(index, _since(seit), date.today())
    except (NotReady, BadQuestion) as error:
        return failure(request, error)
    shown = {"news": news, "seit": seit, "norm_line": norm_line, "manifest": index.manifest}
    return render_page(request, "news.html", shown)


def _since(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = "Bitte geben Sie den Tag an, seit dem Sie die Neuigkeiten sehen möchten."
        raise BadQuestion("bad_date", message) from error


@router.get("/dokument/{source}", response_class=HTMLResponse)
def document_page(request: Request, source: str) -> HTMLResponse:
    """A memo or decree with all its sections, what it cites and what belongs to it."""
    try:
        index = engine_of(request).index()
    except NotReady as error:
        return failure(request, error)
    if source in index.reader.register.now().withdrawn:
        gone = ErrorOut(code="withdrawn", message="Dieses Dokument wurde zurückgezogen.")
        return error_page(request, gone, 410)
    held = documents(index)
    document = next((one for one in held if one.source == source), None)
    if document is None:
        missing = ErrorOut(
            code="unknown_document", message="Dieses Dokument gibt es nicht im Bestand."
        )
        return error_page(request, missing, 404)
    shown: dict[str, object] = {
        "document": document,
        "meta": document.meta,
        "parts": list(_parts(index, document)),
        "kin": kin_of(document, held),
        "arrival": arrivals(index.reader.engine, index.number).get(source),
        "manifest": index.manifest,
    }
    return render_page(request, "document.html", shown)


def _parts(index: Index, document: Document) -> Iterator[_Part]:
    """The sections with their references as links."""
    links: dict[int, list[tuple[Span, str]]] = {}
    for row in index.rows_by_source.get(document.source, ()):
        passage = index.passages[row]
        links.setdefault(section_number(passage), []).extend(
            (reference.span.shifted(passage.span.start), norm_href(reference.target))
            for reference in passage.references
        )
    for number, section in enumerate(index.reader.sections(document.source), 1):
        heading = section.heading if section.heading != document.title else ""
        blocks = tuple(section_blocks(section.text, links.get(number, ())))
        yield _Part(number, heading, _level(section, document.title), blocks)


def _level(section: Section, title: str) -> int:
    above = [heading for heading in section.path if heading != title]
    return min(2 + len(above), 4)
