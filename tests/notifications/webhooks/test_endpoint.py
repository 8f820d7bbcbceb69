"""Endpoints decide, secrets follow, pauses grow: the pure rules."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.notifications.webhooks.domain.endpoint import (
    Add,
    Change,
    Command,
    Disable,
    Enable,
    Remove,
    Rotate,
    Target,
    Warn,
    endpoint,
)
from services.notifications.webhooks.domain.health import Health
from services.notifications.webhooks.domain.schedule import (
    BREAKS_AFTER,
    DISABLED_AFTER,
    MOST_ATTEMPTS,
    PAUSES,
    WARNED_AFTER,
    next_attempt,
    next_probe,
)
from services.notifications.webhooks.domain.signing import secret, signature, valid
from shared.contracts.notifications.webhook import (
    WebhookAdded,
    WebhookDisabled,
    WebhookEnabled,
    WebhookFailing,
    WebhookRemoved,
    WebhookSecretRotated,
)
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.given import given

ADDED = example(WebhookAdded)
ID, NOW = ADDED.endpoint_id, ADDED.added_at
TARGET = Target(ADDED.url, ADDED.facts, ADDED.regions)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_added_twice_is_added_once() -> None:
    added = Add(ID, "acme", TARGET, "operator:olu", NOW)
    given(endpoint).when(added).then(ADDED)
    given(endpoint, ADDED).when(added).then_nothing()


def test_nothing_becomes_of_an_endpoint_that_is_not_there_or_not_any_more() -> None:
    for command in (Rotate("x", NOW), Enable("x", NOW), Change(TARGET, "x", NOW), Remove("x", NOW)):
        given(endpoint).when(command).refused("unknown_webhook")
    removed = given(endpoint, ADDED, example(WebhookRemoved))
    removed.when(Enable("x", NOW)).refused("webhook_removed")
    removed.when(Remove("x", NOW)).then_nothing()
    removed.when(Disable("failing", "x", NOW)).then_nothing()


def test_the_same_target_again_is_no_change() -> None:
    given(endpoint, ADDED).when(Change(TARGET, "x", NOW)).then_nothing()
    changed = given(endpoint, ADDED).when(Change(Target("https://x.example/", ("a",)), "x", NOW))
    assert changed.state.target.url == "https://x.example/"


def test_a_new_secret_takes_over_and_the_old_one_signs_along_for_a_day() -> None:
    rotated = given(endpoint, ADDED).when(Rotate("x", NOW))
    (fact,) = rotated.facts
    assert isinstance(fact, WebhookSecretRotated)
    assert (fact.generation, fact.old_until) == (2, NOW + DAY)
    assert valid(2, fact.old_until, NOW + 23 * HOUR) == (2, 1)
    assert valid(2, fact.old_until, NOW + DAY) == (2,)
    given(endpoint, ADDED, fact).when(Rotate("x", NOW + HOUR)).refused("already_rotating")
    assert given(endpoint, ADDED, fact).when(Rotate("x", NOW + DAY)).state.generation == 3


def test_it_is_warned_of_once_and_disabled_once() -> None:
    warn = Warn(NOW, NOW + DISABLED_AFTER, NOW + WARNED_AFTER)
    warned = given(endpoint, ADDED).when(warn)
    assert isinstance(warned.facts[0], WebhookFailing)
    assert warned.facts[0].host == "hooks.acme.example"
    given(endpoint, ADDED, *warned.facts).when(warn).then_nothing()
    gone = Disable("failing", "due:webhook_disabling", NOW + DISABLED_AFTER, NOW)
    disabled = given(endpoint, ADDED, *warned.facts).when(gone)
    assert isinstance(disabled.facts[0], WebhookDisabled)
    given(endpoint, ADDED, *disabled.facts).when(gone).then_nothing()
    given(endpoint, ADDED, *disabled.facts).when(warn).then_nothing()


def test_failures_from_before_it_was_enabled_again_disable_nothing() -> None:
    enabled = WebhookEnabled(endpoint_id=ID, owner="acme", enabled_by="x", enabled_at=NOW + DAY)
    history = given(endpoint, ADDED, example(WebhookDisabled), enabled)
    history.when(Disable("failing", "due", NOW + DISABLED_AFTER, NOW)).then_nothing()
    history.when(Warn(NOW, NOW, NOW)).then_nothing()
    assert history.when(Disable("failing", "due", NOW + 9 * DAY, NOW + 2 * DAY)).state.stands == "disabled"


COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Add, st.just(ID), st.just("acme"), st.just(TARGET), st.just("x"), st.just(NOW)),
    st.builds(Rotate, st.just("x"), st.just(NOW)),
    st.builds(Enable, st.just("x"), st.just(NOW)),
    st.builds(Disable, st.sampled_from(["asked", "failing", "gone"]), st.just("x"), st.just(NOW)),
    st.builds(Warn, st.just(NOW), st.just(NOW), st.just(NOW)),
    st.builds(Remove, st.just("x"), st.just(NOW)),
)


@for_all(st.lists(COMMANDS, max_size=12))
def test_deciding_again_yields_nothing_whatever_was_before(commands: list[Command]) -> None:
    state = endpoint.initial
    for command in commands:
        try:
            state = endpoint.fold(endpoint.decide(state, command), state)
            again = endpoint.decide(state, command)
        except Refused:
            continue
        assert not again


def test_four_days_pass_before_something_is_given_up_and_less_than_until_it_is_disabled() -> None:
    assert timedelta(days=4) < sum(PAUSES, timedelta()) * 1.0 < DISABLED_AFTER
    assert list(PAUSES) == sorted(PAUSES)
    assert next_attempt(ID, MOST_ATTEMPTS, NOW) is None


@for_all(st.uuids(), st.integers(1, MOST_ATTEMPTS - 1), st.integers(0, 10**7))
def test_a_pause_is_never_shorter_than_planned_nor_a_tenth_longer_unless_asked_for(
    event: UUID, attempt: int, wished: int
) -> None:
    planned = PAUSES[attempt - 1]
    plain = next_attempt(event, attempt, NOW)
    assert plain is not None
    assert planned <= plain - NOW <= planned * 1.1
    assert plain == next_attempt(event, attempt, NOW)
    patient = next_attempt(event, attempt, NOW, timedelta(seconds=wished))
    assert patient is not None
    assert patient - NOW >= min(timedelta(seconds=wished), DAY)
    assert patient - NOW <= max(planned * 1.1, DAY)


def test_those_that_failed_together_come_back_apart() -> None:
    times = {next_attempt(UUID(int=n), 5, NOW) for n in range(50)}
    assert len(times) == 50


def test_who_does_not_answer_is_asked_more_seldom_and_at_least_every_ten_minutes() -> None:
    asked = [next_probe(failures, NOW) for failures in range(1, 60)]
    assert asked[: BREAKS_AFTER - 1] == [None] * (BREAKS_AFTER - 1)
    pauses = [one - NOW for one in asked if one is not None]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(minutes=10)


def test_failures_at_the_same_time_are_one_and_one_that_is_taken_forgives_all() -> None:
    health = Health()
    for _ in range(16):
        health = health.failed(NOW, None, again=False)
    assert (health.failures, health.down) == (1, False)
    for _ in range(2):
        health = health.failed(NOW + HOUR, None, again=True)
    assert health.down
    assert health.failing_since == NOW
    assert health.rests(NOW + HOUR)
    assert not health.took(NOW + 2 * HOUR).down
    assert health.enabled(NOW + DAY) == Health(failed_at=NOW + HOUR)


def test_the_standards_own_example() -> None:
    """From the specification of Standard Webhooks (standard-webhooks/standard-webhooks, its libraries' tests)."""
    body = b'{"test": 2432232314}'
    made = signature(
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        body,
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_secret_that_is_valid_verifies_and_no_other_does() -> None:
    key = b"k" * 32
    secrets = [secret(key, ID, generation) for generation in (1, 2, 3)]
    assert len(set(secrets)) == 3
    assert secret(key, UUID(int=5), 1) not in secrets
    now = datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature((secrets[1], secrets[0]), "msg_1", now, b"{}"),
    }
    for one in secrets[:2]:
        Webhook(one).verify(b"{}", headers)
    for wrong in (secrets[2], secret(b"l" * 32, ID, 1)):
        with pytest.raises(WebhookVerificationError):
            Webhook(wrong).verify(b"{}", headers)
