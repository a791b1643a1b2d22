"""An answer as a sheet for the file: what Word, PDF and text show, in German, in one order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from rag.check import CheckKind
from rag.outcome import Outcome
from service.naming import marked_summary, use_title
from service.records import AnswerRecord

CHECK_NAMES = {
    "verbatim": "wörtlich in der Fundstelle enthalten",
    CheckKind.QUOTES: "ohne abweichendes Zitat",
    CheckKind.NUMBERS: "ohne abweichende Zahl",
    CheckKind.PERIODS: "ohne abweichende Frist",
    CheckKind.AMOUNTS: "ohne abweichenden Betrag",
    CheckKind.DATES: "ohne abweichendes Datum",
    CheckKind.REFERENCES: "ohne fremde Vorschrift",
    CheckKind.MODALITY: "ohne abweichendes Muss, Soll oder Kann",
    CheckKind.NEGATION: "ohne abweichende Verneinung",
    CheckKind.ACTORS: "ohne abweichende Person oder Stelle",
    CheckKind.CONDITIONS: "ohne ausgelassene Bedingung",
    CheckKind.CONNECTIVES: "ohne vertauschtes Und oder Oder",
    CheckKind.CONTENT: "mit Wörtern der Fundstelle belegt",
    CheckKind.ENTAILMENT: "ohne Widerspruch nach dem Urteil eines Sprachmodells",
}
"""German names of the checks; one that is not here keeps its own."""
TITLE = "Recherche zur Rechtslage"
# Characters in a line of the text file.
_RULE = 72
# As many as the page shows beside an answer.
_NEAREST = 10


@dataclass(frozen=True, slots=True)
class SheetQuote:
    """A statement of the answer."""

    title: str
    """What it is for ("Ausnahme"); "" for none, and if it is that of the statement before."""
    text: str
    place: str
    """Exact place; of a summary marked as such."""
    verbatim: bool
    """Whether it is a quote."""


@dataclass(frozen=True, slots=True)
class SheetWording:
    """The wording of a norm or a section of a document."""

    title: str
    paragraphs: tuple[str, ...]
    stand: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a file shows."""

    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    """Name and value: how a follow-up was read, day, Stichtag, corpus version, model, id."""
    message: str
    """Why there is no answer; "" if there is one."""
    quotes: tuple[SheetQuote, ...]
    nearest: tuple[str, ...]
    """Without an answer: the places that come nearest."""
    notices: tuple[str, ...]
    checks: tuple[str, ...]
    """Results of the checks, one sentence each."""
    wordings: tuple[SheetWording, ...]
    label: str
    day: str
    """ISO date of the question: the date of the file."""


def sheet_of(record: AnswerRecord) -> Sheet:
    """The sheet of an answer; the same record gives the same sheet."""
    answer = record.answer
    return Sheet(
        title=TITLE,
        question=record.question,
        facts=_facts(record),
        message="" if answer.outcome is Outcome.ANSWERED else answer.message,
        quotes=_quotes(record),
        nearest=() if answer.statements else tuple(p.title for p in answer.passages[:_NEAREST]),
        notices=answer.notices,
        checks=_checks(record),
        wordings=tuple(
            SheetWording(
                title=" ".join(filter(None, [wording.citation, wording.heading]))
                if wording.heading not in wording.citation
                else wording.citation,
                paragraphs=tuple(line for line in wording.text.split("\n") if line.strip()),
                stand=wording.stand,
            )
            for wording in record.wordings
        ),
        label=answer.label,
        day=record.asked_on.isoformat(),
    )


def _facts(record: AnswerRecord) -> tuple[tuple[str, str], ...]:
    answer, model = record.answer, record.answer.model
    facts = (
        ("Verstanden als", answer.understood or ""),
        ("Gefragt am", _day(record.asked_on)),
        ("Stichtag", _day(answer.as_of) if answer.as_of else "keiner (neuester Stand)"),
        ("Bestand", answer.corpus_version),
        ("Sprachmodell", f"{model.name}, Anweisung {model.prompt_version}" if model else ""),
        ("Kennung", record.id),
    )
    return tuple((name, value) for name, value in facts if value)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _quotes(record: AnswerRecord) -> tuple[SheetQuote, ...]:
    quotes: list[SheetQuote] = []
    before = ""
    for statement in record.answer.statements:
        title = use_title(statement.use, statement.joined)
        quotes.append(
            SheetQuote(
                title=title if title != before else "",
                text=statement.text,
                place=marked_summary(statement.pinpoint, statement.kind),
                verbatim=statement.quote,
            )
        )
        before = title
    return tuple(quotes)


def _checks(record: AnswerRecord) -> tuple[str, ...]:
    """How many statements passed each check that was made."""
    made: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for statement in record.answer.statements:
        made.update(statement.checks)
        held.update(name for name, passed in statement.checks.items() if passed)
    return tuple(
        f"{held[name]} von {count} Aussagen {CHECK_NAMES.get(name, name)}"
        for name, count in made.items()
    )


def as_text(sheet: Sheet) -> str:
    """The sheet as plain text."""
    blocks = [
        f"{sheet.title}\n{'=' * len(sheet.title)}",
        f"Frage: {sheet.question}",
        "\n".join(f"{name}: {value}" for name, value in sheet.facts),
        _headline("Antwort"),
    ]
    if sheet.message:
        blocks.append(sheet.message)
    for quote in sheet.quotes:
        text = f"„{quote.text}“" if quote.verbatim else quote.text
        blocks.append("\n".join(filter(None, [quote.title, text, f"({quote.place})"])))
    if sheet.nearest:
        lines = (f"- {line}" for line in sheet.nearest)
        blocks.append("\n".join([_headline("Nächstliegende Fundstellen"), *lines]))
    if sheet.notices:
        blocks.append("\n".join([_headline("Hinweise"), *(f"- {line}" for line in sheet.notices)]))
    if sheet.checks:
        blocks.append("\n".join([_headline("Prüfungen"), *(f"- {line}" for line in sheet.checks)]))
    if sheet.wordings:
        blocks.append(_headline("Wortlaut der zitierten Fundstellen"))
    for wording in sheet.wordings:
        parts = [wording.title, *wording.paragraphs, wording.stand and f"[{wording.stand}]"]
        blocks.append("\n".join(filter(None, parts)))
    blocks.append(f"{'-' * _RULE}\n{sheet.label}")
    return "\n\n".join(blocks) + "\n"


def _headline(text: str) -> str:
    return f"{text}\n{'-' * len(text)}"
