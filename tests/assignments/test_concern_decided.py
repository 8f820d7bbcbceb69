"""A concern is raised once and closed once."""

from dataclasses import replace

from services.assignments.domain.concern import CloseConcern, RaiseConcern, concern
from shared.contracts.assignments.concern import SafeguardingConcernClosed, SafeguardingConcernRaised
from shared.contracts.fact import contract_of
from shared.contracts.words.privacy import opened
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, CONCERN

raised = example(SafeguardingConcernRaised)
closed = example(SafeguardingConcernClosed)
worry = RaiseConcern(CONCERN, CHILD, opened(raised.kind), raised.details, raised.raised_at)
close = CloseConcern(opened(closed.outcome), closed.summary, closed.closed_at)


def test_a_concern_is_raised_once() -> None:
    given(concern).when(worry).then(raised)
    given(concern, raised).when(worry).then_nothing()
    given(concern, raised, closed).when(worry).then_nothing()
    given(concern, raised).when(replace(worry, details="more")).refused("concern_already_raised")


def test_a_concern_is_closed_once() -> None:
    given(concern).when(close).refused("concern_unknown")
    given(concern, raised).when(close).then(closed)
    given(concern, raised, closed).when(close).then_nothing()
    given(concern, raised, closed).when(replace(close, outcome="monitored")).refused("concern_already_closed")


def test_its_facts_are_restricted_in_their_subject() -> None:
    for fact in (SafeguardingConcernRaised, SafeguardingConcernClosed):
        assert contract_of(fact).privacy == "restricted"
