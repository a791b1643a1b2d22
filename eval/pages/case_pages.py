"""The cases: browse, look at one, and care for the office's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from corpus.cases import Case, CaseError, case_line
from eval.case_form import Checked, check_form, form_of
from eval.casebook import OWN, BookFile, Casebook
from eval.due import DueCases
from eval.pages.host import admin, casebook_of, form_fields, host_of, page
from eval.pages.run_pages import download
from eval.refusal import Refused

router = APIRouter(prefix="/qualitaet/faelle", include_in_schema=False)
Book = Annotated[Casebook, Depends(casebook_of)]
Fields = Annotated[dict[str, str], Depends(form_fields)]
_PER_PAGE = 50
_EMPTY = {"register": "staff", "type": "direct", "answerable": "ja"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A case in a list."""

    file: BookFile
    case: Case
    due: tuple[str, ...]
    """Why it is to be checked."""


@router.get("", response_class=HTMLResponse)
def cases_page(
    request: Request,
    book: Book,
    datei: str = "",
    art: str = "",
    register: str = "",
    stand: str = "",
    suche: str = "",
    seite: int = 1,
    geloescht: str = "",
) -> HTMLResponse:
    """All cases, filtered."""
    due = DueCases(host_of(request).reader(request))
    every: list[Shown] = []
    problems: list[str] = []
    for file in book.files():
        try:
            every += [Shown(file, case, due.reasons(file, case)) for case in file.cases()]
        except CaseError as error:
            problems.append(error.message)
    found = [
        one
        for one in every
        if datei in ("", one.file.name)
        and art in ("", one.case.type)
        and register in ("", one.case.register_)
        and (stand != "pruefen" or one.due)
        and suche.casefold() in f"{one.case.id} {one.case.question}".casefold()
    ]
    pages = max(1, -(-len(found) // _PER_PAGE))
    here = min(max(seite, 1), pages)
    values: dict[str, object] = {
        "files": [(file, sum(one.file == file for one in every)) for file in book.files()],
        "problems": problems,
        "found": found[(here - 1) * _PER_PAGE : here * _PER_PAGE],
        "count": len(found),
        "due": sum(bool(one.due) for one in every),
        "types": sorted({one.case.type for one in every}),
        "registers": sorted({one.case.register_ for one in every}),
        "wanted": {
            "datei": datei, "art": art, "register": register, "stand": stand, "suche": suche,
        },
        "seite": here,
        "pages": pages,
        "deleted": geloescht,
    }  # fmt: skip
    return page(request, "faelle.html", values)


@router.get("/{file}.jsonl")
def as_lines(file: str, book: Book) -> Response:
    """A file of cases as ``fundstelle eval run`` reads it."""
    found = book.file(file)
    text = "".join(f"{case_line(case)}\n" for case in found.cases())
    return download(text, f"{found.name}.jsonl", "application/x-ndjson")


@router.get("/neu", response_class=HTMLResponse, dependencies=[Depends(admin)])
def new_page(request: Request, book: Book) -> HTMLResponse:
    """An empty form."""
    values: dict[str, object] = {"file": book.file(OWN), "case": None, "form": _EMPTY}
    return page(request, "testfall.html", values)


@router.post("/neu", dependencies=[Depends(admin)])
def add(request: Request, form: Fields, book: Book) -> Response:
    """Keep a new case in the own file."""
    checked = _checked(request, form, "neu", None)
    if checked.case is None:
        values: dict[str, object] = {"file": book.file(OWN), "case": None, "form": form}
        return page(request, "testfall.html", values | {"problems": checked.problems}, 422)
    return _to(OWN, book.add(checked.case).id, "angelegt")


@router.get("/{file}/{id}", response_class=HTMLResponse)
def case_page(
    request: Request, file: str, id: str, book: Book, getan: str = "", loeschen: str = ""
) -> HTMLResponse:
    """One case; own ones as a form for those who may change them."""
    found, case = book.case(file, id)
    due = DueCases(host_of(request).reader(request)).reasons(found, case)
    values: dict[str, object] = {
        "file": found,
        "case": case,
        "form": form_of(case),
        "version": _version(case),
        "due": due,
        "done": getan,
        "deleting": bool(loeschen) and found.own,
    }
    return page(request, "testfall.html", values)


@router.post("/{file}/{id}", dependencies=[Depends(admin)])
def change(request: Request, file: str, id: str, form: Fields, book: Book) -> Response:
    """Keep what a form says."""
    found, case = _unchanged(book, file, id, form)
    checked = _checked(request, form, id, case)
    if checked.case is None:
        values: dict[str, object] = {
            "file": found,
            "case": case,
            "form": form,
            "version": _version(case),
            "problems": checked.problems,
        }
        return page(request, "testfall.html", values, 422)
    book.replace(found, case, checked.case)
    return _to(file, id, "gespeichert")


@router.post("/{file}/{id}/geprueft", dependencies=[Depends(admin)])
def confirm(file: str, id: str, form: Fields, book: Book) -> Response:
    """Note that a person held the case against the law of today and found it right."""
    found, case = _unchanged(book, file, id, form)
    book.replace(found, case, case.model_copy(update={"checked": date.today()}))
    return _to(file, id, "geprueft")


@router.post("/{file}/{id}/loeschen", dependencies=[Depends(admin)])
def remove(file: str, id: str, form: Fields, book: Book) -> Response:
    """Remove an own case; the page has asked before."""
    found, case = _unchanged(book, file, id, form)
    book.replace(found, case, None)
    return RedirectResponse(f"/qualitaet/faelle?datei={quote(file)}&geloescht={quote(id)}", 303)


@router.post("/{file}/{id}/kopieren", dependencies=[Depends(admin)])
def copy(file: str, id: str, book: Book) -> Response:
    """Put a copy into the own file, to be checked like the original."""
    found, case = book.case(file, id)
    note = f"Kopie von {found.name}/{case.id}"
    update = {
        "note": f"{case.note}; {note}" if case.note else note,
        "checked": case.checked or found.checked,
    }
    return _to(OWN, book.add(case.model_copy(update=update)).id, "kopiert")


def _checked(request: Request, form: Fields, id_: str, kept: Case | None) -> Checked:
    return check_form(form, id_, host_of(request).reader(request), date.today(), kept)


def _unchanged(book: Casebook, file: str, id_: str, form: dict[str, str]) -> tuple[BookFile, Case]:
    """The case that a form was made of; raises :class:`Refused` if it reads differently by now."""
    found, case = book.case(file, id_)
    if found.own and form.get("fassung") != _version(case):
        message = (
            "Jemand hat diesen Fall inzwischen geändert. Bitte laden Sie die Seite neu und tragen Sie "
            "Ihre Änderung noch einmal ein."
        )
        raise Refused(409, "case_changed", message)
    return found, case


def _version(case: Case) -> str:
    """Differs as soon as anything of the case does."""
    return sha256(case_line(case).encode()).hexdigest()[:16]


def _to(file: str, id_: str, done: str) -> Response:
    return RedirectResponse(f"/qualitaet/faelle/{quote(file)}/{quote(id_)}?getan={done}", 303)
