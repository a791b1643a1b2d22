"""The language model of an installation: from its settings, with what it does counted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from prometheus_client import CollectorRegistry, Counter

from rag.engine import Fundstelle
from rag.generated import (
    Asked,
    Done,
    Endpoint,
    Event,
    ModelUse,
    Reply,
    prepare,
    reply_events,
    whole_reply,
)
from service.settings import Settings


def endpoint_of(settings: Settings) -> Endpoint | None:
    """The model that the settings name; None: answers consist of quotes."""
    if not settings.llm_url:
        return None
    return Endpoint(
        url=settings.llm_url,
        name=settings.llm_model,
        key=settings.llm_key.get_secret_value(),
        timeout=settings.llm_timeout,
        context=settings.llm_context,
        longest=settings.llm_tokens,
        price_in=settings.llm_price_in,
        price_out=settings.llm_price_out,
    )


def model_line(use: ModelUse) -> str:
    """Which model took part, and what it took."""
    about = "etwa " if use.estimated else ""
    cost = f", {use.cost:.4f} Euro".replace(".", ",") if use.cost else ""
    return (
        f"Sprachmodell {use.name}, Anweisung {use.prompt_version}, {about}{use.tokens_in} Token "
        f"gelesen, {use.tokens_out} geschrieben{cost}"
    )


class ModelMetrics:
    """What a model did and cost, for ``/metrics``."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "fundstelle_model_answers",
            "Answers that a language model had a part in",
            ["outcome"],
            registry=registry,
        )
        self._statements = Counter(
            "fundstelle_model_statements",
            "Statements of the model, shown or dropped by the check",
            ["verdict"],
            registry=registry,
        )
        self._tokens = Counter(
            "fundstelle_model_tokens", "Tokens read and written", ["direction"], registry=registry
        )
        self._euro = Counter(
            "fundstelle_model_euro", "Cost by the prices set, in Euro", registry=registry
        )

    def count(self, reply: Reply, shown: int, dropped: int) -> None:
        """Add one reply."""
        use = reply.model
        if use is None:
            return
        self._answers.labels(reply.answer.outcome.value).inc()
        self._statements.labels("shown").inc(shown)
        self._statements.labels("dropped").inc(dropped)
        self._tokens.labels("in").inc(use.tokens_in)
        self._tokens.labels("out").inc(use.tokens_out)
        self._euro.inc(use.cost)


class Writer:
    """Formulates answers where a model is set up, and counts what it does."""

    def __init__(self, endpoint: Endpoint | None, metrics: ModelMetrics) -> None:
        self._endpoint = endpoint
        self._metrics = metrics

    @property
    def is_set_up(self) -> bool:
        """Whether there is a model."""
        return self._endpoint is not None

    @property
    def patience(self) -> float:
        """Seconds that a formulated answer may take; 0 without a model."""
        return self._endpoint.timeout if self._endpoint else 0.0

    def warm(self) -> None:
        """Load what a model needs."""
        if self._endpoint is not None:
            prepare()

    def reply(self, engine: Fundstelle, asked: Asked) -> Reply:
        """As :func:`rag.generated.whole_reply`."""
        done = whole_reply(engine, self._endpoint, asked)
        self._count(done)
        return done.reply

    async def events(self, engine: Fundstelle, asked: Asked) -> AsyncGenerator[Event]:
        """As :func:`rag.generated.reply_events`."""
        async with aclosing(reply_events(engine, self._endpoint, asked)) as events:
            async for event in events:
                if isinstance(event, Done):
                    self._count(event)
                yield event

    def _count(self, done: Done) -> None:
        answer = done.reply.answer
        shown = sum(not statement.quote for statement in answer.statements)
        self._metrics.count(done.reply, shown, done.dropped)
