"""The life of a notification: it waits, goes out, arrives, is read, acknowledged, passed on, called off."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.notifications.domain.digest import CallDigest, digest, digest_of
from services.notifications.domain.notification import (
    Acknowledge,
    Command,
    Escalate,
    MarkRead,
    RecordDelivered,
    RecordFailure,
    RecordSent,
    Release,
    RequestNotification,
    Retry,
    Supersede,
    Suppress,
    TryAgain,
    notification,
)
from services.notifications.domain.notification.state import Notification
from services.notifications.domain.reminder import Remind, reminder
from shared.contracts.fact import Fact
from shared.contracts.notifications.escalation import (
    DigestDue,
    DigestSent,
    NotificationEscalated,
    NotificationSuperseded,
    ReminderDue,
)
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
    NotificationSuppressed,
)
from shared.contracts.words.telling import Channel
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.examples_notifications_lifecycle import NEWER
from tests.support.given import given
from tests.support.people import COORDINATOR, MENTOR, RECEIVED_AT

REQUESTED = example(NotificationRequested)
MORNING = RECEIVED_AT + timedelta(hours=10)
HELD = REQUESTED.model_copy(
    update={"urgent": False, "held": ("email",), "held_for": "quiet_hours", "deliver_after": MORNING}
)
FOR_DIGEST = HELD.model_copy(update={"held_for": "digest"})
SENT = example(NotificationSent)
READ = example(NotificationRead)


def test_what_is_suppressed_goes_nowhere_and_the_reason_is_on_record() -> None:
    answered = given(notification).when(RequestNotification(HELD, "preference"))
    requested, suppressed = answered.facts
    assert isinstance(requested, NotificationRequested)
    assert isinstance(suppressed, NotificationSuppressed)
    assert (requested.channels, requested.held, requested.acknowledge_by) == ((), (), None)
    assert suppressed.why == "preference"
    assert not answered.state.deliveries


def test_what_was_held_goes_out_when_quiet_hours_end() -> None:
    queued = example(NotificationQueued).model_copy(update={"attempt": 1, "queued_at": MORNING})
    given(notification, HELD).when(Release(MORNING)).then(queued)
    given(notification, HELD, queued).when(Release(MORNING)).then_nothing()


def test_what_waits_for_a_digest_is_not_released_by_itself() -> None:
    given(notification, FOR_DIGEST).when(Release(MORNING)).then_nothing()


def test_what_a_digest_told_of_is_sent() -> None:
    sent = SENT.model_copy(update={"attempt": 1, "sent_at": MORNING})
    given(notification, FOR_DIGEST).when(RecordSent("email", 1, MORNING)).then(sent)


def test_a_digest_that_was_sent_says_of_what_it_told() -> None:
    included = (NEWER, MENTOR)
    asked = REQUESTED.model_copy(update={"type": "digest", "channels": ("email",), "includes": included})
    answered = given(notification, asked).when(RecordSent("email", 1, MORNING))
    sent, digested = answered.facts
    assert isinstance(sent, NotificationSent)
    assert isinstance(digested, DigestSent)
    assert (digested.digest_id, digested.notification_ids) == (asked.notification_id, included)


def test_who_has_read_it_needs_no_mail_any_more() -> None:
    read = MarkRead(COORDINATOR, READ.read_at)
    given(notification, HELD).when(read).then(READ.model_copy(update={"dropped": ("email",)}))
    given(notification, HELD).when(read, Release(MORNING)).then_nothing()
    given(notification, REQUESTED).when(read).then(READ)
    given(notification, REQUESTED).when(read, read).then_nothing()
    given(notification, REQUESTED).when(MarkRead(MENTOR, READ.read_at)).refused("not_your_notification")


def test_it_arrives_once_and_only_what_was_sent_arrives() -> None:
    arrived = RecordDelivered("in_app", example(NotificationDelivered).delivered_at)
    given(notification, REQUESTED).when(arrived).then_nothing()
    in_app = SENT.model_copy(update={"channel": "in_app", "attempt": 1})
    given(notification, REQUESTED, in_app).when(arrived).then(example(NotificationDelivered))
    given(notification, REQUESTED, in_app).when(arrived, arrived).then_nothing()


def test_nobody_acknowledged_it_so_the_next_role_hears() -> None:
    escalated = example(NotificationEscalated).model_copy(update={"child_id": REQUESTED.child_id})
    late = Escalate(escalated.escalated_at)
    given(notification, REQUESTED).when(late).then(escalated)
    given(notification, REQUESTED, escalated).when(late).then_nothing()
    given(notification, REQUESTED, example(NotificationAcknowledged)).when(late).then_nothing()
    given(notification, REQUESTED.model_copy(update={"escalates_to": None})).when(late).then_nothing()


def test_reading_is_not_yet_acknowledging() -> None:
    answered = given(notification, REQUESTED, READ).when(Escalate(MORNING))
    assert [type(fact) for fact in answered.facts] == [NotificationEscalated]


def test_a_newer_one_takes_the_place_of_what_has_not_gone_out() -> None:
    superseded = example(NotificationSuperseded)
    newer = Supersede(superseded.by, superseded.superseded_at)
    given(notification, HELD).when(newer).then(superseded)
    given(notification, HELD, superseded).when(Release(MORNING)).then_nothing()
    needless = REQUESTED.model_copy(update={"needs_acknowledgement": False, "acknowledge_by": None})
    given(notification, needless).when(newer).then_nothing()  # both are on their way
    failed = example(NotificationFailed)
    given(notification, REQUESTED, failed).when(newer, Retry("email", 1, MORNING)).then_nothing()


def test_what_is_settled_by_something_newer_is_passed_on_to_nobody() -> None:
    newer = Supersede(example(NotificationSuperseded).by, MORNING)
    answered = given(notification, REQUESTED).when(newer)
    (superseded,) = answered.facts
    assert isinstance(superseded, NotificationSuperseded)
    assert superseded.dropped == (), "what has gone out stays"
    given(notification, REQUESTED, superseded).when(Escalate(MORNING)).then_nothing()
    given(notification, REQUESTED, example(NotificationAcknowledged)).when(newer).then_nothing()


def test_what_the_others_did_not_acknowledge_is_passed_on_although_one_of_them_was_removed() -> None:
    waits = HELD.model_copy(update={"acknowledge_by": MORNING})
    gone = given(notification, waits).when(Suppress("recipient_removed", RECEIVED_AT)).facts
    answered = given(notification, waits, *gone).when(Escalate(MORNING))
    assert [type(fact) for fact in answered.facts] == [NotificationEscalated]
    never = given(notification).when(RequestNotification(waits, "duplicate")).facts
    given(notification, *never).when(Escalate(MORNING)).then_nothing()


def test_what_waits_for_somebody_who_was_removed_is_not_sent() -> None:
    answered = given(notification, HELD).when(Suppress("recipient_removed", MORNING))
    (suppressed,) = answered.facts
    assert isinstance(suppressed, NotificationSuppressed)
    assert (suppressed.why, suppressed.dropped) == ("recipient_removed", ("email",))
    assert answered.state.deliveries["in_app"].status == "trying"


def test_the_office_may_have_a_dead_letter_tried_again() -> None:
    dead = example(NotificationFailed).model_copy(update={"retry_at": None})
    again = example(NotificationQueued).model_copy(update={"queued_at": MORNING})
    given(notification, REQUESTED, dead).when(TryAgain("email", MORNING)).then(again)
    given(notification, REQUESTED).when(TryAgain("email", MORNING)).refused("not_dead")
    given(notification, REQUESTED).when(TryAgain("sms", MORNING)).refused("invalid_channel")


def test_the_hour_of_a_digest_comes_once() -> None:
    due = example(DigestDue)
    call = CallDigest(due.digest_id, due.recipient_id, due.due_at)
    given(digest).when(call).then(due)
    given(digest, due).when(call).then_nothing()
    assert digest_of(COORDINATOR, MORNING) == digest_of(COORDINATOR, MORNING)
    assert digest_of(COORDINATOR, MORNING) != digest_of(COORDINATOR, MORNING + timedelta(days=1))


def test_somebody_is_reminded_once() -> None:
    due = example(ReminderDue)
    given(reminder).when(Remind(due)).then(due)
    given(reminder, due).when(Remind(due)).then_nothing()


CHANNELS: tuple[Channel, ...] = ("in_app", "email", "sms")
channels = st.sampled_from(CHANNELS)
GOES_OUT = (NotificationQueued, NotificationSent, NotificationFailed)


class Life(RuleBasedStateMachine):
    """Whatever comes in whatever order, a notification goes out once on a channel, and is never lost quietly."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Fact] = []
        self.now = datetime(2026, 6, 1, tzinfo=UTC)

    @initialize(
        held=st.sampled_from([(), ("email",), ("email", "sms")]),
        why=st.sampled_from(["quiet_hours", "digest"]),
        suppress=st.sampled_from([None, None, None, "duplicate"]),
    )
    def requested(self, held: tuple[Channel, ...], why: str, suppress: str | None) -> None:
        asked = REQUESTED.model_copy(
            update={"channels": CHANNELS, "held": held, "held_for": why if held else None}
        )
        self.do(RequestNotification(asked, suppress))  # type: ignore[arg-type]

    def do(self, command: Command) -> None:
        self.now += timedelta(minutes=1)
        try:
            facts = notification.decide(self.state, command)
        except Refused:
            return
        self.history += facts
        assert isinstance(command, TryAgain) or not notification.decide(self.state, command), "said twice"

    @property
    def state(self) -> Notification:
        return notification.fold(self.history)

    @rule(channel=channels, attempt=st.integers(1, 3))
    def sent(self, channel: Channel, attempt: int) -> None:
        """As channels do: only what is under way, or a digest that told of it."""
        found = self.state.deliveries.get(channel)
        if found is not None and (found.status == "trying" or self.state.requested.held_for == "digest"):  # type: ignore[union-attr]
            self.do(RecordSent(channel, max(found.attempt, 1), self.now))

    @rule(channel=channels, attempt=st.integers(1, 3), permanent=st.booleans())
    def failed(self, channel: Channel, attempt: int, permanent: bool) -> None:
        self.do(RecordFailure(channel, attempt, "no answer", permanent, self.now))

    @rule(channel=channels)
    def delivered(self, channel: Channel) -> None:
        self.do(RecordDelivered(channel, self.now))

    @rule(channel=channels, attempt=st.integers(1, 3))
    def retried(self, channel: Channel, attempt: int) -> None:
        self.do(Retry(channel, attempt, self.now))

    @rule(channel=channels)
    def tried_again(self, channel: Channel) -> None:
        self.do(TryAgain(channel, self.now))

    @rule()
    def released(self) -> None:
        self.do(Release(self.now))

    @rule(by=st.sampled_from([COORDINATOR, MENTOR]))
    def read(self, by: object) -> None:
        self.do(MarkRead(by, self.now))  # type: ignore[arg-type]

    @rule(by=st.sampled_from([COORDINATOR, MENTOR]))
    def acknowledged(self, by: object) -> None:
        self.do(Acknowledge(by, self.now))  # type: ignore[arg-type]

    @rule()
    def nobody_acknowledged(self) -> None:
        self.do(Escalate(self.now))

    @precondition(lambda self: len(self.history) > 3)
    @rule()
    def superseded(self) -> None:
        self.do(Supersede(NEWER, self.now))

    @precondition(lambda self: len(self.history) > 3)
    @rule()
    def removed(self) -> None:
        self.do(Suppress("recipient_removed", self.now))

    @invariant()
    def each_channel_took_it_at_most_once(self) -> None:
        for channel in CHANNELS:
            of_channel = [fact for fact in self.history if getattr(fact, "channel", None) == channel]
            sent = [fact for fact in of_channel if isinstance(fact, NotificationSent)]
            assert len(sent) <= 1
            if sent:
                after = of_channel[of_channel.index(sent[0]) + 1 :]
                assert not any(isinstance(fact, GOES_OUT) for fact in after)

    @invariant()
    def what_is_suppressed_from_the_start_goes_nowhere(self) -> None:
        state = self.state
        if state.requested is not None and not state.requested.channels:
            assert not any(isinstance(fact, GOES_OUT) for fact in self.history)
            assert state.ended == "suppressed"

    @invariant()
    def what_was_called_off_is_not_tried_any_more(self) -> None:
        for place, fact in enumerate(self.history):
            for channel in getattr(fact, "dropped", ()):
                later = [one for one in self.history[place + 1 :] if getattr(one, "channel", None) == channel]
                assert not any(isinstance(one, NotificationQueued) for one in later)

    @invariant()
    def it_ends_is_acknowledged_and_passed_on_at_most_once(self) -> None:
        kinds = (NotificationAcknowledged, NotificationRead, NotificationEscalated)
        for kind in (*kinds, (NotificationSuppressed, NotificationSuperseded)):
            assert sum(isinstance(fact, kind) for fact in self.history) <= 1

    @invariant()
    def nobody_is_escalated_past_who_has_acknowledged(self) -> None:
        seen = [n for n, fact in enumerate(self.history) if isinstance(fact, NotificationAcknowledged)]
        passed = [n for n, fact in enumerate(self.history) if isinstance(fact, NotificationEscalated)]
        assert not seen or not passed or passed[0] < seen[0]


Life.TestCase.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLife = Life.TestCase
