"""The HTTP contract of the office's knowledge: its documents and its glossary."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from corpus.citations import render
from corpus.glossary import GlossaryEntry, glossary, look_up
from rag.documents import Found, documents, find_documents, read_wanted
from service.api import Engine
from service.glossary_pages import entry_href
from service.wire import (
    DocumentEntry,
    DocumentsResponse,
    ErrorOut,
    GlossaryEntryOut,
    GlossaryResponse,
)

router = APIRouter(
    prefix="/api",
    responses={
        422: {"model": ErrorOut, "description": "Ungültige Eingabe"},
        503: {"model": ErrorOut, "description": "Noch kein Bestand"},
    },
)


@router.get("/documents", summary="Dokumente finden")
def list_documents(
    engine: Engine,
    q: Annotated[
        str, Query(description="Wörter aus Titel, Themen oder Text", examples=["Fiktionswirkung"])
    ] = "",
    kind: Annotated[str, Query(description="memo, decree oder information")] = "",
    topic: Annotated[str, Query(description="Thema des Dokuments oder der Einarbeitung")] = "",
    audience: Annotated[str, Query(description="internal oder public")] = "",
    status: Annotated[str, Query(description="valid oder review")] = "",
) -> DocumentsResponse:
    """Memos, decrees and information for customers, with what one may rely on."""
    wanted = read_wanted(q, kind, topic, audience, status)
    index = engine.index()
    found = find_documents(documents(index), wanted, index.analyzer)
    return DocumentsResponse(documents=tuple(_document_out(one) for one in found))


@router.get("/glossary", summary="Im Glossar nachschlagen")
def read_glossary(
    q: Annotated[
        str, Query(description="Wort oder Teil davon; leer: alle Einträge", examples=["Fikti"])
    ] = "",
) -> GlossaryResponse:
    """Office jargon, lay and English words, with the words of the statute."""
    found = look_up(q) if q.strip() else glossary()
    return GlossaryResponse(entries=tuple(_entry_out(entry) for entry in found))


def _document_out(found: Found) -> DocumentEntry:
    document, meta = found.document, found.document.meta
    return DocumentEntry(
        id=document.source,
        title=document.title,
        url=document.url,
        kind=document.kind,
        audience=meta.audience,
        state=document.state,
        reasons=document.reasons,
        approved_on=meta.approved_on,
        review_by=meta.review_by,
        stand=meta.stand,
        topics=meta.topics,
        topic=document.topic.slug if document.topic else None,
        norms=tuple(render(norm) for norm in document.norms),
        headings=tuple(heading.text for heading in found.headings),
    )


def _entry_out(entry: GlossaryEntry) -> GlossaryEntryOut:
    words = entry.entry
    return GlossaryEntryOut(
        word=entry.word,
        also=words.words[1:],
        kind=words.kind,
        explain=words.explain,
        terms=words.terms,
        place=render(words.place) if words.place else None,
        url=entry_href(entry),
    )
