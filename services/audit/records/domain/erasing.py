"""Deciding about an erasure: what is asked, what outranks it, and who agrees."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.audit.records.domain.commands import (
    ApproveErasure,
    DecideErasure,
    RefuseErasure,
    RequestErasure,
)
from services.audit.records.domain.record import APPROVALS, Case, Record, RecordFact, named
from services.audit.records.domain.retention import kept_until
from shared.contracts.audit.erasure import (
    ClassDecision,
    ErasureApproved,
    ErasureDecided,
    ErasureOrdered,
    ErasureRefused,
    ErasureRequested,
)
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import RefusedBecause
from shared.kernel.decider import Refused


def request(state: Record, command: RequestErasure) -> Sequence[RecordFact]:
    if command.erasure_id in state.closed:
        return ()
    if state.case:
        if state.case.requested.erasure_id == command.erasure_id:
            return ()
        raise Refused(
            "erasure_open", "an erasure of this record is under way; decide or refuse that one first"
        )
    if not command.classes:
        raise Refused("invalid_classes", "name at least one part of the record")
    classes = tuple(keep for keep in dict.fromkeys(command.classes) if keep not in state.erased)
    if not classes:
        raise Refused("already_erased", "all that was named is erased, or its erasure is ordered")
    return (
        ErasureRequested(
            **command.subject.named,
            erasure_id=command.erasure_id,
            ground=command.ground,
            classes=classes,
            commitment=command.commitment,
            requested_by=command.by,
            requested_at=command.at,
        ),
    )


def decide_case(state: Record, command: DecideErasure) -> Sequence[RecordFact]:
    """By the rules alone: whoever decides adds no judgement, only what day it is and who is meant."""
    case = state.closed.get(command.erasure_id) or _open(state, command.erasure_id)
    ended_on = command.ended_on if command.ended_on and command.ended_on <= command.at.date() else None
    decided = ErasureDecided(
        **named(state),
        erasure_id=case.requested.erasure_id,
        decisions=tuple(_ruled(state, keep, ended_on, command.at.date()) for keep in case.requested.classes),
        recipient_ids=command.recipient_ids,
        ended_on=ended_on,
        decided_by=command.by,
        decided_at=command.at,
    )
    if case.decided and _same(case.decided, decided):
        return ()
    if case is not state.case:
        raise _closed()
    if all(one.outcome == "retain" and one.until is None for one in decided.decisions):
        return (decided, *_refused(state, case, "everything_is_kept", command.by, command.at))
    return (decided,)


def _ruled(state: Record, keep: RetentionClass, ended_on: date | None, today: date) -> ClassDecision:
    if keep in state.held:
        return ClassDecision(keep=keep, outcome="retain", why="legal_hold")
    if ended_on is None:
        return ClassDecision(keep=keep, outcome="retain", why="still_supported")
    until = kept_until(keep, ended_on)
    if until and today < until:
        return ClassDecision(keep=keep, outcome="retain", why="retention_period", until=until)
    return ClassDecision(keep=keep, outcome="erase")


def _same(one: ErasureDecided, other: ErasureDecided) -> bool:
    def gist(fact: ErasureDecided) -> object:
        return fact.decisions, fact.ended_on, frozenset(fact.recipient_ids)

    return gist(one) == gist(other)


def refuse(state: Record, command: RefuseErasure) -> Sequence[RecordFact]:
    before = state.closed.get(command.erasure_id)
    if before and len(before.approved_by) < APPROVALS:
        return ()
    case = _open(state, command.erasure_id)
    return _refused(state, case, command.why, command.by, command.at)


def _refused(state: Record, case: Case, why: RefusedBecause, by: str, at: datetime) -> tuple[ErasureRefused]:
    return (
        ErasureRefused(
            **named(state),
            erasure_id=case.requested.erasure_id,
            why=why,
            refused_by=by,
            refused_at=at,
        ),
    )


def approve(state: Record, command: ApproveErasure) -> Sequence[RecordFact]:
    before = state.closed.get(command.erasure_id)
    if before and any(_same_person(command.by, other) for other in before.approved_by):
        return ()
    case = _open(state, command.erasure_id)
    decided = case.decided
    if decided is None:
        raise Refused("not_decided", "nobody has decided the request yet; decide it first")
    if _same_person(command.by, case.requested.requested_by):
        raise Refused("own_request", "whoever asked for an erasure does not approve it; ask two others")
    if any(_same_person(command.by, other) for other in case.approved_by):
        return ()
    if decided.ended_on != command.ended_on:
        raise Refused("decision_outdated", "the person has come back or left since; decide again")
    erase = tuple(one.keep for one in decided.decisions if one.outcome == "erase")
    if state.held.intersection(erase):
        raise Refused("legal_hold_stands", "a legal hold was placed since; decide again, or have it lifted")
    approved = ErasureApproved(
        **named(state),
        erasure_id=decided.erasure_id,
        approved_by=command.by,
        approved_at=command.at,
    )
    if len(case.approved_by) + 1 < APPROVALS or not erase:
        return (approved,)
    ordered = ErasureOrdered(
        **named(state),
        erasure_id=decided.erasure_id,
        classes=erase,
        recipient_ids=decided.recipient_ids,
        services=command.services,
        commitment=case.requested.commitment,
        ordered_at=command.at,
    )
    return (approved, ordered)


def _open(state: Record, erasure_id: UUID) -> Case:
    if state.case is None or state.case.requested.erasure_id != erasure_id:
        raise _closed()
    return state.case


def _closed() -> Refused:
    return Refused("no_open_erasure", "nobody asked for this erasure, or it was approved or refused already")


def _same_person(one: str, other: str) -> bool:
    """Whoever acts as manager and as compliance is one person, not two."""
    return one.partition(":")[2] == other.partition(":")[2]
