"""One valid example of every fact of matching."""

from datetime import timedelta

from shared.contracts.assignments.match_plan import (
    MatchPlanProposed,
    MatchSetAside,
    ProposedMatch,
    Unmatched,
)
from shared.contracts.fact import Fact
from tests.support.people import ACCEPTED_AT, CHILD, MENTOR, OTHER_CHILD, PLAN, SUPPORT_BEGINS

EXAMPLES: tuple[Fact, ...] = (
    MatchPlanProposed(
        plan_id=PLAN,
        planned_for=SUPPORT_BEGINS,
        least=40,
        local_authority=None,
        child_ids=(CHILD, OTHER_CHILD),
        mentor_ids=(MENTOR,),
        matches=(
            ProposedMatch(child_id=CHILD, mentor_id=MENTOR, points=(30, 15, 10, 10, 6, 5, 0), better=0),
        ),
        unmatched=(
            Unmatched(
                child_id=OTHER_CHILD,
                reason="the best free mentor fits with 31 points; at least 40 are needed",
            ),
        ),
        proposed_at=ACCEPTED_AT + timedelta(days=1),
    ),
    MatchSetAside(
        plan_id=PLAN,
        child_id=CHILD,
        mentor_id=MENTOR,
        reason="requester_prefers_another",
        set_aside_at=ACCEPTED_AT + timedelta(days=2),
    ),
)
