"""Employment: applied, engaged, on leave, back, gone."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from services.assignments.domain.mentor_commands import Apply, EngageMentor, GoOnLeave
from services.assignments.domain.mentor_states import (
    Applicant,
    Engaged,
    Left,
    Mentor,
    MentorFact,
    OnLeave,
    Unknown,
)
from shared.contracts.assignments.mentor import (
    MentorApplied,
    MentorEngaged,
    MentorLeft,
    MentorReturned,
    MentorWentOnLeave,
)
from shared.kernel.decider import Refused


def apply(state: Mentor, command: Apply) -> Sequence[MentorFact]:
    """Take in an application."""
    applied = MentorApplied(
        mentor_id=command.mentor_id, name=command.name, email=command.email, applied_on=command.on
    )
    match state:
        case Unknown():
            return (applied,)
        case Applicant(known) if known == applied:
            return ()
        case Applicant():
            raise Refused("mentor_already_applied", "this application was received before; engage the mentor")
        case Engaged() | OnLeave() | Left():
            raise Refused("mentor_already_engaged", "this mentor was engaged before; apply with a new id")
        case _:
            assert_never(state)


def engage(state: Mentor, command: EngageMentor) -> Sequence[MentorFact]:
    """Who applied, or nobody knew, works for the agency from a day on."""
    engaged = MentorEngaged(
        mentor_id=command.mentor_id, name=command.name, email=command.email, engaged_on=command.on
    )
    match state:
        case Applicant(applied) if command.on < applied.applied_on:
            raise Refused(
                "invalid_engaged_on", f"applied on {applied.applied_on}; engage from that day or later"
            )
        case Unknown() | Applicant():
            return (engaged,)
        case Engaged(known) | OnLeave(known) | Left(known):
            if known == engaged:
                return ()
            raise Refused("mentor_already_engaged", "this mentor was engaged before; engage with a new id")
        case _:
            assert_never(state)


def go_on_leave(state: Mentor, command: GoOnLeave) -> Sequence[MentorFact]:
    """Away for longer, and still employed."""
    match state:
        case Engaged(engaged, _, returned):
            earliest = max(engaged.engaged_on, returned[1] if returned else date.min)
            if command.leave_from < earliest:
                raise Refused("invalid_leave_from", f"leave can begin on {earliest} or later; give that day")
            return (_leave(engaged, command),)
        case OnLeave(engaged, _, leave):
            if leave == _leave(engaged, command):
                return ()
            raise Refused(
                "mentor_on_leave", f"on leave from {leave.leave_from} already; record the return first"
            )
        case _:
            raise _not_employed(state)


def _leave(engaged: MentorEngaged, command: GoOnLeave) -> MentorWentOnLeave:
    if command.expected_back_on is not None and command.expected_back_on <= command.leave_from:
        raise Refused("invalid_expected_back_on", "leave has at least one day; give a day after it begins")
    return MentorWentOnLeave(
        mentor_id=engaged.mentor_id,
        leave_from=command.leave_from,
        expected_back_on=command.expected_back_on,
        kind=command.kind,
    )


def come_back(state: Mentor, returned_on: date) -> Sequence[MentorFact]:
    """Back from leave."""
    match state:
        case OnLeave(engaged, _, leave):
            if returned_on < leave.leave_from:
                raise Refused(
                    "invalid_returned_on",
                    f"on leave from {leave.leave_from}; give that day (to undo it) or a later one",
                )
            return (
                MentorReturned(
                    mentor_id=engaged.mentor_id, leave_from=leave.leave_from, returned_on=returned_on
                ),
            )
        case Engaged(_, _, (_, known)) if known == returned_on:
            return ()
        case Engaged():
            raise Refused("mentor_not_on_leave", "this mentor is not on leave; nothing is to be recorded")
        case _:
            raise _not_employed(state)


def let_go(state: Mentor, left_on: date) -> Sequence[MentorFact]:
    """No longer employed from a day on, that may lie ahead."""
    match state:
        case Engaged(engaged) | OnLeave(engaged):
            if left_on < engaged.engaged_on:
                raise Refused(
                    "invalid_left_on", f"engaged on {engaged.engaged_on}, so can't have left on {left_on}"
                )
            return (MentorLeft(mentor_id=engaged.mentor_id, left_on=left_on),)
        case Left(_, _, known_left_on) if left_on == known_left_on:
            return ()
        case _:
            raise _not_employed(state)


def _not_employed(state: Mentor) -> Refused:
    match state:
        case Left(_, _, left_on):
            return Refused("mentor_already_left", f"this mentor left on {left_on}")
        case Applicant():
            return Refused("mentor_not_engaged", "this mentor has only applied; engage them first")
        case _:
            return Refused("mentor_not_engaged", "this mentor was never engaged; check the id")
