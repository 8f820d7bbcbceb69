"""Cover is looked for when a primary is away, and no more when nobody is needed or nobody was found in time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import EndAssignment
from services.assignments.domain.cover import cover
from services.assignments.domain.cover_asking import until_last_call
from services.assignments.domain.cover_commands import CancelCover, ExpireCover, GiveBack, RequestCover
from services.assignments.domain.gate import ChildStanding
from services.assignments.policies.absence import Loss, NoNeed, given_back_because
from shared.contracts.words.mentoring import CoverCancelReason, CoverReason
from shared.kernel.projection import DueRow, Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class StoodInFor:
    """A child whose primary is away on these days, for which nobody is looked for yet."""

    assignment_id: UUID
    child: ChildStanding
    child_slot: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """What a mentor's being away needs: cover for their own child, and days they had agreed to cover given back."""

    mentor_id: UUID
    reason: CoverReason
    to_cover: Sequence[StoodInFor]
    to_give_back: Mapping[UUID, tuple[date, ...]]


@dataclass(frozen=True, slots=True)
class Needless:
    """The days of cover that are not needed any more, by search, and why; `taken_too`: also those agreed to."""

    because: CoverCancelReason
    taken_too: bool
    days: Mapping[UUID, tuple[date, ...]]


def open_cover(recorded: Recorded[Loss], away: Away | None) -> Iterator[Issue]:
    """A child whose own mentor is away needs somebody: whoever may is asked."""
    if away is None:
        return
    at = recorded.recorded_at
    for cover_id, days in away.to_give_back.items():
        because = given_back_because(away.reason)
        yield Issue(cover, cover_id, GiveBack(away.mentor_id, days, because, at))
    for child in away.to_cover:
        cover_id = uuid5(recorded.id, str(child.assignment_id))
        yield Issue(
            cover,
            cover_id,
            RequestCover(
                cover_id=cover_id,
                child=child.child,
                assignment_id=child.assignment_id,
                absent_mentor_id=away.mentor_id,
                form="broadcast",
                asked=(),
                days=child.days,
                reason=away.reason,
                expires_at=until_last_call(child.days, at),
                at=at,
                child_slot=child.child_slot,
            ),
        )


def cancel_cover(recorded: Recorded[NoNeed], needless: Needless | None) -> Iterator[Issue]:
    """The mentor is back, a primary begins, the child is away or gone: nobody is looked for any more."""
    if needless is None:
        return
    for cover_id, days in needless.days.items():
        command = CancelCover(needless.because, days, needless.taken_too, recorded.recorded_at)
        yield Issue(cover, cover_id, command)


def expire_cover(row: DueRow) -> Issue:
    """Nobody took the days in time."""
    return Issue(cover, UUID(row.key), ExpireCover(row.due_at))


def end_covered(row: DueRow) -> Issue:
    """The last day of a cover is over."""
    ended_on = date.fromisoformat(row.payload["ended_on"])
    return Issue(assignment, UUID(row.key), EndAssignment("cover_ended", ended_on))
