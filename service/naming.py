"""German names for what an answer and a scheme are made of."""

from __future__ import annotations

from corpus.models import Kind
from rag.decisive import Use
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


def use_title(use: Use, joined: Joined | None) -> str:
    """Title over quotes of one use; "" for those that need none."""
    how = f" ({JOINED_NAMES[joined]})" if joined and use is Use.CONDITION else ""
    return f"{_USE_NAMES[use]}{how}"


def marked_summary(place: str, kind: Kind) -> str:
    """A place with the words that tell a summary from the law; any other as it is."""
    name = KIND_NAMES[Kind.SUMMARY]
    return f"{name}: {place}" if kind is Kind.SUMMARY and name not in place else place
