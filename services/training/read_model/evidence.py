"""On what evidence a mentor was cleared: each proof that counted, who saw it, and when it came on record."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.domain.standing import evidence
from services.training.read_model.compliance import proofs, told
from services.training.read_model.known import Entry, Known, day_of, decided_state, known
from shared.contracts.eligibility import NAMES, REQUIRED, Evidence, shortfalls
from shared.contracts.fact import contract_of
from shared.contracts.training.certification import CertificationGranted, CertificationRevoked
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived


async def on_what_evidence(
    db: AsyncConnection, mentor_id: UUID, on: date, known_at: datetime | None
) -> dict[str, Any] | None:
    """Every proof that counted on that day, as on record at that moment, with all that was recorded of it.

    None when the mentor was never heard of.
    """
    found = await known(db, mentor_id, known_at)
    if found is None:
        return None
    lacking = shortfalls(evidence(found.state), on)
    decided = found.decided(on)
    return {
        "mentor_id": mentor_id,
        "on": on,
        "known_at": known_at,
        "deployable": not lacking,
        "shortfalls": [told(lack) for lack in lacking],
        "decision": None
        if decided is None
        else {
            "state": decided_state(decided.fact),
            "since": day_of(decided.fact),
            "recorded_at": decided.recorded_at,
            "recorded_by": decided.recorded_by,
            "position": decided.position,
        },
        "items": [
            {
                "item": item,
                "name": NAMES[item],
                "proofs": [
                    {**proof, **_seen(found, proof)}
                    for proof in proofs(found.state, item)
                    if _counted(proof, on)
                ],
            }
            for item in REQUIRED
        ],
    }


def _counted(proof: dict[str, Any], on: date) -> bool:
    return Evidence("identity", proof["valid_from"], proof["valid_until"], proof["withdrawn_on"]).counts(on)


def _seen(found: Known, proof: dict[str, Any]) -> dict[str, Any]:
    """The record behind a proof, and each entry about it: what, when, by whom."""
    behind = found.completions().get(proof["enrolment_id"]) if proof["enrolment_id"] else None
    entries = [entry for entry in found.entries if _about(entry, proof)]
    if behind is not None:
        entries = sorted([behind, *entries], key=lambda entry: entry.position)
    fact = behind.fact if behind else None
    record = fact.evidence if isinstance(fact, TrainingCompleted | TrainingWaived) else None
    return {
        "record": record,
        "entries": [
            {
                "what": contract_of(entry.fact).name,
                "recorded_at": entry.recorded_at,
                "recorded_by": entry.recorded_by,
                "seen_by": entry.fact.seen_by if isinstance(entry.fact, ClearanceRecorded) else None,
                "position": entry.position,
            }
            for entry in entries
        ],
    }


def _about(entry: Entry, proof: dict[str, Any]) -> bool:
    match entry.fact:
        case CertificationGranted(certification_id=key) | CertificationRevoked(certification_id=key):
            return bool(str(key) == proof["proof"])
        case ClearanceRecorded() | ClearanceWithdrawn():
            same_document = entry.fact.issued_on.isoformat() == proof["proof"]
            return bool(same_document and entry.fact.kind == proof["item"])
        case _:
            return False
