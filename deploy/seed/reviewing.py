"""The provision of a child is looked at again and again."""

from datetime import date

from deploy.seed.history import Life
from deploy.seed.part import Part
from deploy.seed.people import Child
from deploy.seed.school_year import DAY, moment
from deploy.seed.words import SUMMARIES
from shared.contracts.assignments.child import (
    PlanReviewDue,
    ProvisionReviewed,
)


def reviews(part: Part, child: Child, due_on: date) -> Life:
    """The provision is looked at every twelve weeks, at times a little late."""
    chance, coordinator = part.chance, part.coordinator()
    while True:
        late = chance.of(0.3)
        held = due_on + DAY * (chance.between(1, 5) if late else -chance.between(1, 6))
        if late:
            yield moment(due_on, 30)
            if child.exited:
                return
            fact = PlanReviewDue(child_id=child.child_id, due_on=due_on)
            part.record(child.child_id, fact, "due:plan_review")
        yield part.working_hours(held)
        if child.exited:
            return
        due_on = part.today + DAY * 84
        reviewed = ProvisionReviewed(
            child_id=child.child_id,
            reviewed_on=part.today,
            decision="continue",
            summary=chance.pick(SUMMARIES[:2]),
            next_review_on=due_on,
        )
        part.record(child.child_id, reviewed, coordinator)
