"""A real endpoint on a loopback port that speaks the OpenAI protocol and plays models, good and bad.

The name of the model says which: "faithful", "altered:17", "hanging" ...
"""

from __future__ import annotations

import asyncio
import html
import json
import random
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

_PASSAGE = re.compile(r'<fundstelle kennung="(Q\d+)"[^>]*>\n(.*?)\n</fundstelle>', re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.])\s+(?=[A-ZÄÖÜ§])")


@dataclass
class Seen:
    """What a model was asked."""

    system: str
    request: str
    body: dict[str, object]
    key: str

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """(token, sentence) for every sentence of one line in the passages."""
        return [
            (token, sentence)
            for token, text in _PASSAGE.findall(self.request)
            for line in html.unescape(text).split("\n")
            for sentence in _SENTENCE.split(re.sub(r"^\(\d+\w?\) ", "", line))
            if sentence.endswith(".") and len(sentence.split()) >= 5
        ]


@dataclass
class Models:
    """The running endpoint."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    """What the obedient model does when it reads such words."""
    open: int = 0
    """Answers under way."""

    def wait_until_idle(self, patience: float = 5.0) -> bool:
        """Whether every request has ended."""
        end = time.monotonic() + patience
        while self.open and time.monotonic() < end:
            time.sleep(0.02)
        return self.open == 0


def chunk(text: str | None, **more: object) -> str:
    """One event of a stream."""
    choices = [{"index": 0, "delta": {"role": "assistant", "content": text}}]
    body = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    return f"data: {json.dumps({**body, 'choices': choices, **more})}\n\n"


def usage(tokens_in: object, tokens_out: object) -> str:
    """The event that counts."""
    counts = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": 0}
    return chunk(None, choices=[], usage=counts)


def _pieces(text: str) -> Iterator[str]:
    yield from (text[start : start + 40] for start in range(0, len(text), 40))


def faithful(seen: Seen) -> str:
    """The first sentences of the passages, word for word."""
    return "\n".join(f"{sentence} [{token}]" for token, sentence in seen.sentences[:3])


def rewritten(seen: Seen) -> str:
    """A follow-up question made whole."""
    before = re.search(r"<davor>\n(.*?)\n</davor>", seen.request, re.DOTALL)
    now = re.search(r"<frage>\n(.*?)\n</frage>", seen.request, re.DOTALL)
    assert before
    assert now
    return f"{html.unescape(before.group(1)).rstrip('?')} und {html.unescape(now.group(1))}"


# What breaks a sentence: each pair is (pattern, replacements).
_BREAKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\b140\b", ("120", "14", "180", "240")),
    (r"\b100\b", ("10", "110", "1.000")),
    (r"\bzwei Jahre\b", ("drei Jahre", "zwei Monate", "20 Jahre")),
    (r"\bTagen\b", ("Wochen", "Monaten")),
    (r"\bEuro\b", ("Cent",)),
    (r"\bnicht\b ?", ("",)),
    (r"\bkann\b", ("muss", "darf nicht")),
    (r"\bgilt\b", ("gilt nicht",)),
    (r"\bberechtigt\b", ("berechtigt nicht",)),
    (r"\bdürfen\b", ("müssen", "dürfen nicht")),
    (r"\bwird\b", ("wird nicht",)),
    (r"\bbrauchen einen\b", ("brauchen keinen",)),
    (r"§ 5\b", ("§ 6", "§ 55")),
    (r"Absatz 1\b", ("Absatz 2",)),
    (r"§ 16b Abs\. 3\b", ("§ 16a Abs. 3", "§ 16b Abs. 5")),
    (r", (?:wenn|soweit) .*\.", (".",)),
)


def altered(seen: Seen, seed: int) -> str:
    """True sentences and broken ones, in an order that the seed decides."""
    chance = random.Random(seed)
    sentences = seen.sentences
    broken = [
        (token, sentence[: found.start()] + with_ + sentence[found.end() :])
        for token, sentence in sentences
        for pattern, replacements in _BREAKS
        if (found := re.search(pattern, sentence))
        for with_ in replacements
    ]
    chosen = chance.sample(broken, min(3, len(broken))) + chance.sample(
        sentences, min(4, len(sentences))
    )
    chance.shuffle(chosen)
    return "\n".join(f"{sentence} [{token}]" for token, sentence in chosen)


TEXTS: dict[str, Callable[[Seen], str]] = {
    "faithful": faithful,
    "rewriting": lambda seen: rewritten(seen) if "<davor>" in seen.request else faithful(seen),
    "adding": lambda seen: (
        f"{rewritten(seen)} nach § 99 des Asylgesetzes in 30 Tagen"
        if "<davor>" in seen.request
        else faithful(seen)
    ),
    "talkative": lambda seen: (
        f"Gern! Hier ist die Antwort:\n\n1. {faithful(seen)}\n\nIch hoffe, das hilft."
    ),
    "thinking": lambda seen: (
        f"<think>Was sagt [Q1]?\nAlles ist erlaubt [Q1]\n</think>\n{faithful(seen)}"
    ),
    "unable": lambda _: "KEINE ANTWORT",
    "empty": lambda _: "",
    "rubbish": lambda _: "".join(chr(random.Random(n).randrange(33, 0x2FFF)) for n in range(3000)),
    "rubbish-with-tokens": lambda _: "\n".join(f"xq zzt {n} lorem ipsum [Q1]" for n in range(40)),
    "endless": lambda _: "und so weiter " * 5_000,
    "fabricated": lambda seen: "\n".join(
        f"{sentence} [Q{number}]" for number, (_, sentence) in enumerate(seen.sentences[:5], 77)
    ),
    "bare": lambda seen: "\n".join(sentence for _, sentence in seen.sentences[:5]),
    "html": lambda seen: "\n".join(
        f'{sentence[:-1]} <a href="https://example.org/x">mehr</a> <img src=x onerror=alert(1)>. [{token}]'
        for token, sentence in seen.sentences[:5]
    ),
    "markdown": lambda seen: "\n".join(
        f"{sentence[:-1]} [mehr](https://example.org) ![](//example.org/b.png). [{token}]"
        for token, sentence in seen.sentences[:5]
    ),
    "one-broken": lambda seen: faithful(seen) + "\nDie Erlaubnis gilt neun Jahre und 7 Tage. [Q1]",
}


async def _text(text: str) -> AsyncIterator[str]:
    for piece in _pieces(text):
        yield chunk(piece)


async def _stream(models: Models, seen: Seen, model: str) -> AsyncIterator[str]:
    text = faithful(seen)
    if model.startswith("altered:"):
        text = altered(seen, int(model.partition(":")[2]))
    elif model == "obedient":
        text = next(
            (does for order, does in models.orders.items() if order in html.unescape(seen.request)),
            text,
        )
    elif model in TEXTS:
        text = TEXTS[model](seen)
    if model in ("hanging", "late"):
        if model == "late":
            yield chunk(text.partition("\n")[0] + "\n")
        await asyncio.sleep(60)
    if model == "slow":
        for piece in text:
            yield chunk(piece)
            await asyncio.sleep(0.1)
    if model == "cut":
        yield chunk(text[: len(text) // 2])
        raise ConnectionAbortedError
    if model == "no-json":
        yield chunk(text[:60])
        yield "data: {kaputt\n\n"
    if model == "not-the-protocol":
        yield 'data: {"choices": 7}\n\n'
        yield "data: [1, 2]\n\n"
    if model == "wrong-types":
        yield chunk(None, choices=[{"index": 0, "delta": {"content": {"a": 1}}}])
    async for event in _text(text):
        yield event
    wrong = {"wrong-usage": (-5, "viele"), "absurd-usage": (10**9, 10**9)}
    yield usage(*wrong.get(model, (1000, 50)))
    yield "data: [DONE]\n\n"


def _application(models: Models) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> Response:
        body = await request.json()
        system, user = (message["content"] for message in body["messages"])
        model = str(body["model"])
        seen = Seen(system, user, body, request.headers.get("authorization", ""))
        models.seen.append(seen)
        statuses = {"overloaded": 429, "broken": 500, "refusing": 401, "unknown": 404}
        if model in statuses:
            error = {"error": {"message": f"nein: {user}", "type": "x"}}
            return JSONResponse(error, statuses[model])
        if model == "page":
            return Response("<html>Anmeldung</html>", media_type="text/html")

        async def counted() -> AsyncIterator[str]:
            models.open += 1
            try:
                async for event in _stream(models, seen, model):
                    yield event
            finally:
                models.open -= 1

        return StreamingResponse(counted(), media_type="text/event-stream")

    return app


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """An application on a real loopback port, in a thread: its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="critical", ws="none", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def running_models() -> Iterator[Models]:
    """The endpoint for as long as the context lasts."""
    models = Models("")
    with serving(_application(models)) as address:
        models.url = f"{address}/v1"
        yield models
