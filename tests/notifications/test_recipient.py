"""Recipients are registered once, and corrected in place."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.notifications.domain.preferences import Preferences
from services.notifications.domain.recipient import (
    Register,
    Remove,
    SetPreferences,
    recipient,
    recipient_of_mentor,
)
from shared.contracts.fact import Fact
from shared.contracts.notifications.recipient import (
    PreferencesSet,
    RecipientDetailsChanged,
    RecipientRegistered,
    RecipientRemoved,
)
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import COORDINATOR, MENTOR

RUTH = Register(COORDINATOR, "coordinator", "Ruth Bello", "ruth.bello@example.org", "uk-london")


def test_a_recipient_is_registered() -> None:
    given(recipient).when(RUTH).then(example(RecipientRegistered))


def test_registering_the_same_again_records_nothing() -> None:
    given(recipient, example(RecipientRegistered)).when(RUTH).then_nothing()


def test_other_details_replace_the_old_ones() -> None:
    corrected = Register(
        COORDINATOR, "coordinator", "Ruth Bello-Marsh", "ruth.marsh@example.org", "uk-london"
    )
    given(recipient, example(RecipientRegistered)).when(corrected).then(example(RecipientDetailsChanged))


def test_an_address_is_claimed_once_for_one_purpose_whatever_its_case() -> None:
    registered = example(RecipientRegistered)
    shouted = registered.model_copy(update={"email": "RUTH.BELLO@example.org"})
    as_manager = registered.model_copy(update={"role": "manager"})
    first, same, other = (
        recipient.claims(recipient.fold([fact])) for fact in (registered, shouted, as_manager)
    )
    assert first == same
    assert not first & other


def test_a_claim_never_holds_the_address_itself() -> None:
    (claim,) = recipient.claims(recipient.fold([example(RecipientRegistered)]))
    assert "ruth" not in claim.key
    assert "ruth" not in claim.message


@pytest.mark.parametrize(
    "email", ["", "ruth", "@example.org", "ruth@", "ruth @example.org", "a@b.org\nBcc: x@y.org"]
)
def test_something_that_is_no_address_is_refused(email: str) -> None:
    given(recipient).when(Register(COORDINATOR, "coordinator", "Ruth", email, "uk-london")).refused(
        "invalid_email"
    )


@pytest.mark.parametrize("role", ["mentor", "parent", "school"])
def test_who_hears_of_one_person_must_name_that_person(role: str) -> None:
    nobody = Register(COORDINATOR, role, "Somebody", "some@example.org", "uk-london")  # type: ignore[arg-type]
    given(recipient).when(nobody).refused("invalid_recipient", role)


def test_a_mentor_is_always_the_same_recipient() -> None:
    assert recipient_of_mentor(MENTOR) == recipient_of_mentor(MENTOR)
    assert recipient_of_mentor(MENTOR) != recipient_of_mentor(COORDINATOR)


GIVEN = example(RecipientRegistered)
CHOSEN = example(PreferencesSet)
WISH = SetPreferences(
    Preferences(
        channels=CHOSEN.channels,
        quiet_from="20:00",
        quiet_until="07:00",
        digest="daily",
    ),
    None,
    CHOSEN.set_at,
)


def test_somebody_says_how_they_want_to_be_told() -> None:
    given(recipient, GIVEN).when(WISH).then(CHOSEN)
    given(recipient, GIVEN, CHOSEN).when(replace(WISH, at=CHOSEN.set_at + timedelta(1))).then_nothing()
    given(recipient).when(WISH).refused("unknown_recipient")


def test_the_language_that_was_chosen_last_counts() -> None:
    welsh = CHOSEN.model_copy(update={"language": "cy"})
    answered = given(recipient, GIVEN).when(replace(WISH, language="cy")).then(welsh)
    assert answered.state.details is not None
    assert answered.state.details.language == "cy"
    given(recipient, GIVEN, welsh).when(replace(RUTH, language="cy")).then_nothing()


def test_a_choice_is_kept_when_details_change_and_forgotten_when_somebody_is_removed() -> None:
    changed = example(RecipientDetailsChanged)
    assert recipient.fold([GIVEN, CHOSEN, changed]).preferences == CHOSEN
    removed = example(RecipientRemoved)
    assert recipient.fold([GIVEN, CHOSEN, removed, GIVEN]).preferences is None


def test_who_is_removed_is_told_nothing_and_their_address_is_free_again() -> None:
    removed = example(RecipientRemoved)
    remove = Remove(removed.removed_at)
    answered = given(recipient, GIVEN).when(remove).then(removed)
    assert not answered.claims
    given(recipient, GIVEN, removed).when(remove).then_nothing()
    given(recipient, GIVEN, removed).when(WISH).refused("recipient_removed")
    given(recipient, GIVEN, removed).when(RUTH).then(GIVEN)


def test_a_mentor_engaged_anew_keeps_the_number_and_the_language_they_gave() -> None:
    known = GIVEN.model_copy(update={"phone": "+447700900123", "language": "cy"})
    given(recipient, known).when(replace(RUTH, keep=True)).then_nothing()
    answered = given(recipient, known).when(replace(RUTH, keep=True, name="Ruth Marsh"))
    (changed,) = answered.facts
    assert isinstance(changed, RecipientDetailsChanged)
    assert (changed.phone, changed.language) == ("+447700900123", "cy")


@pytest.mark.parametrize(
    "phone", ["07700900123", "+44 7700 900123", "+44", "+44770090012³", "+1234567890123456", "+"]
)
def test_something_that_is_no_number_is_refused(phone: str) -> None:
    given(recipient).when(replace(RUTH, phone=phone)).refused("invalid_phone")


class Registered(RuleBasedStateMachine):
    """Whatever is asked of a recipient: nothing is said to nobody, and nobody is removed twice in a row."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Fact] = []

    def do(self, command: object) -> None:
        state = recipient.fold(self.history)
        try:
            facts = recipient.decide(state, command)  # type: ignore[arg-type]
        except Refused:
            return
        self.history += facts
        assert not recipient.decide(recipient.fold(self.history), command)  # type: ignore[arg-type]

    @rule(name=st.sampled_from(["Ruth Bello", "Ruth Marsh"]), phone=st.sampled_from([None, "+447700900123"]))
    def register(self, name: str, phone: str | None) -> None:
        self.do(replace(RUTH, name=name, phone=phone))

    @rule(digest=st.sampled_from(["none", "daily"]), language=st.sampled_from([None, "en", "cy"]))
    def prefer(self, digest: str, language: str | None) -> None:
        self.do(SetPreferences(Preferences(digest=digest), language, CHOSEN.set_at))  # type: ignore[arg-type]

    @rule()
    def remove(self) -> None:
        self.do(Remove(CHOSEN.set_at))

    @invariant()
    def who_is_removed_holds_no_address_and_who_is_told_holds_one(self) -> None:
        state = recipient.fold(self.history)
        told = state.details is not None and not state.removed
        assert len(recipient.claims(state)) == int(told)

    @invariant()
    def registered_and_removed_come_in_turn(self) -> None:
        turns = [fact for fact in self.history if isinstance(fact, RecipientRegistered | RecipientRemoved)]
        assert all(type(one) is not type(other) for one, other in pairwise(turns))
        assert not turns or isinstance(turns[0], RecipientRegistered)


Registered.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestRegistered = Registered.TestCase
