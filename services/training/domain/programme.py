"""What a role has to be trained in: one programme for each role, set anew from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from services.training.domain.course import wrong_months
from shared.contracts.eligibility import TRACKS
from shared.contracts.training.programme import ProgrammeSet, Requirement
from shared.contracts.words.training import ProgrammeRole
from shared.kernel.decider import Decider, Refused

_PROGRAMMES = UUID("0a4be1a5-2a4d-5c1f-9c5e-6f5d9f1c7a21")
LONGEST_WINDOW = 180
LONGEST_TO_COMPLETE = 365


def programme_of(role: ProgrammeRole) -> UUID:
    """The stream of a role's programme: there is exactly one."""
    return uuid5(_PROGRAMMES, role)


@dataclass(frozen=True, slots=True)
class SetProgramme:
    """From this day on the role needs these tracks."""

    role: ProgrammeRole
    requirements: tuple[Requirement, ...]
    effective_from: date
    on: date


Programme = Mapping[date, ProgrammeSet]
"""What was set, by the first day of it."""


def decide(state: Programme, command: SetProgramme) -> Sequence[ProgrammeSet]:
    chosen = ProgrammeSet(
        programme_id=programme_of(command.role),
        role=command.role,
        requirements=command.requirements,
        effective_from=command.effective_from,
    )
    if state.get(command.effective_from) == chosen:
        return ()
    if command.effective_from < command.on:
        message = "A programme changes from today on, never in the past; choose today or a later day."
        raise Refused("invalid_effective_from", message)
    _check(command)
    return (chosen,)


def evolve(state: Programme, fact: ProgrammeSet) -> Programme:
    return {**state, fact.effective_from: fact}


programme: Decider[Programme, SetProgramme] = Decider("programme", {}, decide, evolve)


def in_force(programmes: Iterable[ProgrammeSet], on: date) -> ProgrammeSet | None:
    """The one that holds on that day: the last to begin."""
    begun = [found for found in programmes if found.effective_from <= on]
    return max(begun, key=lambda found: found.effective_from, default=None)


def _check(command: SetProgramme) -> None:
    tracks = [requirement.track for requirement in command.requirements]
    if len(set(tracks)) < len(tracks) or not tracks:
        raise Refused("invalid_requirements", "Name at least one track, and each only once.")
    left_out = [track for track in TRACKS if track not in tracks]
    if command.role == "learning_mentor" and left_out:
        raise Refused(
            "invalid_requirements",
            f"A learning mentor is never without {', '.join(left_out)}; keep every track in the programme.",
        )
    for requirement in command.requirements:
        _check_requirement(requirement)


def _check_requirement(found: Requirement) -> None:
    if wrong := wrong_months(found.track, found.valid_months):
        raise Refused("invalid_valid_months", wrong)
    if not 1 <= found.window_days <= LONGEST_WINDOW:
        raise Refused("invalid_window_days", f"{found.track}: a window has 1 to {LONGEST_WINDOW} days.")
    if not 0 <= found.renew_before_days <= found.window_days:
        message = f"{found.track}: the day to renew by lies within the window; give 0 to {found.window_days}."
        raise Refused("invalid_renew_before_days", message)
    if not 1 <= found.complete_within_days <= LONGEST_TO_COMPLETE:
        message = f"{found.track}: give 1 to {LONGEST_TO_COMPLETE} days to complete it."
        raise Refused("invalid_complete_within_days", message)
