"""Digests, reminders and calendar links, commanded in any order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

from hypothesis import strategies as st

from services.notifications.domain.calendar_link import IssueLink, calendar_link
from services.notifications.domain.digest import CallDigest, digest
from services.notifications.domain.reminder import Remind, reminder
from shared.contracts.fact import Fact
from shared.contracts.notifications.calendar import CalendarLinkIssued
from shared.contracts.notifications.escalation import DigestDue, ReminderDue
from tests.support.examples import example
from tests.support.machines import at_most_once, run_machine

TIMES = st.integers(0, 5).map(lambda hour: datetime(2026, 9, 1, 9 + hour, tzinfo=UTC))
ONE = st.just(UUID(int=1))


def test_the_hour_of_a_digest_comes_once() -> None:
    commands = st.builds(CallDigest, digest_id=ONE, recipient_id=ONE, at=TIMES)
    run_machine(digest, commands, at_most_once(DigestDue), reaches=1)


def test_somebody_is_reminded_of_a_matter_once() -> None:
    due = example(ReminderDue)
    commands = TIMES.map(lambda at: Remind(due.model_copy(update={"due_at": at})))
    run_machine(reminder, commands, at_most_once(ReminderDue), reaches=1)


def test_a_new_link_is_another_one_and_only_those_with_sessions_have_one() -> None:
    roles = st.sampled_from(["mentor", "parent", "school", "coordinator"])
    commands = st.builds(
        IssueLink, recipient_id=ONE, role=roles, digest=st.sampled_from(["a", "b"]), at=TIMES
    )

    def each_is_new(facts: Sequence[Fact]) -> None:
        digests = [fact.digest for fact in facts if isinstance(fact, CalendarLinkIssued)]
        assert all(before != after for before, after in pairwise(digests))

    run_machine(calendar_link, commands, each_is_new, reaches=1)
