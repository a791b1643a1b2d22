"""What a person reads when something did not work: what happened, what is not lost, what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next."""

    text: str
    href: str | None = None
    """Where it is done; None: nowhere in the service."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The words around the sentence of an error, all German."""

    title: str
    kept: str
    """What is not lost."""
    steps: tuple[Step, ...]


_ASK = Step("Eine Frage stellen", "/")
_SEARCH = Step(
    "Vorschrift oder Thema suchen: auf der Startseite genügt „§ 25 Abs. 5 AufenthG“", "/"
)
_STOCK = Step("Nachsehen, was im Bestand ist", "/bestand")
_ADMIN = Step("Verwaltung", "/verwaltung")
_NOTHING_CHANGED = "Es wurde nichts geändert und nichts gelöscht."

_GUIDES = {
    403: Guide(
        "Das geht von hier aus nicht",
        _NOTHING_CHANGED,
        (
            Step("Öffnen Sie die Seite an dem Rechner, auf dem der Dienst läuft."),
            Step("Schicken Sie ein Formular nur von der Seite ab, auf der Sie es geöffnet haben."),
            _ASK,
        ),
    ),
    404: Guide(
        "Das haben wir nicht gefunden",
        "Ihre gespeicherten Antworten und der Bestand sind unverändert.",
        (
            Step("Prüfen Sie, ob die Adresse vollständig ist: Manche Programme schneiden sie ab."),
            _SEARCH,
            _STOCK,
        ),
    ),
    409: Guide(
        "Das geht gerade nicht",
        f"{_NOTHING_CHANGED} Der bisherige Bestand antwortet weiter.",
        (Step("Warten Sie, bis der laufende Vorgang fertig ist.", "/aktualisierung"), _ADMIN, _ASK),
    ),
    410: Guide(
        "Dieses Dokument wird nicht mehr gezeigt",
        "Gespeicherte Antworten, die es zitiert haben, bleiben mit ihrem Wortlaut lesbar.",
        (Step("Fragen Sie neu: Die Antwort beruht dann auf dem, was jetzt gilt.", "/"), _STOCK),
    ),
    422: Guide(
        "Mit dieser Eingabe geht es nicht",
        "Mit der Zurück-Taste Ihres Browsers kommen Sie zu Ihrer Eingabe zurück.",
        (Step("Berichtigen Sie die Angabe und schicken Sie sie noch einmal ab."), _ASK),
    ),
    503: Guide(
        "Der Dienst kann gerade nicht antworten",
        "Gespeicherte Antworten, Rückmeldungen und Entscheidungen gehen dabei nicht verloren.",
        (
            Step("Versuchen Sie es in einer Minute noch einmal."),
            Step(
                "Wenn Sie den Dienst betreuen: den Bestand einlesen oder den letzten Vorgang ansehen",
                "/aktualisierung",
            ),
        ),
    ),
}
_REFUSED = Guide("Das wurde abgelehnt", _NOTHING_CHANGED, (_ASK,))
_BROKEN = Guide(
    "Im Dienst ist ein Fehler aufgetreten",
    "Was vorher gespeichert war, ist noch da. Ob Ihr letzter Schritt ankam, sehen Sie, wenn Sie die "
    "Seite neu öffnen.",
    (
        Step("Versuchen Sie es noch einmal."),
        Step(
            "Kommt der Fehler wieder, nennen Sie der Person, die den Dienst betreut, die Kennung unten; "
            "mit ihr findet sie die Stelle im Protokoll."
        ),
        _ASK,
    ),
)


def guide(status: int) -> Guide:
    """The words for an HTTP status from 400 on."""
    return _GUIDES.get(status, _REFUSED if status < 500 else _BROKEN)
