"""What of the house's facts may leave it in a snapshot: which facts, and which texts inside them."""

from shared.contracts.fact import Contract

SERVICES = ("assignments", "sessions", "training")
"""Notifications would tell of what is restricted, and audit's facts are about records, not about the work."""

APART = frozenset({"view", "forgetting"})
"""Aggregates whose facts are about the house itself: who looked at a record, what was blotted out."""

# Every other text is left out: one that somebody types may say anything. A new contract's text is not in here.
PLAIN_TEXTS = frozenset(
    {
        "CourseDrafted.title",
        "CoursePublished.title",
        "MatchPlanProposed.local_authority",
        "MentorProfileUpdated.languages",
        "RegionTransferAccepted.from_region",
        "RegionTransferAccepted.to_region",
        "RegionTransferRequested.from_region",
        "RegionTransferRequested.to_region",
        "SchoolDetailsChanged.local_authority",
        "SchoolDetailsChanged.time_zone",
        "SchoolRegistered.local_authority",
        "SchoolRegistered.time_zone",
        "SessionRescheduled.time_zone",
        "SessionScheduled.time_zone",
        "Slot.starts",
        "TimetableSet.time_zone",
    }
)


def leaves(contract: Contract) -> bool:
    """Whether facts of this contract are exported at all."""
    return contract.service in SERVICES and not contract.restricted and contract.aggregate not in APART


def names_somebody(field: str) -> bool:
    """Whether a text is the name of who did something (`approved_by`): it becomes a pseudonym."""
    return field.endswith("_by")
