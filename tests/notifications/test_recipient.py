"""Recipients are registered once, and corrected in place."""

import pytest

from services.notifications.domain.recipient import Register, recipient, recipient_of_mentor
from shared.contracts.notifications.recipient import RecipientDetailsChanged, RecipientRegistered
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
