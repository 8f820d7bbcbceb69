"""Facts in plain sentences; a fact nobody wrote a sentence for is still told by its name."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_SAY: Mapping[str, str] = {
    "assignments.SupportRequestReceived": "Support was asked for by a {requester_kind}",
    "assignments.SupportRequestTriaged": "The request was judged {urgency}: {areas}",
    "assignments.InformationRequested": "The agency asked for information, by {answer_due_on}",
    "assignments.InformationReceived": "The agency was told what it had asked for",
    "assignments.SupportRequestTakenOn": "The request was taken on: {minutes_per_week} a week from {effective_from}",
    "assignments.SupportRequestWaitlisted": "The request waits for its turn: {reason}; next looked at {review_on}",
    "assignments.SupportRequestResumed": "The request left the waiting list",
    "assignments.SupportRequestOffered": "A mentor was offered on the request",
    "assignments.SupportRequestAccepted": "Whoever asked agreed to the mentor",
    "assignments.SupportRequestMatchLost": "The match came to nothing: {reason}",
    "assignments.SupportRequestFulfilled": "The request is fulfilled from {fulfilled_on}",
    "assignments.SupportRequestDeclined": "The request was declined: {reason}",
    "assignments.SupportRequestWithdrawn": "The request was withdrawn: {reason}",
    "assignments.ChildReferred": "{name} was referred on {referred_on}",
    "assignments.ChildAccepted": "{name} was accepted",
    "assignments.ChildActivated": "A mentor of the child's own is there from {activated_on}",
    "assignments.ChildPaused": "Support rests from {paused_from}: {reason}",
    "assignments.ChildResumed": "Support goes on from {resumed_on}",
    "assignments.ChildExited": "The child left the agency on {exited_on}: {reason}",
    "assignments.ChildReopened": "The child is the agency's again from {reopened_on}",
    "assignments.ChildProfileUpdated": "What a mentor has to bring was put on record",
    "assignments.ChildAbsenceReported": "The child is absent from {absent_from}, back on {absent_until}: {reason}",
    "assignments.PlanReviewDue": "The plan was to be reviewed by {due_on}",
    "assignments.ProvisionReviewed": "The plan was reviewed on {reviewed_on}: {decision}",
    "assignments.RegionTransferRequested": "{to_region} was asked to take the child over: {reason}",
    "assignments.RegionTransferConsentRecorded": "Consent to the transfer was given by the {given_by}",
    "assignments.RegionTransferAccepted": "{to_region} owns the child; support here ends on {effective_on}",
    "assignments.RegionTransferRejected": "The transfer was rejected: {reason}",
    "assignments.RegionTransferCancelled": "The transfer was called off: {reason}",
    "assignments.SafeguardingConcernRaised": "A safeguarding concern was raised",
    "assignments.SafeguardingConcernClosed": "A safeguarding concern was closed: {outcome}",
    "assignments.ProvisionSpecified": "{minutes_per_week} a week from {effective_from}: {areas}",
    "assignments.MentorApplied": "{name} applied to become a mentor on {applied_on}",
    "assignments.MentorEngaged": "{name} joined as a mentor on {engaged_on}",
    "assignments.MentorLeft": "{who} left on {left_on}",
    "assignments.MentorWentOnLeave": "{who} is on leave from {leave_from}: {kind}",
    "assignments.MentorReturned": "{who} is back from leave on {returned_on}",
    "assignments.MentorAvailabilitySet": "{who} can work {minutes_per_week} a week from {effective_from}: {weekdays}",
    "assignments.MentorProfileUpdated": "What {who} brings to a child was put on record",
    "assignments.MentorAbsenceReported": "{who} is absent from {absent_from}, back on {absent_until}: {reason}",
    "assignments.MentorOffered": "{who} was proposed as {role} mentor",
    "assignments.OfferAccepted": "The offer of {who} was agreed to",
    "assignments.OfferCancelled": "The offer of {who} came to nothing: {reason}",
    "assignments.MentorAssigned": "{who} supports the child from {effective_from} as {role} mentor",
    "assignments.MatchPlanProposed": "A plan of matches for the region was made",
    "assignments.MatchSetAside": "A proposed match was set aside: {reason}",
    "assignments.AssignmentPaused": "Support by {who} is paused from {paused_from}: {reason}",
    "assignments.AssignmentResumed": "Support by {who} goes on from {resumed_on}",
    "assignments.PrimaryStoodAside": "{who} leaves these days to cover: {days}",
    "assignments.PrimaryStoodBack": "{who} is there after all on these days: {days}",
    "assignments.HandoverBegun": "{who} begins to hand over; the last day is planned for {last_day}: {reason}",
    "assignments.HandoverRecorded": "{who} handed over what is known of the child",
    "assignments.HandoverOverridden": "The next mentor may begin without a handover by {who}: {reason}",
    "assignments.CoverRequested": "Cover is looked for ({form}): {reason}",
    "assignments.CoverAccepted": "{who} covers {days}",
    "assignments.CoverPartiallyAccepted": "{who} covers {days}; still open: {days_left}",
    "assignments.CoverDeclined": "{who} can't cover",
    "assignments.CoverGivenBack": "{who} can't cover {days} after all: {reason}",
    "assignments.CoverCancelled": "Nobody is needed any more on {days}: {reason}",
    "assignments.CoverExpired": "Nobody was found who covers {days_left}",
    "assignments.AssignmentEnded": "{who} no longer supports the child from {ended_on}: {reason}",
    "training.CourseDrafted": "{title} is being prepared, version {version}",
    "training.CoursePublished": "{title} may be taken, version {version}",
    "training.CourseRetired": "A course was retired on {retired_on}",
    "training.ProgrammeSet": "The programme of a {role} was set, from {effective_from}",
    "training.TrainingAssigned": "{who} is to do {track} by {due_on}",
    "training.TrainingStarted": "{who} began {track} on {started_on}",
    "training.TrainingOverdue": "{who} has not done {track}, which was due on {due_on}",
    "training.TrainingWaived": "{who} need not do {track}: {reason}",
    "training.TrainingWithdrawn": "{who} was taken off {track} on {withdrawn_on}: {reason}",
    "training.TrainingCompleted": "{who} completed {track} on {completed_on}",
    "training.TrainingFailed": "{who} did not pass {track} on {failed_on}",
    "training.CertificationGranted": "{who} is certified in {track} from {valid_from}, to {valid_until}",
    "training.CertificationWindowOpened": "{who} may renew {track} from {opened_on}; it counts to {valid_until}",
    "training.CertificationExpiring": "{who} has {days_left} days of {track} left, to {valid_until}",
    "training.CertificationOverdue": "{who} should have renewed {track} by {renew_by}",
    "training.CertificationExpired": "{track} of {who} expired on {expired_on}",
    "training.CertificationRevoked": "{track} of {who} was taken back from {revoked_on}: {reason}",
    "training.ClearanceRecorded": "{kind} of {who} was recorded, issued {issued_on}",
    "training.ClearanceExpiring": "{kind} of {who} is to be rechecked in {days_left} days, by {recheck_due_on}",
    "training.ClearanceWithdrawn": "{kind} of {who} was withdrawn on {withdrawn_on}: {reason}",
    "training.ClearanceLapsed": "{kind} of {who} lapsed on {lapsed_on}",
    "training.MentorVetted": "Every clearance of {who} is there; training is to follow",
    "training.MentorSuspended": "{who} is suspended from {suspended_on}: {reason_code}",
    "training.SuspensionLifted": "The suspension of {who} was lifted on {lifted_on}",
    "training.MentorCleared": "{who} may be with a child from {cleared_on}",
    "training.MentorStoodDown": "{who} may not be with a child from {stood_down_on}: {reasons}",
    "sessions.SessionScheduled": "A session with {who} was planned for {starts_at}",
    "sessions.SessionRescheduled": "A session with {who} was moved to {starts_at}: {reason}",
    "sessions.SessionStarted": "A session with {who} began on {started_at}",
    "sessions.SessionLogged": "{who} logged {contact_minutes}: {activities}",
    "sessions.SessionFinished": "A session with {who} ended on {finished_at}",
    "sessions.SessionLogDrafted": "{who} began the log of a session",
    "sessions.OutcomeRated": "An outcome was rated {rating} of 5",
    "sessions.SessionReturned": "A log of {who} was returned: {reason}",
    "sessions.SessionApproved": "A log of {who} was approved: {contact_minutes}",
    "sessions.SessionLocked": "A log of {who} is final: {contact_minutes}",
    "sessions.SessionAmended": "A log of {who} was amended to {contact_minutes}: {reason_code}",
    "sessions.SessionVoided": "A session with {who} no longer counts: {reason_code}",
    "sessions.SessionOverdue": "A session with {who} should have begun {minutes} ago",
    "sessions.SessionMissed": "A session with {who} was missed",
    "sessions.LogOverdue": "A log of {who} is {hours} hours overdue",
    "sessions.IncidentalHelpPatternFound": "{who} helped other pupils in passing in {count} sessions",
    "sessions.RoleBoundaryBreached": "{who} was used for the whole class ({activities}): refused",
    "sessions.SessionCancelled": "A session with {who} was cancelled by the {cancelled_by}: {reason}",
    "sessions.CalendarPublished": "The calendar of {school_year} was published for {scope_key}",
    "sessions.TimetableSet": "{who} comes from {effective_from}: {slots}",
    "sessions.TimetableExpanded": "The timetable with {who} was planned to {expanded_until}: {because}",
    "sessions.TimetableEnded": "The timetable with {who} ends on {ended_on}: {reason}",
    "sessions.PayPeriodOpened": "The pay period {starts_on} to {ends_on} was opened",
    "sessions.PayPeriodClosed": "The pay period {starts_on} to {ends_on} was closed: {totals}",
    "notifications.RecipientRegistered": "{name} is told things from now on",
    "notifications.CalendarLinkIssued": "A calendar can be read at a new address",
    "notifications.NotificationRequested": "Somebody is to be told: {type}",
    "notifications.RecipientRemoved": "Somebody is told nothing any more",
    "notifications.PreferencesSet": "Somebody chose how to be told",
    "notifications.NotificationSuppressed": "A notification does not go out: {why}",
    "notifications.NotificationQueued": "A notification is about to go out ({channel})",
    "notifications.NotificationDelivered": "A notification arrived ({channel})",
    "notifications.NotificationRead": "A notification was read",
    "notifications.NotificationEscalated": "Nobody acknowledged a notification: the {to_role} hears of it",
    "notifications.NotificationSuperseded": "A notification gave way to a newer one",
    "notifications.DigestDue": "A digest is due",
    "notifications.DigestSent": "A digest went out",
    "notifications.ReminderDue": "Somebody is to be reminded: {type}",
    "notifications.NotificationSent": "A notification went out ({channel})",
    "notifications.NotificationFailed": "A notification did not go out: {reason}",
    "notifications.NotificationAcknowledged": "A notification was acknowledged",
}

_SHORT = {"slt": "SLT", "ot": "OT", "bed": "BED", "dbs enhanced": "enhanced DBS", "in app": "in the inbox"}


def sentence(fact: Mapping[str, Any], mentors: Mapping[str, str]) -> str:
    """What happened, for people; `mentors` are names by id. Whatever the data holds, this answers."""
    name = fact["type"].rsplit(".v", 1)[0]
    try:
        data = fact["data"]
        who = mentors.get(str(data.get("mentor_id")), "the mentor")
        said = _SAY[name].format(**{key: readable(key, data[key]) for key in data}, who=who)
        return f"{said[0].upper()}{said[1:]}."
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.rsplit(".", 1)[-1]) + "."


def readable(key: str, value: Any) -> str:
    """A field's value, told by what its name says that it is."""
    if value is None:
        return "no end" if key.endswith("_until") else "nothing"
    if key.endswith(("_on", "_from", "_until")):
        return day(value)
    if key.endswith("_at"):
        return moment(value)
    if "minutes" in key:
        return duration(value)
    if isinstance(value, list):
        return ", ".join(readable("", item) for item in value)
    if isinstance(value, dict) and "item" in value:  # a shortfall
        return f"{words(value['item'])} {words(value['status'])}"
    if isinstance(value, dict):
        return " ".join(readable(name, item) for name, item in value.items())
    return str(value) if key in ("name", "subject_line") else words(str(value))


def words(value: str) -> str:
    """`group_with_child` -> `group with child`; well-known short forms as people write them."""
    said = value.replace("_", " ")
    return _SHORT.get(said, said)


def day(value: str | date) -> str:
    """`2026-09-07` -> `7 Sep 2026`."""
    found = value if isinstance(value, date) else date.fromisoformat(value)
    return f"{found.day} {found:%b %Y}"


def moment(value: str | datetime) -> str:
    """A moment in the time of the schools: `7 Sep 2026, 09:00`."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    local = found.astimezone(LONDON)
    return f"{local.day} {local:%b %Y, %H:%M}"


def duration(minutes: int) -> str:
    """90 -> `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)
