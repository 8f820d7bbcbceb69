"""How well a mentor fits a child: the hard conditions first, then points, each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Literal, TypeAlias
from uuid import UUID

from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.words.support import Area, CurriculumLevel, Need

Criterion: TypeAlias = Literal[
    "areas", "curriculum", "experience", "language", "distance", "workload", "continuity"
]
WEIGHTS: Mapping[Criterion, int] = {
    "areas": 30,
    "curriculum": 15,
    "experience": 20,
    "language": 10,
    "distance": 10,
    "workload": 5,
    "continuity": 10,
}
"""Most points of each criterion; together 100. The agency's policy, in one place."""

LEVELS: Sequence[CurriculumLevel] = (
    "early_years",
    "key_stage_1",
    "key_stage_2",
    "key_stage_3",
    "key_stage_4",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a child needs of a mentor. Unknown things (None or empty) are not held against anybody."""

    child_id: UUID
    minutes_per_week: int
    areas: frozenset[Area]
    needs: frozenset[Need] = frozenset()
    curriculum_level: CurriculumLevel | None = None
    languages: frozenset[str] = frozenset()
    town: str | None = None
    postcode_district: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a mentor: employment, evidence, profile, and what they did for whom.

    `covered` counts the days on which the mentor covered each child before; `supported` are the children whose
    own mentor they were.
    """

    mentor_id: UUID
    engaged_on: date | None
    left_on: date | None = None
    on_leave: bool = False
    supports_now: bool = False
    offered_now: bool = False
    evidence: tuple[Evidence, ...] = ()
    minutes_per_week: int | None = None
    areas: frozenset[Area] = frozenset()
    curriculum_levels: frozenset[CurriculumLevel] = frozenset()
    experience: frozenset[Need] = frozenset()
    languages: frozenset[str] = frozenset()
    town: str | None = None
    postcode_district: str | None = None
    covered: Mapping[UUID, int] = field(default_factory=dict)
    supported: frozenset[UUID] = frozenset()


def barred(candidate: Candidate, on: date) -> tuple[str, ...]:
    """Every reason for which this mentor can't be proposed at all on that day; nothing when they can."""
    found = []
    if candidate.engaged_on is None or on < candidate.engaged_on:
        found.append(
            "not engaged yet" if candidate.engaged_on is None else f"engaged from {candidate.engaged_on}"
        )
    if candidate.left_on is not None and on >= candidate.left_on:
        found.append(f"left on {candidate.left_on}")
    if candidate.on_leave:
        found.append("on leave")
    if candidate.supports_now:
        found.append("supports a child already")
    if candidate.offered_now:
        found.append("is proposed to a child already")
    found += [str(lacking) for lacking in shortfalls(candidate.evidence, on)]
    return tuple(found)


def points(wanted: Wanted, candidate: Candidate) -> tuple[int, ...]:
    """The points of every criterion, in the order of WEIGHTS. Only whole points: the same on every machine."""
    return (
        _share("areas", wanted.areas, candidate.areas),
        _curriculum(wanted, candidate),
        _share("experience", wanted.needs, candidate.experience),
        _share("language", wanted.languages, candidate.languages),
        _distance(wanted, candidate),
        _workload(wanted, candidate),
        _continuity(wanted, candidate),
    )


def ranked(wanted: Wanted, candidates: Iterable[Candidate], on: date) -> list[tuple[int, Candidate]]:
    """Who may be proposed, the best first, with the total; of equals always the same one first."""
    found = [(sum(points(wanted, one)), one) for one in candidates if not barred(one, on)]
    return sorted(found, key=lambda pair: (-pair[0], pair[1].mentor_id))


def _share(criterion: Criterion, sought: frozenset[str], offered: frozenset[str]) -> int:
    if not sought:
        return WEIGHTS[criterion]
    return WEIGHTS[criterion] * len(sought & offered) // len(sought)


def _curriculum(wanted: Wanted, candidate: Candidate) -> int:
    """All points for the child's own level, half for a neighbouring one."""
    most = WEIGHTS["curriculum"]
    if wanted.curriculum_level is None or wanted.curriculum_level in candidate.curriculum_levels:
        return most
    at = LEVELS.index(wanted.curriculum_level)
    beside = {level for place, level in enumerate(LEVELS) if abs(place - at) == 1}
    return most // 2 if beside & candidate.curriculum_levels else 0


def _distance(wanted: Wanted, candidate: Candidate) -> int:
    """By what an agency may keep of a mentor's home: the district, else its postcode area, else the town."""
    most = WEIGHTS["distance"]
    theirs, ours = wanted.postcode_district, candidate.postcode_district
    if theirs and ours and theirs == ours:
        return most
    if theirs and ours and _area(theirs) == _area(ours):
        return most * 6 // 10
    if wanted.town and candidate.town and wanted.town.casefold() == candidate.town.casefold():
        return most * 6 // 10
    return 0 if ours or candidate.town else most * 3 // 10


def _area(district: str) -> str:
    """`EV1` -> `EV`: the letters before the first digit are the postcode area."""
    return "".join(takewhile(str.isalpha, district.upper()))


def _workload(wanted: Wanted, candidate: Candidate) -> int:
    if candidate.minutes_per_week is None:
        return WEIGHTS["workload"] // 2
    if not wanted.minutes_per_week:
        return WEIGHTS["workload"]
    return (
        WEIGHTS["workload"]
        * min(candidate.minutes_per_week, wanted.minutes_per_week)
        // wanted.minutes_per_week
    )


def _continuity(wanted: Wanted, candidate: Candidate) -> int:
    """The child's own mentor of before has all points; who covered has half for a first day, all for ten."""
    most = WEIGHTS["continuity"]
    if wanted.child_id in candidate.supported:
        return most
    days = min(candidate.covered.get(wanted.child_id, 0), 10)
    return most // 2 + (most - most // 2) * days // 10 if days else 0
