"""Logs and metrics that never hold the text of a question."""

from __future__ import annotations

import json
import logging
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0)
_LOG = logging.getLogger("fundstelle")


class JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, event and the fields given as ``extra={"fields": {...}}``."""
        fields = getattr(record, "fields", {})
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **(fields if isinstance(fields, dict) else {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class WithoutQuery(logging.Filter):
    """Cuts the query, which holds the question, from the lines of uvicorn's own access log.

    ``fundstelle serve`` switches that log off; somebody who starts the application otherwise may not.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Client, method, path with query, version, status; every line is kept."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                part.split("?")[0] if isinstance(part, str) else part for part in record.args
            )
        return True


_ACCESS_LOG_FILTER = WithoutQuery()


def log_to_stderr() -> None:
    """Send the project's log to standard error, one JSON object per line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    _LOG.handlers = [handler]
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


def log_event(event: str, **fields: object) -> None:
    """Write one line; fields must not hold what a person typed."""
    _LOG.info(event, extra={"fields": fields})


def install(app: FastAPI, failed: Callable[[Request, Exception], Response]) -> None:
    """Count and time every request, give it an id, and offer ``/metrics``.

    ``failed`` makes the answer to an error that nobody else has handled.
    """
    logging.getLogger("uvicorn.access").addFilter(_ACCESS_LOG_FILTER)
    app.state.metrics = registry = CollectorRegistry()
    requests = Counter(
        "fundstelle_requests_total", "HTTP requests", ["route", "status"], registry=registry
    )
    seconds = Histogram(
        "fundstelle_request_seconds",
        "Duration of HTTP requests in seconds",
        ["route"],
        buckets=_BUCKETS,
        registry=registry,
    )

    @app.middleware("http")
    async def observe(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        begin = time.perf_counter()
        request.state.request_id = request_id = uuid.uuid4().hex
        try:
            response = await call_next(request)
        except Exception as error:
            _LOG.exception("request_failed", extra={"fields": {"request_id": request_id}})
            response = failed(request, error)
        duration = time.perf_counter() - begin
        # The template of the route, never the path itself: it names no question and no norm.
        route = getattr(request.scope.get("route"), "path", "unmatched")
        requests.labels(route, str(response.status_code)).inc()
        seconds.labels(route).observe(duration)
        log_event(
            "request",
            request_id=request_id,
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(duration * 1000, 2),
        )
        response.headers["X-Request-ID"] = request_id
        return response

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
