"""The formulated answer from the question to its end: sources first, then each checked statement."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.models import Audience
from rag.answer import Answer, Statement
from rag.engine import Draft, Fundstelle
from rag.generated.checking import Bench, Dropped
from rag.generated.claims import LONGEST_WRITTEN, LineReader, speaks_to_a_model
from rag.generated.composing import (
    FAILURES,
    NO_ANSWER,
    NO_MODEL,
    added,
    dropped_notice,
    formulated,
    heard_with,
    quoted,
    withheld_notice,
)
from rag.generated.follow_up import names_no_other_law, rewrite
from rag.generated.model import Endpoint, Failure, ModelFailed, Usage, prepare, speak
from rag.generated.prompting import UNABLE, Prompt, answer_prompt, under_tokens
from rag.generated.replies import Done, Event, ModelUse, Reply, Shown, Sources
from rag.generated.spending import model_use, room_for_passages
from rag.outcome import Outcome
from rag.question import Question

# More passages than a person would read make small models wander.
_PASSAGES = 10
# Of the time limit, what rewriting a follow-up question may take; the rest must do for the answer.
_REWRITING = 0.3
# At least this share of what a model claims must hold, or nothing of it is shown: who invents most of
# an answer has not understood its sources, and what is missing may be the exception to what is left.
_LEAST_KEPT = 0.5


class Mode(StrEnum):
    """Which answer is wanted."""

    AUTO = "auto"
    """Formulated if a model is set up."""
    EXTRACTIVE = "extractive"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it comes in."""

    question: str
    as_of: date | None = None
    audience: Audience | None = None
    history: tuple[str, ...] = ()
    """The questions before, oldest first."""
    laws: tuple[str, ...] | None = None
    """Abbreviations of the only laws to search; None: everything."""
    mode: Mode = Mode.AUTO

    def draft(self, engine: Fundstelle) -> Draft:
        """The extractive answer; raises what :meth:`Fundstelle.search` does."""
        return engine.draft(
            self.question,
            as_of=self.as_of,
            audience=self.audience,
            laws=self.laws,
            history=self.history,
        )


def whole_reply(engine: Fundstelle, endpoint: Endpoint | None, asked: Asked) -> Done:
    """The reply as it ends, for callers without an event loop.

    Raises what :meth:`Fundstelle.search` does; a model that fails is no error.
    """
    if endpoint is None or asked.mode is Mode.EXTRACTIVE:
        draft = asked.draft(engine)
        return Done(_extractive(draft, endpoint, asked.mode), 0)
    return asyncio.run(_last(engine, endpoint, asked))


async def _last(engine: Fundstelle, endpoint: Endpoint, asked: Asked) -> Done:
    async with aclosing(reply_events(engine, endpoint, asked)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event
    raise RuntimeError("a reply ends with Done")


async def reply_events(
    engine: Fundstelle, endpoint: Endpoint | None, asked: Asked
) -> AsyncGenerator[Event]:
    """:class:`Sources`, then each :class:`Shown` statement, then :class:`Done`.

    ``endpoint`` None: no model is set up. Closing the iterator ends the request to the model. Raises
    what :meth:`Fundstelle.search` does, before the first event; a model that fails is no error.
    """
    if endpoint is not None and asked.mode is not Mode.EXTRACTIVE:
        await asyncio.to_thread(prepare)
    begin = asyncio.get_running_loop().time()
    draft = await asyncio.to_thread(asked.draft, engine)
    if endpoint is None or asked.mode is Mode.EXTRACTIVE:
        whole = _extractive(draft, endpoint, asked.mode)
        yield Sources(whole)
        yield Done(whole, 0)
        return
    understood, use = _combined(draft.result.question), None
    if asked.history:
        limit = begin + _REWRITING * endpoint.timeout
        draft, understood, use = await _understand(engine, endpoint, asked, draft, limit)
    whole = Reply(draft.answer, understood, use)
    yield Sources(whole)
    if draft.answer.outcome is not Outcome.ANSWERED:
        yield Done(whole, 0)
        return
    writing = _Writing(draft, endpoint)
    async with aclosing(writing.statements(begin + endpoint.timeout)) as statements:
        async for statement in statements:
            yield Shown(statement)
    answer = writing.answer()
    yield Done(Reply(answer, understood, added(use, writing.use())), len(writing.dropped))


def _extractive(draft: Draft, endpoint: Endpoint | None, mode: Mode) -> Reply:
    answer = draft.answer
    if mode is Mode.GENERATED and endpoint is None:
        answer = replace(answer, notices=(NO_MODEL, *answer.notices))
    return Reply(answer, _combined(draft.result.question), None)


def _combined(question: Question) -> str | None:
    """How a follow-up is read without a model: as the question before and this one."""
    before = question.before
    return f"{before.text} – {question.text}" if before else None


async def _understand(
    engine: Fundstelle, endpoint: Endpoint, asked: Asked, draft: Draft, limit: float
) -> tuple[Draft, str | None, ModelUse]:
    """The draft for the follow-up as a whole question; the one at hand if the model adds to it."""
    question = draft.result.question
    text, use = await rewrite(endpoint, question, draft.index.analyzer, limit)
    if text is not None:
        whole = replace(asked, question=text, history=(), as_of=draft.result.as_of)
        better = await asyncio.to_thread(whole.draft, engine)
        if names_no_other_law(better.result.question, question):
            return heard_with(better, draft), text, use
    return draft, _combined(question), use


class _Writing:
    """One answer while a model writes it."""

    def __init__(self, draft: Draft, endpoint: Endpoint) -> None:
        self._draft, self._endpoint = draft, endpoint
        passages = [shown.passage for shown in draft.answer.passages]
        self._withheld = [p for p in passages if speaks_to_a_model(p.text)]
        open_ones = [passage for passage in passages if passage not in self._withheld]
        question = draft.result.question.text
        room = room_for_passages(endpoint, answer_prompt(question, {}).length)
        tokens = under_tokens(open_ones, room, _PASSAGES)
        self._prompt: Prompt = answer_prompt(question, tokens)
        self._bench = Bench(tokens, draft.index, draft.result.as_of)
        self._reader = LineReader()
        self._usage: Usage | None = None
        self._failure: Failure | None = None
        self._unable = False
        self.kept: list[Statement] = []
        self.dropped: list[Dropped] = []

    @property
    def _hopeless(self) -> bool:
        """Whether the core is lost: the first claim, which answers the question, did not hold."""
        return bool(self.dropped) and not self.kept

    async def statements(self, deadline: float) -> AsyncGenerator[Statement]:
        """Each statement that holds, as soon as its line is complete."""
        async with aclosing(self._lines(deadline)) as lines:
            async for line in lines:
                self._unable |= line.strip(" .") == UNABLE
                result = await asyncio.to_thread(self._bench.examine, line)
                if isinstance(result, Dropped):
                    self.dropped.append(result)
                    if self._hopeless:
                        return
                elif result is not None and result.text not in [s.text for s in self.kept]:
                    self.kept.append(result)
                    yield result

    async def _lines(self, deadline: float) -> AsyncGenerator[str]:
        if not self._bench.passages:
            self._failure = Failure.NOTHING_TO_READ
            return
        try:
            async with aclosing(speak(self._endpoint, self._prompt, deadline)) as pieces:
                async for piece in pieces:
                    self._usage = piece.usage or self._usage
                    for line in self._reader.feed(piece.text):
                        yield line
                    if self._reader.written > LONGEST_WRITTEN:
                        self._failure = Failure.BROKEN
                        return
        except ModelFailed as error:
            self._failure = error.failure
            return
        if not self._reader.written:
            self._failure = Failure.BROKEN
        for line in self._reader.rest():
            yield line

    def use(self) -> ModelUse:
        """What the model took."""
        return model_use(
            self._endpoint, self._prompt, self._reader.written, self._usage, self._failure
        )

    def answer(self) -> Answer:
        """What counts in the end."""
        notices = [withheld_notice(self._withheld)] if self._withheld else []
        answer = self._draft.answer
        if self._failure is not None:
            # Part of an answer may lack the exception to what it says.
            seconds = f"{self._endpoint.timeout:g}".replace(".", ",")
            sentence = FAILURES[self._failure].format(seconds=seconds)
            return quoted(answer, Outcome.MODEL_ERROR, sentence, *notices)
        claimed = len(self.kept) + len(self.dropped)
        if not self.kept or len(self.kept) < _LEAST_KEPT * claimed:
            said = [NO_ANSWER] if self._unable and not claimed else []
            return quoted(answer, Outcome.UNVERIFIED, *said, *notices)
        if self.dropped:
            notices.insert(0, dropped_notice(len(self.dropped), len(self.kept)))
        return formulated(self._draft, self.kept, notices)
