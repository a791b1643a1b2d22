"""Pages on the law itself: a norm with what stands around it, its wordings compared, a law's contents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from corpus.models import Norm, NormRef, Span
from rag.contents import read_contents
from rag.coverage import curated_questions
from rag.errors import BadQuestion, NotReady
from rag.norms import UnknownNorm, norm_diff, read_norm, read_wording
from service.api import engine_of
from service.days import day_of
from service.markup import beginning
from service.norm_view import (
    absatz_stretches,
    day_banner,
    find_place,
    first_and_rest,
    line_marking,
    place_marking,
    scheme_by_absatz,
    title_of,
)
from service.picture import draw
from service.rendering import failure, render_page

router = APIRouter(include_in_schema=False)

# Characters of a preview: about five lines.
_PREVIEW = 280


@dataclass(frozen=True, slots=True)
class Within:
    """Which place of a norm an address names; None: not named."""

    absatz: str | None
    satz: str | None
    nummer: str | None
    buchstabe: str | None

    def of(self, norm: Norm) -> NormRef:
        """The place in ``norm``."""
        return NormRef(norm.law, norm.number, self.absatz, self.satz, self.nummer, self.buchstabe)


def _within(absatz: str = "", satz: str = "", nummer: str = "", buchstabe: str = "") -> Within:
    return Within(absatz or None, satz or None, nummer or None, buchstabe or None)


Named = Annotated[Within, Depends(_within)]


@router.get("/gesetz/{law:path}", response_class=HTMLResponse)
def law_page(request: Request, law: str) -> HTMLResponse:
    """The table of contents of a law."""
    try:
        contents = read_contents(engine_of(request).index().reader, law)
    except (NotReady, UnknownNorm) as error:
        return failure(request, error)
    shown = {"contents": contents, "source": contents.source, "title_of": title_of}
    return render_page(request, "law.html", shown)


@router.get("/norm/{law:path}/{number}/vergleich", response_class=HTMLResponse)
def diff_page(
    request: Request, law: str, number: str, von: str = "", bis: str = ""
) -> HTMLResponse:
    """What differs between the wordings of two days, word by word."""
    try:
        reader = engine_of(request).index().reader
        old, new = day_of(von), day_of(bis)
        if old is None or new is None:
            raise BadQuestion("bad_date", "Bitte wählen Sie zwei Tage.")
        diff = norm_diff(reader, law, number, old, new)
    except (NotReady, UnknownNorm, BadQuestion) as error:
        return failure(request, error)
    versions = reader.versions(diff.ref.law, diff.ref.number)
    steps = list(pairwise(versions))[::-1]
    shown = {"diff": diff, "von": old, "bis": new, "steps": steps}
    return render_page(request, "diff.html", shown)


@router.get("/norm/{law:path}/{number}/vorschau", response_class=Response)
def preview(request: Request, law: str, number: str, named: Named, stichtag: str = "") -> Response:
    """The first words of a place, for a small window beside a link to it."""
    try:
        reader = engine_of(request).index().reader
        as_of = day_of(stichtag)
        version, notices = read_wording(reader, law, number, as_of)
    except (NotReady, UnknownNorm, BadQuestion) as error:
        return failure(request, error)
    norm = version.norm
    place, spans = find_place(norm, named.of(norm)) or (norm.ref, (Span(0, len(norm.text)),))
    shown: dict[str, object] = {
        "norm": norm,
        "place": place,
        "words": beginning(spans[0].of(norm.text), _PREVIEW),
        "version": version,
        "notices": notices,
    }
    return render_page(request, "preview.html", shown)


@router.get("/norm/{law:path}/{number}", response_class=HTMLResponse)
def norm_page(
    request: Request, law: str, number: str, named: Named, zeile: str = "", stichtag: str = ""
) -> HTMLResponse:
    """A whole norm with the cited place marked, and everything around it.

    ``zeile``: number of a line of its scheme, whose words are marked instead.
    """
    try:
        index = engine_of(request).index()
        as_of = day_of(stichtag)
        page = read_norm(index.reader, law, number, as_of)
    except (NotReady, UnknownNorm, BadQuestion) as error:
        return failure(request, error)
    norm = page.norm
    marking = line_marking(page, zeile) if zeile else place_marking(norm, named.of(norm))
    incoming = Counter(ref.norm for ref in page.incoming)
    outgoing = Counter(ref.norm for _, _, ref in page.outgoing if ref.norm != norm.ref)
    shown: dict[str, object] = {
        "page": page,
        "norm": norm,
        "absaetze": absatz_stretches(page, marking, as_of),
        "marking": marking,
        "from_scheme": bool(zeile),
        "as_of": as_of,
        "day": day_banner(page, as_of),
        "incoming": incoming,
        "outgoing": outgoing,
        "pictures": [draw(incoming, outgoing, form) for form in ("wide", "narrow")]
        if incoming or outgoing
        else [],
        "scheme": scheme_by_absatz(page.scheme),
        "asked": first_and_rest(curated_questions(index, norm.ref)),
        "neighbours": _neighbours(index.reader.numbers_ever(norm.law), norm.law, norm.number),
    }
    return render_page(request, "norm.html", shown)


def _neighbours(
    numbers: tuple[str, ...], law: str, number: str
) -> tuple[NormRef | None, NormRef | None]:
    place = numbers.index(number)
    before = NormRef(law, numbers[place - 1]) if place else None
    after = NormRef(law, numbers[place + 1]) if place + 1 < len(numbers) else None
    return before, after
