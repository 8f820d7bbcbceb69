"""The child's plan: how much support, for what, and how it is reviewed."""

from collections.abc import Sequence
from uuid import UUID

from services.assignments.domain.child.commands import RecordReview, ReviewFallsDue, SpecifyProvision
from services.assignments.domain.child.refusing import not_supported
from services.assignments.domain.child.states import Child, ChildFact, Supported, in_force
from services.assignments.domain.provision import LAST_DAY, REVIEW_AFTER, Provision, check_provision
from shared.contracts.assignments.child import PlanReviewDue, ProvisionReviewed, ProvisionSpecified
from shared.kernel.decider import Refused


def specify(state: Child, command: SpecifyProvision) -> Sequence[ChildFact]:
    if not isinstance(state, Supported):
        raise not_supported(state)
    check_provision(command.provision)
    provision = command.provision.with_review
    if in_force(state, provision.effective_from) == provision:
        return ()
    return (specified(state.child_id, provision),)


def specified(child_id: UUID, provision: Provision) -> ProvisionSpecified:
    return ProvisionSpecified(
        child_id=child_id,
        minutes_per_week=provision.minutes_per_week,
        areas=provision.areas,
        effective_from=provision.effective_from,
        outcomes=provision.outcomes,
        next_review_on=provision.with_review.next_review_on,
    )


def review(state: Child, command: RecordReview) -> Sequence[ChildFact]:
    if not isinstance(state, Supported):
        raise not_supported(state)
    reviewed = _reviewed(state.child_id, command)
    return () if reviewed == state.reviewed else (reviewed,)


def _reviewed(child_id: UUID, command: RecordReview) -> ProvisionReviewed:
    if command.reviewed_on > command.today:
        raise Refused("invalid_reviewed_on", "a review is recorded when it has been held; give that day")
    again = command.next_review_on
    if command.decision == "end":
        if again is not None:
            raise Refused(
                "invalid_next_review_on", "support is to end, so nothing is left to review; leave it out"
            )
    elif again is None:
        again = command.reviewed_on + REVIEW_AFTER
    elif not command.reviewed_on < again <= LAST_DAY:
        raise Refused("invalid_next_review_on", "the next review comes after this one; give a later day")
    return ProvisionReviewed(
        child_id=child_id,
        reviewed_on=command.reviewed_on,
        decision=command.decision,
        summary=command.summary,
        next_review_on=again,
    )


def falls_due(state: Child, command: ReviewFallsDue) -> Sequence[ChildFact]:
    """Told once; nothing when the review was held, or moved, or the child left."""
    if (
        isinstance(state, Supported)
        and state.review_on == command.due_on
        and state.told_due != command.due_on
    ):
        return (PlanReviewDue(child_id=state.child_id, due_on=command.due_on),)
    return ()
