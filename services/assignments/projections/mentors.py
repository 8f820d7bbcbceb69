"""Who works for the agency."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.mentor import MentorFact
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def mentors(recorded: Recorded[MentorFact]) -> Iterator[Row]:
    """Who works for the agency, and who did."""
    fact = recorded.fact
    key = {"mentor_id": fact.mentor_id}
    match fact:
        case MentorEngaged():
            yield Put("mentors", key, {"name": fact.name, "email": fact.email, "engaged_on": fact.engaged_on})
        case MentorLeft():
            yield Put("mentors", key, {"left_on": fact.left_on})
        case _:
            assert_never(fact)


MENTORS = Projection("mentors", (MentorEngaged, MentorLeft), ("mentors",), mentors)
