"""Every fact in, byte for byte; and by the contracts' own markers, whom it concerns."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

import msgspec

from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.fact import find_contract
from shared.kernel.envelope import Envelope
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def ledger(position: int, envelope: Envelope, state: bytes, signature: str = "") -> Iterator[Row]:
    """The fact as it was published, and a row for everybody it concerns; unknown types are kept as well."""
    place = {"source": envelope.service, "position": position}
    yield Put(
        "facts",
        place,
        {
            "id": envelope.id,
            "type": envelope.type,
            "aggregate": envelope.subject.rsplit("/", 1)[0],
            "stream": envelope.stream,
            "version": envelope.streamversion,
            "recorded_at": envelope.time,
            "correlation_id": envelope.correlationid,
            "causation_id": envelope.causationid,
            "actor": envelope.actor,
            "sha256": sha256(state).hexdigest(),
            "body": state,
            "signature": signature or "-",
        },
    )
    found = concerned(envelope)
    about = {"recorded_at": envelope.time, "about_child": any(kind == "child" for kind, _ in found)}
    for kind, subject_id in found:
        yield Put("concerns", {"kind": kind, "subject_id": subject_id, **place}, about)


def concerned(envelope: Envelope) -> frozenset[tuple[str, UUID]]:
    """Whom a fact is about: its own aggregate, and every id that its contract marks with Concerns.

    Whatever the data holds, this answers: the ledger keeps bytes, it does not judge them. Who was shown a record
    is kept apart from what happened to it: under `child_viewed` and not under `child`. So is what few may know
    of: under `child_restricted`, so that no timeline tells of it.
    """
    found = {(envelope.subject.rsplit("/", 1)[0], envelope.stream)}
    contract = find_contract(envelope.type)
    data = msgspec.json.decode(envelope.data) if contract and contract.concerns else None
    if contract is None or not isinstance(data, dict):
        return frozenset(found)
    for name, told in contract.concerns.items():
        apart = "_viewed" if contract.aggregate == "view" else "_restricted" if contract.restricted else ""
        kind = f"{told}{apart}"
        value = data.get(name)
        for subject_id in value if isinstance(value, list) else [value]:
            try:
                found.add((kind, _id(subject_id)))
            except (TypeError, ValueError, AttributeError):
                continue
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _id(text: str) -> UUID:
    """The same people are in fact after fact."""
    return UUID(text)


def supports(recorded: Recorded[MentorAssigned | AssignmentEnded]) -> Iterator[Row]:
    """Who supported which child, with both times: since when by the calendar, and since when on record."""
    match recorded.fact:
        case MentorAssigned() as begun:
            yield Put(
                "supports",
                {"assignment_id": begun.assignment_id},
                {
                    "child_id": begun.child_id,
                    "mentor_id": begun.mentor_id,
                    "recorded_at": recorded.recorded_at,
                    "since": min(recorded.recorded_at, _midnight(begun.effective_from)),
                },
            )
        case AssignmentEnded() as ended:
            yield Put(
                "supports",
                {"assignment_id": ended.assignment_id},
                {
                    "child_id": ended.child_id,
                    "mentor_id": ended.mentor_id,
                    "until": max(recorded.recorded_at, _midnight(ended.ended_on)),
                },
            )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
