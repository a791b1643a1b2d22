"""Make answers of what a model wrote, or of why it may not be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.models import Passage
from rag.answer import Answer, Statement
from rag.days import day_notices
from rag.engine import Draft
from rag.generated.model import Failure
from rag.generated.replies import ModelUse
from rag.outcome import MESSAGES, Outcome
from rag.reviews import review_notes

NO_MODEL = (
    "Es ist kein Sprachmodell für Formulierungen eingerichtet; die Antwort besteht aus Zitaten."
)
FORMULATED = (
    "Formuliert von einem Sprachmodell. Jede Aussage wurde an den genannten Fundstellen geprüft."
)
NO_ANSWER = "Das Sprachmodell fand in den Fundstellen keine Antwort auf die Frage."

FAILURES: dict[Failure, str] = {
    Failure.TOO_SLOW: "Das Sprachmodell hat nicht innerhalb von {seconds} Sekunden geantwortet.",
    Failure.UNREACHABLE: "Das Sprachmodell ist nicht erreichbar.",
    Failure.OVERLOADED: "Das Sprachmodell ist überlastet. Bitte versuchen Sie es später noch einmal.",
    Failure.REFUSED: (
        "Das Sprachmodell hat die Anfrage abgelehnt. Die Verwaltung sollte FUNDSTELLE_LLM_MODEL "
        "und FUNDSTELLE_LLM_KEY prüfen."
    ),
    Failure.NOTHING_TO_READ: "Keine der Fundstellen ließ sich dem Sprachmodell vorlegen.",
    Failure.BROKEN: "Das Sprachmodell hat mit einem Fehler geantwortet.",
}


def withheld_notice(passages: Sequence[Passage]) -> str:
    """Passages that speak to a model were not given to it."""
    names = "; ".join(passage.citation for passage in passages)
    return f"Enthält Anweisungen an ein Sprachmodell und wurde ihm nicht gegeben: {names}."


def dropped_notice(dropped: int, kept: int) -> str:
    """Some of what the model wrote is missing."""
    if dropped == 1:
        return f"Eine von {dropped + kept} Aussagen ließ sich nicht belegen und fehlt hier."
    return f"{dropped} von {dropped + kept} Aussagen ließen sich nicht belegen und fehlen hier."


def formulated(draft: Draft, statements: Sequence[Statement], notices: Sequence[str]) -> Answer:
    """The answer that consists of checked statements; the passages they rest on come first."""
    answer = draft.answer
    cited = {id_ for statement in statements for id_ in statement.citations}
    passages = sorted(answer.passages, key=lambda shown: shown.passage.id not in cited)
    borne_by = [shown.passage for shown in passages if shown.passage.id in cited]
    own = (*notices, *answer.notices, *_source_notices(draft, borne_by))
    return replace(
        answer,
        message=FORMULATED,
        statements=tuple(statements),
        passages=tuple(passages),
        notices=tuple(dict.fromkeys(own)),
    )


def quoted(answer: Answer, outcome: Outcome, *notices: str) -> Answer:
    """The extractive answer, with the reason why it is not a formulated one."""
    return replace(
        answer,
        outcome=outcome,
        message=MESSAGES[outcome],
        notices=(*notices, *answer.notices),
    )


def heard_with(better: Draft, typed: Draft) -> Draft:
    """The draft for a rewritten question, with the notices on the question as it was typed.

    What was left out of it or read into it must be said, whatever a model made of it.
    """
    shown = [cited.passage for cited in typed.answer.passages]
    of_sources = set(_source_notices(typed, shown))
    of_question = [notice for notice in typed.answer.notices if notice not in of_sources]
    notices = tuple(dict.fromkeys((*of_question, *better.answer.notices)))
    return replace(better, answer=replace(better.answer, notices=notices))


def added(first: ModelUse | None, second: ModelUse) -> ModelUse:
    """What both calls took."""
    return first + second if first else second


def _source_notices(draft: Draft, cited: Sequence[Passage]) -> Iterator[str]:
    """What a reader must know of these sources, in the words that quotes of them would bring."""
    reader, as_of = draft.index.reader, draft.result.as_of
    if as_of is not None:
        yield from day_notices(reader, cited, as_of)
    else:
        for source in dict.fromkeys(passage.source for passage in cited):
            state = reader.sources[source]
            yield from (f"{state.name}: {hint}." for hint in state.pending)
    titles = {passage.document: passage.title for passage in cited}
    for document, note in review_notes(reader, cited).items():
        yield f"„{titles[document]}“ – {note}."
