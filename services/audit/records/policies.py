"""What follows in the records office: a part falls due, keys are to be destroyed, a certificate can be given."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.audit.records.domain.certificate import Certify, certificate, certificate_of
from services.audit.records.domain.commands import EndRetention, Subject
from services.audit.records.domain.deciding import record
from shared.contracts.audit.certificate import Acknowledged, StillKept
from shared.contracts.audit.erasure import ClassDecision, ErasureOrdered
from shared.kernel.projection import DueRow, Issue
from shared.kernel.recorded import Recorded

FORGETTERS = ("assignments", "audit", "notifications", "sessions", "training")
"""The services that keep anything of anybody: each has to say that it has forgotten."""


def retention_ends(row: DueRow) -> Issue:
    """The day has come until which a part of a record was kept."""
    subject = Subject(row.payload["kind"], UUID(row.payload["person_id"]))
    erasure_id = UUID(row.payload["erasure_id"])
    command = EndRetention(erasure_id, row.payload["keep"], FORGETTERS, row.due_at)
    return Issue(record, subject.stream, command)


def certify(recorded: Recorded[Any], found: Mapping[str, Any] | None) -> Iterator[Issue]:
    """Give the certificate as soon as the keys are gone and the last service has said that it has forgotten."""
    if found is None or found["ordered_at"] is None or found["destroyed"] is None:
        return
    acknowledged = tuple(
        Acknowledged(service=one["service"], position=one["position"], rows=one["rows"])
        for one in found["acknowledged"]
    )
    if {one.service for one in acknowledged} < set(found["services"]):
        return
    ordered = ErasureOrdered(
        **_named(found),
        erasure_id=found["erasure_id"],
        classes=found["ordered"],
        services=found["services"],
        commitment=found["commitment"],
        ordered_at=found["ordered_at"],
    )
    complete_at = max(one["recorded_at"] for one in found["acknowledged"])
    decisions = [ClassDecision.model_validate(one) for one in found["decisions"] or ()]
    kept = tuple(
        StillKept(keep=one.keep, why=one.why, until=one.until)
        for one in decisions
        if one.outcome == "retain" and one.why
    )
    command = Certify(
        ordered, found["ground"], kept, found["destroyed"], found["epoch"], acknowledged, complete_at
    )
    yield Issue(certificate, certificate_of(found["erasure_id"]), command)


def _named(found: Mapping[str, Any]) -> dict[str, Any]:
    return {**Subject(found["kind"], found["person_id"]).named}
