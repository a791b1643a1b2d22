"""Questions that ask for a decision on a certain person: the law is shown, nothing is decided.

A decision on a person's residence by a machine would be a high-risk system (Regulation (EU) 2024/1689,
Annex III no. 7).
"""

from __future__ import annotations

import re
from enum import Enum

from corpus.verdict import VerdictForm, verdict_forms
from rag.outcome import MESSAGES, Outcome
from rag.personal import bare
from rag.search import SearchResult

NO_VERDICT = (
    "Fundstelle entscheidet keine Einzelfälle und bewertet nicht, ob eine bestimmte Person die "
    "Voraussetzungen erfüllt. Gezeigt wird, worauf es nach dem Gesetz ankommt; die Entscheidung trifft "
    "die zuständige Stelle."
)
_WORD = re.compile(r"[^\W\d_]{3,}")
# Shorter words in small letters are articles, prepositions and the like.
_TELLING = 4


class Wish(Enum):
    """What a question wants decided."""

    NOTHING = "nothing"
    """It asks for the law."""
    PERSON = "person"
    """It asks for a decision on a person, and names what is to be decided."""
    BARE = "bare"
    """It asks for a decision and for nothing in the law."""


def wish(masked: str) -> Wish:
    """What a question, its personal data replaced by placeholders, wants decided."""
    if not any(_is_meant(form, masked) for form in verdict_forms().forms):
        return Wish.NOTHING
    return Wish.PERSON if _says_something(masked) else Wish.BARE


def _is_meant(form: VerdictForm, text: str) -> bool:
    """Whether the form occurs, about a certain person."""
    for match in form.pattern.finditer(text):
        pronoun = match.groupdict().get("pronoun")
        ahead = text[: match.start("pronoun")] if pronoun else ""
        if not verdict_forms().indefinite.search(ahead):
            return True
    return False


def _says_something(text: str) -> bool:
    filler = verdict_forms().filler
    words = [word for word in _WORD.findall(bare(text)) if word.casefold() not in filler]
    return any(word[0].isupper() or len(word) >= _TELLING for word in words)


def decided(result: SearchResult, outcome: Outcome, message: str) -> tuple[Outcome, str]:
    """Outcome and message, changed where a decision on a person was asked for."""
    question = result.question
    wanted = wish(question.text)
    if wanted is Wish.NOTHING:
        return outcome, message
    # A named norm, or the question before, is something abstract however this one is put.
    if wanted is Wish.BARE and not question.places and question.before is None:
        return Outcome.CASE_DECISION_REFUSED, MESSAGES[Outcome.CASE_DECISION_REFUSED]
    if outcome is Outcome.OUT_OF_SCOPE and result.hits and _is_sent_away_for_it(result):
        outcome, message = Outcome.ANSWERED, MESSAGES[Outcome.ANSWERED]
    return outcome, f"{message} {NO_VERDICT}" if outcome is Outcome.ANSWERED else message


def _is_sent_away_for_it(result: SearchResult) -> bool:
    """Whether the question is out of scope only because it wants a decision."""
    nearest = result.confidence.elsewhere
    return nearest is not None and nearest.topic.id in verdict_forms().topics
