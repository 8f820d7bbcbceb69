"""One person's record as the records office sees it: holds on it, and what of it is erased, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from services.audit.records.domain.commands import Subject
from shared.contracts.audit.erasure import (
    ErasureApproved,
    ErasureDecided,
    ErasureOrdered,
    ErasureRefused,
    ErasureRequested,
    KeysDestroyed,
    RetentionEnded,
)
from shared.contracts.audit.hold import LegalHoldLifted, LegalHoldPlaced
from shared.contracts.audit.person import OfPerson
from shared.contracts.words.privacy import RetentionClass

RecordFact: TypeAlias = (
    LegalHoldPlaced
    | LegalHoldLifted
    | ErasureRequested
    | ErasureDecided
    | ErasureRefused
    | ErasureApproved
    | ErasureOrdered
    | KeysDestroyed
    | RetentionEnded
)

APPROVALS = 2
"""People who have to agree, besides whoever asked."""


@dataclass(frozen=True, slots=True)
class Case:
    """The request that is open: asked, perhaps decided, perhaps approved by one."""

    requested: ErasureRequested
    decided: ErasureDecided | None = None
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A part that an approved decision keeps until a day; `ended` when that day has come under a hold."""

    case: Case
    until: date
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """`holds` that stand, the open `case`, what is `kept` until a day, every order and which are carried out.

    `closed` are the cases that came to an end, approved or refused.
    """

    subject: Subject | None = None
    holds: Mapping[UUID, LegalHoldPlaced] = field(default_factory=lambda: MappingProxyType({}))
    case: Case | None = None
    closed: Mapping[UUID, Case] = field(default_factory=lambda: MappingProxyType({}))
    kept: Mapping[RetentionClass, Kept] = field(default_factory=lambda: MappingProxyType({}))
    ordered: Mapping[UUID, ErasureOrdered] = field(default_factory=lambda: MappingProxyType({}))
    destroyed: frozenset[UUID] = frozenset()
    lifted: frozenset[UUID] = frozenset()

    @property
    def erased(self) -> frozenset[RetentionClass]:
        """The parts whose end is ordered."""
        return frozenset(keep for order in self.ordered.values() for keep in order.classes)

    @property
    def held(self) -> frozenset[RetentionClass]:
        """The parts that a hold covers."""
        return frozenset(keep for hold in self.holds.values() for keep in hold.classes)


def subject_of(fact: OfPerson) -> Subject:
    """Whose record a fact is about."""
    if fact.child_id:
        return Subject("child", fact.child_id)
    if fact.mentor_id:
        return Subject("mentor", fact.mentor_id)
    assert fact.recipient_id
    return Subject("recipient", fact.recipient_id)


def named(state: Record) -> dict[str, Any]:
    """The person as a fact names them."""
    assert state.subject
    return {**state.subject.named}


def evolve(state: Record, fact: RecordFact) -> Record:
    state = replace(state, subject=state.subject or subject_of(fact))
    match fact:
        case LegalHoldPlaced():
            return replace(state, holds={**state.holds, fact.hold_id: fact})
        case LegalHoldLifted():
            left = {key: hold for key, hold in state.holds.items() if key != fact.hold_id}
            return replace(state, holds=left, lifted=state.lifted | {fact.hold_id})
        case RetentionEnded():
            ended = replace(state.kept[fact.keep], ended=True)
            return replace(state, kept={**state.kept, fact.keep: ended})
        case ErasureOrdered():
            left_kept = {keep: kept for keep, kept in state.kept.items() if keep not in fact.classes}
            return replace(state, kept=left_kept, ordered={**state.ordered, fact.erasure_id: fact})
        case KeysDestroyed():
            return replace(state, destroyed=state.destroyed | {fact.erasure_id})
        case ErasureRequested():
            return replace(state, case=Case(fact))
        case ErasureRefused():
            assert state.case
            return replace(state, case=None, closed={**state.closed, fact.erasure_id: state.case})
        case ErasureDecided():
            assert state.case
            return replace(state, case=Case(state.case.requested, fact))
        case ErasureApproved():
            return _approved(state, fact)


def _approved(state: Record, fact: ErasureApproved) -> Record:
    """The last approval closes the case: what is to be kept is kept until its day."""
    assert state.case
    assert state.case.decided
    case = replace(state.case, approved_by=(*state.case.approved_by, fact.approved_by))
    if len(case.approved_by) < APPROVALS:
        return replace(state, case=case)
    kept = {
        one.keep: Kept(case, one.until)
        for one in state.case.decided.decisions
        if one.outcome == "retain" and one.until
    }
    closed = {**state.closed, fact.erasure_id: case}
    return replace(state, case=None, closed=closed, kept={**state.kept, **kept})
