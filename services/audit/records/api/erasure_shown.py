"""One erasure as it is shown: each part with its decision, who agreed, and how far it has come."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from services.audit.records.domain.record import APPROVALS
from shared.contracts.audit.erasure import ClassDecision
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import Ground, Person, RefusedBecause

Stage = Literal[
    "requested", "decided", "approved_once", "kept", "ordered", "keys_destroyed", "certified", "refused"
]


class Forgot(BaseModel):
    """A service's word that it has forgotten; `exact` leads to the fact."""

    service: str
    position: int
    rows: int
    exact: str


class Erasure(BaseModel):
    """One erasure and how far it has come. `waiting_for` are the services that have not acknowledged yet."""

    erasure_id: UUID
    stage: Stage
    kind: Person
    person_id: UUID
    ground: Ground | None
    classes: tuple[RetentionClass, ...]
    requested_by: str | None
    requested_at: datetime
    follows: UUID | None
    decisions: tuple[ClassDecision, ...]
    ended_on: date | None
    decided_by: str | None
    decided_at: datetime | None
    approved_by: tuple[str, ...]
    refused: RefusedBecause | None
    ordered_at: datetime | None
    destroyed: int | None
    epoch: int | None
    acknowledged: tuple[Forgot, ...]
    waiting_for: tuple[str, ...]
    certified_at: datetime | None


class Erasures(BaseModel):
    """One page of erasures."""

    items: list[Erasure]
    next: str | None


def shown(row: Mapping[str, Any]) -> Erasure:
    """A row as `reading.erasure` gives it."""
    acknowledged = [
        {**one, "exact": f"/audit/facts/{one['service']}/{one['position']}"} for one in row["acknowledged"]
    ]
    heard = {one["service"] for one in acknowledged}
    told = {
        **row,
        "stage": _stage(row),
        "decisions": row["decisions"] or (),
        "acknowledged": acknowledged,
        "waiting_for": sorted(set(row["services"] or ()) - heard),
    }
    return Erasure.model_validate(told)


def _stage(row: Mapping[str, Any]) -> Stage:
    if row["refused"]:
        return "refused"
    if row["certified_at"]:
        return "certified"
    if row["destroyed"] is not None:
        return "keys_destroyed"
    if row["ordered_at"]:
        return "ordered"
    if len(row["approved_by"]) >= APPROVALS:
        return "kept"
    if row["approved_by"]:
        return "approved_once"
    return "decided" if row["decided_at"] else "requested"
