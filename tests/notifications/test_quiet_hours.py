"""Quiet hours, digests and choices: when somebody is told, by which ways, and what disturbs them all the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.notifications.domain.announcements import Announcement, announcement
from services.notifications.domain.audience import audience
from services.notifications.domain.planning import STALE, Before, Hearer, Occasion, Plan, plan
from services.notifications.domain.preferences import Preferences, check_preferences
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled
from shared.contracts.training.standing import MentorStoodDown
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.examples_notifications import CAUSE, NOTIFICATION
from tests.support.people import COORDINATOR

NIGHT = Preferences(quiet_from="20:00", quiet_until="07:00")
TEN_AT_NIGHT = datetime(2026, 6, 15, 21, 0, tzinfo=UTC)  # 22:00 in London
SEVEN_NEXT_MORNING = datetime(2026, 6, 16, 6, 0, tzinfo=UTC)
NOON = datetime(2026, 6, 15, 11, 0, tzinfo=UTC)
RUTH = Hearer(COORDINATOR, "coordinator", has_phone=True)
STARTED = announcement(example(MentorAssigned))
LOST = announcement(example(MentorStoodDown))


def planned(
    said: Announcement = STARTED, preferences: Preferences | None = None, *before: Before, **more: Any
) -> Plan:
    """What Ruth gets at ten in the evening."""
    at = more.pop("at", TEN_AT_NIGHT)
    occasion = Occasion(CAUSE, at, more.pop("now", at))
    hearer = replace(RUTH, preferences=preferences or Preferences(), **more)
    return plan(said, hearer, occasion, before)


@pytest.mark.parametrize(
    ("local", "ends"),
    [
        ("2026-06-15T19:59", None),
        ("2026-06-15T20:00", "2026-06-16T07:00"),
        ("2026-06-15T23:59", "2026-06-16T07:00"),
        ("2026-06-16T00:00", "2026-06-16T07:00"),
        ("2026-06-16T06:59", "2026-06-16T07:00"),
        ("2026-06-16T07:00", None),
    ],
)
def test_quiet_hours_span_midnight_in_the_recipients_own_time(local: str, ends: str | None) -> None:
    def in_london(moment: str) -> datetime:
        return datetime.fromisoformat(f"{moment}+01:00").astimezone(UTC)

    assert NIGHT.quiet_end(in_london(local)) == (in_london(ends) if ends else None)


def test_a_night_in_which_the_clocks_change_ends_at_the_same_local_time() -> None:
    before_the_change = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # 22:00 BST; next morning is GMT
    assert NIGHT.quiet_end(before_the_change) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_a_time_that_the_change_of_the_clocks_skips_still_ends_the_night() -> None:
    night = Preferences(quiet_from="22:00", quiet_until="01:30")
    end = night.quiet_end(datetime(2026, 3, 28, 23, 0, tzinfo=UTC))  # at 01:00 it becomes 02:00
    assert end is not None
    assert timedelta(hours=2) <= end - datetime(2026, 3, 28, 23, 0, tzinfo=UTC) <= timedelta(hours=3)


@for_all(
    at=st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    since=st.integers(0, 1439),
    until=st.integers(0, 1439),
    zone=st.sampled_from(["Europe/London", "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
)
def test_the_end_of_quiet_hours_is_never_quiet_and_never_more_than_a_day_away(
    at: datetime, since: int, until: int, zone: str
) -> None:
    chosen = Preferences(
        quiet_from=f"{since // 60:02}:{since % 60:02}",
        quiet_until=f"{until // 60:02}:{until % 60:02}",
        time_zone=zone,
    )
    end = chosen.quiet_end(at) if since != until else None
    if end is not None:
        assert timedelta(hours=-1) <= end - at <= timedelta(hours=26)  # an hour is skipped or comes twice


def test_a_daily_digest_goes_out_at_the_next_such_hour() -> None:
    daily = Preferences(digest="daily", digest_hour=17)
    assert daily.next_digest(NOON) == datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
    assert daily.next_digest(datetime(2026, 6, 15, 16, 0, tzinfo=UTC)) == datetime(
        2026, 6, 16, 16, 0, tzinfo=UTC
    )


def test_a_weekly_digest_goes_out_on_its_weekday() -> None:
    on_fridays = Preferences(digest="weekly", digest_hour=17, digest_weekday=5)
    friday = datetime(2026, 6, 19, 16, 0, tzinfo=UTC)
    assert on_fridays.next_digest(NOON) == friday
    assert on_fridays.next_digest(friday) == friday + timedelta(days=7)


def test_at_night_mail_waits_for_the_morning_and_the_inbox_has_it_at_once() -> None:
    asked = planned(preferences=NIGHT).requested
    assert asked.channels == ("in_app", "email")
    assert (asked.held, asked.held_for, asked.deliver_after) == (
        ("email",),
        "quiet_hours",
        SEVEN_NEXT_MORNING,
    )


def test_by_day_nothing_waits() -> None:
    asked = planned(preferences=NIGHT, at=NOON).requested
    assert (asked.held, asked.held_for, asked.deliver_after) == ((), None, None)


def test_what_is_heard_of_only_at_night_waits_although_it_was_recorded_by_day() -> None:
    assert planned(preferences=NIGHT, at=NOON, now=TEN_AT_NIGHT).requested.held == ("email",)


def test_what_is_urgent_disturbs_the_night_and_comes_as_a_text_message_too() -> None:
    asked = planned(LOST, NIGHT).requested
    assert asked.urgent
    assert (asked.channels, asked.held) == (("in_app", "email", "sms"), ())


def test_a_text_message_needs_a_number() -> None:
    assert planned(LOST, has_phone=False).requested.channels == ("in_app", "email")


def test_who_wants_a_digest_gets_mail_that_is_not_urgent_in_it_and_nothing_else() -> None:
    daily = Preferences(digest="daily", channels={"support": ("in_app", "email", "sms")})
    asked = planned(preferences=daily, at=NOON).requested
    assert asked.channels == ("in_app", "email")
    assert (asked.held, asked.held_for) == (("email",), "digest")
    assert planned(LOST, daily).requested.held == ()


def test_a_choice_for_a_type_outweighs_that_for_its_category() -> None:
    chosen = Preferences(channels={"support": ("in_app",), "assignment_started": ("email",)})
    assert planned(preferences=chosen).requested.channels == ("email",)
    said = replace(STARTED, type="assignment_ended")
    assert planned(said, chosen).requested.channels == ("in_app",)


def test_who_switched_it_off_hears_nothing_and_that_is_on_record() -> None:
    assert planned(preferences=Preferences(channels={"support": ()})).suppress == "preference"


def test_what_is_urgent_or_to_be_acknowledged_cannot_be_switched_off() -> None:
    off = Preferences(channels={"safety": (), "deployability_lost": ()})
    found = planned(LOST, off)
    assert found.suppress is None
    assert found.requested.channels == ("in_app", "email", "sms")


def test_a_session_that_is_near_is_cancelled_urgently() -> None:
    cancelled = example(SessionCancelled)
    tomorrow = cancelled.model_copy(update={"cancelled_at": cancelled.starts_at - timedelta(hours=3)})
    in_a_month = cancelled.model_copy(update={"cancelled_at": cancelled.starts_at - timedelta(days=30)})
    assert planned(announcement(tomorrow), NIGHT).requested.urgent
    assert not planned(announcement(in_a_month), NIGHT).requested.urgent


def earlier(said: Announcement, **more: Any) -> Before:
    values: dict[str, Any] = {
        "notification_id": NOTIFICATION,
        "recipient_id": COORDINATOR,
        "type": said.type,
        "deduplication_key": said.deduplication_key,
        "requested_at": TEN_AT_NIGHT - timedelta(minutes=20),
        "pending": False,
    }
    return Before(**{**values, **more})


def test_the_same_said_again_within_the_window_is_a_duplicate() -> None:
    assert planned(STARTED, None, earlier(STARTED)).suppress == "duplicate"


@pytest.mark.parametrize(
    "other",
    [
        {"recipient_id": NOTIFICATION},
        {"deduplication_key": "something else"},
        {"requested_at": TEN_AT_NIGHT - timedelta(hours=2)},
    ],
)
def test_another_recipient_another_thing_or_another_day_is_no_duplicate(other: dict[str, Any]) -> None:
    assert planned(STARTED, None, earlier(STARTED, **other)).suppress is None


def test_the_same_fact_again_is_not_its_own_duplicate() -> None:
    itself = earlier(STARTED, notification_id=planned().requested.notification_id)
    assert planned(STARTED, None, itself).suppress is None


def test_a_loss_that_comes_again_within_the_hour_is_said_again() -> None:
    assert planned(LOST, None, earlier(LOST)).suppress is None


def test_a_newer_plan_takes_the_place_of_an_older_one_that_has_not_gone_out() -> None:
    said = announcement(example(SessionRescheduled))
    older = earlier(said, deduplication_key="an older time", pending=True)
    assert planned(said, None, older).supersedes == (NOTIFICATION,)
    assert planned(said, None, replace(older, pending=False)).supersedes == ()
    assert planned(said, None, replace(older, type="assignment_started")).supersedes == ()
    assert planned(said, None, replace(older, recipient_id=NOTIFICATION)).supersedes == ()


def test_who_was_removed_is_not_told_and_that_is_on_record() -> None:
    assert planned(removed=True).suppress == "recipient_removed"


def test_what_is_too_late_to_be_of_use_is_not_said() -> None:
    until = replace(STARTED, useful_until=TEN_AT_NIGHT + timedelta(hours=1))
    assert planned(until).suppress is None
    assert planned(until, now=TEN_AT_NIGHT + timedelta(hours=2)).suppress == "too_late"


def test_a_listener_that_starts_anew_tells_nobody_of_old_times() -> None:
    assert planned(now=TEN_AT_NIGHT + STALE).suppress is None
    assert planned(now=TEN_AT_NIGHT + STALE + timedelta(seconds=1)).suppress == "too_late"


def test_one_role_has_to_acknowledge_and_the_time_runs_from_now() -> None:
    asked = planned(LOST).requested
    assert asked.needs_acknowledgement
    assert asked.acknowledge_by == TEN_AT_NIGHT + timedelta(hours=1)
    assert asked.escalates_to == "manager"
    mentors = planned(LOST, role="mentor").requested
    assert (mentors.needs_acknowledgement, mentors.acknowledge_by) == (False, None)
    assert mentors.alert_id != asked.alert_id


def test_where_nobody_is_there_to_acknowledge_the_next_role_hears_at_once() -> None:
    breach = replace(LOST, type="role_boundary_breached")
    assert audience(breach, ["coordinator", "school"]) == {"coordinator", "school"}
    assert audience(breach, ["school"]) == {"coordinator", "school", "manager"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"quiet_from": "20:00"}, "invalid_quiet_hours"),
        ({"quiet_from": "8pm", "quiet_until": "07:00"}, "invalid_quiet_hours"),
        ({"quiet_from": "24:00", "quiet_until": "07:00"}, "invalid_quiet_hours"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "invalid_quiet_hours"),
        ({"time_zone": "Europe/Nowhere"}, "invalid_time_zone"),
        ({"time_zone": "../etc/passwd"}, "invalid_time_zone"),
        ({"time_zone": ""}, "invalid_time_zone"),
        ({"digest": "daily", "digest_hour": 24}, "invalid_digest"),
        ({"digest": "weekly", "digest_weekday": 0}, "invalid_digest"),
    ],
)
def test_a_choice_that_cannot_be_meant_is_refused(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_preferences(Preferences(**wrong))
    assert refused.value.code == code
