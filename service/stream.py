"""The answer as it comes into being: sources at once, then each checked statement, then the whole."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from rag.generated import Done, Event, Shown
from service.api import Engine, Formulates, Recent, Usage, asked_by, with_approved
from service.errors import error_of
from service.present import reply_out, statement_out
from service.wire import ApprovedOut, AskRequest, DoneEvent, ErrorOut, SourcesEvent, StatementEvent

_LOG = logging.getLogger("fundstelle")

router = APIRouter(
    prefix="/api",
    responses={
        422: {"model": ErrorOut, "description": "Ungültige Eingabe"},
        503: {"model": ErrorOut, "description": "Noch kein Bestand"},
    },
)


@dataclass
class Stopwatch:
    """Milliseconds from the question to the first time something happened."""

    begin: float = field(default_factory=time.perf_counter)
    laps: dict[str, float] = field(default_factory=dict)

    def lap(self, name: str) -> dict[str, float]:
        """Note ``name`` if it happens for the first time; all laps so far."""
        self.laps.setdefault(name, round((time.perf_counter() - self.begin) * 1000, 2))
        return self.laps


@dataclass(frozen=True)
class Begun:
    """An answer under way: its sources are there."""

    first: Event
    rest: AsyncIterator[Event]
    watch: Stopwatch
    approved: ApprovedOut | None
    """The approved answer to the same question."""


async def begin(body: AskRequest, engine: Engine, writer: Formulates) -> AsyncGenerator[Begun]:
    """Wait for the sources, as long as an error still has an HTTP status."""
    watch = Stopwatch()
    asked = asked_by(body, engine)
    async with aclosing(writer.events(engine, asked)) as events:
        first = await anext(events)
        assert not isinstance(first, Shown), "the sources come first"
        sources = reply_out(first.reply, {})
        offered = await asyncio.to_thread(with_approved, engine, asked, sources)
        yield Begun(first, events, watch, offered.approved)


@router.post(
    "/ask/stream",
    summary="Frage beantworten, Ereignis für Ereignis",
    response_class=EventSourceResponse,
)
async def ask_stream(
    body: AskRequest, begun: Annotated[Begun, Depends(begin)], usage: Usage, recent: Recent
) -> AsyncGenerator[ServerSentEvent]:
    """Server-sent events: ``sources``, any number of ``statement``, then ``done`` (or ``error``)."""
    yield _sent(begun.first, begun)
    try:
        async for event in begun.rest:
            if isinstance(event, Done):
                usage.note(body.question, event.reply.answer)
                recent.keep(body.question, reply_out(event.reply, begun.watch.lap("total")))
            yield _sent(event, begun)
    except Exception as error:
        # The status has been sent; what went wrong is an event like the others.
        _LOG.exception("stream_failed")
        yield ServerSentEvent(event="error", data=error_of(error)[1])


def _sent(event: Event, begun: Begun) -> ServerSentEvent:
    if isinstance(event, Shown):
        begun.watch.lap("first_statement")
        data = StatementEvent(statement=statement_out(event.statement))
        return ServerSentEvent(event="statement", data=data)
    over = isinstance(event, Done)
    answer = reply_out(event.reply, begun.watch.lap("total" if over else "sources"))
    answer = answer.model_copy(update={"approved": begun.approved})
    if over:
        return ServerSentEvent(event="done", data=DoneEvent(answer=answer))
    return ServerSentEvent(event="sources", data=SourcesEvent(answer=answer))
