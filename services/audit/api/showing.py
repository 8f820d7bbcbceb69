"""How a kept fact is shown, and where a page of facts ends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import AwareDatetime, BaseModel

from services.audit.read_model.timelines import Place
from shared.contracts.fact import find_contract
from shared.contracts.words.privacy import RetentionClass
from shared.kernel.paging import after, wrong_cursor
from shared.kernel.sight import BLIND, SEALED, covered_fact

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
    """A row of the ledger for people to read: of its personal fields those that the caller may see.

    What its sealed fields say is in `opened`, when somebody opened them.
    """
    exact = f"/audit/facts/{row['source']}/{row['position']}"
    data = row.get("opened") or orjson.loads(row["body"])["data"]
    return KeptFact(**row, exact=exact, data=covered_fact(row["type"], data))


def closed(row: Mapping[str, Any]) -> KeptFact:
    """The same for lists of facts about many people: nobody reads those, one person at a time is on record."""
    exact = f"/audit/facts/{row['source']}/{row['position']}"
    data = orjson.loads(row["body"])["data"]
    return KeptFact(**row, exact=exact, data=covered_fact(row["type"], data, BLIND))


def unsealed(row: Mapping[str, Any]) -> frozenset[RetentionClass]:
    """The classes of personal data that the very bytes of this fact hold in clear: of old ones, from before seals."""
    contract = find_contract(row["type"])
    if contract is None or not contract.kept:
        return frozenset()
    data = orjson.loads(row["body"])["data"]
    return frozenset(
        keep for name, keep in contract.kept.items() if not str(data.get(name, SEALED)).startswith(SEALED)
    )


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
