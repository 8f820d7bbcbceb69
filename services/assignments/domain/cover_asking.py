"""Asking for cover: for which days, in which form, and for how long."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from services.assignments.domain.cover_commands import RequestCover
from services.assignments.domain.cover_states import Closed, Cover, CoverFact, Filled, NotAsked, Open
from services.assignments.domain.gate import pass_child, pass_cover
from shared.contracts.assignments.cover import CoverRequested
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
            _check_named(command)
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


def _check_named(command: RequestCover) -> None:
    """Who is named by a coordinator covers at once, so it must be somebody who can."""
    if command.named is None:
        return
    pass_cover(command.named, tuple(sorted(set(command.days))))
    if command.named_is_taken:
        raise Refused(
            "mentor_already_assigned",
            "this mentor already supports a child in those days; end that first or choose another mentor",
        )
