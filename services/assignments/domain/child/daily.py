"""What changes from day to day: who the child is to a mentor, and when the child is not at school."""

from collections.abc import Sequence
from datetime import timedelta

from services.assignments.domain.child.commands import ReportAbsence, UpdateProfile
from services.assignments.domain.child.refusing import not_supported
from services.assignments.domain.child.states import Child, ChildFact, Exited, Supported
from shared.contracts.assignments.child import ChildAbsenceReported, ChildProfileUpdated
from shared.kernel.decider import Refused

LONGEST_ABSENCE = timedelta(days=366)


def update_profile(state: Child, command: UpdateProfile) -> Sequence[ChildFact]:
    if not isinstance(state, Supported):
        raise not_supported(state)
    for named in (command.needs, command.languages):
        if len(set(named)) < len(named):
            raise Refused("invalid_profile", "a need or a language is named twice; name each once")
    profile = ChildProfileUpdated(
        child_id=state.child_id,
        needs=command.needs,
        curriculum_level=command.curriculum_level,
        languages=command.languages,
        updated_on=command.on,
    )
    if state.profile and profile == state.profile.model_copy(update={"updated_on": command.on}):
        return ()
    return (profile,)


def report_absence(state: Child, command: ReportAbsence) -> Sequence[ChildFact]:
    if isinstance(state, Exited) and command.absent_from < state.exited.exited_on:
        state = state.before  # the child is to leave, and is still here on that day
    if not isinstance(state, Supported):
        raise not_supported(state)
    if not timedelta(0) < command.absent_until - command.absent_from <= LONGEST_ABSENCE:
        raise Refused(
            "invalid_absence",
            "the first day back comes after the first day of absence, within a year; check both",
        )
    absence = ChildAbsenceReported(
        child_id=state.child_id,
        school_id=state.school_id,
        absent_from=command.absent_from,
        absent_until=command.absent_until,
        reason=command.reason,
        reported_at=command.at,
    )
    known = next((one for one in reversed(state.absences) if _overlap(one, absence)), None)
    if known is not None and known == absence.model_copy(update={"reported_at": known.reported_at}):
        return ()
    return (absence,)


def _overlap(one: ChildAbsenceReported, other: ChildAbsenceReported) -> bool:
    return one.absent_from < other.absent_until and other.absent_from < one.absent_until
