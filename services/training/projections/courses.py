"""The courses there are, and the programmes that need them."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.training.course import CourseDrafted, CoursePublished, CourseRetired
from shared.contracts.training.programme import ProgrammeSet
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

CourseTold: TypeAlias = CourseDrafted | CoursePublished | CourseRetired


def courses(recorded: Recorded[CourseTold]) -> Iterator[Row]:
    """The courses there are, and what became of each."""
    fact = recorded.fact
    key = {"course_id": fact.course_id}
    match fact:
        case CourseDrafted():
            yield Put("courses", key, {**fact.model_dump(exclude={"course_id"}), "state": "draft"})
        case CoursePublished():
            yield Put("courses", key, {**fact.model_dump(exclude={"course_id"}), "state": "published"})
        case CourseRetired(retired_on=day):
            yield Put("courses", key, {"state": "retired", "retired_on": day})


def programmes(recorded: Recorded[ProgrammeSet]) -> Iterator[Row]:
    """What each role has to be trained in, from which day on."""
    chosen = recorded.fact
    needs = [requirement.model_dump(mode="json") for requirement in chosen.requirements]
    yield Put(
        "programmes",
        {"role": chosen.role, "effective_from": chosen.effective_from},
        {"requirements": needs, "set_at": recorded.recorded_at, "set_by": recorded.actor},
    )
