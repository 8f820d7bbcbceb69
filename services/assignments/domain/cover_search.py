"""The end of a search for cover, or its beginning anew: given back, cancelled, given up."""

from collections.abc import Sequence

from services.assignments.domain.cover_asking import until_last_call
from services.assignments.domain.cover_commands import CancelCover, ExpireCover, GiveBack
from services.assignments.domain.cover_states import Cover, CoverFact, NotAsked, Open
from shared.contracts.assignments.cover import CoverCancelled, CoverExpired, CoverGivenBack
from shared.kernel.decider import Refused


def give_back(state: Cover, command: GiveBack) -> Sequence[CoverFact]:
    """Days a mentor had agreed to, and can't do after all, are looked for anew. Never refused."""
    if isinstance(state, NotAsked):
        return ()
    found = state.search
    theirs = {day for one in found.taken if one.mentor_id == command.mentor_id for day in one.days}
    days = tuple(sorted(theirs & set(command.days)))
    if not days:
        return ()
    return (
        CoverGivenBack(
            cover_id=found.requested.cover_id,
            child_id=found.requested.child_id,
            school_id=found.requested.school_id,
            mentor_id=command.mentor_id,
            days=days,
            days_left=tuple(sorted({*found.left, *days})),
            reason=command.reason,
            expires_at=until_last_call([*found.left, *days], command.at),
            given_back_at=command.at,
        ),
    )


def cancel(state: Cover, command: CancelCover) -> Sequence[CoverFact]:
    """Nobody is needed on these days; what nobody asked for, or was cancelled before, changes nothing."""
    if isinstance(state, NotAsked):
        raise Refused("cover_unknown", "there is no such search for cover; check the id")
    found = state.search
    taken = sorted(day for one in found.taken for day in one.days)
    open_gone = {*found.left, *found.given_up} & set(command.days)
    taken_gone = set(taken) & set(command.days) if command.taken_too else set()
    if not open_gone | taken_gone:
        return ()
    return (
        CoverCancelled(
            cover_id=found.requested.cover_id,
            child_id=found.requested.child_id,
            school_id=found.requested.school_id,
            days=tuple(sorted(open_gone | taken_gone)),
            days_left=tuple(day for day in found.left if day not in open_gone),
            days_kept=tuple(day for day in taken if day not in taken_gone),
            reason=command.reason,
            cancelled_at=command.at,
        ),
    )


def expire(state: Cover, command: ExpireCover) -> Sequence[CoverFact]:
    """The time is over; who was found stays."""
    if not isinstance(state, Open) or command.at < state.search.expires_at:
        return ()
    found = state.search
    return (
        CoverExpired(
            cover_id=found.requested.cover_id,
            child_id=found.requested.child_id,
            school_id=found.requested.school_id,
            days_left=found.left,
            expired_at=command.at,
        ),
    )
