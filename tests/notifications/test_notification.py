"""A notification goes out once on each channel, is tried again when it fails, and is never lost quietly."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given as for_all
from hypothesis import strategies as st

from services.notifications.domain.notification import (
    Acknowledge,
    Command,
    RecordFailure,
    RecordSent,
    RequestNotification,
    Retry,
    notification,
    notification_of,
)
from services.notifications.domain.patience import ATTEMPTS, LONGEST_WAIT, retry_at, wait_after
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationFailed,
    NotificationQueued,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.words.telling import Channel
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.examples_notifications import CAUSE
from tests.support.given import given
from tests.support.people import COORDINATOR, MENTOR, RECEIVED_AT

REQUESTED = example(NotificationRequested)
FAILED = example(NotificationFailed)
QUEUED = example(NotificationQueued)
SENT = example(NotificationSent)
ACKNOWLEDGED = example(NotificationAcknowledged)
CHANNELS: tuple[Channel, ...] = ("in_app", "email")


def failure(attempt: int = 1, permanent: bool = False) -> RecordFailure:
    return RecordFailure("email", attempt, "the mail server could not be reached", permanent, RECEIVED_AT)


def test_asking_twice_for_the_same_notification_asks_once() -> None:
    given(notification).when(RequestNotification(REQUESTED)).then(REQUESTED)
    given(notification, REQUESTED).when(RequestNotification(REQUESTED)).then_nothing()


def test_its_id_comes_from_cause_recipient_and_type() -> None:
    one = notification_of(CAUSE, COORDINATOR, "deployability_lost")
    assert one == notification_of(CAUSE, COORDINATOR, "deployability_lost")
    assert one != notification_of(CAUSE, MENTOR, "deployability_lost")
    assert one != notification_of(CAUSE, COORDINATOR, "certification_expired")


def test_a_failure_says_when_it_is_tried_again() -> None:
    given(notification, REQUESTED).when(failure()).then(FAILED)


def test_the_same_failure_told_twice_counts_once() -> None:
    given(notification, REQUESTED, FAILED).when(failure()).then_nothing()


def test_a_failure_for_good_is_not_tried_again() -> None:
    given(notification, REQUESTED).when(failure(permanent=True)).then(
        FAILED.model_copy(update={"retry_at": None})
    )


def test_when_the_wait_is_over_the_channel_tries_again() -> None:
    retry = Retry("email", 1, QUEUED.queued_at)
    given(notification, REQUESTED, FAILED).when(retry).then(QUEUED)
    given(notification, REQUESTED, FAILED, QUEUED).when(retry).then_nothing()


def test_the_second_attempt_may_succeed() -> None:
    given(notification, REQUESTED, FAILED, QUEUED).when(RecordSent("email", 2, SENT.sent_at)).then(SENT)


def test_what_is_sent_is_not_tried_again() -> None:
    history = (REQUESTED, FAILED, QUEUED, SENT)
    given(notification, *history).when(Retry("email", 1, RECEIVED_AT)).then_nothing()
    given(notification, *history).when(RecordSent("email", 2, RECEIVED_AT)).then_nothing()
    given(notification, *history).when(failure(2)).then_nothing()


def test_what_was_read_in_the_inbox_is_not_mailed_again() -> None:
    history = (REQUESTED, FAILED)
    acknowledge = Acknowledge(COORDINATOR, ACKNOWLEDGED.acknowledged_at)
    given(notification, *history).when(acknowledge).then(
        ACKNOWLEDGED.model_copy(update={"dropped": ("email",)})
    )
    given(notification, *history).when(acknowledge, Retry("email", 1, QUEUED.queued_at)).then_nothing()


def test_only_the_recipient_acknowledges_and_only_once() -> None:
    acknowledge = Acknowledge(COORDINATOR, ACKNOWLEDGED.acknowledged_at)
    given(notification, REQUESTED).when(acknowledge).then(ACKNOWLEDGED)
    given(notification, REQUESTED, ACKNOWLEDGED).when(acknowledge).then_nothing()
    given(notification, REQUESTED).when(Acknowledge(MENTOR, RECEIVED_AT)).refused("not_your_notification")


def test_what_was_never_asked_for_cannot_be_sent() -> None:
    given(notification).when(RecordSent("email", 1, RECEIVED_AT)).refused("unknown_notification")


def test_the_waits_double_up_to_the_longest_and_then_it_gives_up() -> None:
    waits = [wait_after(attempt) for attempt in range(1, ATTEMPTS)]
    assert waits[0] == timedelta(seconds=30)
    assert all(later == min(2 * earlier, LONGEST_WAIT) for earlier, later in pairwise(waits))
    assert sum(waits, timedelta()) > timedelta(days=2)
    assert retry_at(ATTEMPTS, RECEIVED_AT) is None


attempts = st.integers(1, 4)
moments = st.integers(0, 10_000).map(lambda seconds: RECEIVED_AT + timedelta(seconds=seconds))
commands = st.one_of(
    st.just(RequestNotification(REQUESTED)),
    st.builds(RecordSent, st.sampled_from(CHANNELS), attempts, moments),
    st.builds(
        RecordFailure, st.sampled_from(CHANNELS), attempts, st.just("no answer"), st.booleans(), moments
    ),
    st.builds(Retry, st.sampled_from(CHANNELS), attempts, moments),
    st.builds(Acknowledge, st.sampled_from([COORDINATOR, MENTOR]), moments),
)


def carry_out(given_commands: list[Command]) -> list[Fact]:
    history: list[Fact] = []
    for command in given_commands:
        try:
            history += notification.decide(notification.fold(history), command)
        except Refused:
            continue
    return history


@for_all(st.lists(commands, max_size=30))
def test_whatever_is_commanded_each_channel_is_sent_at_most_once_and_attempts_go_up_by_one(
    given_commands: list[Command],
) -> None:
    history = carry_out(given_commands)
    for channel in CHANNELS:
        of_channel = [fact for fact in history if getattr(fact, "channel", None) == channel]
        sent = [fact for fact in of_channel if isinstance(fact, NotificationSent)]
        assert len(sent) <= 1
        failures = [fact.attempt for fact in of_channel if isinstance(fact, NotificationFailed)]
        assert failures == list(range(1, len(failures) + 1))
        retries = [fact.attempt for fact in of_channel if isinstance(fact, NotificationQueued)]
        assert retries == list(range(2, len(retries) + 2))
        if sent:
            after = of_channel[of_channel.index(sent[0]) + 1 :]
            assert not after
    assert sum(isinstance(fact, NotificationAcknowledged) for fact in history) <= 1


@for_all(st.lists(commands, max_size=20), commands)
def test_a_command_that_came_through_records_nothing_the_second_time(
    given_commands: list[Command], command: Command
) -> None:
    history = carry_out(given_commands)
    try:
        once = notification.decide(notification.fold(history), command)
        again = notification.decide(notification.fold([*history, *once]), command)
    except Refused:
        return
    assert not again


def test_a_notification_that_keeps_failing_is_given_up_after_the_last_attempt() -> None:
    history: list[Fact] = [REQUESTED]
    at: datetime = RECEIVED_AT
    for attempt in range(1, ATTEMPTS + 1):
        history += notification.decide(
            notification.fold(history), RecordFailure("email", attempt, "no answer", False, at)
        )
        last = history[-1]
        assert isinstance(last, NotificationFailed)
        if last.retry_at is None:
            break
        at = last.retry_at
        history += notification.decide(notification.fold(history), Retry("email", attempt, at))
    assert attempt == ATTEMPTS
    assert notification.fold(history).deliveries["email"].status == "dead"
