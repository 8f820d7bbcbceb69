"""When a mentor can be with a child, and what they bring: availability, absences, profile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from services.assignments.domain.mentor_commands import Profile, ReportAbsence, SetAvailability, UpdateProfile
from shared.contracts.assignments.mentor import (
    MentorAbsenceReported,
    MentorAvailabilitySet,
    MentorProfileUpdated,
)
from shared.kernel.decider import Refused

MOST_MINUTES_PER_WEEK = 48 * 60  # the working time directive's week
MOST_DAYS_ABSENT = 28  # what lasts longer is leave

Known: TypeAlias = MentorAvailabilitySet | MentorProfileUpdated | MentorAbsenceReported


@dataclass(frozen=True, slots=True)
class KnownOf:
    """What was said of a mentor, beside the employment."""

    available: tuple[MentorAvailabilitySet, ...] = ()
    profile: MentorProfileUpdated | None = None
    absences: tuple[MentorAbsenceReported, ...] = ()


def decide(
    mentor_id: UUID, known: KnownOf, command: SetAvailability | UpdateProfile | ReportAbsence
) -> Sequence[Known]:
    """What is new in it. Refused when nobody could work or be away like that."""
    match command:
        case SetAvailability():
            return _available(mentor_id, known, command)
        case UpdateProfile(profile, on):
            return _profile(mentor_id, known, profile, on)
        case ReportAbsence():
            return _absent(mentor_id, known, command)
        case _:
            assert_never(command)


def _available(mentor_id: UUID, known: KnownOf, command: SetAvailability) -> Sequence[Known]:
    if not 0 <= command.minutes_per_week <= MOST_MINUTES_PER_WEEK:
        raise Refused(
            "invalid_availability",
            f"{command.minutes_per_week} minutes a week can't be worked; give 0 to {MOST_MINUTES_PER_WEEK}",
        )
    if len(set(command.weekdays)) < len(command.weekdays):
        raise Refused("invalid_availability", "a weekday is named twice; name each once")
    if bool(command.minutes_per_week) != bool(command.weekdays):
        raise Refused(
            "invalid_availability", "minutes need weekdays and weekdays need minutes; give both or neither"
        )
    wanted = MentorAvailabilitySet(
        mentor_id=mentor_id,
        minutes_per_week=command.minutes_per_week,
        weekdays=command.weekdays,
        effective_from=command.effective_from,
    )
    last = [fact for fact in known.available if fact.effective_from == command.effective_from][-1:]
    return () if last == [wanted] else (wanted,)


def _profile(mentor_id: UUID, known: KnownOf, profile: Profile, on: date) -> Sequence[Known]:
    for named in (profile.areas, profile.curriculum_levels, profile.experience, profile.languages):
        if len(set(named)) < len(named):
            raise Refused("invalid_profile", "something is named twice; name each once")
    wanted = MentorProfileUpdated(
        mentor_id=mentor_id,
        areas=profile.areas,
        curriculum_levels=profile.curriculum_levels,
        experience=profile.experience,
        languages=profile.languages,
        town=profile.town,
        postcode_district=profile.postcode_district,
        updated_on=on,
    )
    last = known.profile
    if last is not None and last.model_copy(update={"updated_on": on}) == wanted:
        return ()
    return (wanted,)


def _absent(mentor_id: UUID, known: KnownOf, command: ReportAbsence) -> Sequence[Known]:
    days = (command.absent_until - command.absent_from).days
    if days < 1:
        raise Refused(
            "invalid_absence", "the first day back lies after the first day of absence; mend the days"
        )
    if days > MOST_DAYS_ABSENT:
        raise Refused("invalid_absence", f"{days} days are more than an absence; record leave instead")
    told = (command.absent_from, command.absent_until, command.reason)
    if told in ((fact.absent_from, fact.absent_until, fact.reason) for fact in known.absences):
        return ()
    return (
        MentorAbsenceReported(
            mentor_id=mentor_id,
            absent_from=command.absent_from,
            absent_until=command.absent_until,
            reason=command.reason,
            reported_at=command.at,
        ),
    )


def evolve(known: KnownOf, fact: Known) -> KnownOf:
    """With this fact taken in."""
    match fact:
        case MentorAvailabilitySet():
            return replace(known, available=(*known.available, fact))
        case MentorProfileUpdated():
            return replace(known, profile=fact)
        case MentorAbsenceReported():
            return replace(known, absences=(*known.absences, fact))
        case _:
            assert_never(fact)
