"""The best assignment of mentors to children of a whole region: as many children as can be, then the most points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assignments.domain.matching import Candidate, Wanted, barred, points

LEAST = 40
"""Points under which a mentor is not proposed: a poor match is worse than a week's wait. A policy value."""


@dataclass(frozen=True, slots=True)
class Match:
    """A mentor proposed for a child, with the points of each criterion in the order of WEIGHTS.

    `better` says how many mentors would have fitted this child better, but serve more by going to another.
    """

    child_id: UUID
    mentor_id: UUID
    points: tuple[int, ...]
    better: int

    @property
    def total(self) -> int:
        return sum(self.points)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A child for whom nobody is proposed, and why."""

    child_id: UUID
    reason: str


def optimal(
    wanted: Sequence[Wanted], candidates: Sequence[Candidate], on: date, least: int = LEAST
) -> tuple[list[Match], list[Unmatched]]:
    """Solve the assignment problem. The same children and mentors give the same answer, in whatever order they come.

    A pair under `least` points is never proposed; every pair that is raises the number of children served before
    it raises anybody's points.
    """
    # Half of the start of a service, and 60 MB of it, would be for what is asked for now and then.
    import numpy
    from scipy.optimize import linear_sum_assignment

    children = sorted(wanted, key=lambda one: one.child_id)
    mentors = sorted((one for one in candidates if not barred(one, on)), key=lambda one: one.mentor_id)
    if not children or not mentors:
        why = "nobody is free and fit to be with a child"
        return [], [Unmatched(child.child_id, why) for child in children]
    totals = numpy.array(
        [[sum(points(child, one)) for one in mentors] for child in children], dtype=numpy.int64
    )
    # One more child served outweighs all points that could be lost elsewhere.
    served = 100 * (min(totals.shape) + 1)
    worth = numpy.where(totals >= least, totals + served, 0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    matches, taken = [], set()
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if worth[row, column]:
            better = int((totals[row] > totals[row, column]).sum())
            matches.append(
                Match(
                    children[row].child_id,
                    mentors[column].mentor_id,
                    points(children[row], mentors[column]),
                    better,
                )
            )
            taken.add(row)
    left = [
        Unmatched(child.child_id, _why_not(totals[row].max(), least))
        for row, child in enumerate(children)
        if row not in taken
    ]
    return matches, left


def _why_not(best: int, least: int) -> str:
    if best < least:
        return f"the best free mentor fits with {best} points; at least {least} are needed"
    return "every mentor who fits serves another child better"
