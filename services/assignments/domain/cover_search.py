"""Looking for cover: asked, taken in whole or in part, declined, given back, cancelled, given up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from services.assignments.domain.cover_commands import (
    AcceptCover,
    CancelCover,
    DeclineCover,
    ExpireCover,
    GiveBack,
    RequestCover,
)
from services.assignments.domain.cover_states import Closed, Cover, CoverFact, Filled, NotAsked, Open, Search
from services.assignments.domain.gate import pass_child, pass_cover
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.kernel.decider import Refused

MOST_DAYS = 60  # what lasts longer needs a new primary, with a handover
LAST_CALL = time(17, tzinfo=UTC)  # on the last day, schools have closed


def until_last_call(days: Sequence[date], at: datetime) -> datetime:
    """When a search is given up, unless somebody says otherwise: as the last day ends, and never at once."""
    return max(datetime.combine(max(days), LAST_CALL), at + timedelta(hours=2))


def request(state: Cover, command: RequestCover) -> Sequence[CoverFact]:
    """Ask one after the other, everybody, or the one a coordinator names."""
    match state:
        case NotAsked():
            school_id = pass_child(command.child)
            check_days(command.days, command.at)
            _check_asked(command)
            if command.expires_at <= command.at:
                raise Refused(
                    "invalid_expires_at", "the search would be over before it began; give a later time"
                )
            return (
                CoverRequested(
                    cover_id=command.cover_id,
                    assignment_id=command.assignment_id,
                    child_id=command.child.child_id,
                    school_id=school_id,
                    absent_mentor_id=command.absent_mentor_id,
                    form=command.form,
                    asked=command.asked,
                    days=tuple(sorted(set(command.days))),
                    reason=command.reason,
                    expires_at=command.expires_at,
                    requested_at=command.at,
                    child_slot=command.child_slot,
                ),
            )
        case Open(found) | Filled(found) | Closed(found):
            if (found.requested.child_id, set(found.requested.days)) == (
                command.child.child_id,
                set(command.days),
            ):
                return ()
            raise Refused("cover_already_requested", "this search is for other days; ask with a new id")


def check_days(days: Sequence[date], at: datetime) -> None:
    """Refuse days that nobody could cover."""
    if not days:
        raise Refused("invalid_days", "cover needs at least one day; name the days")
    if min(days) < at.date():
        raise Refused("invalid_days", f"{min(days)} is over; name days from {at.date()} on")
    if len(set(days)) > MOST_DAYS:
        raise Refused("invalid_days", f"cover is for {MOST_DAYS} days at most; find a new primary instead")


def _check_asked(command: RequestCover) -> None:
    asked = command.asked
    if command.form == "broadcast" and asked:
        raise Refused("invalid_asked", "a broadcast asks whoever may; name nobody, or ask individually")
    if command.form == "individual" and not asked:
        raise Refused("invalid_asked", "say who is to be asked, in which order")
    if command.form == "assigned" and len(asked) != 1:
        raise Refused("invalid_asked", "name the one mentor who covers")
    if len(set(asked)) < len(asked):
        raise Refused("invalid_asked", "a mentor is named twice; name each once")
    if command.absent_mentor_id in asked:
        raise Refused(
            "cover_by_absent_mentor", "the mentor who is away can't cover for themselves; ask others"
        )


def accept(state: Cover, command: AcceptCover) -> Sequence[CoverFact]:
    """Through the gate on each of the days; some days are as welcome as all."""
    mentor_id = command.mentor.mentor_id
    match state:
        case NotAsked():
            raise Refused("cover_unknown", "there is no such search for cover; check the id")
        case Open(found) | Filled(found) | Closed(found):
            theirs = {day for one in found.taken if one.mentor_id == mentor_id for day in one.days}
            coming = tuple(day for day in found.left if day >= command.at.date())
            if theirs and set(command.days) <= theirs and (command.days or not coming):
                return ()
            if not isinstance(state, Open) or command.at >= found.expires_at:
                raise Refused("cover_closed", "nobody is looked for any more; see who covers, or ask anew")
            _may_accept(found, command)
            days = tuple(sorted(set(command.days))) or coming
            gone = [day for day in days if day not in coming]
            if gone or not days:
                raise Refused(
                    "cover_day_gone",
                    f"{', '.join(map(str, gone)) or 'every day'} is taken or over; "
                    f"choose of {', '.join(map(str, found.left))}",
                )
            pass_cover(command.mentor, days)
            return (_accepted(found, command, days),)


def _accepted(found: Search, command: AcceptCover, days: tuple[date, ...]) -> CoverFact:
    who: dict[str, Any] = {
        "cover_id": found.requested.cover_id,
        "child_id": found.requested.child_id,
        "school_id": found.requested.school_id,
        "mentor_id": command.mentor.mentor_id,
        "days": days,
        "accepted_at": command.at,
        "mentor_slot": command.mentor_slot,
    }
    left = tuple(day for day in found.left if day not in days)
    return CoverPartiallyAccepted(**who, days_left=left) if left else CoverAccepted(**who)


def _may_accept(found: Search, command: AcceptCover) -> None:
    mentor_id, requested = command.mentor.mentor_id, found.requested
    if mentor_id == requested.absent_mentor_id:
        raise Refused(
            "cover_by_absent_mentor", "the mentor who is away can't cover for themselves; ask others"
        )
    if requested.form == "broadcast" or found.given_back:
        return
    if mentor_id not in requested.asked:
        raise Refused("cover_not_asked", "this mentor was not asked; ask them with a search of their own")
    has_part = any(one.mentor_id == mentor_id for one in found.taken)
    if requested.form == "individual" and mentor_id != found.asked_now and not has_part:
        raise Refused("cover_not_asked", "somebody else is asked first; wait for their answer")


def decline(state: Cover, command: DeclineCover) -> Sequence[CoverFact]:
    """No, thank you; of an individual search the next one is asked."""
    match state:
        case Open(found):
            if command.mentor_id in found.declined:
                return ()
            if found.requested.form != "broadcast" and command.mentor_id not in found.requested.asked:
                raise Refused("cover_not_asked", "this mentor was not asked, so nothing is to be declined")
            if any(one.mentor_id == command.mentor_id for one in found.taken):
                raise Refused("cover_taken", "this mentor agreed to days of it; give those back instead")
            following = replace(found, declined=found.declined | {command.mentor_id}).asked_now
            over = found.requested.form != "broadcast" and not (following or found.given_back or found.taken)
            return (
                CoverDeclined(
                    cover_id=found.requested.cover_id,
                    child_id=found.requested.child_id,
                    mentor_id=command.mentor_id,
                    next_asked=following,
                    days_given_up=found.left if over else (),
                    declined_at=command.at,
                ),
            )
        case Closed(found) if command.mentor_id in found.declined:
            return ()
        case NotAsked():
            raise Refused("cover_unknown", "there is no such search for cover; check the id")
        case _:
            raise Refused("cover_closed", "nobody is looked for any more; there is nothing to decline")


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
