"""The answer as it comes into being: sources at once, then each checked statement, then the whole."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from rag.generated import Done, Event, Shown
from service.api import Engine, Formulates, Recent, Usage, asked_by
from service.errors import error_of
from service.present import reply_out, statement_out
from service.wire import AskRequest, DoneEvent, ErrorOut, SourcesEvent, StatementEvent

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


async def begin(body: AskRequest, engine: Engine, writer: Formulates) -> AsyncGenerator[Begun]:
    """Wait for the sources, as long as an error still has an HTTP status."""
    watch = Stopwatch()
    async with aclosing(writer.events(engine, asked_by(body))) as events:
        yield Begun(await anext(events), events, watch)


@router.post(
    "/ask/stream",
    summary="Frage beantworten, Ereignis für Ereignis",
    response_class=EventSourceResponse,
)
async def ask_stream(
    body: AskRequest, begun: Annotated[Begun, Depends(begin)], usage: Usage, recent: Recent
) -> AsyncGenerator[ServerSentEvent]:
    """Server-sent events: ``sources``, any number of ``statement``, then ``done`` (or ``error``)."""
    yield _sent(begun.first, begun.watch)
    try:
        async for event in begun.rest:
            if isinstance(event, Done):
                usage.note(body.question, event.reply.answer)
                recent.keep(body.question, reply_out(event.reply, begun.watch.lap("total")))
            yield _sent(event, begun.watch)
    except Exception as error:
        # The status has been sent; what went wrong is an event like the others.
        _LOG.exception("stream_failed")
        yield ServerSentEvent(event="error", data=error_of(error)[1])


def _sent(event: Event, watch: Stopwatch) -> ServerSentEvent:
    if isinstance(event, Shown):
        watch.lap("first_statement")
        data = StatementEvent(statement=statement_out(event.statement))
        return ServerSentEvent(event="statement", data=data)
    if isinstance(event, Done):
        answer = reply_out(event.reply, watch.lap("total"))
        return ServerSentEvent(event="done", data=DoneEvent(answer=answer))
    answer = reply_out(event.reply, watch.lap("sources"))
    return ServerSentEvent(event="sources", data=SourcesEvent(answer=answer))
