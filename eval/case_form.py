"""A case as a person fills it in: places as citations, one per line, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from corpus.cases import Case, Gold
from corpus.citations import Ambiguous, Resolved, Unknown, find, render, resolve
from corpus.models import NormRef
from corpus.store.reading import CorpusReader
from eval.names import REGISTERS, TYPES
from rag.personal import mask

_LONGEST = {"question": 2000, "history": 2000, "facts": 4000, "wrong": 4000, "note": 2000}
_LABELS = {
    "question": "Frage",
    "history": "Fragen davor",
    "facts": "Was richtig ist",
    "wrong": "Was falsch wäre",
    "note": "Anmerkung",
}
_ORDER = (
    "question",
    "history",
    "register",
    "type",
    "required",
    "accepted",
    "facts",
    "wrong",
    "note",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a form."""

    case: Case | None
    """None if something is wrong."""
    problems: dict[str, str] = field(default_factory=dict)
    """Field -> German sentence."""


def form_of(case: Case) -> dict[str, str]:
    """A case as the fields of a form."""
    places = {
        required: "\n".join(render(gold.ref) for gold in case.gold if gold.required is required)
        for required in (True, False)
    }
    return {
        "question": case.question,
        "history": "\n".join(case.history),
        "register": case.register_,
        "type": case.type,
        "answerable": "ja" if case.answerable else "",
        "required": places[True],
        "accepted": places[False],
        "facts": "\n".join(case.facts),
        "wrong": "\n".join(case.wrong),
        "note": case.note,
    }


def check_form(
    form: Mapping[str, str], id_: str, reader: CorpusReader, today: date, kept: Case | None = None
) -> Checked:
    """The case of a form; every place must exist in the corpus, and nothing may be personal.

    ``kept``: the case as it was, whose kind and register stay allowed.
    """
    problems = {name: message for name in _LONGEST if (message := _text_problem(name, form))}
    gold: list[Gold] = []
    for name in ("required", "accepted"):
        try:
            gold += _gold(form.get(name, ""), reader, required=name == "required")
        except _BadPlace as error:
            problems[name] = str(error)
    answerable = form.get("answerable") == "ja"
    if not form.get("question", ""):
        problems["question"] = "Bitte geben Sie die Frage ein."
    if answerable and not any(one.required for one in gold):
        problems.setdefault(
            "required", "Ein beantwortbarer Fall braucht mindestens eine nötige Stelle."
        )
    if not answerable and gold:
        problems.setdefault(
            "required",
            "Was nicht beantwortbar ist, hat keine Stelle. Bitte lassen Sie beide Felder leer.",
        )
    for name, known, own in (
        ("register", REGISTERS, kept and kept.register_),
        ("type", TYPES, kept and kept.type),
    ):
        if form.get(name) not in known and form.get(name) != own:
            problems[name] = "Bitte wählen Sie einen Eintrag der Liste."
    if problems:
        return Checked(None, {name: problems[name] for name in _ORDER if name in problems})
    case = Case(
        id=id_,
        question=form["question"],
        history=_lines(form, "history"),
        register=form["register"],
        type=form["type"],
        answerable=answerable,
        gold=tuple(gold),
        facts=_lines(form, "facts"),
        wrong=_lines(form, "wrong"),
        note=form.get("note", ""),
        checked=today,
    )
    return Checked(case)


class _BadPlace(ValueError):
    """A line that is not one place of the corpus; the message is for people."""


def _lines(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in form.get(name, "").splitlines() if line.strip())


def _text_problem(name: str, form: Mapping[str, str]) -> str:
    text = form.get(name, "")
    if len(text) > _LONGEST[name]:
        return f"„{_LABELS[name]}“ darf höchstens {_LONGEST[name]} Zeichen haben."
    if mask(text).found:
        return f"„{_LABELS[name]}“ enthält Personenbezogenes. Bitte entfernen Sie es."
    return ""


def _gold(text: str, reader: CorpusReader, *, required: bool) -> list[Gold]:
    refs = [_place(line.strip(), reader) for line in text.splitlines() if line.strip()]
    return [
        Gold(law=r.law, par=r.number, abs=r.absatz, satz=r.satz, nr=r.nummer, required=required)
        for r in dict.fromkeys(refs)
    ]


def _place(line: str, reader: CorpusReader) -> NormRef:
    mentions = find(line)
    if len(mentions) != 1:
        raise _BadPlace(
            f"„{line}“ ist nicht genau eine Stelle. Beispiel: „§ 16b Abs. 3 Satz 1 AufenthG“."
        )
    found = resolve(mentions[0], reader)
    if isinstance(found, Unknown):
        near = ", ".join(render(ref) for ref in found.nearest)
        hint = f" Am nächsten: {near}." if near else ""
        raise _BadPlace(f"„{line}“ gibt es im Bestand nicht.{hint}")
    if isinstance(found, Ambiguous):
        raise _BadPlace(f"„{line}“ kann mehrere Stellen meinen. Bitte nennen Sie das Gesetz.")
    if not isinstance(found, Resolved) or len(found.refs) != 1:
        raise _BadPlace(f"„{line}“ nennt mehrere Stellen. Bitte schreiben Sie jede in ihre Zeile.")
    (ref,) = found.refs
    if ref.buchstabe is not None:
        raise _BadPlace(f"„{line}“: Fälle nennen Stellen bis zur Nummer, ohne Buchstaben.")
    if ref.nummer is not None and not _has_nummer(ref, reader):
        raise _BadPlace(f"„{line}“: Diese Nummer gibt es dort nicht.")
    return ref


def _has_nummer(ref: NormRef, reader: CorpusReader) -> bool:
    versions = reader.versions(ref.law, ref.number)
    # Without the official text there is a summary at most, whose Nummern nobody knows.
    return not versions or any(
        item.nummer == ref.nummer and ref.satz in (None, str(item.satz))
        for absatz in versions[-1].norm.absaetze
        if ref.absatz in (None, absatz.label)
        for item in absatz.items
    )
