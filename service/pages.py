"""The pages, rendered on the server and usable without JavaScript."""

from __future__ import annotations

import time
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.laws import known_laws
from corpus.models import Law, NormRef, Span
from corpus.store.reading import CorpusReader
from rag.coverage import coverage
from rag.day import mentioned_day
from rag.errors import BadQuestion, NotReady
from rag.generated import Asked, Mode, Reply
from rag.norms import UnknownNorm, norm_diff, read_law, read_norm
from rag.personal import mask
from service.api import (
    audience_of,
    chosen_laws,
    engine_of,
    recent_of,
    usage_of,
    with_approved,
    writer_of,
)
from service.links import norm_href
from service.markup import norm_lines, place_spans
from service.present import reply_out
from service.quoting import passage_blocks
from service.rendering import failure, render_page

router = APIRouter(include_in_schema=False)

EXAMPLES = (
    "Student will neben dem Studium jobben, wie viele Tage sind erlaubt?",
    "Was kostet die Verlängerung einer Aufenthaltserlaubnis?",
    "Rechtslage am 1.3.2024: Niederlassungserlaubnis für Fachkräfte",
    "Fikti abgelaufen, was nun?",
)
"""Questions of the start page: in lay words, about a fee, of a past day, in the jargon of the office."""
# Characters; follow-ups of follow-ups add up.
_LONGEST_BEFORE = 600


@router.get("/", response_class=HTMLResponse)
def ask_page(
    request: Request,
    frage: Annotated[str, Query()] = "",
    stichtag: Annotated[str, Query()] = "",
    publikum: Annotated[Literal["staff", "public"], Query()] = "staff",
    davor: Annotated[str, Query()] = "",
    gesetz: Annotated[list[str] | None, Query()] = None,
    art: Annotated[Literal["auto", "formuliert"], Query()] = "auto",
) -> HTMLResponse:
    """Ask, and read the answer with its sources beside it.

    With a language model the quotes come at once and the page fetches what it formulates;
    ``art=formuliert`` waits for it, for browsers without scripts.
    """
    chosen = gesetz or []
    shown: dict[str, object] = {
        "frage": frage,
        "stichtag": stichtag,
        "publikum": publikum,
        "chosen": chosen,
    }
    engine, writer = engine_of(request), writer_of(request)
    try:
        index = engine.index()
    except NotReady as error:
        return render_page(request, "ask.html", shown | {"problem": error.message}, 503)
    shown |= {"manifest": index.manifest, "areas": _areas(index.reader)}
    if not frage.strip():
        return render_page(request, "ask.html", shown | {"examples": EXAMPLES})
    try:
        begin = time.perf_counter()
        asked = Asked(
            frage,
            as_of=_day(stichtag),
            audience=audience_of(publikum),
            history=(davor,) if davor.strip() else (),
            laws=chosen_laws(engine, chosen),
            mode=Mode.AUTO if art == "formuliert" else Mode.EXTRACTIVE,
        )
        reply = writer.reply(engine, asked)
        # The page does not repeat what was left out: neither in its title nor for the next question.
        masked = mask(frage).text
    except BadQuestion as error:
        return render_page(request, "ask.html", shown | {"problem": error.message}, 422)
    except UnknownNorm as error:
        return failure(request, error)
    answer = reply.answer
    follows = writer.is_set_up and art == "auto" and answer.outcome.has_answer
    if not follows:
        # Otherwise the stream that the page opens notes the answer.
        usage_of(request).note(frage, answer)
    shown |= {
        "frage": masked,
        "reply": reply,
        "follows": follows,
        "davor": mask(davor).text,
        "patience": writer.patience,
        "before": _before(reply, masked),
        "other_day": mentioned_day(masked) if answer.as_of is None else None,
    }
    milliseconds = round((time.perf_counter() - begin) * 1000)
    response = reply_out(reply, {"total": float(milliseconds)})
    recent_of(request).keep(frage, response)
    shown["approved"] = with_approved(engine, asked, response).approved
    shown |= {"answer": answer, "quotes": passage_blocks(answer), "ms": milliseconds}
    return render_page(request, "ask.html", shown)


def _before(reply: Reply, question: str) -> str:
    """What a further follow-up rests on: this question as understood, or as typed once that grows long."""
    understood = reply.understood or ""
    return understood if 0 < len(understood) <= _LONGEST_BEFORE else question


def _areas(reader: CorpusReader) -> dict[str, list[tuple[Law, str]]]:
    """Area -> laws held with their Stand, in the order of the list of laws."""
    areas: dict[str, list[tuple[Law, str]]] = {}
    for law in known_laws().items:
        if law.abbreviation in reader.laws():
            state = reader.sources.get(law.slug)
            stand = (state.stand.split("; ")[-1] or state.title) if state else ""
            areas.setdefault(law.area, []).append((law, stand))
    return areas


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadQuestion("bad_date", "Der Stichtag ist kein gültiges Datum.") from error


@router.get("/gesetz/{law:path}", response_class=HTMLResponse)
def law_page(request: Request, law: str) -> HTMLResponse:
    """The table of contents of a law."""
    try:
        source, chapters = read_law(engine_of(request).index().reader, law)
    except (NotReady, UnknownNorm) as error:
        return failure(request, error)
    return render_page(request, "law.html", {"source": source, "chapters": chapters})


@router.get("/abdeckung", response_class=HTMLResponse)
def coverage_page(request: Request) -> HTMLResponse:
    """What the catalogue of curated questions covers."""
    try:
        index = engine_of(request).index()
    except NotReady as error:
        return failure(request, error)
    return render_page(
        request, "coverage.html", {"coverage": coverage(index), "manifest": index.manifest}
    )


@router.get("/norm/{law:path}/{number}/vergleich", response_class=HTMLResponse)
def diff_page(
    request: Request, law: str, number: str, von: str = "", bis: str = ""
) -> HTMLResponse:
    """What differs between the wordings of two days, word by word."""
    try:
        reader = engine_of(request).index().reader
        old, new = _day(von), _day(bis)
        if old is None or new is None:
            raise BadQuestion("bad_date", "Bitte wählen Sie zwei Tage.")
        diff = norm_diff(reader, law, number, old, new)
    except (NotReady, UnknownNorm, BadQuestion) as error:
        return failure(request, error)
    versions = reader.versions(diff.ref.law, diff.ref.number)
    shown = {"diff": diff, "von": old, "bis": new, "versions": versions}
    return render_page(request, "diff.html", shown)


@router.get("/norm/{law:path}/{number}", response_class=HTMLResponse)
def norm_page(
    request: Request,
    law: str,
    number: str,
    absatz: str = "",
    satz: str = "",
    nummer: str = "",
    buchstabe: str = "",
    stichtag: str = "",
) -> HTMLResponse:
    """A whole norm with the cited place marked, and everything around it."""
    try:
        reader = engine_of(request).index().reader
        as_of = _day(stichtag)
        page = read_norm(reader, law, number, as_of)
    except (NotReady, UnknownNorm, BadQuestion) as error:
        return failure(request, error)
    norm = page.norm
    cited = NormRef(
        norm.law, norm.number, absatz or None, satz or None, nummer or None, buchstabe or None
    )
    is_cited = cited != norm.ref
    links = [(Span(start, end), norm_href(ref, as_of)) for start, end, ref in page.outgoing]
    absaetze = [
        (
            part.label,
            list(
                norm_lines(
                    norm.text,
                    part,
                    place_spans(part, cited) if is_cited and part.label == cited.absatz else (),
                    links,
                )
            ),
        )
        for part in norm.absaetze
    ]
    shown: dict[str, object] = {
        "page": page,
        "norm": norm,
        "absaetze": absaetze,
        "cited": cited if is_cited else None,
        "as_of": as_of,
        "neighbours": _neighbours(reader.numbers_ever(norm.law), norm.law, norm.number),
    }
    return render_page(request, "norm.html", shown)


def _neighbours(
    numbers: tuple[str, ...], law: str, number: str
) -> tuple[NormRef | None, NormRef | None]:
    place = numbers.index(number)
    before = NormRef(law, numbers[place - 1]) if place else None
    after = NormRef(law, numbers[place + 1]) if place + 1 < len(numbers) else None
    return before, after


@router.get("/docs", response_class=HTMLResponse)
def docs_page(request: Request) -> HTMLResponse:
    """The HTTP interface, readable without loading anything from elsewhere."""
    return render_page(request, "docs.html", {"schema": request.app.openapi()})
