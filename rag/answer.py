"""Compose the extractive answer: the decisive words, law before memo, each with its exact place."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.citations import Ambiguous, render
from corpus.models import Kind, NormRef, Passage, Span
from rag.check.documents import unborne
from rag.days import carried_over, day_notices, existence, mentioned_notices
from rag.decisive import Quote, Use
from rag.definitions import Defined, defined_terms
from rag.index import Index, on_day
from rag.limits import label, limit_notices
from rag.marks import figures
from rag.outcome import MESSAGES, Outcome
from rag.premise import premise_notices, unknown_place
from rag.quotes import choose_quotes
from rag.related import Related, related_norms
from rag.reviews import review_notes
from rag.search import SearchResult
from rag.structure import Joined
from rag.verdict import decided

_RELATED = 6
_TERMS = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an answer."""

    text: str
    quote: bool
    """Whether the text is verbatim from its passages."""
    citations: tuple[str, ...]
    """Ids of the passages that bear it."""
    pinpoint: str
    """Printed form of the exact place: "§ 16b Abs. 3 Satz 1 AufenthG"."""
    kind: Kind
    checks: dict[str, bool]
    """Name of each check and whether it held."""
    use: Use = Use.ANSWER
    """What it does for the answer."""
    joined: Joined | None = None
    """Of the entry of an enumeration: whether all are needed or one."""
    figures: tuple[Span, ...] = ()
    """Into ``text``: periods, ages, amounts and shares."""
    span: Span | None = None
    """Of a quote: where it stands in the text of its passage."""
    place: NormRef | None = None
    """The exact place of a quote of law; None for documents and for what a model wrote."""


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that an answer shows, with the quoted stretches."""

    passage: Passage
    highlight: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question."""

    id: str
    outcome: Outcome
    message: str
    statements: tuple[Statement, ...]
    passages: tuple[CitedPassage, ...]
    """Cited ones first, then the nearest others."""
    related: tuple[Related, ...]
    definitions: tuple[Defined, ...]
    """Terms that the quoted law uses, with the words that define them."""
    notices: tuple[str, ...]
    as_of: date | None
    corpus_version: str
    reviews: Mapping[str, str]
    """Document -> "zu prüfen: ..." for the passages that need it."""
    label: str
    """What the answer is and is not, and the state of the law: to be shown with it."""


def compose(index: Index, result: SearchResult) -> Answer:
    """Answer a question from its ranking, or say why not."""
    as_of = result.as_of
    outcome, message = decided(result, *_outcome(index, result))
    quotes = choose_quotes(index, result) if outcome is Outcome.ANSWERED else []
    statements = tuple(_statement(quote, as_of) for quote in quotes)
    quoted = [quote.passage for quote in quotes]
    rules = carried_over(quoted, as_of) if as_of else ()
    notices = (
        *limit_notices(result.question),
        *premise_notices(index, result.question, as_of),
        *_ambiguities(result),
        *_understanding_notices(result, as_of),
        *_source_notices(index, quoted, as_of, result.question.mentioned),
        *_review_notices(index, quoted),
        *_disagreements(index, quotes),
        *(f"Übergangsregel {render(rule.place)}: {rule.hint}" for rule in rules),
        *_corpus_notices(index),
    )
    related = related_norms(index, [(q.passage, q.span) for q in quotes], _RELATED)
    passages = tuple(_passages(quotes, _shown(index, result, outcome)))
    return Answer(
        id=uuid.uuid4().hex,
        outcome=outcome,
        message=message,
        statements=statements,
        passages=passages,
        related=(*(_transition(rule.place) for rule in rules), *related),
        definitions=defined_terms(index, quotes, as_of, _TERMS),
        notices=notices,
        as_of=as_of,
        corpus_version=index.manifest.name,
        reviews=review_notes(index.reader, (shown.passage for shown in passages)),
        label=label(index, as_of),
    )


def _transition(place: NormRef) -> Related:
    return Related(place, render(place), "Übergangsregel")


def _outcome(index: Index, result: SearchResult) -> tuple[Outcome, str]:
    question = result.question
    if question.unknown and not question.asked_for:
        return unknown_place(index, question.unknown[0], result.as_of)
    gone = [ref for ref in question.asked_for if not index.stands(ref, result.as_of)]
    if gone and len(gone) == len(question.asked_for):
        was = existence(index.reader, gone[0], result.as_of)
        return Outcome.UNKNOWN_NORM, was or f"{render(gone[0].norm)} ist weggefallen."
    elsewhere = result.confidence.elsewhere
    if elsewhere is not None:
        topic = elsewhere.topic
        message = MESSAGES[Outcome.OUT_OF_SCOPE]
        return Outcome.OUT_OF_SCOPE, message.format(topic=topic.title, referral=topic.referral)
    if not result.hits or not result.confidence.sufficient:
        return Outcome.NO_SOURCE, MESSAGES[Outcome.NO_SOURCE]
    return Outcome.ANSWERED, MESSAGES[Outcome.ANSWERED]


def _shown(index: Index, result: SearchResult, outcome: Outcome) -> Iterator[Passage]:
    """Passages beside the answer: for a norm that does not exist, those of its neighbours.

    Where nobody here can answer, none: what would be nearest has nothing to do with the question.
    """
    if outcome in (Outcome.OUT_OF_SCOPE, Outcome.CASE_DECISION_REFUSED):
        return
    if outcome is not Outcome.UNKNOWN_NORM:
        yield from (hit.passage for hit in result.hits)
        return
    for ref in result.question.unknown[0].nearest:
        rows = index.rows_by_norm.get((ref.law, ref.number), ())
        yield from (index.passages[row] for row in rows[:1])


def _statement(quote: Quote, as_of: date | None) -> Statement:
    verbatim = quote.text in quote.passage.text and bool(quote.text.strip())
    day = f" {on_day(as_of)}" if as_of and quote.passage.kind is Kind.LAW else ""
    return Statement(
        text=quote.text,
        quote=True,
        citations=(quote.passage.id,),
        pinpoint=f"{quote.citation}{day}",
        kind=quote.passage.kind,
        checks={"verbatim": verbatim},
        use=quote.use,
        joined=quote.joined,
        figures=figures(quote.text),
        span=quote.span,
        place=quote.place,
    )


def _passages(quotes: Sequence[Quote], others: Iterable[Passage]) -> Iterator[CitedPassage]:
    spans: dict[str, list[Span]] = {}
    cited: dict[str, Passage] = {}
    for quote in quotes:
        cited[quote.passage.id] = quote.passage
        spans.setdefault(quote.passage.id, []).append(quote.span)
    for id_, passage in tuple(cited.items()):
        yield CitedPassage(passage, tuple(sorted(spans[id_])))
    for passage in others:
        if passage.id not in cited:
            cited[passage.id] = passage
            yield CitedPassage(passage, ())


def _ambiguities(result: SearchResult) -> Iterator[str]:
    for place in result.question.places:
        if isinstance(place.resolution, Ambiguous):
            names = ", ".join(render(ref) for ref in place.resolution.candidates[:4])
            yield f"„{place.mention.text}“ nennt kein Gesetz. Gemeint sein kann: {names}."


def _understanding_notices(result: SearchResult, as_of: date | None) -> Iterator[str]:
    """What was read into the question and where was looked, so that the person can object."""
    question = result.question
    if result.laws is not None:
        yield f"Gesucht wurde nur in: {', '.join(result.laws)}."
    for correction in question.corrections:
        yield f"„{correction.written}“ ist hier unbekannt; gesucht wurde auch „{correction.meant}“."
    if question.day is None:
        return
    if question.day.day is None:
        yield "Die Frage nennt früheres Recht, aber keinen Tag. Bitte wählen Sie einen Stichtag."
    elif question.day.day == as_of:
        yield f"Der {as_of:%d.%m.%Y} aus Ihrer Frage wurde als Stichtag übernommen."


def _source_notices(
    index: Index, quoted: Sequence[Passage], as_of: date | None, mentioned: date | None
) -> Iterator[str]:
    for source in dict.fromkeys(passage.source for passage in quoted):
        state = index.reader.sources[source]
        if as_of is None:
            yield from (f"{state.name}: {hint}." for hint in state.pending)
    if as_of is None and mentioned is not None:
        yield from mentioned_notices(index.reader, quoted, mentioned)
    if as_of is not None:
        yield from day_notices(index.reader, quoted, as_of)


def _review_notices(index: Index, quoted: Sequence[Passage]) -> Iterator[str]:
    titles = {passage.document: passage.title for passage in quoted}
    for document, note in review_notes(index.reader, quoted).items():
        yield f"„{titles[document]}“ – {note}."


def _disagreements(index: Index, quotes: Sequence[Quote]) -> Iterator[str]:
    """What a quoted document says that the norms it cites do not bear."""
    for quote in quotes:
        if quote.use is Use.GUIDANCE:
            for one in unborne(index, [quote.passage]):
                if one.sentence in quote.text:
                    yield (
                        f"„{quote.passage.title}“ weicht womöglich vom Gesetz ab ({one.cited}): "
                        f"{one.findings[0].message} Bitte prüfen Sie die Stelle im Gesetz."
                    )


def _corpus_notices(index: Index) -> Iterator[str]:
    if not index.manifest.official:
        yield (
            "Die amtlichen Gesetzestexte fehlen in diesem Bestand. Gezeigt werden nichtamtliche "
            "Kurzfassungen und Arbeitshilfen."
        )
