"""A roster over HTTP: only who is supported one to one is taken over, and nothing twice."""

from tests.assignments.oneroster.rosters import small, taken, zipped
from tests.support.served import Served


async def test_only_who_is_alone_with_an_aide_is_taken_over(assignments: Served) -> None:
    report = await taken(assignments, zipped(small()))
    print(report)
    assert report["counts"] == {
        "children requested": 1,
        "mentors applied": 1,
        "schools registered": 1,
        "supports seen": 1,
        "supports undecided": 1,
    }
    assert await assignments.facts() == []
