"""Children: where each stands, what was specified for them, reviews, profiles and absences."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias, assert_never

from services.assignments.domain.child import ChildFact
from shared.contracts.assignments.child import (
    ChildAbsenceReported,
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildProfileUpdated,
    ChildReferred,
    ChildReopened,
    ChildResumed,
    PlanReviewDue,
    ProvisionReviewed,
    ProvisionSpecified,
)
from shared.contracts.assignments.region_transfer import RegionTransferAccepted
from shared.contracts.words.privacy import Unreadable
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

Told: TypeAlias = ChildFact | RegionTransferAccepted


def children(recorded: Recorded[Told]) -> Iterator[Row]:
    """Every child with its plan; and when the plan is to be reviewed."""
    fact = recorded.fact
    key = {"child_id": fact.child_id}
    numbered = {**key, "number": recorded.version}
    match fact:
        case ProvisionSpecified():
            yield Put("provisions", {**key, "effective_from": fact.effective_from}, _provision(recorded))
            yield from _review(key, fact.next_review_on)
        case ProvisionReviewed():
            review = {**fact.model_dump(exclude={"child_id"}), "recorded_at": recorded.recorded_at}
            yield Put("child_reviews", numbered, review)
            yield from _review(key, fact.next_review_on)
        case PlanReviewDue():
            return
        case ChildProfileUpdated():
            yield Put("child_profiles", key, fact.model_dump(exclude={"child_id"}))
        case ChildAbsenceReported():
            yield Put("child_absences", numbered, fact.model_dump(exclude={"child_id"}))
        case ChildExited():
            yield Put("children", key, {**_standing(recorded), "next_review_on": None})
            yield Drop("due", {"kind": "plan_review", "key": str(fact.child_id)})
        case _:
            yield Put("children", key, _standing(recorded))


def _standing(recorded: Recorded[Any]) -> Mapping[str, Any]:
    """Where the child stands after this fact."""
    fact: Told = recorded.fact
    match fact:
        case ChildReferred():
            return {
                "request_id": fact.request_id,
                "school_id": fact.school_id,
                "name": fact.name,
                "region": recorded.region,
                **_stage("referred", fact.referred_on),
            }
        case ChildAccepted():
            return {
                "request_id": fact.request_id,
                "school_id": fact.school_id,
                "name": fact.name,
                "birth_date": fact.birth_date,
                "accepted_on": fact.accepted_on,
                "region": recorded.region,
                **_stage("accepted", fact.accepted_on),
            }
        case ChildActivated():
            return _stage("active", fact.activated_on)
        case ChildPaused():
            return _stage("paused", fact.paused_from, fact.reason)
        case ChildResumed():
            return _stage("active", fact.resumed_on)
        case ChildExited():
            return _stage("exited", fact.exited_on, fact.reason)
        case ChildReopened():
            again = {"request_id": fact.request_id, "school_id": fact.school_id}
            return {**again, **_stage("accepted", fact.reopened_on)}
        case RegionTransferAccepted():
            return {"region": fact.to_region}
        case (
            ProvisionSpecified()
            | ProvisionReviewed()
            | PlanReviewDue()
            | ChildProfileUpdated()
            | ChildAbsenceReported()
        ):
            return {}
        case _:
            assert_never(fact)


def _stage(status: str, since: date, reason: str | None = None) -> Mapping[str, Any]:
    return {"status": status, "since": since, "reason": reason}


def _provision(recorded: Recorded[Any]) -> Mapping[str, Any]:
    fact: ProvisionSpecified = recorded.fact
    return {
        "minutes_per_week": fact.minutes_per_week,
        "areas": fact.areas,
        "outcomes": fact.outcomes
        if isinstance(fact.outcomes, Unreadable)
        else [outcome.model_dump(mode="json") for outcome in fact.outcomes],
        "next_review_on": fact.next_review_on,
        "specified_at": recorded.recorded_at,
    }


def _review(key: Mapping[str, Any], on: date | None) -> Iterator[Row]:
    """The next review of this child is due then; None: none is."""
    yield Put("children", key, {"next_review_on": on})
    due = {"kind": "plan_review", "key": str(key["child_id"])}
    if on is None:
        yield Drop("due", due)
    else:
        payload = {"child_id": str(key["child_id"]), "due_on": on.isoformat()}
        yield Put("due", due, {"due_at": datetime.combine(on, time(), UTC), "payload": payload})


CHILDREN = Projection(
    "children",
    (
        ChildReferred,
        ChildAccepted,
        ProvisionSpecified,
        ProvisionReviewed,
        ChildActivated,
        ChildPaused,
        ChildResumed,
        ChildExited,
        ChildReopened,
        ChildProfileUpdated,
        ChildAbsenceReported,
        RegionTransferAccepted,
    ),
    ("children", "provisions", "child_reviews", "child_profiles", "child_absences", "due"),
    children,
)
