"""How a kept fact is shown, and where a page of facts ends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import AwareDatetime, BaseModel

from services.audit.read_model.timelines import Place
from shared.kernel.paging import after, wrong_cursor

AUDITORS = ("auditor", "coordinator", "manager", "compliance", "dsl", "operator")

KnownAt = Annotated[AwareDatetime | None, Query(description="only what was on record by then; default: now")]


class KeptFact(BaseModel):
    """A fact with its place in history. `sha256` is that of the exact bytes, which `exact` leads to."""

    source: str
    position: int
    id: UUID
    type: str
    aggregate: str
    stream: UUID
    version: int
    recorded_at: datetime
    actor: str
    correlation_id: str
    causation_id: str
    sha256: str
    exact: str
    data: dict[str, Any]
    through: UUID | None = None


def shown(row: Mapping[str, Any]) -> KeptFact:
    """A row of the ledger for people to read."""
    exact = f"/audit/facts/{row['source']}/{row['position']}"
    return KeptFact(**row, exact=exact, data=orjson.loads(row["body"])["data"])


def place(fact: KeptFact) -> list[Any]:
    return [fact.recorded_at.isoformat(), fact.source, fact.position]


def start(cursor: str | None) -> Place | None:
    """Where the page before ended. Raises Problem 422."""
    found = after(cursor)
    if found is None:
        return None
    try:
        moment, source, position = found
        return datetime.fromisoformat(moment), str(source), int(position)
    except (TypeError, ValueError):
        raise wrong_cursor() from None
