"""Facts of the records office as rows: where each erasure stands, which holds stand, when a part falls due."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias
from uuid import UUID

from services.audit.records.domain.record import subject_of
from shared.contracts.assignments.child import ChildAccepted, ChildExited, ChildReferred, ChildReopened
from shared.contracts.assignments.mentor import MentorApplied, MentorEngaged, MentorLeft
from shared.contracts.audit.certificate import ErasureCertified
from shared.contracts.audit.erasure import (
    ErasureApproved,
    ErasureDecided,
    ErasureOrdered,
    ErasureRefused,
    ErasureRequested,
    KeysDestroyed,
)
from shared.contracts.audit.hold import LegalHoldLifted, LegalHoldPlaced
from shared.contracts.forgotten import Forgotten
from shared.contracts.notifications.recipient import (
    RecipientDetailsChanged,
    RecipientRegistered,
    RecipientRemoved,
)
from shared.contracts.words.privacy import RETENTION_CLASSES
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

RETENTION_ENDS = "retention_ends"

CaseFact: TypeAlias = (
    ErasureRequested
    | ErasureDecided
    | ErasureApproved
    | ErasureRefused
    | ErasureOrdered
    | KeysDestroyed
    | ErasureCertified
)
HoldFact: TypeAlias = LegalHoldPlaced | LegalHoldLifted
PeopleFact: TypeAlias = (
    ChildReferred
    | ChildAccepted
    | ChildExited
    | ChildReopened
    | MentorApplied
    | MentorEngaged
    | MentorLeft
    | RecipientRegistered
    | RecipientDetailsChanged
    | RecipientRemoved
)


def erasures(recorded: Recorded[CaseFact | Forgotten]) -> Iterator[Row]:
    """A row for each erasure, one for each approval of it, one for each service that has forgotten."""
    fact = recorded.fact
    key = {"erasure_id": fact.erasure_id}
    match fact:
        case ErasureRequested():
            told = fact.model_dump(
                include={"ground", "classes", "commitment", "requested_by", "requested_at"}
            )
            yield Put("erasures", key, {**_person(fact), **told})
        case ErasureDecided():
            told = fact.model_dump(include={"ended_on", "recipient_ids", "decided_by", "decided_at"})
            told["decisions"] = [one.model_dump(mode="json") for one in fact.decisions]
            yield Put("erasures", key, told)
        case ErasureRefused():
            told = {"refused": fact.why, "refused_by": fact.refused_by, "refused_at": fact.refused_at}
            yield Put("erasures", key, told)
        case ErasureApproved():
            by = {**key, "approved_by": fact.approved_by}
            yield Put("erasure_approvals", by, {"approved_at": fact.approved_at})
        case ErasureOrdered():
            yield Put("erasures", key, _ordered(fact))
        case KeysDestroyed():
            yield Put("erasures", key, {"destroyed": fact.destroyed, "epoch": fact.epoch})
        case ErasureCertified():
            told = {"certified_at": recorded.recorded_at, "certificate": recorded.position}
            yield Put("erasures", key, told)
        case Forgotten():
            told = {"position": recorded.position, "rows": fact.rows, "recorded_at": recorded.recorded_at}
            yield Put("erasure_forgotten", {**key, "service": recorded.source}, told)


def _ordered(fact: ErasureOrdered) -> dict[str, Any]:
    told = {
        "services": fact.services,
        "recipient_ids": fact.recipient_ids,
        "ordered_at": fact.ordered_at,
        "ordered": fact.classes,
    }
    if fact.follows is None:
        return told
    first = {"classes": fact.classes, "commitment": fact.commitment, "requested_at": fact.ordered_at}
    return {**_person(fact), **told, **first, "follows": fact.follows}


def holds(recorded: Recorded[HoldFact]) -> Iterator[Row]:
    """A row for each legal hold, also when it was lifted."""
    fact = recorded.fact
    key = {"hold_id": fact.hold_id}
    if isinstance(fact, LegalHoldPlaced):
        told = fact.model_dump(include={"classes", "reason", "placed_by", "placed_at"})
    else:
        told = fact.model_dump(include={"lifted_by", "lifted_at"})
    yield Put("legal_holds", key, {**_person(fact), **told})


def gone(recorded: Recorded[PeopleFact]) -> Iterator[Row]:
    """Since when somebody is not with us any more; and who is told things on whose account.

    Who only applied was never with us: their time runs from the application.
    """
    fact = recorded.fact
    match fact:
        case ChildReferred() | ChildAccepted() | ChildReopened():
            yield _since("child", fact.child_id, None)
        case ChildExited():
            yield _since("child", fact.child_id, fact.exited_on)
        case MentorApplied():
            yield _since("mentor", fact.mentor_id, fact.applied_on)
        case MentorEngaged():
            yield _since("mentor", fact.mentor_id, None)
        case MentorLeft():
            yield _since("mentor", fact.mentor_id, fact.left_on)
        case RecipientRemoved():
            yield _since("recipient", fact.recipient_id, fact.removed_at.date())
        case RecipientRegistered() | RecipientDetailsChanged():
            yield _since("recipient", fact.recipient_id, None)
            told = {"child_id": fact.child_id, "mentor_id": fact.mentor_id}
            yield Put("people_told", {"recipient_id": fact.recipient_id}, told)


def retention(recorded: Recorded[ErasureDecided | ChildReopened | MentorEngaged]) -> Iterator[Row]:
    """When each part that is kept for now is to go. Whoever comes back is not forgotten by an old decision."""
    fact = recorded.fact
    if not isinstance(fact, ErasureDecided):
        person_id = fact.child_id if isinstance(fact, ChildReopened) else fact.mentor_id
        for keep in RETENTION_CLASSES:
            yield Drop("due", _falls_due(person_id, keep))
        return
    subject = subject_of(fact)
    for one in fact.decisions:
        key = _falls_due(subject.id, one.keep)
        if one.until is None:
            yield Drop("due", key)
            continue
        payload = {"erasure_id": str(fact.erasure_id), "kind": subject.kind, "person_id": str(subject.id)}
        at = datetime.combine(one.until, time(), UTC)
        yield Put("due", key, {"due_at": at, "payload": {**payload, "keep": one.keep}})


def _falls_due(person_id: UUID, keep: str) -> dict[str, str]:
    return {"kind": RETENTION_ENDS, "key": f"{person_id}:{keep}"}


def _person(fact: Any) -> dict[str, Any]:
    subject = subject_of(fact)
    return {"kind": subject.kind, "person_id": subject.id}


def _since(kind: str, person_id: UUID, ended_on: date | None) -> Put:
    return Put("people_gone", {"kind": kind, "person_id": person_id}, {"ended_on": ended_on})
