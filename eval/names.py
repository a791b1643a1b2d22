"""What the evaluation calls things in German, for tables, forms and plots."""

from __future__ import annotations

TYPES = {
    "direct": "direkte Frage",
    "paraphrase": "umschrieben",
    "scenario": "Fallschilderung",
    "multi_norm": "mehrere Vorschriften",
    "lookup": "Nachschlagen",
    "exact_ref": "genaue Stelle genannt",
    "deadline_or_amount": "Frist oder Betrag",
    "definition": "Begriff",
    "false_premise": "falsche Voraussetzung",
    "follow_up": "Anschlussfrage",
    "unanswerable": "nicht beantwortbar",
    "feedback": "aus einer Rückmeldung",
}
REGISTERS = {
    "staff": "Sachbearbeitung",
    "new_staff": "neu im Amt",
    "lay": "Kundschaft",
    "terse": "Stichworte",
}
LANGUAGES = {"de": "Deutsch", "en": "Englisch"}
GROUPINGS = {"type": "Art der Frage", "register": "Wer fragt", "language": "Sprache"}
SYSTEMS = {
    "fundstelle": "Fundstelle",
    "llama-index": "llama-index (Vorgaben)",
    "bm25": "BM25 (nur Wörter)",
}
OUTCOMES = {
    "answered": "beantwortet",
    "no_source": "keine Fundstelle",
    "unknown_norm": "Vorschrift gibt es nicht",
    "unknown_law": "Gesetz nicht im Bestand",
    "out_of_scope": "anderes Rechtsgebiet",
    "case_decision_refused": "Einzelfall abgelehnt",
    "unverified": "nicht belegt",
    "model_error": "Sprachmodell versagte",
}
USES = {
    "answer": "Antwort",
    "condition": "Voraussetzung",
    "case": "Fall",
    "exception": "Ausnahme",
    "reference": "Verweisung",
    "guidance": "Arbeitshilfe oder Erlass",
}
CHECKS = {
    "verbatim": "wörtlich",
    "quotes": "Zitate",
    "numbers": "Zahlen",
    "periods": "Fristen",
    "amounts": "Beträge",
    "dates": "Tage",
    "references": "Verweise",
    "modality": "Verbindlichkeit",
    "negation": "Verneinung",
    "actors": "Beteiligte",
    "conditions": "Bedingungen",
    "connectives": "und, oder",
    "content": "Inhalt",
}
PARTS = {
    "text": "Wörter im Text",
    "question": "Wörter in kuratierten Fragen",
    "dense_text": "Bedeutung des Textes",
    "dense_question": "Bedeutung kuratierter Fragen",
    "named": "in der Frage genannt",
    "synonym": "Fachwörter zu Alltagswörtern",
    "law": "genanntes Gesetz",
    "everyday": "Alltagswörter",
    "wording": "Stück für Stück mit dem Text",
    "phrasing": "Stück für Stück mit Fragen",
    "rerank": "Reranker",
}
"""Parts of a rank, as the contract names them."""


def shown(names: dict[str, str], value: str) -> str:
    """The German name; the value itself where a case file brings one of its own."""
    return names.get(value, value)
