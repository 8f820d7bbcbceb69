"""Answers to a search for cover: yes to all of the days or to some, or no."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.assignments.domain.cover_commands import AcceptCover, DeclineCover
from services.assignments.domain.cover_states import Closed, Cover, CoverFact, Filled, NotAsked, Open, Search
from services.assignments.domain.gate import pass_cover
from shared.contracts.assignments.cover import CoverAccepted, CoverDeclined, CoverPartiallyAccepted
from shared.kernel.decider import Refused


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
