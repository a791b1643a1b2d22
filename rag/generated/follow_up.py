"""Turn a follow-up question into a whole one, and see that nothing was added to it."""

from __future__ import annotations

from contextlib import aclosing

from corpus.generation.analysis import Analyzer
from rag.generated.claims import LineReader, flaw_of, plain
from rag.generated.model import Endpoint, ModelFailed, speak
from rag.generated.prompting import follow_up_prompt
from rag.generated.replies import ModelUse
from rag.generated.spending import model_use
from rag.question import Question

# Of the words of a rewritten question, this share must stand in the two it was made of; the rest are
# words that make it a sentence.
_KEPT = 0.6
_LONGEST = 600


async def rewrite(
    endpoint: Endpoint, question: Question, analyzer: Analyzer, deadline: float
) -> tuple[str | None, ModelUse]:
    """The whole question, None if the model gave none that adds nothing; and what it took.

    ``question`` follows up another one. ``deadline`` is on the clock of the running loop.
    """
    before = question.before.whole if question.before else ""
    prompt = follow_up_prompt(before, question.text)
    reader, usage, failure, lines = LineReader(), None, None, list[str]()
    try:
        async with aclosing(speak(endpoint, prompt, deadline)) as pieces:
            async for piece in pieces:
                usage = piece.usage or usage
                lines += reader.feed(piece.text)
                if reader.written > _LONGEST:
                    break
            else:
                lines += reader.rest()
    except ModelFailed as error:
        failure, lines = error.failure, []
    use = model_use(endpoint, prompt, reader.written, usage, failure)
    text = plain(lines[0]) if lines else ""
    return (text if text and is_faithful(text, question, analyzer) else None), use


def is_faithful(text: str, question: Question, analyzer: Analyzer) -> bool:
    """Whether ``text`` asks what ``question`` and the one before it ask, and nothing more."""
    earlier = question.before.text if question.before else ""
    own = set(analyzer.terms(question.text))
    known = own | set(analyzer.terms(earlier))
    terms = set(analyzer.terms(text))
    added = terms - known
    return (
        flaw_of(text) is None
        and bool(terms)
        and not any(char.isdigit() for term in added for char in term)
        and len(added) <= (1 - _KEPT) * len(terms)
        and (not own or bool(own & terms))
    )


def names_no_other_law(rewritten: Question, question: Question) -> bool:
    """Whether every law that ``rewritten`` names stands in ``question`` or the one before it.

    Numbers of norms are digits, and those :func:`is_faithful` has compared.
    """
    before = _laws(question.before) if question.before else set[str]()
    return _laws(rewritten) <= _laws(question) | before


def _laws(question: Question) -> set[str]:
    written = {place.mention.law or place.mention.law_written for place in question.places}
    return {*question.laws, *(law for law in written if law)}
