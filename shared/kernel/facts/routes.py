"""The addresses of a service's facts."""

from typing import Any

from fastapi import APIRouter, Response

from shared.kernel.auth import allows
from shared.kernel.facts.feed import feed
from shared.kernel.facts.seeing import ROLES
from shared.kernel.facts.stream import Events, stream

_PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["facts", "positions", "after", "head"],
    "properties": {
        "facts": {
            "type": "array",
            "items": {"type": "object", "description": "a CloudEvent, as it is stored"},
        },
        "positions": {"type": "array", "items": {"type": "integer"}, "description": "of each of the facts"},
        "after": {"type": "integer", "description": "the position to ask for next"},
        "head": {"type": "integer", "description": "how long the log was when the page was made"},
    },
}

LEDGER = "audit"
"""Its `/audit/facts` is the ledger of all services."""


def facts_routers(service: str) -> tuple[APIRouter, ...]:
    """`/<service>/facts` and `/<service>/facts/stream`, for a service with a log of its own to be read."""
    if service == LEDGER:
        return ()
    router = APIRouter(prefix="/facts", tags=["facts"], dependencies=[allows(*ROLES)])
    router.get("", response_class=Response, responses=_holds("application/json", _PAGE))(feed)
    router.get("/stream", response_class=Events, responses=_holds("text/event-stream", {}))(stream)
    return (router,)


def _holds(kind: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": "OK", "content": {kind: {"schema": schema}}}}
