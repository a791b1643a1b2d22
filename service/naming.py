"""German names for what an answer and a scheme are made of."""

from __future__ import annotations

from corpus.laws import known_laws
from corpus.models import Audience, Kind, Passage
from rag.decisive import Use
from rag.documents import Document, DocumentKind, DocumentState
from rag.structure import Binding, Joined, Role

KIND_NAMES = {
    Kind.LAW: "Gesetz",
    Kind.DECREE: "Erlass",
    Kind.MEMO: "Arbeitshilfe",
    Kind.SUMMARY: "Nichtamtliche Kurzfassung",
}
ROLE_NAMES = {
    Role.CONSEQUENCE: "Rechtsfolge",
    Role.CONDITION: "Voraussetzung",
    Role.CASE: "Fallgruppe",
    Role.REFUSAL: "Versagungsgrund",
    Role.EXCEPTION: "Ausnahme",
    Role.REFERENCE: "Verweisung",
}
BINDING_NAMES = {
    Binding.MUST: "zwingend",
    Binding.SHOULD: "im Regelfall (soll)",
    Binding.MAY: "Ermessen (kann)",
    Binding.MUST_NOT: "ausgeschlossen",
}
JOINED_NAMES = {Joined.ALL: "alle müssen vorliegen", Joined.ONE: "eine genügt"}
_USE_NAMES = {
    Use.ANSWER: "",
    Use.CONDITION: "Voraussetzungen",
    Use.CASE: "Fallgruppen",
    Use.EXCEPTION: "Ausnahme",
    Use.REFERENCE: "Verweisung, die das Ergebnis ändern kann",
    Use.GUIDANCE: "",
}


def rank_name(passage: Passage) -> str:
    """What ranks above what: Gesetz, Verordnung, Erlass, Arbeitshilfe or Kurzfassung."""
    law = known_laws().named(passage.law) if passage.law else None
    if passage.kind is Kind.LAW and law is not None and law.is_ordinance:
        return "Verordnung"
    return KIND_NAMES[passage.kind]


def use_title(use: Use, joined: Joined | None) -> str:
    """Title over quotes of one use; "" for those that need none."""
    how = f" ({JOINED_NAMES[joined]})" if joined and use is Use.CONDITION else ""
    return f"{_USE_NAMES[use]}{how}"


def marked_summary(place: str, kind: Kind) -> str:
    """A place with the words that tell a summary from the law; any other as it is."""
    name = KIND_NAMES[Kind.SUMMARY]
    return f"{name}: {place}" if kind is Kind.SUMMARY and name not in place else place


DOCUMENT_NAMES = {
    DocumentKind.MEMO: "Arbeitshilfe",
    DocumentKind.DECREE: "Erlass",
    DocumentKind.INFORMATION: "Kundeninformation",
}
AUDIENCE_NAMES = {
    Audience.INTERNAL: "Mitarbeitende",
    Audience.PUBLIC: "Kundschaft und Mitarbeitende",
}
STATE_NAMES = {DocumentState.VALID: "gültig", DocumentState.REVIEW: "zu prüfen"}


def state_line(document: Document) -> str:
    """Whether one may rely on a document, and until when or why not."""
    name = STATE_NAMES[document.state]
    if document.reasons:
        return f"{name}: {'; '.join(document.reasons)}"
    due = document.meta.review_by
    return f"{name}, zu prüfen bis {due:%d.%m.%Y}" if due else f"{name}, ohne Prüfdatum"
