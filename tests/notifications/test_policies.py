"""Who hears of what, and what is done when something falls due."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
import pytest

from services.notifications.domain.announcements import ANNOUNCED, announcement
from services.notifications.domain.audience import audience, may_hear
from services.notifications.domain.catalogue import CATALOGUE
from services.notifications.domain.digest import digest_of
from services.notifications.domain.notification import (
    Escalate,
    RecordSent,
    Release,
    RequestNotification,
    Supersede,
    Suppress,
)
from services.notifications.domain.planning import Before, Hearer, Situation
from services.notifications.domain.recipient import recipient_of_mentor
from services.notifications.domain.reminder import SESSION_AHEAD
from services.notifications.policies.digests import Gathered, gather, settle
from services.notifications.policies.due import DUE, retry
from services.notifications.policies.recipients import register_mentor, stop
from services.notifications.policies.telling import tell
from services.notifications.projections.actions import actions
from services.notifications.projections.reminders import reminders
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.eligibility import Shortfall
from shared.contracts.fact import Fact, contract_of
from shared.contracts.notifications.escalation import DigestDue, DigestSent, NotificationEscalated
from shared.contracts.notifications.recipient import RecipientRemoved
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionVoided
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceExpiring
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted
from shared.contracts.training.standing import MentorStoodDown
from shared.contracts.words.telling import NotificationType, RecipientRole
from shared.kernel.projection import DueRow
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put
from tests.support.examples import example
from tests.support.people import CHILD, COORDINATOR, MENTOR

AT = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)


def somebody(role: RecipientRole) -> Hearer:
    return Hearer(uuid5(NAMESPACE_URL, role), role)


EVERYBODY = [somebody(role) for role in get_args(RecipientRole)]


def as_recorded(fact: Fact, position: int = 7) -> Recorded[Any]:
    return Recorded(
        fact=fact,
        source=contract_of(fact).service,
        position=position,
        stream=CHILD,
        version=1,
        recorded_at=AT,
        id=uuid5(NAMESPACE_URL, f"fact {position}"),
        region="uk-london",
        actor="coordinator:ruth",
        correlation_id="c-1",
        causation_id="",
    )


def told(
    fact: Fact, hearers: Sequence[Hearer] = EVERYBODY, *before: Before, now: datetime = AT
) -> dict[UUID, RequestNotification]:
    """What is requested of whom."""
    commands = [issue.command for issue in tell(as_recorded(fact), Situation(now, tuple(hearers), before))]
    requests = [command for command in commands if isinstance(command, RequestNotification)]
    assert len({command.requested.recipient_id for command in requests}) == len(requests)
    return {command.requested.recipient_id: command for command in requests}


@pytest.mark.parametrize("of", ANNOUNCED)
def test_every_announced_fact_reaches_exactly_its_audience(of: type[Fact]) -> None:
    fact = example(of)
    said = announcement(fact)  # type: ignore[arg-type]
    roles = audience(said, get_args(RecipientRole))
    expected = {hearer.recipient_id for hearer in EVERYBODY if hearer.role in roles}
    if "mentor" in roles:
        expected.update(recipient_of_mentor(mentor_id) for mentor_id in said.told_mentors)
    assert told(fact).keys() == expected


def test_every_type_has_an_entry_and_a_fact_or_a_time_that_causes_it() -> None:
    caused = {announcement(example(of)).type for of in ANNOUNCED}  # type: ignore[arg-type]
    by_time = {"session_reminder", "log_due", "training_due"}
    assert set(CATALOGUE) == set(get_args(NotificationType))
    assert set(CATALOGUE) - caused - by_time == {"digest"}


def test_the_school_and_the_coordinator_hear_of_a_breached_role_boundary_and_the_mentor_does_not() -> None:
    heard = told(example(RoleBoundaryBreached))
    assert heard.keys() == {somebody("coordinator").recipient_id, somebody("school").recipient_id}
    assert all(command.requested.urgent for command in heard.values())


def test_a_stand_down_names_every_missing_item_and_its_date() -> None:
    reasons = (Shortfall("slt", "lapsed", date(2026, 9, 7)), Shortfall("dbs_enhanced", "missing"))
    said = announcement(example(MentorStoodDown).model_copy(update={"reasons": reasons}))
    assert said.parameters["shortfalls"] == "slt lapsed 2026-09-07; dbs_enhanced missing"


def test_a_mentor_is_told_although_nobody_has_looked_them_up_yet() -> None:
    assert recipient_of_mentor(MENTOR) in told(example(AssignmentEnded), ())


def test_a_fact_told_twice_leads_to_the_same_notifications() -> None:
    fact = as_recorded(example(SupportRequestReceived))
    once, twice = (Situation(AT, tuple(hearers)) for hearers in (EVERYBODY, [*EVERYBODY, *EVERYBODY]))
    assert list(tell(fact, once)) == list(tell(fact, twice))


def test_an_engaged_mentor_becomes_a_recipient() -> None:
    fact = example(MentorEngaged)
    (issue,) = register_mentor(as_recorded(fact), None)
    assert issue.stream == recipient_of_mentor(MENTOR) == issue.command.recipient_id
    assert (issue.command.email, issue.command.region) == (fact.email, "uk-london")


def test_a_due_retry_takes_its_time_from_the_row() -> None:
    payload = {"notification_id": str(COORDINATOR), "channel": "email", "attempt": 3}
    issue = retry(DueRow("notification_retry", f"{COORDINATOR}:email", AT, payload))
    assert issue.stream == COORDINATOR
    assert (issue.command.channel, issue.command.attempt, issue.command.at) == ("email", 3, AT)


def test_what_was_gathered_becomes_one_notification_and_nothing_gathered_none() -> None:
    due = as_recorded(example(DigestDue))
    hearer = Hearer(COORDINATOR, "coordinator", "cy")
    (issue,) = gather(due, Gathered(hearer, (CHILD, MENTOR)))
    asked = issue.command.requested
    assert issue.stream == asked.notification_id == example(DigestDue).digest_id
    assert (asked.type, asked.includes, asked.channels, asked.language) == (
        "digest",
        (CHILD, MENTOR),
        ("email",),
        "cy",
    )
    assert not list(gather(due, Gathered(hearer, ())))
    assert not list(gather(due, Gathered(None, (CHILD,))))
    (gone,) = gather(due, Gathered(replace(hearer, removed=True), (CHILD,)))
    assert gone.command.suppress == "recipient_removed"


def test_a_digest_that_has_not_gone_out_is_not_sent_besides_the_next_which_tells_the_same() -> None:
    due = as_recorded(example(DigestDue))
    issues = list(gather(due, Gathered(Hearer(COORDINATOR, "coordinator"), (CHILD,), unsent=(MENTOR,))))
    assert (issues[1].stream, issues[1].command) == (MENTOR, Supersede(example(DigestDue).digest_id, AT))


def test_time_that_runs_out_for_a_mentor_who_left_alarms_nobody_and_that_is_on_record() -> None:
    ending = example(CertificationExpired)
    here, leaving, gone = (
        {
            issue.command.suppress
            for issue in tell(as_recorded(ending), Situation(AT, tuple(EVERYBODY), left_on=left_on))
        }
        for left_on in (None, AT.date() + timedelta(days=1), AT.date())
    )
    assert (here, leaving, gone) == ({None}, {None}, {"mentor_left"})
    revoked = tell(
        as_recorded(example(CertificationRevoked)), Situation(AT, tuple(EVERYBODY), left_on=AT.date())
    )
    assert {issue.command.suppress for issue in revoked} == {None}, "somebody decided that"


@pytest.mark.parametrize(
    "fact", [SessionOverdue, SessionMissed, LogOverdue, CertificationExpiring, ClearanceExpiring]
)
def test_a_ladder_that_is_climbed_months_late_is_on_record_and_storms_nobody(fact: type[Fact]) -> None:
    said = announcement(example(fact))  # type: ignore[arg-type]
    assert said.useful_until is not None
    for now, expected in ((said.useful_until, "too_late"), (said.useful_until - timedelta(minutes=1), None)):
        recorded = msgspec.structs.replace(as_recorded(example(fact)), recorded_at=now)
        suppressed = {issue.command.suppress for issue in tell(recorded, Situation(now, tuple(EVERYBODY)))}
        assert suppressed == {expected}


def test_what_nobody_acknowledged_is_not_passed_on_into_the_void() -> None:
    passed_on = announcement(example(NotificationEscalated))
    assert passed_on.only_role == "manager"
    assert audience(passed_on, ["manager", "operator"]) == {"manager"}
    assert audience(passed_on, ["operator", "coordinator"]) == {"operator"}
    assert audience(passed_on, ["parent"]) == {"manager"}
    concern = replace(passed_on, type="safeguarding_concern", only_role="dsl")
    assert audience(concern, ["manager", "coordinator"]) == may_hear(concern) == {"dsl"}


def test_that_a_rule_assigns_a_course_is_nobodys_action() -> None:
    assigned = as_recorded(example(TrainingAssigned))
    assert list(actions(assigned))
    assert not list(actions(msgspec.structs.replace(assigned, actor="policy:assign_renewal")))


def test_what_a_digest_told_of_is_recorded_as_sent_by_mail() -> None:
    sent = example(DigestSent)
    (issue,) = settle(as_recorded(sent), None)
    assert issue.stream == sent.notification_ids[0]
    assert issue.command == RecordSent("email", 1, sent.sent_at)


def test_what_waits_for_somebody_who_was_removed_is_called_off() -> None:
    removed = example(RecipientRemoved)
    (issue,) = stop(as_recorded(removed), (CHILD,))
    assert (issue.stream, issue.command) == (CHILD, Suppress("recipient_removed", removed.removed_at))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("notification_release", Release(AT)), ("notification_escalation", Escalate(AT))],
)
def test_what_falls_due_of_a_notification_takes_its_time_from_the_row(kind: str, expected: object) -> None:
    issue = DUE[kind](DueRow(kind, "", AT, {"notification_id": str(COORDINATOR)}))
    assert (issue.stream, issue.command) == (COORDINATOR, expected)


def test_two_processes_that_see_a_digest_fall_due_mean_the_same_one() -> None:
    row = DueRow("digest", "", AT, {"recipient_id": str(COORDINATOR)})
    one, other = DUE["digest"](row), DUE["digest"](row)
    assert one == other
    assert one.command.digest_id == digest_of(COORDINATOR, AT)


def reminders_of(*facts: Fact) -> dict[Any, Any]:
    """The reminders that are still to come after these facts, by key."""
    rows: dict[str, Any] = {}
    for fact in facts:
        for row in reminders(as_recorded(fact)):
            if isinstance(row, Put):
                rows[row.key["key"]] = row.set
            else:
                rows.pop(row.key["key"], None)
    return rows


def test_a_session_has_one_reminder_which_moves_with_it_and_goes_with_it() -> None:
    planned, moved = example(SessionScheduled), example(SessionRescheduled)
    (first,) = reminders_of(planned).values()
    assert first["due_at"] == planned.starts_at - SESSION_AHEAD
    later = moved.model_copy(update={"starts_at": planned.starts_at + timedelta(days=7)})
    (second,) = reminders_of(planned, later).values()
    assert second["due_at"] == first["due_at"] + timedelta(days=7)
    for over in (SessionCancelled, SessionStarted, SessionMissed, SessionVoided):
        assert not reminders_of(planned, example(over))
    last_minute = planned.model_copy(update={"starts_at": AT + timedelta(hours=2)})
    assert not reminders_of(last_minute)


def test_a_log_is_asked_for_half_a_day_before_it_is_late_until_it_is_there() -> None:
    finished = example(SessionFinished).model_copy(update={"log_due_at": AT + timedelta(days=1)})
    (row,) = reminders_of(finished).values()
    assert row["due_at"] == AT + timedelta(hours=12)
    assert not reminders_of(finished, example(SessionLogged))
    long_ago = finished.model_copy(update={"log_due_at": AT - timedelta(days=1)})
    assert not reminders_of(long_ago), "nobody is reminded of a log that was due long ago"


def test_a_course_is_brought_to_mind_a_week_before_it_is_due_until_it_is_done() -> None:
    assigned = example(TrainingAssigned).model_copy(update={"due_on": date(2026, 7, 30)})
    (row,) = reminders_of(assigned).values()
    assert row["due_at"] == datetime(2026, 7, 23, 7, 0, tzinfo=UTC)
    issue = DUE["reminder"](
        DueRow("reminder", "", row["due_at"], json.loads(msgspec.json.encode(row["payload"])))
    )
    assert (issue.command.due.type, issue.command.due.mentor_id) == ("training_due", MENTOR)
    assert not reminders_of(assigned, example(TrainingCompleted))


def test_the_same_fact_on_a_replay_is_the_same_notification() -> None:
    """What was told is told by an id made from the fact: applied again, nothing new comes of it."""
    for of in ANNOUNCED:
        fact = as_recorded(example(of))
        situation = Situation(AT, tuple(EVERYBODY))
        first, again = (
            [issue.stream for issue in tell(fact, Situation(now, situation.hearers))]
            for now in (AT, AT + timedelta(days=3))
        )
        assert first == again
