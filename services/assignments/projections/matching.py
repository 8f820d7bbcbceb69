"""Plans of matches, row by row."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.match_plan import PlanFact, offer_of
from shared.contracts.assignments.match_plan import MatchPlanProposed, MatchSetAside
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def match_plans(recorded: Recorded[PlanFact]) -> Iterator[Row]:
    """What was proposed for whom, and what was set aside of it."""
    fact = recorded.fact
    match fact:
        case MatchPlanProposed():
            plan = fact.model_dump(include={"planned_for", "local_authority", "least", "proposed_at"})
            counts = {"matched": len(fact.matches), "unmatched": len(fact.unmatched)}
            yield Put("match_plans", {"plan_id": fact.plan_id}, {**plan, **counts})
            for found in fact.matches:
                yield Put(
                    "matches",
                    {"plan_id": fact.plan_id, "child_id": found.child_id},
                    {
                        "mentor_id": found.mentor_id,
                        "assignment_id": offer_of(fact.plan_id, found.child_id),
                        "points": list(found.points),
                        "total": sum(found.points),
                        "better": found.better,
                    },
                )
            for left in fact.unmatched:
                yield Put(
                    "matches", {"plan_id": fact.plan_id, "child_id": left.child_id}, {"reason": left.reason}
                )
        case MatchSetAside():
            key = {"plan_id": fact.plan_id, "child_id": fact.child_id}
            yield Put("matches", key, {"set_aside": fact.reason})
        case _:
            assert_never(fact)


MATCHING = Projection(
    "match_plans", (MatchPlanProposed, MatchSetAside), ("match_plans", "matches"), match_plans
)
