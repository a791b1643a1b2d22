"""The glossary: letter by letter, or what holds the words of a search."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from corpus.glossary import DIGITS, GlossaryEntry, glossary, letters, look_up
from corpus.models import WordKind
from rag.errors import BadQuestion
from service.rendering import failure, render_page

router = APIRouter(include_in_schema=False)

# Entries that a search shows; the page stays below 150 kB.
_MOST = 150
# Characters; no word of the glossary is as long.
_LONGEST = 100
KIND_NAMES = {
    WordKind.JARGON: "Behördensprache",
    WordKind.ABBREVIATION: "Abkürzung",
    WordKind.LAY: "Alltagssprache",
    WordKind.ENGLISH: "Englisch",
    WordKind.FORMER: "frühere Bezeichnung",
    WordKind.NAME: "Name",
}


def entry_href(entry: GlossaryEntry) -> str:
    """Address of an entry."""
    return f"/glossar?{urlencode({'buchstabe': entry.letter})}#{quote(entry.slug)}"


def ask_href(entry: GlossaryEntry) -> str:
    """Address that asks for the word, with what the statute calls it: jargon alone finds less."""
    question = f"Was ist {entry.word} ({entry.entry.terms[0]})?"
    return f"/?{urlencode({'frage': question})}"


@router.get("/glossar", response_class=HTMLResponse)
def glossary_page(
    request: Request,
    q: Annotated[str, Query()] = "",
    buchstabe: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """The entries of one letter, or those that hold what was typed."""
    if len(q) > _LONGEST:
        message = f"Der Suchbegriff darf höchstens {_LONGEST} Zeichen haben."
        return failure(request, BadQuestion("question_too_long", message))
    letter = buchstabe.upper() or next(one for one in letters() if one != DIGITS)
    if letter not in letters():
        message = f"Unter „{buchstabe[:_LONGEST]}“ steht nichts im Glossar."
        return failure(request, BadQuestion("unknown_letter", message))
    searched = look_up(q)[:_MOST] if q.strip() else None
    of_letter = [entry for entry in glossary() if entry.letter == letter]
    shown: dict[str, object] = {
        "q": q,
        "letter": letter if searched is None else "",
        "letters": letters(),
        "entries": of_letter if searched is None else searched,
        "full": searched is not None and len(searched) == _MOST,
        "total": len(glossary()),
        "kinds": KIND_NAMES,
        "ask_href": ask_href,
        "entry_href": entry_href,
    }
    return render_page(request, "glossary.html", shown)
