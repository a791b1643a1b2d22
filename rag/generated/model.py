"""The one place that talks to a language model: any OpenAI-compatible endpoint, through llama-index."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import httpx

from rag.generated.prompting import Prompt

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatResponse
    from llama_index.llms.openai_like import OpenAILike

_LOG = logging.getLogger("fundstelle")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model behind an OpenAI-compatible address, and what may be spent on one answer."""

    url: str
    """Base of the interface, "/v1" included: "http://127.0.0.1:8080/v1"."""
    name: str
    """Name of the model there."""
    key: str = field(default="", repr=False)
    """Secret; "" for servers that want none."""
    timeout: float = 30.0
    """Seconds for the whole answer, from the question on."""
    context: int = 8192
    """Tokens that the model reads and writes together."""
    longest: int = 700
    """Tokens of the answer."""
    price_in: float = 0.0
    """Euro per million tokens read."""
    price_out: float = 0.0
    """Euro per million tokens written."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint counts them."""

    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What arrives at once."""

    text: str
    usage: Usage | None
    """With the last piece, if the endpoint counts."""


class Failure(StrEnum):
    """Why a model gave no answer."""

    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    OVERLOADED = "overloaded"
    """It asks to come back later (429)."""
    REFUSED = "refused"
    """It does not take the request: wrong key, unknown model."""
    NOTHING_TO_READ = "nothing_to_read"
    """It was not asked: no passage fits into its window, or all of them speak to models."""
    BROKEN = "broken"
    """It answered with an error or with something that is not the protocol."""

    @property
    def was_read(self) -> bool:
        """Whether the model may have read the prompt, and somebody pays for it."""
        return self in (Failure.TOO_SLOW, Failure.BROKEN)


class ModelFailed(Exception):
    """The endpoint did not answer as it should."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.value)


def prepare() -> None:
    """Import what takes seconds, so that the first question does not wait for it."""
    import llama_index.llms.openai_like  # noqa: F401

    _trust()


async def speak(endpoint: Endpoint, prompt: Prompt, deadline: float) -> AsyncGenerator[Piece]:
    """What the model writes, piece by piece, at temperature 0.

    ``deadline`` is on the clock of the running loop. Closing the iterator closes the request.
    Raises :class:`ModelFailed`.
    """
    # A connection of its own for each answer: closed with it, whatever the libraries above it keep.
    async with (
        httpx.AsyncClient(verify=_trust(), timeout=endpoint.timeout, trust_env=False) as connection,
        aclosing(_responses(endpoint, prompt, connection)) as responses,
    ):
        while (response := await _next(responses, deadline)) is not None:
            yield Piece(response.delta or "", _usage(response))


async def _next(responses: AsyncIterator[ChatResponse], deadline: float) -> ChatResponse | None:
    """The next response, None at the end; every failure as :class:`ModelFailed`."""
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(responses, None)
    except Exception as error:
        failure = _failure(error)
        # The name only: messages of the endpoint may repeat the question.
        fields = {"failure": failure.value, "error": type(error).__name__}
        _LOG.warning("model_failed", extra={"fields": fields})
        raise ModelFailed(failure) from error


async def _responses(
    endpoint: Endpoint, prompt: Prompt, connection: httpx.AsyncClient
) -> AsyncGenerator[ChatResponse]:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    messages = [
        ChatMessage(content=prompt.system, role=MessageRole.SYSTEM),
        ChatMessage(content=prompt.request, role=MessageRole.USER),
    ]
    async for response in await _llm(endpoint, connection).astream_chat(messages):
        yield response


def _llm(endpoint: Endpoint, connection: httpx.AsyncClient) -> OpenAILike:
    from llama_index.core.callbacks import CallbackManager
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=endpoint.name,
        api_base=endpoint.url,
        # Without any key the library would look for one of its own in the environment.
        api_key=endpoint.key or "none",
        is_chat_model=True,
        context_window=endpoint.context,
        max_tokens=endpoint.longest,
        temperature=0.0,
        # The time limit leaves no room for a second try.
        max_retries=0,
        timeout=endpoint.timeout,
        async_http_client=connection,
        additional_kwargs={"stream_options": {"include_usage": True}},
        callback_manager=CallbackManager([]),
    )


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that the machine trusts, an authority's own included."""
    return ssl.create_default_context()


def _usage(response: ChatResponse) -> Usage | None:
    read = response.additional_kwargs.get("prompt_tokens")
    written = response.additional_kwargs.get("completion_tokens")
    if isinstance(read, int) and isinstance(written, int) and read >= 0 and written >= 0:
        return Usage(read, written)
    return None


def _failure(error: Exception) -> Failure:
    import openai

    if isinstance(error, TimeoutError | openai.APITimeoutError | httpx.TimeoutException):
        return Failure.TOO_SLOW
    if isinstance(error, openai.RateLimitError):
        return Failure.OVERLOADED
    if isinstance(error, openai.APIStatusError):
        return Failure.REFUSED if error.status_code < 500 else Failure.BROKEN
    if isinstance(error, openai.APIConnectionError | httpx.ConnectError):
        return Failure.UNREACHABLE
    return Failure.BROKEN
