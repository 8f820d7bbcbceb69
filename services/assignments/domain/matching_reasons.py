"""Why a mentor got the points they got for a child, criterion by criterion, in words for a coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.assignments.domain.matching import LEVELS, WEIGHTS, Candidate, Criterion, Wanted, points


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one criterion out of the most there are, and why."""

    criterion: Criterion
    points: int
    most: int
    reason: str


def scores(wanted: Wanted, candidate: Candidate) -> tuple[Score, ...]:
    """The points of every criterion, each with its reason."""
    found = zip(WEIGHTS, points(wanted, candidate), strict=True)
    return tuple(
        Score(criterion, got, WEIGHTS[criterion], _reason(criterion, wanted, candidate))
        for criterion, got in found
    )


def _reason(criterion: Criterion, wanted: Wanted, candidate: Candidate) -> str:
    match criterion:
        case "areas":
            return _told("trained in", wanted.areas, candidate.areas, "no area is specified for the child")
        case "curriculum":
            return _curriculum_told(wanted, candidate)
        case "experience":
            return _told(
                "has experience with", wanted.needs, candidate.experience, "no need of the child is on record"
            )
        case "language":
            return _told("speaks", wanted.languages, candidate.languages, "no language is asked for")
        case "distance":
            return _distance_told(wanted, candidate)
        case "workload":
            return _workload_told(wanted, candidate)
        case "continuity":
            return _continuity_told(wanted, candidate)


def _told(verb: str, sought: frozenset[str], offered: frozenset[str], nothing: str) -> str:
    if not sought:
        return nothing
    has, lacks = sorted(sought & offered), sorted(sought - offered)
    said = [f"{verb} {_listed(has)}"] if has else []
    return "; ".join([*said, *([f"not {_listed(lacks)}"] if lacks else [])])


def _listed(words: Sequence[str]) -> str:
    return ", ".join(word.replace("_", " ") for word in words)


def _curriculum_told(wanted: Wanted, candidate: Candidate) -> str:
    if wanted.curriculum_level is None:
        return "the child's level is not on record"
    level = wanted.curriculum_level.replace("_", " ")
    if wanted.curriculum_level in candidate.curriculum_levels:
        return f"teaches English and Maths of {level}"
    known = [one for one in LEVELS if one in candidate.curriculum_levels]
    return f"{level} is asked for; the mentor's levels: {_listed(known) or 'none on record'}"


def _distance_told(wanted: Wanted, candidate: Candidate) -> str:
    if not candidate.postcode_district and not candidate.town:
        return "where the mentor comes from is not on record"
    home = candidate.postcode_district or candidate.town
    school = wanted.postcode_district or wanted.town or "an unknown place"
    return f"the mentor comes from {home}, the school is in {school}"


def _workload_told(wanted: Wanted, candidate: Candidate) -> str:
    if candidate.minutes_per_week is None:
        return "the mentor's hours are not on record"
    return f"can give {candidate.minutes_per_week} of {wanted.minutes_per_week} minutes a week"


def _continuity_told(wanted: Wanted, candidate: Candidate) -> str:
    if wanted.child_id in candidate.supported:
        return "was this child's own mentor before"
    days = candidate.covered.get(wanted.child_id, 0)
    return f"covered this child on {days} days" if days else "has not been with this child before"
