"""Who hears of what, in which words."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from services.notifications.domain.announcements import ANNOUNCED, announcement
from services.notifications.domain.catalogue import CATALOGUE
from services.notifications.domain.notification import RequestNotification
from services.notifications.domain.planning import Before, Hearer, Situation, audience
from services.notifications.domain.recipient import recipient_of_mentor
from services.notifications.policies.due import retry
from services.notifications.policies.recipients import register_mentor
from services.notifications.policies.telling import tell
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.eligibility import Shortfall
from shared.contracts.fact import Fact, contract_of
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from shared.contracts.training.standing import MentorStoodDown
from shared.contracts.words.telling import NotificationType, RecipientRole
from shared.kernel.projection import DueRow
from shared.kernel.recorded import Recorded
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
    assert set(CATALOGUE) - caused - by_time == {"digest", "webhook_dead_lettered"}


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
