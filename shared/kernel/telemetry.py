"""What can be seen from outside: log lines as JSON, and counters for Prometheus."""

import logging
import sys
from functools import cache
from typing import Any

import orjson
import structlog
from prometheus_client import Counter, Histogram

_requests = Counter(
    "alongside_http_requests", "HTTP requests answered", ["service", "method", "route", "status"]
)
_seconds = Histogram(
    "alongside_http_request_seconds",
    "Time to answer an HTTP request",
    ["service", "method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


@cache
def meters(service: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The counter and the histogram of one kind of answer; finding them by label each time would cost more."""
    return _requests.labels(service, method, route, status), _seconds.labels(service, method, route)


def configure(service: str, style: str) -> None:
    """Log to standard error, one line an event: JSON, or coloured text for people (`console`)."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    logger: Any
    if style == "console":
        processors.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))
        logger = structlog.PrintLoggerFactory(sys.stderr)
    else:
        processors += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_bytes)]
        logger = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=logger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def _bytes(event: dict[str, Any], **_: Any) -> bytes:
    return orjson.dumps(event, default=str)
