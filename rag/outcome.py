"""The closed list of what can come out of a question, each with its German message."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    UNKNOWN_NORM = "unknown_norm"
    """The question asks for a norm that does not exist in a law we hold."""
    UNKNOWN_LAW = "unknown_law"
    """The question asks for a law we do not hold."""
    OUT_OF_SCOPE = "out_of_scope"
    """People ask this here, but no law answers it: opening hours, tenancy, driving licences."""
    CASE_DECISION_REFUSED = "case_decision_refused"
    """The question wants a decision on a person and asks nothing that the law answers in general."""
    NO_SOURCE = "no_source"
    """Nothing in the corpus fits well enough."""
    UNVERIFIED = "unverified"
    """A model wrote what its passages do not bear; the answer consists of quotes instead."""
    MODEL_ERROR = "model_error"
    """A model gave no answer, or not in time; the answer consists of quotes instead."""

    @property
    def has_answer(self) -> bool:
        """Whether the statements of such an answer answer the question."""
        return self in (Outcome.ANSWERED, Outcome.UNVERIFIED, Outcome.MODEL_ERROR)


MESSAGES: dict[Outcome, str] = {
    Outcome.ANSWERED: "Die folgenden Fundstellen beantworten die Frage am ehesten.",
    Outcome.UNKNOWN_NORM: "{wanted} gibt es nicht.",
    Outcome.UNKNOWN_LAW: "{wanted}: Dieses Gesetz gehört nicht zum Bestand.",
    Outcome.OUT_OF_SCOPE: "Dazu steht im Bestand nichts: {topic}. {referral}",
    Outcome.CASE_DECISION_REFUSED: (
        "Fundstelle entscheidet keine Einzelfälle; die Entscheidung trifft die zuständige Stelle. Bitte "
        "fragen Sie nach dem Recht, zum Beispiel danach, wann eine Person ausgewiesen werden darf oder "
        "welche Voraussetzungen ein Titel hat."
    ),
    Outcome.NO_SOURCE: (
        "Im Bestand fand sich keine Vorschrift, die diese Frage zuverlässig beantwortet. "
        "Die nächstliegenden Fundstellen stehen darunter; bitte prüfen Sie selbst, ob sie passen."
    ),
    Outcome.UNVERIFIED: (
        "Was das Sprachmodell schrieb, ließ sich aus den Fundstellen nicht belegen. Die Antwort "
        "besteht deshalb aus Zitaten."
    ),
    Outcome.MODEL_ERROR: (
        "Das Sprachmodell hat keine vollständige Antwort geliefert. Die Antwort besteht deshalb "
        "aus Zitaten."
    ),
}
