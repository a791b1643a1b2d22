"""The pages that lead new colleagues through the first weeks."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from corpus.models import NormRef
from corpus.path import Reading, SelfTest, learning_path
from corpus.store.reading import CorpusReader
from rag.documents import documents
from rag.errors import NotReady
from rag.wording import standing, wording
from service.api import engine_of
from service.markup import Line, norm_lines, place_spans
from service.rendering import error_page, failure, render_page
from service.wire import ErrorOut

router = APIRouter(prefix="/einarbeitung", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _Norm:
    """A norm to read, as the corpus holds it."""

    reading: Reading
    heading: str | None
    """None: the corpus does not hold it."""


@dataclass(frozen=True, slots=True)
class _Quote:
    """One place that answers a question, in the words of the law."""

    place: NormRef
    lines: tuple[Line, ...]
    """() if the corpus does not hold the place."""
    stand: str


@router.get("", response_class=HTMLResponse)
def path_page(request: Request) -> HTMLResponse:
    """All topics in the order in which they are learnt."""
    return render_page(request, "path.html", {"path": learning_path()})


@router.get("/{slug}", response_class=HTMLResponse)
def topic_page(request: Request, slug: str) -> HTMLResponse:
    """One topic: why it matters, what to read, and questions with their answers one click away."""
    path = learning_path()
    topic = path.topic(slug)
    if topic is None:
        missing = ErrorOut(code="unknown_topic", message="Dieses Thema gibt es nicht.")
        return error_page(request, missing, 404)
    try:
        index = engine_of(request).index()
    except NotReady as error:
        return failure(request, error)
    held = documents(index)
    by_id = {document.source: document for document in held}
    place = path.topics.index(topic)
    shown: dict[str, object] = {
        "path": path,
        "topic": topic,
        "number": place + 1,
        "before": path.topics[place - 1] if place else None,
        "after": path.topics[place + 1] if place + 1 < len(path.topics) else None,
        "norms": [_norm(index.reader, reading) for reading in topic.norms],
        "memos": [by_id[memo] for memo in topic.memos if memo in by_id],
        "others": [d for d in held if d.topic == topic and d.source not in topic.memos],
        "checks": [(check, _answer(index.reader, check)) for check in topic.checks],
        "manifest": index.manifest,
    }
    return render_page(request, "topic.html", shown)


def _norm(reader: CorpusReader, reading: Reading) -> _Norm:
    version = standing(reader, reading.place)
    return _Norm(reading, version.norm.heading if version else None)


def _answer(reader: CorpusReader, check: SelfTest) -> list[_Quote]:
    return [_quote(reader, place) for place in check.answer]


def _quote(reader: CorpusReader, place: NormRef) -> _Quote:
    found = wording(reader, place)
    if found is None:
        return _Quote(place, (), "")
    marks = place_spans(found.absatz, place) if place.nummer else ()
    lines = tuple(norm_lines(found.norm.text, found.absatz, marks, ()))
    return _Quote(place, lines, found.stand)
