"""What analysts ask for most: one row for each child, mentor, assignment ..., as the newest facts tell it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """Rows by `key`, one for each that has a fact in `status` (fact: the word for it afterwards).

    `columns` tell from which facts and of which field a value comes: "Fact.field", the newest that has it. All
    facts of one column are of one service, whose positions order them.
    """

    name: str
    service: str
    key: str
    status: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]


CHILDREN = State(
    "children",
    "assignments",
    "child_id",
    {
        "ChildReferred": "referred",
        "ChildAccepted": "accepted",
        "ChildActivated": "active",
        "ChildPaused": "paused",
        "ChildResumed": "active",
        "ChildReopened": "accepted",
        "ChildExited": "exited",
    },
    {
        "school_id": ("ChildReferred.school_id", "ChildAccepted.school_id"),
        "referred_on": ("ChildReferred.referred_on",),
        "accepted_on": ("ChildAccepted.accepted_on",),
        "minutes_per_week": ("ProvisionSpecified.minutes_per_week",),
        "next_review_on": ("ProvisionSpecified.next_review_on", "ProvisionReviewed.next_review_on"),
        "exited_on": ("ChildExited.exited_on",),
        "exit_reason": ("ChildExited.reason",),
    },
)

MENTORS = State(
    "mentors",
    "assignments",
    "mentor_id",
    {
        "MentorApplied": "applied",
        "MentorEngaged": "employed",
        "MentorWentOnLeave": "on_leave",
        "MentorReturned": "employed",
        "MentorLeft": "left",
    },
    {
        "applied_on": ("MentorApplied.applied_on",),
        "engaged_on": ("MentorEngaged.engaged_on",),
        "minutes_per_week": ("MentorAvailabilitySet.minutes_per_week",),
        "left_on": ("MentorLeft.left_on",),
        "cleared_on": ("training.MentorCleared.cleared_on",),
        "stood_down_on": ("training.MentorStoodDown.stood_down_on",),
        "suspended_on": ("training.MentorSuspended.suspended_on",),
        "suspension_lifted_on": ("training.SuspensionLifted.lifted_on",),
    },
)

ASSIGNMENTS = State(
    "assignments",
    "assignments",
    "assignment_id",
    {
        "MentorOffered": "offered",
        "OfferAccepted": "accepted",
        "OfferCancelled": "cancelled",
        "MentorAssigned": "active",
        "AssignmentPaused": "paused",
        "AssignmentResumed": "active",
        "AssignmentEnded": "ended",
    },
    {
        **{
            name: (f"MentorOffered.{name}", f"MentorAssigned.{name}")
            for name in ("child_id", "mentor_id", "school_id", "role")
        },
        "effective_from": ("MentorAssigned.effective_from",),
        "effective_until": ("MentorAssigned.effective_until",),
        "cover_id": ("MentorAssigned.cover_id",),
        "ended_on": ("AssignmentEnded.ended_on",),
        "end_reason": ("AssignmentEnded.reason",),
    },
)

SESSIONS = State(
    "sessions",
    "sessions",
    "session_id",
    {
        "SessionScheduled": "scheduled",
        "SessionStarted": "started",
        "SessionFinished": "finished",
        "SessionMissed": "missed",
        "SessionCancelled": "cancelled",
        "SessionLogged": "logged",
        "SessionReturned": "returned",
        "SessionApproved": "approved",
        "SessionLocked": "locked",
        "SessionVoided": "voided",
    },
    {
        **{
            name: (f"SessionScheduled.{name}",)
            for name in ("assignment_id", "child_id", "mentor_id", "school_id", "cover")
        },
        "starts_at": ("SessionScheduled.starts_at", "SessionRescheduled.starts_at"),
        "ends_at": ("SessionScheduled.ends_at", "SessionRescheduled.ends_at"),
        "started_at": ("SessionStarted.started_at",),
        "finished_at": ("SessionFinished.finished_at",),
        "contact_minutes": ("SessionLogged.contact_minutes", "SessionAmended.contact_minutes"),
        "ratio": ("SessionLogged.ratio", "SessionAmended.ratio"),
        "late": ("SessionLogged.late",),
        "cancelled_by": ("SessionCancelled.cancelled_by",),
        "cancel_reason": ("SessionCancelled.reason",),
        "chargeable": ("SessionCancelled.chargeable",),
    },
)

CERTIFICATIONS = State(
    "certifications",
    "training",
    "certification_id",
    {
        "CertificationGranted": "granted",
        "CertificationExpired": "expired",
        "CertificationRevoked": "revoked",
    },
    {
        **{
            name: (f"CertificationGranted.{name}",)
            for name in ("mentor_id", "track", "kind", "granted_on", "valid_from", "valid_until", "renews")
        },
        "expired_on": ("CertificationExpired.expired_on",),
        "revoked_on": ("CertificationRevoked.revoked_on",),
    },
)

STATES = (CHILDREN, MENTORS, ASSIGNMENTS, SESSIONS, CERTIFICATIONS)
